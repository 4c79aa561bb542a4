"""Debian's Chromium, and what one sees of the live page in it."""

import os

from playwright.sync_api import sync_playwright

from process import wait_for

ROW = """row => ({
    key: row.dataset.key,
    name: ["tag", "name"].map(part => row.querySelector("." + part)?.textContent ?? ""),
    small: row.querySelector("th small")?.textContent ?? "",
    values: Object.fromEntries([...row.querySelectorAll("td")].map(cell =>
        [cell.dataset.label, Number(cell.querySelector(".number").dataset.value)])),
})"""


class Browser:
    """One for all checks of a class."""

    def __init__(self):
        self.playwright = sync_playwright().start()
        # Its sandbox wants more than a container or root has; all pages are our own.
        self.chromium = self.playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])

    def stop(self):
        self.chromium.close()
        self.playwright.stop()

    def open(self, address, metrics=None, **options):
        """The page at an address: the live page of an endpoint, if it is one. `metrics` is called with each request for the metrics and answers it in the endpoint's place."""
        return LivePage(self.chromium.new_context(**options), address, metrics)


class LivePage:
    def __init__(self, context, address, metrics):
        self.context = context
        self.requested = []  # the URL and headers of each request
        self.complaints = []  # what the browser has to say of the page
        self.page = context.new_page()
        self.page.on("request", lambda request: self.requested.append((request.url, request.headers)))
        self.page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        if metrics:
            self.page.route("**/metrics", metrics)
        self.page.goto(f"http://{address}/")

    def close(self):
        self.context.close()

    def text(self, selector):
        return self.page.inner_text(selector)

    def rows(self, section):
        """What is in a table: names, and the numbers that its cells were made of."""
        return self.page.locator(f"#{section} tbody tr").evaluate_all(f"rows => rows.map({ROW})")

    def readings(self):
        """How often the metrics were asked for."""
        return sum(url.endswith("/metrics") for url, _ in self.requested)

    def wait(self, seconds):
        self.page.wait_for_timeout(seconds * 1000)

    def wait_for(self, what, condition, seen=lambda: ""):
        """Like `process.wait_for`; the browser's events come in meanwhile."""

        def condition_after_events():
            self.wait(0.02)
            return condition()

        return wait_for(what, condition_after_events, seen=seen)

    def wait_for_readings(self, more):
        wanted = self.readings() + more
        self.wait_for(f"{wanted} readings", lambda: self.readings() >= wanted, seen=self.readings)

    def picture(self, name, readings=0):
        """A picture for people, after some more readings, if somebody has said where to put it."""
        directory = os.environ.get("E2E_SCREENSHOTS")
        if directory:
            self.wait_for_readings(readings)
            self.page.screenshot(path=f"{directory}/{name}.png")
