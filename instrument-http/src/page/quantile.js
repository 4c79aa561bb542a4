// Quantiles of what fell into buckets.

/**
 * An estimate of a quantile, from cumulative buckets in the order of their bounds, of which the last is +Inf. Within a bucket, values are taken to be spread
 * evenly, as Prometheus' `histogram_quantile` does. What is beyond the last finite bound is +Infinity; NaN if there is nothing, or no finite bound.
 */
function quantile(q, buckets) {
    const total = buckets.at(-1)?.count ?? 0;
    if (!(total > 0) || buckets.length < 2) return NaN;
    const rank = q * total;
    const at = buckets.findIndex(({ count }) => count >= rank && count > 0);
    const { bound, count } = buckets[at];
    if (bound === Infinity) return Infinity;
    const below = at === 0 ? { bound: Math.min(bound, 0), count: 0 } : buckets[at - 1];
    return below.bound + (bound - below.bound) * ((rank - below.count) / (count - below.count));
}

/** The buckets of several histograms as those of one, by how much they rose in a window. */
function bucketsIn(window, histograms) {
    const counts = new Map();
    for (const { buckets } of histograms) {
        for (const { bound, number } of buckets) {
            counts.set(bound, (counts.get(bound) ?? 0) + window.increase(number));
        }
    }
    return [...counts].map(([bound, count]) => ({ bound, count })).sort((one, other) => one.bound - other.bound);
}
