"""The live page under people's hands, in Chromium: search, sort, pause, light and dark, by pointer and by key; what it shows when there is trouble; that nothing
which a label says becomes more than text."""

import unittest

from app import App
from browser import Browser

HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'
METRICS = """# TYPE jobs_total counter
jobs_total{name="%s"} 1
# TYPE lookup_duration_seconds histogram
lookup_duration_seconds_bucket{outcome="ok",le="+Inf"} 1
lookup_duration_seconds_sum{outcome="ok"} 1
lookup_duration_seconds_count{outcome="ok"} 1
""" % HOSTILE.replace('"', '\\"')
PHONE = {"width": 390, "height": 844}


class LivePageUse(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.app = App("--traffic", "40")
        cls.addClassCleanup(cls.app.stop)
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.stop)

    def open(self, metrics=None, readings=2, **options):
        live = self.browser.open(self.app.metrics_address, metrics, **options)
        self.addCleanup(live.close)
        live.page.select_option("#interval", "1")
        live.wait_for_readings(readings)
        return live

    def answering(self, **answer):
        """The page of an endpoint that answers like this."""
        return self.open(lambda route: route.fulfill(**answer), readings=0)

    def wait_for_notice(self, live, text):
        live.wait_for(text, lambda: text in live.text("#notice"), seen=lambda: live.text("body"))

    def test_a_search_narrows_everything_and_escape_ends_it(self):
        live = self.open()
        live.wait_for("functions", lambda: len(live.rows("functions")) > 5)
        live.page.keyboard.press("/")
        live.page.keyboard.type("BY_ID routes")
        self.assertEqual([row["name"][1] for row in live.rows("functions")], ["by_id"])
        self.assertFalse(live.page.is_visible("#routes"))
        self.assertIn("1 of", live.text("#functions-title"))
        live.page.keyboard.type(" nowhere")
        self.wait_for_notice(live, "Nothing matches")
        live.page.keyboard.press("Escape")
        self.assertFalse(live.page.is_visible("#notice"))
        self.assertGreater(len(live.rows("functions")), 5)

    def test_a_column_sorts_down_and_up(self):
        live = self.open()
        live.wait_for("functions", lambda: len(live.rows("functions")) > 5)
        live.page.keyboard.press("p")
        for column, key in (("p99", "p99"), ("Calls", "calls")):
            head = live.page.locator(f"#functions th[data-key={key}]")
            for direction in ("descending", "ascending"):
                head.get_by_role("button").click()
                self.assertEqual(head.get_attribute("aria-sort"), direction)
                values = [row["values"][column] for row in live.rows("functions")]
                values = [value for value in values if value == value]
                self.assertEqual(values, sorted(values, reverse=direction == "descending"), column)
        live.page.locator("#functions th[data-key=name] button").click()
        names = [row["name"][1] for row in live.rows("functions")]
        self.assertEqual(names, sorted(names))
        self.assertEqual(live.page.locator("#functions th[aria-sort]").count(), 1)

    def test_paused_it_asks_nothing(self):
        live = self.open()
        for key in ("p", "Space"):
            live.page.keyboard.press(key)
            self.assertEqual((live.text("#state"), live.page.get_attribute("#pause", "aria-pressed")), ("Paused", "true"))
            live.wait(0.5)  # what was under way comes to its end
            readings = live.readings()
            live.wait(2.5)
            self.assertEqual(live.readings(), readings)
            live.page.keyboard.press(key)
            self.assertEqual(live.text("#state"), "Live")
            live.wait_for_readings(2)

    def test_hidden_it_asks_nothing(self):
        live = self.open()
        hide = "hidden => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true }); document.dispatchEvent(new Event('visibilitychange')); }"
        live.page.evaluate(hide, True)
        live.wait(0.5)
        readings = live.readings()
        live.wait(2.5)
        self.assertEqual(live.readings(), readings)
        live.page.evaluate(hide, False)
        live.wait_for_readings(2)

    def test_it_is_light_or_dark_as_the_system_is_until_one_chooses(self):
        brightness = "() => getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0)"
        for scheme, is_dark in (("light", False), ("dark", True)):
            live = self.open(color_scheme=scheme, viewport={"width": 1280, "height": 860})
            self.assertEqual(live.page.evaluate(brightness) < 200, is_dark)
            self.assertEqual(live.page.get_attribute("#theme", "aria-pressed"), str(is_dark).lower())
            live.picture(f"live-page-{scheme}", readings=25)
            live.page.keyboard.press("t")
            self.assertEqual(live.page.evaluate(brightness) < 200, not is_dark)
            live.page.reload()
            self.assertEqual(live.page.evaluate(brightness) < 200, not is_dark, "the choice is forgotten")

    def test_the_focus_goes_through_all_that_can_be_set(self):
        live = self.open()
        seen = []
        for _ in range(8):
            live.page.keyboard.press("Tab")
            seen.append(live.page.evaluate("() => document.activeElement.id || document.activeElement.textContent"))
        self.assertEqual(seen, ["Skip to the metrics", "search", "interval", "window", "pause", "theme", "Route", "Rate"])
        live.page.keyboard.press("Enter")
        self.assertEqual(live.page.get_attribute("#routes th[data-key=rate]", "aria-sort"), "ascending")

    def test_a_screen_reader_gets_tables_with_heads_and_names(self):
        live = self.open()
        routes = live.page.get_by_role("region", name="Routes").get_by_role("table", name="Routes.")
        self.assertEqual(routes.get_by_role("columnheader").all_inner_texts(), ["Route", "Rate", "Errors", "p50", "p90", "p99", "Calls", "4xx"])
        self.assertEqual(routes.get_by_role("rowheader").count(), routes.get_by_role("row").count() - 1)
        for role, name in (("searchbox", "Search"), ("button", "Pause"), ("button", "Dark"), ("combobox", "every"), ("combobox", "over")):
            self.assertEqual(live.page.get_by_role(role, name=name).count(), 1, name)

    def test_a_phone_shows_all_of_it(self):
        live = self.open(viewport=PHONE)
        self.assertLessEqual(live.page.evaluate("() => document.documentElement.scrollWidth"), PHONE["width"])
        self.assertEqual(live.page.get_by_role("table", name="Routes.").get_by_role("columnheader").count(), 8)
        live.picture("live-page-phone")

    def test_a_label_is_text_whatever_it_says(self):
        live = self.answering(body=METRICS, content_type="text/plain")
        live.wait_for("the label", lambda: HOSTILE in live.text("#series"))
        self.assertIsNone(live.page.evaluate("() => window.hacked"))
        self.assertEqual(live.page.locator("main :is(img, script)").count(), 0)
        self.assertEqual(live.complaints, [])

    def test_a_script_that_gets_in_does_not_run(self):
        live = self.open()
        ways = [
            "document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.hacked = 1' }))",
            "document.body.innerHTML += '<img src=x onerror=\"window.hacked = 1\">'",
            "document.body.setAttribute('onclick', 'window.hacked = 1'); document.body.click()",
            "setTimeout('window.hacked = 1')",
        ]
        for way in ways:
            live.page.evaluate(f"() => {{ try {{ {way} }} catch (error) {{ if (!(error instanceof TypeError)) throw error; }} }}")
        live.wait(0.2)
        self.assertIsNone(live.page.evaluate("() => window.hacked"))
        self.assertEqual(live.page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'sent', () => 'refused')"), "refused")
        self.assertTrue(any("Content Security Policy" in complaint for complaint in live.complaints), live.complaints)

    def test_without_metrics_it_says_how_to_get_some(self):
        self.wait_for_notice(self.answering(body="", content_type="text/plain"), "There are no metrics yet")

    def test_without_a_token_it_asks_for_one_and_keeps_it_in_memory(self):
        def guarded(route):
            if route.request.headers.get("authorization") == "Bearer top-secret":
                route.fulfill(body=METRICS, content_type="text/plain")
            else:
                route.fulfill(status=401, headers={"WWW-Authenticate": 'Bearer realm="metrics"'}, body="no")

        live = self.open(guarded, readings=0)
        self.wait_for_notice(live, "read with credentials only")
        for token, notice in (("wrong", "This token is not accepted"), ("top-secret", None)):
            live.page.fill("#token", token)
            live.page.keyboard.press("Enter")
            if notice:
                self.wait_for_notice(live, notice)
        live.wait_for("the metrics", lambda: live.rows("operations"))
        self.assertEqual(live.page.evaluate("() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])"), '[{},{},""]')
        live.page.reload()
        self.wait_for_notice(live, "read with credentials only")

    def test_a_network_that_is_not_allowed_is_told_so(self):
        self.wait_for_notice(self.answering(status=403, body="no"), "not for your network")

    def test_a_server_that_is_gone_is_tried_again(self):
        state = {"gone": False}
        live = self.open(lambda route: route.abort() if state["gone"] else route.continue_())
        state["gone"] = True
        self.wait_for_notice(live, "The server does not answer")
        self.assertGreater(len(live.rows("routes")), 0, "the last numbers stay")
        self.assertIn("tried again", live.text("#notice"))
        live.picture("live-page-gone")
        state["gone"] = False
        live.page.get_by_role("button", name="Try now").click()
        live.wait_for("it is live again", lambda: live.text("#state") == "Live" and not live.page.is_visible("#notice"))
