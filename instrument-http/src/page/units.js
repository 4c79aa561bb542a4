// Numbers as people read them: each is a pair of digits and unit.

const NONE = ["–", ""];

/** Three digits that count, without zeros at the end; from a thousand on whole numbers. */
function digits(value) {
    const rounded = Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
    return rounded.toLocaleString("en", { maximumFractionDigits: 20 });
}

/** By the largest step of a scale that is not above the value. */
function scaled(value, scale) {
    if (Number.isNaN(value)) return NONE;
    if (!Number.isFinite(value)) return [value > 0 ? "∞" : "−∞", ""];
    // What would be rounded up to the next step is shown in that.
    const rounded = Math.abs(Number(value.toPrecision(3)));
    const [step, unit] = scale.findLast(([step]) => rounded >= step) ?? scale[0];
    return [digits(value / step), unit];
}

const SECONDS = [[1e-9, "ns"], [1e-6, "µs"], [1e-3, "ms"], [1, "s"]];
const BYTES = [[1, "B"], [1024, "KiB"], [1024 ** 2, "MiB"], [1024 ** 3, "GiB"], [1024 ** 4, "TiB"]];
const PLAIN = [[1, ""], [1e6, "M"], [1e9, "G"], [1e12, "T"]];

/** With three digits always, so that those of a column stand below each other. */
function duration(seconds) {
    if (seconds === 0) return ["0", "s"];
    if (Math.abs(seconds) >= 600 && Number.isFinite(seconds)) return longDuration(seconds);
    const [text, unit] = scaled(seconds, SECONDS);
    return [unit === "" ? text : Number(text).toPrecision(3), unit];
}

/** In whole seconds: the two largest of days, hours, minutes and seconds. */
function longDuration(seconds) {
    const whole = Math.floor(Math.abs(seconds));
    if (whole < 60) return [`${Math.floor(seconds)}`, "s"];
    const parts = [[86_400, "d"], [3_600, "h"], [60, "min"], [1, "s"]];
    const first = parts.findIndex(([length]) => whole >= length);
    const [[large, largeUnit], [small, smallUnit]] = parts.slice(first);
    const rest = Math.floor((whole % large) / small);
    const text = `${seconds < 0 ? "−" : ""}${Math.floor(whole / large)}`;
    return rest === 0 ? [text, largeUnit] : [`${text} ${largeUnit} ${rest}`, smallUnit];
}

/** A quantile of durations, of which no more may be known than that it is beyond the last bound. */
function quantileDuration(seconds, { lastBound }) {
    if (seconds !== Infinity || lastBound === undefined) return duration(seconds);
    const [text, unit] = scaled(lastBound, SECONDS);
    return [`> ${text}`, unit];
}

function bytes(value) {
    return scaled(value, BYTES);
}

function count(value) {
    return scaled(value, PLAIN);
}

function rate(perSecond) {
    if (!Number.isFinite(perSecond)) return NONE;
    const [text, unit] = count(perSecond);
    return [text, `${unit}/s`];
}

function share(part) {
    if (!Number.isFinite(part)) return NONE;
    return part > 0 && part < 0.001 ? ["<0.1", "%"] : [digits(part * 100), "%"];
}

/** A value by the unit that its metric's name ends in. */
function byName(name, value) {
    const stem = name.replace(/_(total|sum)$/, "");
    if (/_time(stamp)?_seconds$/.test(stem) && value > 1e8 && Number.isFinite(value)) {
        return [new Date(value * 1000).toISOString().replace("T", " ").slice(0, 19), "UTC"];
    }
    if (/_seconds$/.test(stem)) return duration(value);
    if (/_bytes$/.test(stem)) return bytes(value);
    if (/_ratio$/.test(stem)) return share(value);
    return Number.isNaN(value) ? ["NaN", ""] : count(value);
}
