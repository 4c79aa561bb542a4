const assert = require("node:assert/strict");
const test = require("node:test");
const { valuesOf } = require("./scripts.js");

const labelsOf = (text) => ({ ...valuesOf(text).catalogue.series[0].labels });

test("samples are read with and without labels, with and without a time", () => {
    const { values, skipped } = valuesOf('up 1\njobs_total{queue="a"} 2.5e3\nold{a="b",c="d",} -3 1395066363000\n\nspaced   7\n');
    assert.deepEqual(values, { up: 1, 'jobs_total{queue="a"}': 2500, 'old{a="b",c="d",}': -3, spaced: 7 });
    assert.equal(skipped, 0);
});

test("values that are no finite numbers are read", () => {
    const { values } = valuesOf("a NaN\nb +Inf\nc -Inf\nd Inf\ne nan\nf -infinity\n");
    assert.deepEqual(values, { a: NaN, b: Infinity, c: -Infinity, d: Infinity, e: NaN, f: -Infinity });
});

test("escapes in labels and help texts are undone", () => {
    const text = String.raw`# HELP m A line\nand a back\\slash.` + "\n" + String.raw`m{path="C:\\n",quote="\"x\" } 1",line="a\nb"} 1` + "\n";
    assert.deepEqual(labelsOf(text), { path: "C:\\n", quote: '"x" } 1', line: "a\nb" });
    assert.equal(valuesOf(text).catalogue.helps.get("m"), "A line\nand a back\\slash.");
});

test("names between quotes are read", () => {
    const { catalogue, skipped } = valuesOf('# TYPE "a.b" counter\n{"a.b","c.d"="e"} 4\n');
    const [{ name, labels, isCumulative }] = catalogue.series;
    assert.deepEqual([name, { ...labels }, isCumulative, skipped], ["a.b", { "c.d": "e" }, true, 0]);
});

test("labels named like what every object has are labels", () => {
    assert.deepEqual(Object.entries(labelsOf('m{__proto__="a",constructor="b"} 1\n')), [["__proto__", "a"], ["constructor", "b"]]);
});

test("OpenMetrics is read, with its exemplars and its end", () => {
    const text = [
        "# TYPE jobs counter",
        "# UNIT jobs seconds",
        "jobs_total 3 # {trace_id=\"x\"} 1 1.5",
        "jobs_created 1.7e9",
        "# TYPE load histogram",
        'load_bucket{le="1.0"} 2 # {trace_id="}"} 0.5',
        'load_bucket{le="+Inf"} 4',
        "load_count 4",
        "# EOF",
    ];
    const { values, catalogue, skipped } = valuesOf(`${text.join("\n")}\n`);
    assert.deepEqual(Object.values(values), [3, 1.7e9, 2, 4, 4]);
    assert.deepEqual(catalogue.series.map(({ isCumulative }) => isCumulative), [true, false, true, true, true]);
    assert.deepEqual(catalogue.histograms[0].buckets.map(({ bound }) => bound), [1, Infinity]);
    assert.equal(skipped, 0);
});

test("what makes no sense is counted and left out", () => {
    const { values, skipped } = valuesOf('good 1\nno_value\nbad one\nopen{a="b 1\nm{a=b} 1\n{} 1\nhex 0x10\n');
    assert.deepEqual(values, { good: 1 });
    assert.equal(skipped, 6);
});

test("a series that is not on the page any more has no value", () => {
    const { catalogue } = valuesOf("a 1\nb 2\n");
    assert.deepEqual([...catalogue.read("b 3\nc 4\n").values], [NaN, 3, 4]);
});
