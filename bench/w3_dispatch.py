#!/usr/bin/env python3
"""W3: from the trigger to the first process of the step, N times in sequence: on an idle, warm server, or from nothing
for a tool without one. The step rings a FIFO (`echo > FIFO`); the row `bash` is what that costs by itself."""
import subprocess
import time

from lib import Bell, percentile
from peers import arguments, each

a = arguments(__doc__, 50, 1)


def cold(peer, cage, work):
    """Starting the tool, reading the file, opening its store: all of it is in the time."""
    bell = Bell(work)
    argv = peer.one_step(work, f"echo > {bell.path}")
    times = []
    for _ in range(a.n):
        cage.warm()
        began = time.monotonic()
        process = cage.popen(argv, cwd=work, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        times.append(bell.heard(timeout=20) - began)
        process.wait()
    return times


def row(times, kind):
    ms = [t * 1e3 for t in times]
    return dict(kind=kind, times=len(ms), min=min(ms), p50=percentile(ms, 50), p95=percentile(ms, 95), max=max(ms))


each(a, "dispatch", lambda peer, cage, work: row(peer.dispatch(cage, a.n, work), "warm server"))
each(a, "one_step", lambda peer, cage, work: row(cold(peer, cage, work), "cold"))
