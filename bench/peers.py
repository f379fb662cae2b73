"""The list of peers, and the command line that all workloads share."""
import argparse
import os
import sys

from ansflow import Ansflow
from bb import Buildbot
from cage import Cage
from dbosd import Dbos, DbosPostgres
from floor import Bash, Make, Ninja
from gcl import GitlabCiLocal
from lib import drop, folder, note
from rest import Restate

ALL = [Bash(), Make(), Ninja(), GitlabCiLocal(), Buildbot(), Dbos(), DbosPostgres(), Restate(), Ansflow()]
WORKLOAD = os.path.basename(sys.argv[0]).split("_")[0]


def arguments(about, n, reps, extra=()):
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--n", type=int, default=n)
    parser.add_argument("--reps", type=int, default=reps)
    parser.add_argument("--peers", default=",".join(peer.name for peer in ALL))
    for name, kind, default in extra:
        parser.add_argument("--" + name, type=kind, default=default)
    a = parser.parse_args()
    wanted = a.peers.split(",")
    a.peers = [peer for peer in ALL if peer.name in wanted]
    return a


def present(a, *methods):
    """The peers that can do it and are here; one that is not here is written down with the reason."""
    found = []
    for peer in a.peers:
        if not any(hasattr(peer, method) for method in methods):
            continue
        reason = peer.why_not()
        if reason:
            note(WORKLOAD, peer.name, n=a.n, not_run=reason)
        else:
            found.append(peer)
    return found


def each(a, method, body, **what):
    """Interleaved: every peer once, then every peer again. A peer that fails is noted and does not stop the others."""
    peers = present(a, method)
    for rep in range(a.reps):
        for peer in peers:
            work = folder()
            try:
                with Cage(peer.name) as cage:
                    note(WORKLOAD, peer.name, n=a.n, rep=rep, version=peer.version(), **what, **body(peer, cage, work))
            except Exception as error:
                note(WORKLOAD, peer.name, n=a.n, rep=rep, **what, error=f"{type(error).__name__}: {error}"[:300])
            finally:
                drop(work)
