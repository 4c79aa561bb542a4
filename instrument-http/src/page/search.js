// The search: what all words of it occur in.

function words(query) {
    return query.toLowerCase().split(/\s+/).filter(Boolean);
}

function matches(text, words) {
    const lower = text.toLowerCase();
    return words.every((word) => lower.includes(word));
}

/** The operations and resources that a search is for. */
function searched(rows, words) {
    return rows.filter(({ tag = "", main, scope = "", rest }) => matches(`${tag} ${main} ${scope} ${rest}`, words));
}

/** The series that a search is for. Buckets are many, and the tables above are made of them: they are for who asks. */
function searchedSeries(catalogue, words) {
    const wantsBuckets = words.some((word) => word.includes("bucket") || word.startsWith("le="));
    return catalogue.series.filter(
        ({ part, text, type }) => (wantsBuckets || type !== "histogram" || part !== "_bucket") && matches(text, words),
    );
}

/** What one series did in a window. */
function measureSeries(series, window, history) {
    const { text, name, labels, number, isCumulative } = series;
    return {
        key: text,
        name,
        main: name,
        rest: others(labels),
        value: history.value(number),
        change: isCumulative ? window.rate(number) : NaN,
        /** For what is shown: there may be a great many others. */
        get trend() {
            return isCumulative ? window.rates([number]) : window.values(number);
        },
    };
}
