const assert = require("node:assert/strict");
const test = require("node:test");
const { quantile } = require("./scripts.js");

const buckets = (...pairs) => pairs.map(([bound, count]) => ({ bound, count }));

test("values are spread evenly within a bucket", () => {
    const even = buckets([1, 10], [2, 20], [4, 40], [Infinity, 40]);
    assert.deepEqual([0, 0.25, 0.5, 0.75, 1].map((q) => quantile(q, even)), [0, 1, 2, 3, 4]);
});

test("empty buckets are passed over", () => {
    assert.equal(quantile(0.5, buckets([1, 0], [2, 0], [4, 10], [8, 10], [Infinity, 10])), 3);
    assert.equal(quantile(0, buckets([1, 0], [2, 10], [Infinity, 10])), 1);
});

test("beyond the last bound it is not known how far", () => {
    assert.equal(quantile(0.99, buckets([1, 10], [Infinity, 100])), Infinity);
});

test("a first bucket below zero is taken by its bound", () => {
    assert.equal(quantile(0.5, buckets([-2, 4], [0, 4], [Infinity, 4])), -2);
});

test("of nothing there is no quantile", () => {
    assert.equal(quantile(0.5, []), NaN);
    assert.equal(quantile(0.5, buckets([1, 0], [Infinity, 0])), NaN);
    assert.equal(quantile(0.5, buckets([1, NaN], [Infinity, NaN])), NaN);
    assert.equal(quantile(0.5, buckets([Infinity, 5])), NaN, "one bucket says nothing");
});
