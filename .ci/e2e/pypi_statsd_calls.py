"""The calls of instrument-statsd's example `every_call`, made by PyPI's StatsD client at HOST PORT.

A program of its own, because that client's module is called as our `statsd.py` is.
"""

import sys

from statsd import StatsClient

client = StatsClient(sys.argv[1], int(sys.argv[2]), prefix="calls")
client.incr("foo")
client.incr("foo", 4)
client.decr("bar")
client.decr("bar", 2)
client.timing("stats.timed", 320)
client.timing("stats.timed", 1.5)
client.gauge("depth", 7)
client.gauge("depth", -3)
client.gauge("level", 5)
client.gauge("level", -2, delta=True)
client.gauge("level", 0.5, delta=True)
with client.pipeline() as together:
    together.set("users", "ann")
    together.set("users", "bob")
    together.set("users", "ann")
client.incr("hits", 1000)
