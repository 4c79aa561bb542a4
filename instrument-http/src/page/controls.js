// What one sets, by pointer or by key.

const byId = (id) => document.getElementById(id);

/** Light or dark as the system has it, until one chooses. The choice is kept, where the browser lets the page keep something. */
function watchTheme(button) {
    const system = matchMedia("(prefers-color-scheme: dark)");
    const root = document.documentElement;
    const isDark = () => (root.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";
    const say = () => setAttribute(button, "aria-pressed", String(isDark()));
    root.dataset.theme = kept("theme") ?? "";
    if (!root.dataset.theme) delete root.dataset.theme;
    button.addEventListener("click", () => {
        root.dataset.theme = isDark() ? "light" : "dark";
        keep("theme", root.dataset.theme);
        say();
    });
    system.addEventListener("change", say);
    say();
}

function kept(name) {
    try {
        return localStorage.getItem(`instrument-${name}`);
    } catch {
        return null;
    }
}

function keep(name, value) {
    try {
        localStorage.setItem(`instrument-${name}`, value);
    } catch {
        // Then it is for this time only.
    }
}

/** Keys that do what buttons do, where nothing else waits for them. */
function watchKeys(search, buttons) {
    document.addEventListener("keydown", (event) => {
        const isTyping = event.target.closest("input, select, textarea") !== null;
        if (event.key === "Escape" && event.target === search) {
            search.value = "";
            search.dispatchEvent(new Event("input"));
            search.blur();
        }
        if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
        const onButton = event.target.closest("button, a, summary") !== null;
        const key = event.key === " " && !onButton ? "p" : event.key;
        if (key === "/") search.focus();
        else if (buttons[key]) buttons[key].click();
        else return;
        event.preventDefault();
    });
}
