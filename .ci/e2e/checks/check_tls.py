"""Prometheus scrapes over TLS 1.3 with a client certificate and a token, and is told what is wrong without one of them."""

import re
import subprocess
import unittest

from prometheus import Prometheus
from secured import TOKEN, Authority, Secured

WITH_TOKEN = f"authorization: {{ credentials: '{TOKEN}' }}\n"
# It may be cut off before it has read why.
CUT_OFF = "remote error: tls: |broken pipe|connection reset"


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.authority = Authority()
        cls.client = cls.authority.sign("client")
        cls.app = Secured(cls.authority)
        cls.addClassCleanup(cls.app.stop)

    def settings(self, client):
        files = f"ca_file: {self.authority.certificate}, server_name: localhost, min_version: TLS13"
        if client:
            files += f", cert_file: {client[0]}, key_file: {client[1]}"
        return f"scheme: https\ntls_config: {{ {files} }}\n"

    def scraped(self, settings, is_up=True):
        prometheus = Prometheus(self.app.address, settings=settings, is_up=is_up)
        self.addCleanup(prometheus.stop)
        return prometheus

    def test_with_certificate_and_token(self):
        prometheus = self.scraped(self.settings(self.client) + WITH_TOKEN)
        self.assertEqual(prometheus.value("secrets_total"), 42)

    def test_without_one_of_them(self):
        stranger = Authority().sign("client")
        for settings, told in [
            (self.settings(self.client) + WITH_TOKEN.replace(TOKEN, TOKEN[:-1]), "401 Unauthorized"),
            (self.settings(None) + WITH_TOKEN, CUT_OFF),
            (self.settings(stranger) + WITH_TOKEN, CUT_OFF),
        ]:
            with self.subTest(told):
                prometheus = self.scraped(settings, is_up=False)
                self.assertRegex(str(prometheus.last_errors()), told)
                self.assertEqual(prometheus.query("secrets_total"), [])

    def test_older_versions_of_tls_get_nothing(self):
        spoken = {version: self.spoken(version) for version in ("-tls1_1", "-tls1_2", "-tls1_3")}
        self.assertEqual(spoken, {"-tls1_1": False, "-tls1_2": False, "-tls1_3": True})

    def spoken(self, version):
        """Whether openssl, which by itself would speak no version before 1.2, and the endpoint come to terms."""
        certificate, key = self.client
        said = subprocess.run(
            ["openssl", "s_client", "-connect", self.app.address, version, "-CAfile", self.authority.certificate,
             "-cert", certificate, "-key", key, "-cipher", "ALL:@SECLEVEL=0"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20).stdout
        # Without agreement it is "(NONE)", whatever the version; what it says of the protocol is then what it offered.
        agreed = re.search(r"Cipher is (\S+)", said)
        return agreed is not None and agreed[1] != "(NONE)" and "Verify return code: 0 (ok)" in said
