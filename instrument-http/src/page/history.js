// What was scraped in the last minutes, as differences.

/** All numbers that are kept may take this many places, of 8 bytes each; then the oldest go. */
const MAX_KEPT = 4_000_000;

class History {
    catalogue = new Catalogue();
    /** One an interval between two scrapes: how long it was, by how much each counter rose, and what else stood at its end. */
    intervals = [];
    /** The values of the last scrape, by the number of the series. */
    latest = undefined;
    skipped = 0;
    #at = 0;
    #start = undefined;

    /** Takes in a page that was read at a time in seconds, of a clock that never steps back. */
    add(text, at) {
        const { values, skipped } = this.catalogue.read(text);
        const start = this.catalogue.series.find(({ name }) => name === "process_start_time_seconds");
        const started = start && values[start.number];
        if (this.latest) {
            const isRestarted = this.#start !== undefined && started !== undefined && this.#start !== started;
            const changes = changesBetween(this.catalogue, this.latest, values, isRestarted);
            this.intervals.push({ seconds: Math.max(at - this.#at, 1e-3), changes });
            while (this.intervals.length * values.length > MAX_KEPT) this.intervals.shift();
        }
        this.latest = values;
        this.skipped = skipped;
        this.#at = at;
        this.#start = started;
    }

    /** The last value of a series, NaN if it is not there. */
    value(number) {
        return this.latest?.[number] ?? NaN;
    }

    /** The last intervals that make up so many seconds, or all that there are. */
    window(seconds) {
        let sum = 0;
        let first = this.intervals.length;
        while (first > 0 && sum < seconds * 0.999) sum += this.intervals[--first].seconds;
        return new Window(this.intervals.slice(first), sum);
    }

    /** Forgets what is older. */
    keep(seconds) {
        this.intervals = this.window(seconds).intervals;
    }
}

/** Some intervals on end. */
class Window {
    constructor(intervals, seconds) {
        this.intervals = intervals;
        this.seconds = seconds;
    }

    /** By how much a counter rose; NaN while there is nothing to compare. */
    increase(number) {
        if (this.intervals.length === 0) return NaN;
        return this.intervals.reduce((sum, { changes }) => sum + (changes[number] || 0), 0);
    }

    /** Each of the intervals alone. */
    each() {
        return this.intervals.map((interval) => new Window([interval], interval.seconds));
    }

    rate(number) {
        return this.increase(number) / this.seconds;
    }

    /** How a sum of counters rose, a rate an interval. */
    rates(numbers) {
        return this.intervals.map(({ seconds, changes }) => {
            return numbers.reduce((sum, number) => sum + (changes[number] || 0), 0) / seconds;
        });
    }

    /** Where a gauge stood at the end of each interval. */
    values(number) {
        return this.intervals.map(({ changes }) => changes[number] ?? NaN);
    }
}

/** By how much each counter has risen, and for all else where it stands. */
function changesBetween({ series, histograms }, before, values, isRestarted) {
    // The parts of a histogram go back to zero together, which shows in its count for certain.
    const reset = new Set(histograms.filter(({ count }) => values[count] < before[count]));
    return Float64Array.from(values, (value, number) => {
        const { isCumulative, histogram } = series[number];
        if (!isCumulative) return value;
        return increase(before[number], value, isRestarted || reset.has(histogram));
    });
}

/** A counter that was not there before, or is lower, has begun at zero since. */
function increase(before, value, isReset) {
    return isReset || !(before <= value) ? value : value - before;
}
