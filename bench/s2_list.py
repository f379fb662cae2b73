#!/usr/bin/env python3
"""S2: the list of runs, asked with the usual filters while N runs are stored."""
import argparse
import http.client
import json
import os
import random
import sqlite3
import time

from lib import note, percentile
from service import Service, request

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--n", type=int, default=100_000)
parser.add_argument("--asked", type=int, default=400)
a = parser.parse_args()

STATUSES = ["success"] * 17 + ["failed"] * 2 + ["cancelled"]
RUN = ("id", "pipeline", "number", "status", "seq", "created_at", "updated_at")
DETAIL = ("run", "name", "version", "cause", "started_by", "branch", "commit_id", "retry_of", "request_key", "created_at", "started_at", "ended_at")


def insert(db, table, columns, rows):
    db.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", rows)


def fill(path, pipelines):
    """Rows as the server writes them, without their histories, which lists do not read."""
    db = sqlite3.connect(path)
    rng, now = random.Random(1), int(time.time() * 1e3)
    runs, details = [], []
    for n in range(a.n):
        run, at, (pipeline, name) = f"run_{n:032x}", now - (a.n - n) * 60_000, rng.choice(pipelines)
        cause, by = rng.choice([("manual", "bench"), ("webhook", "github"), ("schedule", "schedule")])
        branch, commit = rng.choice(["main", "main", "dev", f"topic/{n % 500}"]), f"{rng.getrandbits(160):040x}"
        runs.append((run, pipeline, 1_000_000 + n, rng.choice(STATUSES), 5, at, at + 30_000))
        details.append((run, name, 1, cause, by, branch, commit, "", "", at, at + 10, at + 30_000))
    insert(db, "run", RUN, runs)
    insert(db, "run_detail", DETAIL, details)
    db.commit()
    db.close()


with Service() as service:
    service.setup()
    pipelines = [(service.create(f"name: p{n}\nsteps:\n  - {{ name: s, type: command, command: 'true' }}\n"), f"p{n}") for n in range(20)]
    service.stop()
    fill(os.path.join(service.data, "ansflow.db"), pipelines)
    service.start()
    connection = http.client.HTTPConnection("127.0.0.1", service.port)
    page = None
    for _ in range(9):
        page = request(connection, service, "GET", "/api/v1/runs" + (f"?cursor={page['next']}" if page else ""))[1]
    kinds = {
        "newest": "runs",
        "the tenth page": f"runs?cursor={page['next']}",
        "of a pipeline": f"runs?pipeline={pipelines[3][0]}",
        "failed": "runs?status=failed",
        "failed of a pipeline on a branch": f"runs?pipeline={pipelines[3][0]}&status=failed&branch=dev",
        "of a branch": "runs?branch=topic/77",
        "of a person": "runs?by=bench",
        "running, none": "runs?status=queued,running,waiting",
        "searched, found": "runs?search=topic/7",
        "searched, none": "runs?search=nothing+has+it",
    }
    for what, path in kinds.items():
        times = []
        for _ in range(a.asked):
            began = time.monotonic()
            status, body, _ = request(connection, service, "GET", "/api/v1/" + path)
            times.append((time.monotonic() - began) * 1e3)
            assert status == 200, json.dumps(body)
        note("s2", "ansflow", what=what, n=a.n, p50=percentile(times, 50), p95=percentile(times, 95), max=max(times), items=len(body["items"]))
