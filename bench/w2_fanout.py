#!/usr/bin/env python3
"""W2: N independent no-op shell steps, K at a time."""
from peers import arguments, each

a = arguments(__doc__, 1000, 3, [("k", int, 8)])
each(a, "fanout", lambda peer, cage, work: peer.fanout(cage, a.n, a.k, work), k=a.k)
