// Small curves without axes.

const WIDTH = 100;
const HEIGHT = 24;

/** Where a curve is drawn. It says nothing that the numbers beside it do not say. */
function sparkline(kind) {
    const area = svg("path", { class: "area" });
    const line = svg("path", { class: "line" });
    const attributes = { class: `spark ${kind}`, viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" };
    return svg("svg", attributes, area, line);
}

/** Draws values from the left to the right, from zero to the largest that is finite, or to `top` if that is more; what is beyond is drawn at the top. */
function draw(spark, values, top = 0) {
    const highest = Math.max(top, 0, ...values.filter(Number.isFinite));
    const known = values.map((value) => (value > -Infinity ? Math.min(value, highest) : 0));
    const lowest = Math.min(0, ...known);
    const range = highest - lowest || 1;
    const x = (place) => ((place / Math.max(known.length - 1, 1)) * WIDTH).toFixed(1);
    const y = (value) => (HEIGHT - 1 - ((value - lowest) / range) * (HEIGHT - 2)).toFixed(1);
    const line = known.length < 2 ? "" : `M${known.map((value, place) => `${x(place)} ${y(value)}`).join("L")}`;
    setAttribute(spark.lastChild, "d", line);
    setAttribute(spark.firstChild, "d", line && `${line}L${WIDTH} ${HEIGHT}L0 ${HEIGHT}Z`);
    spark.classList.toggle("flat", highest === lowest);
}
