// USE: utilization, saturation and errors of each resource, found by the names of its metrics.

const USE_PARTS = { _utilization_ratio: "utilization", _saturation: "saturation", _errors_total: "errors" };

/** The resources whose utilization or saturation is known: errors alone may be those of anything. */
function findResources(catalogue) {
    const found = new Map();
    for (const { name, labels, number } of catalogue.series) {
        const suffix = Object.keys(USE_PARTS).find((suffix) => name.endsWith(suffix));
        if (!suffix) continue;
        const main = name.slice(0, -suffix.length);
        const key = textOf(main, labels);
        const resource = found.get(key) ?? { key, main, rest: others(labels) };
        resource[USE_PARTS[suffix]] = number;
        found.set(key, resource);
    }
    const isKnown = ({ utilization, saturation }) => utilization !== undefined || saturation !== undefined;
    return [...found.values()].filter(isKnown);
}

/** How a resource stands, and what happened to it in a window. */
function measureResource(resource, window, history) {
    const { utilization, saturation, errors } = resource;
    return {
        ...resource,
        utilization: utilization === undefined ? NaN : history.value(utilization),
        saturation: saturation === undefined ? NaN : history.value(saturation),
        errors: errors === undefined ? NaN : window.increase(errors),
        utilizationTrend: utilization === undefined ? [] : window.values(utilization),
        saturationTrend: saturation === undefined ? [] : window.values(saturation),
    };
}
