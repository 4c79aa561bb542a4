"""Every endpoint of the app over HTTP, bad input included: statuses, bodies, and errors as RFC 9457 problems."""

import datetime
import html
import sqlite3
import unittest

from app import App


class Answers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.app = App()
        cls.addClassCleanup(cls.app.stop)

    def assert_json(self, response, status=200):
        self.assertEqual(response.status, status, response.text)
        self.assertEqual(response.headers["Content-Type"], "application/json")
        return response.json

    def assert_problem(self, response, status):
        """The problem's detail."""
        self.assertEqual(response.status, status, response.text)
        self.assertEqual(response.headers["Content-Type"], "application/problem+json")
        problem = response.json
        self.assertEqual(problem["status"], status)
        for member in ("type", "title", "detail"):
            self.assertTrue(problem.get(member), f"no {member}: {problem}")
        return problem["detail"]

    def test_the_quotation_of_the_day_is_of_the_utc_date_and_stays(self):
        before, today, again, after = utc_date(), self.app.get("/quote"), self.app.get("/quote"), utc_date()
        today = self.assert_json(today)
        self.assertEqual(set(today), {"date", "id", "text", "author", "year"})
        self.assertIn(today["date"], (before, after))
        if before == after:
            self.assertEqual(today, self.assert_json(again))

    def test_the_page_shows_it_and_loads_nothing_from_elsewhere(self):
        page = self.app.get("/")
        self.assertEqual((page.status, page.headers["Content-Type"]), (200, "text/html; charset=utf-8"))
        today = self.app.get("/quote").json
        text = html.unescape(page.text)
        self.assertIn(today["text"], text)
        self.assertIn(today["author"], text)
        self.assertIn('name="viewport"', page.text)  # for a phone
        self.assertIn("prefers-color-scheme: dark", page.text)
        for outside in ('src="http', 'href="http', "url(http", "@import", '="//'):
            self.assertNotIn(outside, page.text)

    def test_a_new_quotation_is_stored_and_found_at_its_location(self):
        created = self.app.post({"text": "Ἦθος", "author": "Ἡράκλειτος", "year": -500})
        quote = self.assert_json(created, 201)
        location = created.headers["Location"]
        self.assertEqual(location, f"/quotes/{quote['id']}")
        self.assertEqual(self.assert_json(self.app.get(location)), quote)
        self.assertEqual((quote["text"], quote["author"], quote["year"]), ("Ἦθος", "Ἡράκλειτος", -500))

    def test_a_listing_pages_through_all_of_at_least_60(self):
        ids, after = [], 0
        while page := self.assert_json(self.app.get(f"/quotes?limit=25&after={after}"))["quotes"]:
            self.assertLessEqual(len(page), 25)
            ids += [quote["id"] for quote in page]
            after = ids[-1]
        self.assertGreaterEqual(len(ids), 60)
        self.assertEqual(ids, sorted(set(ids)))

    def test_a_listing_keeps_to_an_author(self):
        author = self.app.get("/quotes/1").json["author"]
        listed = self.assert_json(self.app.request("GET", f"/quotes?author={percent_encoded(author)}"))["quotes"]
        self.assertEqual({quote["author"] for quote in listed}, {author})

    def test_a_random_quotation_differs_from_time_to_time(self):
        ids = {self.assert_json(self.app.get("/random"))["id"] for _ in range(30)}
        self.assertGreater(len(ids), 1)

    def test_the_health_check_is_well(self):
        self.assert_json(self.app.get("/healthz"))

    def test_a_head_request_has_the_head_of_a_get(self):
        for path in ("/", "/quote", "/quotes", "/quotes/1", "/healthz"):
            head, get = self.app.request("HEAD", path), self.app.get(path)
            self.assertEqual((head.status, head.body), (200, b""), path)
            for name in ("Content-Type", "Content-Length"):
                self.assertEqual(head.headers[name], get.headers[name], f"{path}: {name}")

    def test_a_field_that_breaks_a_rule_is_named(self):
        for field, body in [
            ("text", {"text": "", "author": "A"}),
            ("text", {"text": "   ", "author": "A"}),
            ("text", {"text": "T" * 15_000, "author": "A"}),
            ("text", {"text": 5, "author": "A"}),
            ("text", {"text": None, "author": "A"}),
            ("text", {"author": "A"}),
            ("author", {"text": "T", "author": ""}),
            ("author", {"text": "T", "author": "A" * 15_000}),
            ("author", {"text": "T", "author": ["A"]}),
            ("author", {"text": "T"}),
            ("year", {"text": "T", "author": "A", "year": "MDCCC"}),
        ]:
            with self.subTest(body=str(body)[:60]):
                self.assertIn(field, self.assert_problem(self.app.post(body), 422))

    def test_a_body_that_is_not_json_is_refused(self):
        for body in ("", "{", "text=T&author=A", b"\xff\xfe", "[" * 5_000):
            with self.subTest(body=body[:20]):
                self.assert_problem(self.app.post(body), 400)
        self.assert_problem(self.app.post([]), 422)
        self.assert_problem(self.app.request("POST", "/quotes", "{}", "text/plain"), 415)

    def test_a_quotation_it_has_already_is_a_conflict(self):
        quote = {"text": "Twice", "author": "A"}
        self.assertEqual(self.app.post(quote).status, 201)
        self.assert_problem(self.app.post(quote), 409)

    def test_a_body_above_16_kib_is_too_large(self):
        quote = b'{"text": "Wide", "author": "A"}'
        self.assert_problem(self.app.post(quote.ljust(16 * 1024 + 1)), 413)
        self.assertEqual(self.app.post(quote.ljust(16 * 1024)).status, 201)

    def test_what_is_not_there_is_not_found(self):
        for path in ("/quotes/999999", "/quotes/0", "/quotes/-1", "/quotes/x", "/quotes/9" + "9" * 30,
                     "/nothing", "/metrics", "/quotes/1/2", "/%2e%2e/etc/passwd"):
            with self.subTest(path=path):
                self.assert_problem(self.app.get(path), 404)

    def test_a_bad_limit_or_place_in_the_listing_is_refused(self):
        for query in ("limit=0", "limit=-1", "limit=ten", "limit=1000000", "after=x", "after=-1"):
            with self.subTest(query=query):
                name = query.partition("=")[0]
                self.assertIn(name, self.assert_problem(self.app.get(f"/quotes?{query}"), 400))

    def test_a_method_that_is_not_there_is_told_the_ones_that_are(self):
        for method, path, allowed in [
            ("DELETE", "/quote", {"GET", "HEAD"}),
            ("PUT", "/quotes", {"GET", "HEAD", "POST"}),
            ("BREW", "/", {"GET", "HEAD"}),
        ]:
            with self.subTest(method=method, path=path):
                response = self.app.request(method, path)
                self.assert_problem(response, 405)
                self.assertEqual(set(response.headers["Allow"].replace(" ", "").split(",")), allowed)

    def test_the_database_is_in_wal_mode(self):
        with sqlite3.connect(self.app.directory / "quotes.db") as database:
            self.assertEqual(database.execute("PRAGMA journal_mode").fetchone(), ("wal",))
        database.close()

    def test_quotations_stay_over_a_restart(self):
        first = App()
        self.addCleanup(first.stop)
        location = first.post({"text": "I shall be back", "author": "A"}).headers["Location"]
        self.assertEqual(first.end(), 0)
        second = App(directory=first.directory)
        self.addCleanup(second.stop)
        self.assertEqual(second.get(location).json["text"], "I shall be back")


def utc_date():
    return datetime.datetime.now(datetime.timezone.utc).date().isoformat()


def percent_encoded(text):
    return "".join(f"%{byte:02X}" for byte in text.encode())
