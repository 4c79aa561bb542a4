const assert = require("node:assert/strict");
const test = require("node:test");
const { findOperations, findResources, historyOf, measureOperation, measureResource, measureTogether, searchedSeries, words } = require("./scripts.js");

/** A histogram with a bucket up to 1 s, of which all values are in. */
function histogram(name, labels, count) {
    return `${name}_bucket{${labels},le="1"} ${count}\n${name}_bucket{${labels},le="+Inf"} ${count}\n${name}_sum{${labels}} 1\n${name}_count{${labels}} ${count}\n`;
}

function page(...lines) {
    const names = ["function_duration_seconds", "lookup_duration_seconds", "http_server_request_duration_seconds"];
    const gauges = ["function_in_flight", "lookup_in_flight", "pool_utilization_ratio", "pool_saturation"];
    const types = [...names.map((name) => `# TYPE ${name} histogram\n`), ...gauges.map((name) => `# TYPE ${name} gauge\n`)];
    return [...types, "# TYPE pool_errors_total counter\n# TYPE stray_errors_total counter\n", ...lines].join("");
}

/** The operations of a kind by name, as two pages show them. */
function measured(kind, before, after) {
    const history = historyOf(before, after);
    const operations = [...findOperations(history.catalogue)[kind].values()];
    const window = history.window(60);
    const rows = operations.map((operation) => measureOperation(operation, window, history));
    return { rows, total: measureTogether(operations, window, history) };
}

const brief = ({ main, tag, scope, calls, errorShare, inFlight }) => ({ main, tag, scope, calls, errorShare, inFlight });

test("a function is found with all its outcomes", () => {
    const at = (ok, error, panic) =>
        page(
            histogram("function_duration_seconds", 'function="f",module="a::b",outcome="ok"', ok),
            histogram("function_duration_seconds", 'function="f",module="a::b",outcome="error"', error),
            histogram("function_duration_seconds", 'function="f",module="a::b",outcome="panic"', panic),
            'function_in_flight{function="f",module="a::b"} 3\n',
        );
    const { rows } = measured("functions", at(10, 0, 0), at(16, 1, 1));
    assert.deepEqual(rows.map(brief), [{ main: "f", tag: undefined, scope: "a::b", calls: 8, errorShare: 0.25, inFlight: 3 }]);
    assert.deepEqual([rows[0].p50, rows[0].rate], [0.5, 8]);
});

test("a preset is found by its name", () => {
    const at = (ok) => page(histogram("lookup_duration_seconds", 'outcome="ok"', ok), "lookup_in_flight 1\n");
    const { rows } = measured("operations", at(1), at(3));
    assert.deepEqual(rows.map(brief), [{ main: "lookup", tag: undefined, scope: undefined, calls: 2, errorShare: 0, inFlight: 1 }]);
});

test("a route is in error from 500 on, or when it says how it failed", () => {
    const name = "http_server_request_duration_seconds";
    const at = (...counts) =>
        page(
            ...['http_response_status_code="200"', 'http_response_status_code="404"', 'http_response_status_code="503"', 'error_type="cancelled"'].map(
                (end, place) => histogram(name, `http_request_method="GET",http_route="/q/{id}",url_scheme="http",${end}`, counts[place]),
            ),
            histogram(name, 'http_request_method="GET",http_response_status_code="404",url_scheme="http"', counts[4]),
        );
    const { rows, total } = measured("routes", at(0, 0, 0, 0, 0), at(4, 2, 1, 1, 8));
    assert.deepEqual(rows.map(({ tag, main, calls, errorShare, clientErrorShare }) => [tag, main, calls, errorShare, clientErrorShare]), [
        ["GET", "/q/{id}", 8, 0.25, 0.25],
        ["GET", "no route", 8, 0, 1],
    ]);
    assert.deepEqual([total.calls, total.errors], [16, 2]);
});

test("what was not called has no share of errors and no quantile", () => {
    const same = page(histogram("lookup_duration_seconds", 'outcome="ok"', 5));
    const [{ calls, rate, errorShare, p99 }] = measured("operations", same, same).rows;
    assert.deepEqual([calls, rate, errorShare, p99], [0, 0, NaN, NaN]);
});

test("a resource is found by what only resources have", () => {
    const at = (errors) => page(`pool_utilization_ratio{of="db"} 0.5\npool_saturation{of="db"} 2\npool_errors_total{of="db"} ${errors}\nstray_errors_total 9\n`);
    const history = historyOf(at(1), at(4));
    const rows = findResources(history.catalogue).map((one) => measureResource(one, history.window(60), history));
    assert.deepEqual(rows.map(({ main, rest, utilization, saturation, errors }) => [main, rest, utilization, saturation, errors]), [["pool", "of=db", 0.5, 2, 3]]);
});

test("all words of a search must occur, and buckets are for who asks", () => {
    const { catalogue } = historyOf(page(histogram("lookup_duration_seconds", 'outcome="ok"', 1), "pool_saturation 1\n"));
    const found = (query) => searchedSeries(catalogue, words(query)).map(({ name }) => name);
    assert.deepEqual(found("LOOKUP ok"), ["lookup_duration_seconds_sum", "lookup_duration_seconds_count"]);
    assert.deepEqual(found("lookup bucket +inf"), ["lookup_duration_seconds_bucket"]);
    assert.deepEqual(found("lookup pool"), []);
    assert.equal(found(" ").length, 3);
});
