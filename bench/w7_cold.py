#!/usr/bin/env python3
"""W7: cold start of the command lines, N times in turn: the version, one file judged, a one-step pipeline from nothing."""
import statistics

from cage import Cage, Meter
from lib import drop, folder, note
from peers import arguments, present

a = arguments(__doc__, 15, 1)
peers = [peer for peer in present(a, "version_argv") if peer.name != "dbos-postgres"]  # one command line for both
work = {peer.name: folder() for peer in peers}
times = {}


def timed(peer, what, argv):
    cage.warm()
    with Meter(cage) as m:
        cage.run(argv(), cwd=work[peer.name])
    times.setdefault((peer.name, what), []).append(m.wall * 1e3)


def every(peer):
    timed(peer, "version", peer.version_argv)
    if hasattr(peer, "one_step"):
        timed(peer, "one step", lambda: peer.one_step(work[peer.name], "true"))
    if hasattr(peer, "validate_argv"):
        timed(peer, "validate", lambda: peer.validate_argv(work[peer.name]))


with Cage("w7") as cage:
    for rep in range(a.n):
        for peer in list(peers):
            try:
                every(peer)
            except Exception as error:
                note("w7", peer.name, n=a.n, rep=rep, error=f"{type(error).__name__}: {error}"[:300])
                peers.remove(peer)
for path in work.values():
    drop(path)
for (name, what), ms in times.items():
    note("w7", name, what=what, n=a.n, ms_min=min(ms), ms_median=statistics.median(ms))
