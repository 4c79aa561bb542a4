// The page: what is read is shown.

const sections = SECTIONS.map((section) => new Section(section));
byId("sections").append(...sections.map(({ node }) => node));

const history = new History();
let found = undefined;
let trouble = { kind: "loading" };
let readAt = "";

const poll = new Poll(document.documentElement.dataset.metrics, {
    onPage(text, seconds) {
        history.add(text, seconds);
        history.keep(Math.max(...[...byId("window").options].map(({ value }) => Number(value))));
        found = undefined;
        readAt = new Date().toLocaleTimeString([], { hour12: false });
        trouble = history.catalogue.series.length === 0 ? { kind: "empty" } : undefined;
        show();
    },
    onTrouble(now) {
        trouble = { ...now, since: readAt };
        show();
    },
});

const notice = new Notice(byId("notice"), {
    retry: () => poll.now(),
    giveToken: (token) => (poll.token = token),
});

/** What there is to measure; it changes only by reading. */
function find() {
    found ??= { ...findOperations(history.catalogue), resources: new Map(findResources(history.catalogue).map((one) => [one.key, one])) };
    return found;
}

function show() {
    const window = history.window(Number(byId("window").value));
    const query = words(byId("search").value);
    const rows = find();
    showTiles(byId("tiles"), history.latest ? overview(rows, history, window) : []);
    let shown = 0;
    for (const section of sections) {
        const [matching, total] = section.id === "series" ? seriesRows(query, window) : measuredRows(rows[section.id], section.id, query, window);
        section.show(matching, total);
        shown += matching.length;
    }
    const isMissed = !trouble && query.length > 0 && shown === 0;
    notice.show(isMissed ? { kind: "none" } : trouble);
    showStatus(window);
    setText(byId("found"), query.length > 0 && !isMissed ? `${shown} rows match` : "");
}

function measuredRows(rows, id, query, window) {
    const measure = id === "resources" ? measureResource : measureOperation;
    return [searched([...rows.values()], query).map((row) => measure(row, window, history)), rows.size];
}

function seriesRows(query, window) {
    // Series that have gone are not shown; what is measured of the others is needed to sort them.
    const isThere = ({ number }) => history.latest !== undefined && number < history.latest.length;
    const matching = searchedSeries(history.catalogue, query).filter(isThere);
    return [matching.map((series) => measureSeries(series, window, history)), history.catalogue.series.length];
}

function showStatus(window) {
    const state = poll.isPaused ? "paused" : (trouble?.kind ?? "live");
    const texts = { live: "Live", paused: "Paused", loading: "Connecting", gone: "No answer", empty: "Live" };
    document.documentElement.dataset.state = state;
    // Read out when it changes, and not at each reading.
    setText(byId("state"), texts[state] ?? "Stopped");
    const seconds = Math.round(window.seconds);
    const covered = seconds > 0 ? `Numbers of the last ${longDuration(seconds).join("\u202f")}, read at ${readAt}.` : "Rates follow with the second reading.";
    const skipped = history.skipped > 0 ? ` ${history.skipped} lines make no sense and are left out.` : "";
    setText(byId("covered"), history.catalogue.series.length > 0 ? covered + skipped : "");
    setText(byId("about"), about());
}

/** What runs, and since when. */
function about() {
    const { series } = history.catalogue;
    const build = series.find(({ name }) => name === "build_info")?.labels.version;
    const start = series.find(({ name }) => name === "process_start_time_seconds");
    const up = start && Date.now() / 1000 - history.value(start.number);
    const parts = [build && `version ${build}`, up >= 0 && `up ${longDuration(up).join("\u202f")}`];
    return parts.filter(Boolean).join(" · ");
}

setText(byId("host"), location.host);
document.title = `${location.host} · metrics`;
byId("search").addEventListener("input", show);
byId("window").addEventListener("change", show);
byId("interval").addEventListener("change", ({ target }) => {
    poll.intervalMs = Number(target.value) * 1000;
    poll.now();
});
byId("pause").addEventListener("click", () => {
    poll.pause(!poll.isPaused);
    setAttribute(byId("pause"), "aria-pressed", String(poll.isPaused));
    show();
});
watchTheme(byId("theme"));
watchKeys(byId("search"), { p: byId("pause"), t: byId("theme") });
show();
poll.now();
