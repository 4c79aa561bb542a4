"""A real nginx on a free port, with an access log that has the time of each request."""

import signal
from collections import Counter, defaultdict

from process import Process, free_port, new_directory, wait_for

# Its workers run as whoever starts it: root is asked for, and heeded where root asks.
CONFIGURATION = """\
daemon off;
user root;
worker_processes 2;
pid nginx.pid;
error_log error.log;
events {{ worker_connections 256; }}
http {{
    log_format timed '{format}';
    access_log access.log timed;
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    server {{
        listen 127.0.0.1:{port};
        location /quotes/ {{ return 200 "Know thyself."; }}
        location /broken {{ return 503; }}
        location / {{ return 404; }}
    }}
}}
"""

# What nginx calls `combined`, and the time at the end.
FORMAT = ('$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent '
          '"$http_referer" "$http_user_agent" $request_time')


class Nginx(Process):
    def __init__(self):
        directory = new_directory()
        self.address = f"127.0.0.1:{free_port()}"
        self.access_log = directory / "access.log"
        configuration = directory / "nginx.conf"
        configuration.write_text(CONFIGURATION.format(format=FORMAT, port=self.address.rpartition(":")[2]))
        super().__init__("nginx", ["nginx", "-p", directory, "-c", configuration, "-e", directory / "error.log"], directory)
        self.wait_until_ready(lambda: (directory / "nginx.pid").exists() and self.access_log.exists())

    def rotate(self):
        """As logrotate does it: another name, and a word to nginx. Gives the new name."""
        old = self.access_log.with_name("access.log.1")
        self.access_log.rename(old)
        self.signal(signal.SIGUSR1)
        wait_for("nginx writes to a new log", self.access_log.exists)
        return old


class Logged:
    """What stands in logs, read by hand."""

    def __init__(self, *texts):
        self.requests = Counter()
        self.seconds = defaultdict(float)
        for line in "".join(texts).splitlines():
            _, request, rest, *_ = line.split('"')
            method, path, _ = request.split(" ")
            series = (method, path.partition("?")[0], rest.split()[0])
            self.requests[series] += 1
            self.seconds[series] += float(line.rpartition(" ")[2])
