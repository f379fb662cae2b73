#!/usr/bin/env python3
"""W4: one step prints N numbered lines of 100 bytes (it is `cat` of a warm file); what is stored is counted by line.
The rows cat and cat-tee are the floor."""
from cage import Cage, Meter
from lib import count_numbered, drop, folder, note, numbered_lines
from peers import arguments, each

a = arguments(__doc__, 1_000_000, 3)
base = folder()
lines = numbered_lines(f"{base}/lines", a.n)
floor = {"cat": f"cat {lines} > {base}/o", "cat-tee": f"cat {lines} | tee {base}/o > /dev/null"}
if any(peer.name == "bash" for peer in a.peers):
    for rep in range(a.reps):
        for name, command in floor.items():
            with Cage(name) as cage, Meter(cage, memory=True) as m:
                cage.run(["sh", "-c", command])
            note("w4", name, n=a.n, rep=rep, **m.row(stored=count_numbered(open(f"{base}/o", "rb"))))
each(a, "log", lambda peer, cage, work: peer.log(cage, lines, work))
each(a, "log_plain", lambda peer, cage, work: peer.log_plain(cage, lines, work), what="plain to /dev/null")
drop(base)
