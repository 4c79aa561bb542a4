const assert = require("node:assert/strict");
const test = require("node:test");
const { byName, bytes, count, duration, longDuration, quantileDuration, rate, share } = require("./scripts.js");

/** What a format makes of values, in one text each. */
const texts = (format, ...values) => values.map((value) => format(value).filter(Boolean).join(" "));

test("durations have the unit that leaves one to three digits before the point", () => {
    assert.deepEqual(texts(duration, 2.5e-7, 0.0000125, 0.0034567, 0.2, 1.5, 59.94), ["250 ns", "12.5 µs", "3.46 ms", "200 ms", "1.50 s", "59.9 s"]);
    assert.deepEqual(texts(duration, 0, 0.0009999, Infinity, NaN), ["0 s", "1.00 ms", "∞", "–"]);
});

test("long durations have two units", () => {
    assert.deepEqual(texts(longDuration, 0.5, 59, 61), ["0 s", "59 s", "1 min 1 s"]);
    assert.deepEqual(texts(duration, 600, 3_725, 200_000, -7_200), ["10 min", "1 h 2 min", "2 d 7 h", "−2 h"]);
});

test("a quantile beyond the last bound says so", () => {
    assert.deepEqual(quantileDuration(Infinity, { lastBound: 10 }), ["> 10", "s"]);
    assert.deepEqual(quantileDuration(0.5, { lastBound: 10 }), ["500", "ms"]);
});

test("counts are whole as long as there is room for them", () => {
    assert.deepEqual(texts(count, 0, 7, 0.1234, 1234.5, 987_654, 1_250_000, 3e9), ["0", "7", "0.123", "1,235", "987,654", "1.25 M", "3 G"]);
});

test("rates, bytes and shares have their units", () => {
    assert.deepEqual(texts(rate, 0, 12.34, 2e6, NaN), ["0 /s", "12.3 /s", "2 M/s", "–"]);
    assert.deepEqual(texts(bytes, 512, 1536, 20 * 1024 ** 2), ["512 B", "1.5 KiB", "20 MiB"]);
    assert.deepEqual(texts(share, 0, 0.0001, 0.125, 1, NaN), ["0 %", "<0.1 %", "12.5 %", "100 %", "–"]);
});

test("a value is shown by what its name ends in", () => {
    assert.deepEqual(byName("process_cpu_seconds_total", 1.5), ["1.50", "s"]);
    assert.deepEqual(byName("response_size_bytes_sum", 2048), ["2", "KiB"]);
    assert.deepEqual(byName("pool_utilization_ratio", 0.5), ["50", "%"]);
    assert.deepEqual(byName("process_start_time_seconds", 1_795_627_966), ["2026-11-25 17:32:46", "UTC"]);
    assert.deepEqual(byName("jobs_total", NaN), ["NaN", ""]);
});
