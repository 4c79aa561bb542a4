"""The example `secured` of instrument-http, and the certificates and the token that it asks for."""

import hashlib
import re
import subprocess

from process import Process, example, new_directory

ADDRESS = re.compile(r"metrics https://(127\.0\.0\.1:\d+)/metrics\n")
TOKEN = "c3a1f0e7b25d4c6f9e8d7a6b5c4d3e2f"
EC_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


class Authority:
    """Signs certificates, by openssl."""

    def __init__(self):
        self.directory = new_directory()
        self._openssl("req", "-x509", *EC_KEY, "-days", "2", "-subj", "/CN=ca", "-keyout", "ca.key", "-out", "ca.crt",
                      "-addext", "basicConstraints=critical,CA:TRUE")
        self.certificate = self.directory / "ca.crt"

    def sign(self, name):
        """The files of a new certificate and its key."""
        extensions = self.directory / "extensions"
        extensions.write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
        self._openssl("req", *EC_KEY, "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
        self._openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
                      "-extfile", extensions, "-out", f"{name}.crt")
        return self.directory / f"{name}.crt", self.directory / f"{name}.key"

    def _openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.directory, check=True, capture_output=True, timeout=20)


class Secured(Process):
    def __init__(self, authority):
        certificate, key = authority.sign("server")
        token_sha256 = hashlib.sha256(TOKEN.encode()).hexdigest()
        super().__init__("secured", [
            example("secured"), "127.0.0.1:0", certificate, key, authority.certificate, token_sha256])
        [self.address] = self.wait_until_ready(lambda: ADDRESS.fullmatch(self.stdout)).groups()
