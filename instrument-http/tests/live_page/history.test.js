const assert = require("node:assert/strict");
const test = require("node:test");
const { historyOf } = require("./scripts.js");

const COUNTER = "# TYPE jobs_total counter\n";

/** By how much the first series rose over pages that give it these values. */
function increaseOver(...values) {
    const pages = values.map((value) => (value === undefined ? COUNTER : `${COUNTER}jobs_total ${value}\n`));
    return historyOf(...pages).window(60).increase(0);
}

test("a rate is the increase by the time", () => {
    const window = historyOf(`${COUNTER}jobs_total 10\n`, `${COUNTER}jobs_total 14\n`, `${COUNTER}jobs_total 20\n`).window(60);
    assert.deepEqual([window.seconds, window.increase(0), window.rate(0), window.rates([0])], [2, 10, 5, [4, 6]]);
});

test("a window takes no more than it needs", () => {
    const history = historyOf(...[0, 1, 3, 7, 15].map((value) => `${COUNTER}jobs_total ${value}\n`));
    assert.deepEqual([1, 2, 3].map((seconds) => history.window(seconds).increase(0)), [8, 12, 14]);
    history.keep(2);
    assert.equal(history.window(60).increase(0), 12);
});

test("one reading alone tells no rate", () => {
    assert.equal(increaseOver(10), NaN);
});

test("a counter that is lower has begun again at zero", () => {
    assert.equal(increaseOver(10, 14, 3, 5), 4 + 3 + 2);
});

test("a counter that appears has begun at zero", () => {
    assert.equal(increaseOver(undefined, 4, 6), 6);
});

test("a counter that is gone for a while has begun again", () => {
    assert.equal(increaseOver(10, undefined, 3), 3);
});

test("after a restart a counter that is higher has begun at zero too", () => {
    const page = (value, start) => `${COUNTER}jobs_total ${value}\nprocess_start_time_seconds ${start}\n`;
    assert.equal(historyOf(page(10, 100), page(25, 200)).window(60).increase(0), 25);
    assert.equal(historyOf(page(10, 100), page(25, 100)).window(60).increase(0), 15);
});

test("all of a histogram begins again with its count", () => {
    const page = (low, all) => `# TYPE d histogram\nd_bucket{le="1"} ${low}\nd_bucket{le="+Inf"} ${all}\nd_sum 1\nd_count ${all}\n`;
    const window = historyOf(page(1, 10), page(5, 6)).window(60);
    assert.deepEqual([0, 1, 3].map((number) => window.increase(number)), [5, 6, 6]);
});

test("a gauge is what it is", () => {
    const history = historyOf("# TYPE load gauge\nload 3\n", "# TYPE load gauge\nload 1\n");
    assert.deepEqual([history.value(0), history.window(60).values(0)], [1, [1]]);
});
