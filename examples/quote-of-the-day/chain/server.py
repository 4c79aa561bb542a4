"""A server whose health is at a path."""

from process import Process, free_port
from promql import answers


class Server(Process):
    def __init__(self, name, path, command, directory, address):
        self.address = address
        super().__init__(name, command, directory)
        self.wait_until_ready(lambda: answers(f"http://{address}{path}"))


def free_address():
    return f"127.0.0.1:{free_port()}"
