// Tables that are sorted by a click on a column's head, and brought up to date in place.

/** How many rows are shown before one asks for more. */
const ROWS = 30;

class Table {
    #columns;
    #sort;
    #limit = ROWS;
    #rows = new Map();
    #measured = [];
    #isSorted = false;
    #body = element("tbody", { role: "rowgroup" });
    #more = element("button", { type: "button", class: "more" });
    /** What to put into the page. */
    node;

    /**
     * Each of `columns` has a `key`, a `label`, `value` of a row for sorting, and `cell`, which makes a cell's content and returns what brings it up to date; one
     * that is `text` is sorted upwards first. The first column names the row.
     */
    constructor(caption, columns, sort) {
        this.#columns = columns;
        this.#sort = { key: sort, isUp: this.#column(sort).text === true };
        const heads = columns.map((column) => this.#head(column));
        const head = element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, ...heads));
        const table = element("table", { role: "table" }, element("caption", { class: "hidden" }, caption), head, this.#body);
        this.node = element("div", { class: "table" }, table, this.#more);
        this.#more.addEventListener("click", () => {
            this.#limit += 4 * ROWS;
            this.#render();
        });
        this.#showSort();
    }

    #column(key) {
        return this.#columns.find((column) => column.key === key);
    }

    #head({ key, label, title, text, wide }) {
        const button = element("button", { type: "button", title }, label);
        button.addEventListener("click", () => {
            this.#sort = { key, isUp: this.#sort.key === key ? !this.#sort.isUp : text === true };
            this.#isSorted = false;
            this.#showSort();
            this.#render();
        });
        return element("th", { scope: "col", role: "columnheader", "data-key": key, class: classes({ text, wide }) }, button);
    }

    #showSort() {
        for (const head of this.node.querySelectorAll("th[data-key]")) {
            const isSorted = head.dataset.key === this.#sort.key;
            setAttribute(head, "aria-sort", isSorted && (this.#sort.isUp ? "ascending" : "descending"));
        }
    }

    /** Shows what was measured. Each row has a `key` of its own. */
    show(measured) {
        this.#measured = measured;
        this.#render();
    }

    #render() {
        const shown = this.#sorted();
        const keys = new Set(shown.map(({ key }) => key));
        for (const [key, { node }] of this.#rows) {
            if (keys.has(key)) continue;
            node.remove();
            this.#rows.delete(key);
        }
        shown.forEach((measured, place) => {
            const row = this.#rows.get(measured.key) ?? this.#add(measured);
            for (const update of row.updates) update(measured);
            row.node.classList.toggle("quiet", measured.calls === 0);
            // Only what is out of its place is moved: what has the focus keeps it.
            const there = this.#body.children[place];
            if (there !== row.node) this.#body.insertBefore(row.node, there ?? null);
        });
        const left = this.#measured.length - shown.length;
        this.#more.hidden = left === 0;
        setText(this.#more, `Show ${Math.min(left, 4 * ROWS)} more of ${left}`);
    }

    /** Rows keep their order while the pointer is over them: nothing moves away from under it. */
    #sorted() {
        const isHeld = this.#isSorted && this.#body.matches(":hover");
        const places = new Map([...this.#body.children].map((node, place) => [node.dataset.key, place]));
        const { value } = this.#column(this.#sort.key);
        const direction = this.#sort.isUp ? 1 : -1;
        const compare = (one, other) => {
            if (isHeld) return (places.get(one.key) ?? Infinity) - (places.get(other.key) ?? Infinity) || 0;
            return compared(value(one), value(other), direction) || compared(one.key, other.key, 1);
        };
        this.#isSorted = true;
        return this.#measured.toSorted(compare).slice(0, this.#limit);
    }

    #add(measured) {
        const node = element("tr", { role: "row", "data-key": measured.key });
        const updates = this.#columns.map(({ label, text, cell, wide }, place) => {
            const role = place === 0 ? "rowheader" : "cell";
            const attributes = { role, scope: place === 0 && "row", "data-label": label, class: classes({ text, wide }) };
            const content = element(place === 0 ? "th" : "td", attributes);
            node.append(content);
            return cell(content, measured);
        });
        const row = { node, updates };
        this.#rows.set(measured.key, row);
        return row;
    }
}

/** The names of those that are true. */
function classes(given) {
    return Object.keys(given).filter((name) => given[name]).join(" ") || undefined;
}

/** Numbers and texts in a direction; what is not a number comes last in either. */
function compared(one, other, direction) {
    if (typeof one === "string") return one.localeCompare(other, "en", { numeric: true }) * direction;
    const [hasOne, hasOther] = [!Number.isNaN(one), !Number.isNaN(other)];
    if (!hasOne || !hasOther) return Number(hasOther) - Number(hasOne);
    return one === other ? 0 : (one < other ? -1 : 1) * direction;
}
