// The columns that the tables are made of.

/** A name, with its method before it, and its labels or module under it. */
function nameColumn(label) {
    return {
        key: "name",
        label,
        text: true,
        value: ({ main, tag = "", scope = "", rest }) => [main, tag, scope, rest].join(" "),
        cell: (node, { main, tag, scope, rest }) => {
            const small = [scope, rest].filter(Boolean).join(" · ");
            if (tag !== undefined) node.append(element("span", { class: "tag" }, tag), " ");
            node.append(element("span", { class: "name" }, main));
            if (small) node.append(element("small", {}, small));
            return () => {};
        },
    };
}

/** A number of a row, as `format` shows it, which may look at the rest of the row. */
function numberColumn(key, label, format, { title, level = () => undefined } = {}) {
    return {
        key,
        label,
        title,
        value: (row) => row[key],
        cell: (node) => {
            const place = element("span", { class: "number" });
            node.append(place);
            return (row) => {
                setNumber(place, format(row[key], row));
                setAttribute(place, "data-value", row[key]);
                setAttribute(place, "data-level", level(row[key]));
            };
        },
    };
}

/** The same with a curve beside it. */
function trendColumn(key, label, format, trend, kind, { top, ...options } = {}) {
    const column = numberColumn(key, label, format, options);
    return {
        ...column,
        wide: true,
        cell: (node, first) => {
            const spark = sparkline(kind);
            node.append(spark);
            const update = column.cell(node, first);
            return (row) => {
                update(row);
                draw(spark, row[trend], top);
            };
        },
    };
}

const isAny = (value) => (value > 0 ? "bad" : undefined);

/** Of what kind of operation: `last` is a column that not all have. */
function redColumns(label, last) {
    const quantiles = [["p50", 50], ["p90", 90], ["p99", 99]].map(([key, percent]) =>
        numberColumn(key, key, quantileDuration, { title: `${percent} % of the calls took no longer` }),
    );
    return [
        nameColumn(label),
        trendColumn("rate", "Rate", rate, "rateTrend", "calm", { title: "Calls a second" }),
        trendColumn("errorShare", "Errors", share, "errorTrend", "bad", { title: "Share of the calls that failed", level: isAny }),
        ...quantiles,
        numberColumn("calls", "Calls", count, { title: "Calls that have ended" }),
        last,
    ];
}

function inFlightColumn() {
    return numberColumn("inFlight", "In flight", count, { title: "Calls that have begun and not ended" });
}

function clientErrorColumn() {
    return numberColumn("clientErrorShare", "4xx", share, { title: "Share of the requests that were the client's mistake" });
}

const isFull = (value) => (value >= 0.9 ? "bad" : value >= 0.7 ? "warn" : undefined);
const isWaiting = (value) => (value > 0 ? "warn" : undefined);

function useColumns() {
    const waiting = { title: "How many wait for it", level: isWaiting };
    return [
        nameColumn("Resource"),
        trendColumn("utilization", "Utilization", share, "utilizationTrend", "calm", { title: "Share in use", level: isFull, top: 1 }),
        trendColumn("saturation", "Saturation", count, "saturationTrend", "warn", waiting),
        numberColumn("errors", "Errors", count, { title: "Errors of it", level: isAny }),
    ];
}

function seriesColumns() {
    const value = {
        ...numberColumn("value", "Value", count),
        cell: (node) => {
            const place = element("span", { class: "number" });
            node.append(place);
            return ({ name, value }) => {
                setNumber(place, byName(name, value));
                setAttribute(place, "title", value);
                setAttribute(place, "data-value", value);
            };
        },
    };
    return [nameColumn("Series"), value, trendColumn("change", "Rate", rate, "trend", "calm", { title: "How fast it rises, for what only rises" })];
}
