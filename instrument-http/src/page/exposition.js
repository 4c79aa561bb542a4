// The text formats that Prometheus scrapes, 0.0.4 and OpenMetrics 1.0.0, read into numbers.
// https://prometheus.io/docs/instrumenting/exposition_formats/

/** What follows a family's name in the names of its series. */
const PARTS = ["_bucket", "_sum", "_count", "_total", "_created", "_info"];

/** More series than these are left out: a browser is no database. */
const MAX_SERIES = 200_000;

/** All series that were ever seen. What the text of one says is taken apart once, its number is its place in `values`. */
class Catalogue {
    series = [];
    histograms = [];
    #byText = new Map();
    #histogramsByText = new Map();
    #types = new Map();
    /** Help texts by the name of the family. */
    helps = new Map();

    /** Reads a page. The values are by the number of the series, NaN where one is not on the page; `skipped` counts lines that make no sense. */
    read(text) {
        const values = new Array(this.series.length).fill(NaN);
        let skipped = 0;
        for (let start = 0, end; start < text.length; start = end + 1) {
            end = text.indexOf("\n", start);
            if (end < 0) end = text.length;
            const line = text.slice(start, end).trim();
            if (line.startsWith("#")) this.#describe(line);
            else if (line !== "" && !this.#sample(line, values)) skipped++;
        }
        return { values: Float64Array.from(values), skipped };
    }

    #describe(line) {
        const [, keyword, name, rest = ""] = /^#\s+(\S+)\s+("(?:\\.|[^"\\])*"|\S+)\s?(.*)$/.exec(line) ?? [];
        if (keyword === "TYPE") this.#types.set(unquoted(name), rest.trim());
        if (keyword === "HELP") this.helps.set(unquoted(name), unescaped(rest));
    }

    #sample(line, values) {
        const end = endOfSeries(line);
        const value = number(line.slice(end).trimStart().split(" ", 1)[0]);
        if (value === undefined) return false;
        const series = this.#find(line.slice(0, end).trimEnd());
        if (series) values[series.number] = value;
        return series !== undefined;
    }

    #find(text) {
        const known = this.#byText.get(text);
        if (known || this.series.length >= MAX_SERIES) return known;
        const identity = identify(text);
        if (!identity) return undefined;
        const series = { text, number: this.series.length, ...identity, ...this.#family(identity.name) };
        this.#byText.set(text, series);
        this.series.push(series);
        if (series.type === "histogram") this.#join(series);
        return series;
    }

    /** The family of a series: itself, or what is left of its name without what marks a part. */
    #family(name) {
        const part = PARTS.find((part) => name.endsWith(part)) ?? "";
        const stem = name.slice(0, name.length - part.length);
        const family = this.#types.has(name) || !this.#types.has(stem) ? name : stem;
        const type = this.#types.get(family) ?? "unknown";
        const counts = type === "counter" || type === "histogram" || type === "summary";
        const isQuantile = type === "summary" && family === name;
        const isCumulative = part !== "_created" && (counts ? !isQuantile : type === "unknown" && part === "_total");
        return { family, part: family === name ? "" : part, type, isCumulative };
    }

    /** Puts the parts of one histogram together. */
    #join(series) {
        const { le, ...labels } = series.labels;
        const text = textOf(series.family, labels);
        let histogram = this.#histogramsByText.get(text);
        if (!histogram) {
            histogram = { family: series.family, labels, buckets: [], count: undefined };
            this.#histogramsByText.set(text, histogram);
            this.histograms.push(histogram);
        }
        series.histogram = histogram;
        if (series.part === "_count") histogram.count = series.number;
        if (series.part === "_bucket" && le !== undefined) {
            const bound = number(le);
            const isLast = !(histogram.buckets.at(-1)?.bound > bound);
            histogram.buckets.push({ bound, number: series.number });
            if (!isLast) histogram.buckets.sort((one, other) => one.bound - other.bound);
        }
    }
}

/** A name and labels as one text, the same whatever the order of the labels. */
function textOf(name, labels) {
    return JSON.stringify([name, ...Object.entries(labels).sort()]);
}

/** Where the labels end, or the name if there are none. */
function endOfSeries(line) {
    const brace = line.indexOf("{");
    const space = line.search(/\s/);
    if (brace < 0 || (space >= 0 && space < brace)) return space < 0 ? line.length : space;
    // Without an exemplar, which has braces of its own, nothing needs to be looked at closely.
    if (!line.includes(" # ")) return line.lastIndexOf("}") + 1 || line.length;
    let isQuoted = false;
    for (let at = brace; at < line.length; at++) {
        const char = line[at];
        if (char === "\\" && isQuoted) at++;
        else if (char === '"') isQuoted = !isQuoted;
        else if (char === "}" && !isQuoted) return at + 1;
    }
    return line.length;
}

/** Name and labels of a series. A name that is between quotes stands among the labels. */
function identify(text) {
    const brace = text.indexOf("{");
    let name = (brace < 0 ? text : text.slice(0, brace)).trim();
    const labels = Object.create(null);
    if (brace >= 0) {
        const pair = /\s*(?:([^\s"=,{}]+|"(?:\\.|[^"\\])*")\s*=\s*)?"((?:\\.|[^"\\])*)"\s*(?:,|(?=\}))/y;
        pair.lastIndex = brace + 1;
        while (text[pair.lastIndex] !== "}") {
            const [whole, label, value] = pair.exec(text) ?? [];
            if (whole === undefined) return undefined;
            if (label === undefined) name = unescaped(value);
            else labels[unquoted(label)] = unescaped(value);
        }
    }
    return name === "" ? undefined : { name, labels };
}

function unquoted(name) {
    return name.startsWith('"') ? unescaped(name.slice(1, -1)) : name;
}

function unescaped(text) {
    return text.replace(/\\(.)/g, (_, char) => (char === "n" ? "\n" : char));
}

/** A value as the formats write it; nothing if it is none. */
function number(text) {
    if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return Number(text);
    const special = /^([+-]?)(?:(inf(?:inity)?)|nan)$/i.exec(text);
    if (!special) return undefined;
    return special[2] ? (special[1] === "-" ? -Infinity : Infinity) : NaN;
}
