// The few numbers that say how the whole service does.

/** What is shown on top, of what there is: each has a `label`, a number, and the curve of a window. */
function overview(found, history, window) {
    const tiles = [];
    const kind = OPERATIONS.find(({ id }) => found[id].size > 0);
    if (kind) tiles.push(...trafficTiles([...found[kind.id].values()], kind.id, history, window));
    return [...tiles, ...processTiles(history, window)];
}

/** Of what comes first: a function calls others, so all of them together would count a request several times. */
function trafficTiles(operations, id, history, window) {
    const total = measureTogether(operations, window, history);
    const what = { routes: "Requests", functions: "Calls", operations: "Operations" }[id];
    const all = total.all;
    const tiles = [
        { label: what, value: rate(total.rate), trend: total.rateTrend, kind: "calm" },
        { label: "Errors", value: share(total.errorShare), trend: total.errorTrend, kind: "bad", level: isAny(total.errors) },
        { label: "Median", value: quantileDuration(total.p50, total), trend: quantileTrend(0.5, all, window), kind: "calm" },
        { label: "99th percentile", value: quantileDuration(total.p99, total), trend: quantileTrend(0.99, all, window), kind: "calm" },
    ];
    return id === "routes" ? [...tiles, ...inFlightTile(history, window)] : tiles;
}

function processTiles(history, window) {
    const find = (name) => history.catalogue.series.find((series) => series.name === name)?.number;
    const [cpu, memory] = [find("process_cpu_seconds_total"), find("process_resident_memory_bytes")];
    const tiles = [];
    if (cpu !== undefined) {
        tiles.push({ label: "CPU, of one core", value: share(window.rate(cpu)), trend: window.rates([cpu]), kind: "calm" });
    }
    if (memory !== undefined) {
        tiles.push({ label: "Memory", value: bytes(history.value(memory)), trend: window.values(memory), kind: "calm" });
    }
    return tiles;
}

/** Requests that have begun and not ended, of all methods. */
function inFlightTile(history, window) {
    const gauges = history.catalogue.series.filter(({ name }) => name.endsWith("http_server_active_requests"));
    if (gauges.length === 0) return [];
    const sum = (values) => values.reduce((sum, value) => sum + (value || 0), 0);
    const trend = window.intervals.map(({ changes }) => sum(gauges.map(({ number }) => changes[number])));
    const now = sum(gauges.map(({ number }) => history.value(number)));
    return [{ label: "In flight", value: count(now), trend, kind: "calm" }];
}

/** Shows tiles in a `dl`, in place. */
function showTiles(list, tiles) {
    for (const [place, { label, value, trend, kind, level }] of tiles.entries()) {
        let tile = list.children[place];
        if (tile?.dataset.label !== label) {
            const number = element("dd", { class: "number" });
            const spark = trend ? [sparkline(kind)] : [];
            const fresh = element("div", { class: "tile", "data-label": label }, element("dt", {}, label), number, ...spark);
            if (tile) tile.replaceWith(fresh);
            else list.append(fresh);
            tile = fresh;
        }
        const [, number, spark] = tile.children;
        setNumber(number, value);
        setAttribute(number, "data-level", level);
        if (spark) draw(spark, trend);
    }
    while (list.childElementCount > tiles.length) list.lastElementChild.remove();
}
