// RED: rate, errors and duration of whatever has them, found by the names of its metrics.

const DURATION = "_duration_seconds";

/** Labels that tell how a call ended, and not what was called. */
const ENDS = ["outcome", "error", "error_type", "http_response_status_code"];

/** The kinds of operations. The first that knows a histogram has it. */
const OPERATIONS = [
    {
        id: "routes",
        knows: ({ family, labels }) =>
            family.endsWith(`http_server_request${DURATION}`) && labels.http_request_method !== undefined,
        name: ({ labels }) => ({
            tag: labels.http_request_method,
            main: labels.http_route ?? "no route",
            rest: others(labels, "http_request_method", "http_route", "url_scheme"),
        }),
        // https://opentelemetry.io/docs/specs/semconv/http/http-metrics/: a 4xx is the client's mistake.
        isError: ({ error_type, http_response_status_code: status }) => error_type !== undefined || Number(status) >= 500,
    },
    {
        id: "functions",
        knows: ({ family, labels }) =>
            family.endsWith(DURATION) && labels.outcome !== undefined && labels.function !== undefined,
        name: ({ labels }) => ({ main: labels.function, rest: others(labels, "function", "module"), scope: labels.module }),
        isError: ({ outcome }) => outcome !== "ok",
    },
    {
        id: "operations",
        knows: ({ family, labels }) => family.endsWith(DURATION) && labels.outcome !== undefined,
        name: ({ family, labels }) => ({ main: family.slice(0, -DURATION.length), rest: others(labels) }),
        isError: ({ outcome }) => outcome !== "ok",
    },
];

/** The operations of each kind, by its id. */
function findOperations(catalogue) {
    const found = Object.fromEntries(OPERATIONS.map(({ id }) => [id, new Map()]));
    const gauges = new Map(
        catalogue.series.filter(({ type }) => type === "gauge").map((one) => [textOf(one.name, one.labels), one.number]),
    );
    for (const histogram of catalogue.histograms) {
        const kind = OPERATIONS.find(({ knows }) => knows(histogram));
        if (!kind || histogram.count === undefined) continue;
        const labels = without(histogram.labels, ENDS);
        const key = textOf(histogram.family, labels);
        const operation = found[kind.id].get(key) ?? {
            key,
            ...kind.name({ family: histogram.family, labels }),
            all: [],
            failed: [],
            inFlight: gauges.get(textOf(histogram.family.replace(DURATION, "_in_flight"), labels)),
        };
        operation.all.push(histogram);
        if (kind.isError(histogram.labels)) operation.failed.push(histogram);
        found[kind.id].set(key, operation);
    }
    return found;
}

/** What an operation did in a window. */
function measureOperation(operation, window, history) {
    const sum = (histograms) => histograms.reduce((sum, { count }) => sum + window.increase(count), 0);
    const [calls, errors] = [sum(operation.all), sum(operation.failed)];
    const clientErrors = sum(operation.all.filter(({ labels }) => /^4\d\d$/.test(labels.http_response_status_code ?? "")));
    const buckets = bucketsIn(window, operation.all);
    const counts = (histograms) => histograms.map(({ count }) => count);
    return {
        ...operation,
        calls,
        rate: calls / window.seconds,
        errors,
        errorShare: errors / calls,
        clientErrorShare: clientErrors / calls,
        lastBound: buckets.findLast(({ bound }) => bound !== Infinity)?.bound,
        p50: quantile(0.5, buckets),
        p90: quantile(0.9, buckets),
        p99: quantile(0.99, buckets),
        inFlight: operation.inFlight === undefined ? NaN : history.value(operation.inFlight),
        rateTrend: window.rates(counts(operation.all)),
        errorTrend: window.rates(counts(operation.failed)),
    };
}

/** How a quantile went, an interval after the other. */
function quantileTrend(q, histograms, window) {
    return window.each().map((interval) => quantile(q, bucketsIn(interval, histograms)));
}

/** What all of some operations did. */
function measureTogether(operations, window, history) {
    const all = operations.flatMap(({ all }) => all);
    const failed = operations.flatMap(({ failed }) => failed);
    return measureOperation({ all, failed }, window, history);
}

function without(labels, names) {
    return Object.fromEntries(Object.entries(labels).filter(([name]) => !names.includes(name)));
}

/** The labels that a name does not say yet, as a text. */
function others(labels, ...said) {
    return Object.entries(without(labels, said)).map(([name, value]) => `${name}=${value}`).join(" ");
}
