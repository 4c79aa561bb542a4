// The parts of the page that hold tables.

/** What each part is called, and what one reads there. */
const SECTIONS = [
    { id: "routes", title: "Routes", hint: "Requests by route and method; a status from 500 on is an error.", columns: () => redColumns("Route", clientErrorColumn()), sort: "rate" },
    { id: "functions", title: "Functions", hint: "Functions under #[instrument_red].", columns: () => redColumns("Function", inFlightColumn()), sort: "rate" },
    { id: "operations", title: "Operations", hint: "What is measured by Red.", columns: () => redColumns("Operation", inFlightColumn()), sort: "rate" },
    { id: "resources", title: "Resources", hint: "What is kept by Use: how busy, how many wait, what failed.", columns: useColumns, sort: "utilization" },
    { id: "series", title: "All series", hint: "Buckets are left out unless the search has “bucket” in it.", columns: seriesColumns, sort: "name" },
];

class Section {
    #count = element("span", { class: "count" });
    #table;
    #node;

    constructor({ id, title, hint, columns, sort }) {
        this.id = id;
        this.#table = new Table(`${title}. ${hint}`, columns(), sort);
        const heading = element("h2", { id: `${id}-title` }, title, " ", this.#count);
        const head = element("div", { class: "head" }, heading, element("p", {}, hint));
        this.#node = element("section", { id, "aria-labelledby": `${id}-title`, hidden: true }, head, this.#table.node);
    }

    get node() {
        return this.#node;
    }

    /** Shows the rows that were found among `total`. */
    show(rows, total) {
        this.#node.hidden = rows.length === 0;
        setText(this.#count, rows.length === total ? count(total)[0] : `${rows.length} of ${total}`);
        this.#table.show(rows);
    }
}
