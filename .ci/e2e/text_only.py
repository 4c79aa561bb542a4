"""A proxy that asks for text 0.0.4, for a Prometheus that cannot be told to."""

import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class TextOnly:
    """In front of an address, until it is stopped."""

    def __init__(self, address):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                request = urllib.request.Request(
                    f"http://{address}{self.path}", headers={"Accept": "text/plain;version=0.0.4"})
                with urllib.request.urlopen(request, timeout=10) as answer:
                    page = answer.read()
                    content_types.add(answer.headers["Content-Type"])
                self.send_response(200)
                self.send_header("Content-Type", answer.headers["Content-Type"])
                self.send_header("Content-Length", str(len(page)))
                self.end_headers()
                self.wfile.write(page)

            def log_message(self, *_):
                pass

        content_types = self.content_types = set()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = "{}:{}".format(*self.server.server_address)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
