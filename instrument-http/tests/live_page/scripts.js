// The page's scripts, as the page has them: one after the other, in one scope.

const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const vm = require("node:vm");

const FILES = ["exposition", "history", "quantile", "red", "use", "units", "search"];
const NAMES = [
    "Catalogue, History, quantile, bucketsIn, findOperations, measureOperation, measureTogether, findResources, measureResource",
    "duration, longDuration, quantileDuration, bytes, count, rate, share, byName, words, searchedSeries",
];

const sources = FILES.map((file) => readFileSync(join(__dirname, "../../src/page", `${file}.js`), "utf8"));

module.exports = vm.runInThisContext(`(() => { "use strict"; ${sources.join("\n")}\nreturn { ${NAMES.join(", ")} }; })()`);

/** The values of a page by the text of the series. */
module.exports.valuesOf = (text) => {
    const catalogue = new module.exports.Catalogue();
    const { values, skipped } = catalogue.read(text);
    return { values: Object.fromEntries(catalogue.series.map(({ text, number }) => [text, values[number]])), skipped, catalogue };
};

/** What was read from pages, a second apart. */
module.exports.historyOf = (...pages) => {
    const history = new module.exports.History();
    pages.forEach((page, second) => history.add(page, second));
    return history;
};
