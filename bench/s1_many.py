#!/usr/bin/env python3
"""S1: N runs of 10 steps each, asked for at once on a server; from the first request to the last end."""
import argparse
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from lib import note, percentile, until
from service import Service, cpu_seconds

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--n", type=int, default=100, help="at most 200")
parser.add_argument("--reps", type=int, default=3)
a = parser.parse_args()

SLEEP, STEPS = 0.03, 10
TEXT = "name: many\nsteps:\n" + "".join(f"  - {{ name: s{n}, type: command, command: 'sleep {SLEEP}; echo {n}' }}\n" for n in range(STEPS))


def seconds(time):
    return datetime.fromisoformat(time).timestamp()


def overtaken(runs):
    """How long before a run that was asked for earlier another one had its turn, at worst: milliseconds."""
    latest, worst = 0.0, 0.0
    for run in sorted(runs, key=lambda run: run["number"]):
        started = seconds(run["started_at"])
        worst, latest = max(worst, latest - started), max(latest, started)
    return worst * 1e3


with Service() as service:
    service.setup()
    most = service.ask("GET", "settings")[1]["max_runs"]
    pipeline = service.create(TEXT)
    for rep in range(a.reps):
        pid, asked = service.process.pid, []
        before = cpu_seconds(pid, children=True)

        def idle():
            began = time.monotonic()
            status, page, _ = service.ask("GET", "runs?status=queued,running,waiting&limit=1")
            asked.append((time.monotonic() - began) * 1e3)
            return status == 200 and not page["items"]

        began = time.monotonic()
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: service.run(pipeline), range(a.n)))
        until(idle, timeout=300)
        wall = time.monotonic() - began
        cpu = cpu_seconds(pid, children=True) - before
        runs = service.ask("GET", f"runs?limit={a.n}")[1]["items"]
        took = [run["duration_ms"] / 1e3 for run in runs]
        note("s1", "ansflow", n=a.n, rep=rep, k=most, wall=wall, cpu=cpu, work=a.n * STEPS * SLEEP, run_p50=percentile(took, 50),
             run_max=max(took), overtaken=overtaken(runs), list_p95=percentile(asked, 95), finished=sum(run["status"] == "success" for run in runs))
