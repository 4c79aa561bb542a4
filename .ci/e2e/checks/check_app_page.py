"""The app's own page in Chromium: the quotation of the day, light and dark, on a screen and on a phone, with nothing that the browser refuses."""

import unittest

from app import App
from browser import Browser

SCREEN = {"width": 1000, "height": 620}
PHONE = {"width": 360, "height": 740}


class AppPage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.app = App()
        cls.addClassCleanup(cls.app.stop)
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.stop)

    def open(self, **options):
        page = self.browser.open(self.app.address, **options)
        self.addCleanup(page.close)
        return page

    def test_it_shows_the_quotation_of_the_day_in_the_colours_of_the_system(self):
        for scheme, paper in (("light", "rgb(250, 247, 241)"), ("dark", "rgb(27, 25, 23)")):
            page = self.open(color_scheme=scheme, viewport=SCREEN)
            quote = self.app.get("/quote").json
            self.assertEqual(page.text("blockquote"), quote["text"])
            self.assertIn(quote["author"], page.text("figcaption"))
            self.assertEqual(page.page.evaluate("() => getComputedStyle(document.body).backgroundColor"), paper)
            self.assertEqual(page.complaints, [])
            page.picture(f"app-{scheme}")

    def test_it_is_no_wider_than_a_phone(self):
        page = self.open(viewport=PHONE)
        self.assertLessEqual(page.page.evaluate("() => document.documentElement.scrollWidth"), PHONE["width"])

    def test_its_links_lead_to_more(self):
        page = self.open()
        links = page.page.locator("nav a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        self.assertEqual({link: self.app.get(link).status for link in links}, dict.fromkeys(links, 200))
        self.assertEqual(len(links), 3)
