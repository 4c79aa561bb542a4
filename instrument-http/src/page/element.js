// Elements of the page. Text from the metrics becomes text nodes and nothing else.

const SVG = "http://www.w3.org/2000/svg";

function element(tag, attributes = {}, ...children) {
    return filled(document.createElement(tag), attributes, children);
}

function svg(tag, attributes = {}, ...children) {
    return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(node, attributes, children) {
    for (const [name, value] of Object.entries(attributes)) setAttribute(node, name, value);
    node.append(...children);
    return node;
}

/** Sets what is different only: nothing is drawn anew that has not changed. */
function setAttribute(node, name, value) {
    if (value === undefined || value === false) node.removeAttribute(name);
    else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value === true ? "" : value);
}

function setText(node, text) {
    if (node.textContent !== text) node.textContent = text;
}

/** A number with its unit, which is less important. */
function setNumber(node, [digits, unit]) {
    if (node.childElementCount !== 2) node.replaceChildren(element("span"), element("small"));
    setText(node.firstChild, digits);
    setText(node.lastChild, unit === "" ? "" : `\u202f${unit}`);
}
