#!/usr/bin/env python3
"""W1: N no-op shell steps, one after another, in one run."""
from peers import arguments, each

a = arguments(__doc__, 1000, 3)
each(a, "chain", lambda peer, cage, work: peer.chain(cage, a.n, work))
