#!/usr/bin/env python3
"""W6: kill -9 of the main process while step AT of N chained steps runs, each of which sleeps; then start it again.
`executions` counts how often a step's process ran: N, each once, is the best there is."""
import collections
import os
import subprocess
import time

from lib import lines_in, until, write
from peers import arguments, each

a = arguments(__doc__, 20, 1, [("at", int, 8), ("sleep", float, 0.3)])


def start_again(peer, cage, trace, work):
    """For a tool without a server: the same command once more."""
    argv = peer.slow(cage, a.n, a.sleep, trace, work)
    process = cage.popen(argv, cwd=work, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until(lambda: len(lines_in(trace)) > a.at)
    os.kill(process.pid, 9)
    process.wait()
    time.sleep(0.8)
    cage.run(argv, cwd=work, timeout=120)
    return {}


def body(peer, cage, work, method):
    trace = write(f"{work}/trace", "")
    if method == "crash":
        row = peer.crash(cage, a.n, a.sleep, trace, work, a.at)
    else:
        row = start_again(peer, cage, trace, work)
    ran = collections.Counter(lines_in(trace))
    again = sorted(int(step) for step, times in ran.items() if times > 1)
    return dict(row, executions=sum(ran.values()), distinct=len(ran), again=again)


each(a, "crash", lambda peer, cage, work: body(peer, cage, work, "crash"))
each(a, "slow", lambda peer, cage, work: body(peer, cage, work, "slow"))
