#!/usr/bin/env python3
"""S3: N followers of one fast log, each sent all of it; how far the slowest is behind, and what the server needs."""
import argparse
import os
import re
import selectors
import socket
import time

from lib import note, until
from service import Service, cpu_seconds, memory_mib

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--n", type=int, default=500)
parser.add_argument("--lines", type=int, default=20_000)
parser.add_argument("--reps", type=int, default=3)
a = parser.parse_args()

# Some 1,500 lines a second, stamped with the time at which they were printed, as soon as everybody is there.
TEXT = """name: fast
steps:
  - name: print
    type: script
    shell: bash
    script: |
      until [ -e %s ]; do sleep 0.02; done
      for n in $(seq 0 20 %d); do
        now=$EPOCHREALTIME
        for m in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19; do echo "$((n + m)) $now a line of a log that somebody follows"; done
        sleep 0.01
      done
"""

LINE = re.compile(rb'"text":"(\d+) (\d+\.\d+) ')
MARK = b'"text":"'
LONGEST = 64  # of what is looked for


class Follower:
    """Looks at the first line of whatever comes, which was printed first; counts the others."""

    def __init__(self, service, path):
        self.lines, self.slowest, self.rest, self.done = 0, 0.0, b"", False
        self.socket = socket.create_connection(("127.0.0.1", service.port))
        head = f"GET /api/v1/{path} HTTP/1.1\r\nHost: 127.0.0.1:{service.port}\r\nAuthorization: Bearer {service.token}\r\nAccept: text/event-stream\r\n\r\n"
        self.socket.sendall(head.encode())
        self.socket.setblocking(False)

    def read(self):
        data = self.socket.recv(1 << 18)
        if not data:
            raise RuntimeError("the server hung up")
        found, seen = self.rest + data, self.rest.count(MARK)
        first = LINE.search(found, max(0, len(self.rest) - LONGEST))
        if first:
            self.slowest = max(self.slowest, time.time() - float(first[2]))
        self.lines += found.count(MARK) - seen
        self.rest = found[-LONGEST:]
        self.done = b"event: end" in found


def follow(service, run, begin):
    """All of them, to the end; in one process, which must keep up itself."""
    with selectors.DefaultSelector() as selector:
        followers = [Follower(service, f"runs/{run}/steps/print/log/stream") for _ in range(a.n)]
        for follower in followers:
            selector.register(follower.socket, selectors.EVENT_READ, follower)
        connected = len(followers)
        open(begin, "w").close()
        began = time.monotonic()
        while connected:
            for key, _ in selector.select(30):
                key.data.read()
                if key.data.done:
                    selector.unregister(key.data.socket)
                    key.data.socket.close()
                    connected -= 1
        return followers, time.monotonic() - began


with Service() as service:
    service.setup()
    for rep in range(a.reps):
        service.restart()
        idle = memory_mib(service.process.pid)
        begin = os.path.join(service.data, f"begin-{rep}")
        pipeline = service.create((TEXT % (begin, a.lines - 20)).replace("name: fast", f"name: fast {rep}"))
        run = service.run(pipeline)
        until(lambda: service.ask("GET", f"runs/{run}")[1]["steps"][0]["status"] == "running")
        before = cpu_seconds(service.process.pid)
        followers, wall = follow(service, run, begin)
        note("s3", "ansflow", n=a.n, rep=rep, lines=a.lines, wall=wall, cpu=cpu_seconds(service.process.pid) - before, idle_mib=idle,
             mib=memory_mib(service.process.pid, "VmHWM"), slowest=max(f.slowest for f in followers), whole=sum(f.lines == a.lines for f in followers))
