#!/usr/bin/env python3
"""S4: a server with nothing to do: ready after, memory, processor time; the sizes of the program and of the first page."""
import argparse
import os
import re
import subprocess
import time

from lib import note, until
from service import PASSWORD, Service, cpu_seconds, memory_mib

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--reps", type=int, default=5)
parser.add_argument("--seconds", type=float, default=20)
a = parser.parse_args()


def rest(service, what, **more):
    """A while of doing nothing, once what was before has settled."""
    time.sleep(6)
    pid = service.process.pid
    before, began = cpu_seconds(pid), time.monotonic()
    time.sleep(a.seconds)
    cpu = (cpu_seconds(pid) - before) / (time.monotonic() - began) * 100
    note("s4", "ansflow", n=1, what=what, mib=memory_mib(pid), cpu_percent=cpu, **more)


def use(service):
    """A bit of everything: signing in, which takes memory, runs, lists."""
    for _ in range(5):
        assert service.ask("POST", "auth/login", {"name": "bench", "password": PASSWORD})[0] == 200
    pipeline = service.create("name: used\nsteps:\n  - { name: s, type: command, command: 'seq 10000' }\n")
    runs = [service.run(pipeline) for _ in range(20)]
    until(lambda: not service.ask("GET", "runs?status=queued,running,waiting")[1]["items"])
    for run in runs:
        for path in ("", "/events", "/steps/s/log"):
            status, answer, _ = service.ask("GET", f"runs/{run}{path}", headers={"accept": "application/json"})
            assert status == 200, (path, answer)


def first_page(service):
    """Bytes as they are sent to a browser that takes gzip, before any lazy part."""
    packed = {"accept-encoding": "gzip"}
    html = service.ask("GET", "/", base="")[1].decode()
    files = set(re.findall(r'(?:src|href)="(/assets/[^"]+\.(?:js|css))"', html))
    return sum(len(service.ask("GET", path, headers=packed, base="")[1]) for path in {"/", *files})


def usable(service):
    """In a browser, from the address to the first field that can be typed into; None: there is no browser."""
    web = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../web")
    asked = ["node", "e2e/run.mjs", "e2e/usable.ts", f"http://127.0.0.1:{service.port}/"]
    try:
        times = subprocess.run(asked, cwd=web, capture_output=True, text=True, timeout=120, check=True).stdout.split()
    except (OSError, subprocess.SubprocessError) as problem:
        print(f"the first page was not looked at in a browser: {getattr(problem, 'stderr', '') or problem}")
        return None
    return sorted(map(int, times))[len(times) // 2]


with Service() as service:
    service.setup()
    ready = sorted(service.restart() for _ in range(a.reps))
    rest(service, "just started", ready_ms=ready[len(ready) // 2] * 1e3)
    use(service)
    rest(service, "after some work")
    note("s4", "ansflow", n=1, what="sizes", binary_mb=os.path.getsize(os.environ["ANSFLOW_BIN"]) / 1e6, page_kb=first_page(service) / 1e3, usable_ms=usable(service))
