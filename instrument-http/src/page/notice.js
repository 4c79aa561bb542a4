// What stands where numbers should be when there are none, each with what to do about it.

/** The content of a notice for each kind of trouble. `act` has what its buttons do. */
const NOTICES = {
    loading: () => [element("h2", {}, "Reading the metrics…")],
    empty: () => [
        element("h2", {}, "There are no metrics yet"),
        element("p", {}, "Put the attribute on a function and call it: it is here within seconds."),
        element("pre", {}, "#[instrument_red]\nasync fn quote(id: u64) -> Result<Quote, Error> { … }"),
    ],
    none: () => [
        element("h2", {}, "Nothing matches"),
        element("p", {}, "All words of the search must occur in a route, a function, a resource or a series. Press Escape to clear it."),
    ],
    credentials: ({ takesToken, isWrong }, act) => [
        element("h2", {}, isWrong ? "This token is not accepted" : "These metrics are read with credentials only"),
        ...(takesToken ? [tokenForm(act)] : [element("p", {}, "Load the page again, and give a name and a password when the browser asks for them.")]),
    ],
    forbidden: () => [
        element("h2", {}, "These metrics are not for your network"),
        element("p", {}, "Who runs the service says which networks may read them, by allow(..) of the endpoint."),
    ],
    large: () => [
        element("h2", {}, "These metrics are too many for a browser"),
        element("p", {}, "They take more than 64 MiB each time they are read. Use Prometheus for them."),
    ],
    gone: ({ reason, since, waitMs }, act) => {
        const again = element("button", { type: "button" }, "Try now");
        again.addEventListener("click", act.retry);
        const wait = longDuration(Math.ceil(waitMs / 1000)).join("\u202f");
        return [
            element("h2", {}, "The server does not answer"),
            element("p", {}, `${reason} ${since ? `The numbers below are of ${since}. ` : ""}It is tried again in ${wait}.`),
            again,
        ];
    },
};

function tokenForm(act) {
    const field = element("input", { id: "token", type: "password", autocomplete: "off", spellcheck: "false", required: true });
    const form = element(
        "form",
        { class: "token" },
        element("label", { for: "token" }, "Bearer token"),
        field,
        element("button", {}, "Read the metrics"),
        element("p", {}, "It is sent to this server only, and forgotten when the page is closed."),
    );
    form.addEventListener("submit", (event) => {
        event.preventDefault();
        act.giveToken(field.value.trim());
    });
    return form;
}

class Notice {
    #node;
    #act;
    #shown = "";

    constructor(node, act) {
        this.#node = node;
        this.#act = act;
    }

    /** Shows trouble of a kind, or nothing. What is shown already stays as it is, with what was typed into it. */
    show(trouble) {
        const shown = JSON.stringify(trouble ?? "");
        if (shown === this.#shown) return;
        this.#shown = shown;
        this.#node.hidden = !trouble;
        setAttribute(this.#node, "data-kind", trouble?.kind);
        this.#node.replaceChildren(...(trouble ? NOTICES[trouble.kind](trouble, this.#act) : []));
        if (trouble?.kind === "credentials") this.#node.querySelector("input")?.focus();
    }
}
