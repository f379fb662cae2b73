#!/usr/bin/env python3
"""D1: N containers one after another, each with the workspace and no network: `docker run --rm` by a shell, and the steps of
one pipeline. In turn, on one throw-away daemon (or that of DOCKER_HOST), with an image of nothing but busybox."""
import argparse
import json
import os
import shutil
import subprocess
import time

from ansflow import BIN, Ansflow
from lib import drop, folder, note, write

SCRIPTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../scripts")
IMAGE = "ansflow-bench-busybox:1"
DOCKER = next((path for path in ("/usr/bin/docker", shutil.which("docker")) if path and os.path.exists(path)), "docker")

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--n", type=int, default=10)
parser.add_argument("--reps", type=int, default=7)
a = parser.parse_args()


def daemon():
    """Where it is, and what ends it; none where none can be started."""
    if os.environ.get("DOCKER_HOST"):
        return os.environ["DOCKER_HOST"], None
    place = folder()
    started = subprocess.run([f"{SCRIPTS}/dockerd.sh", "start", place], stdout=subprocess.PIPE, text=True)
    if started.returncode:
        drop(place)
        return None, None
    return started.stdout.strip().partition("DOCKER_HOST=")[2], place


def image():
    place = folder()
    shutil.copy(shutil.which("busybox", path="/usr/bin:/bin"), f"{place}/busybox")
    write(f"{place}/Dockerfile", 'FROM scratch\nCOPY busybox /bin/true\nENV PATH=/bin\nCMD ["true"]\n')
    subprocess.run([DOCKER, "build", "-q", "-t", IMAGE, place], check=True, stdout=subprocess.DEVNULL, env=dict(os.environ, DOCKER_BUILDKIT="0"))
    drop(place)


def wall(argv, work, **env):
    began = time.monotonic()
    subprocess.run(argv, cwd=work, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ, **env))
    return time.monotonic() - began


def docker(work):
    one = f"{DOCKER} run --rm --network none -v {work}:{work} {IMAGE} true\n"
    return wall(["sh", "-e", write(f"{work}/all.sh", one * a.n)], work)


def ansflow(work):
    step = f"  - name: s%d\n    type: docker_run\n    config: {{ image: {json.dumps(IMAGE)}, command: 'true', network: none }}\n"
    file = write(f"{work}/pipeline.yml", "name: bench\nsteps:\n" + "".join(step % i for i in range(a.n)))
    return wall([BIN, "run", file], work, XDG_STATE_HOME=f"{work}/state")


host, started = daemon()
if host is None:
    note("d1", "ansflow", n=a.n, not_run="no Docker daemon starts here")
else:
    os.environ["DOCKER_HOST"] = host
    try:
        image()
        version = subprocess.check_output([DOCKER, "version", "-f", "{{.Server.Version}}"], text=True).strip()
        sides = [("docker", docker, version), ("ansflow", ansflow, Ansflow().version())]
        for rep in range(-1, a.reps):
            # Who comes first changes, so that neither has the warmer machine.
            for name, side, its in sides if rep % 2 else reversed(sides):
                work = folder()
                took = side(work)
                drop(work)
                # The first time of each is nobody's.
                if rep >= 0:
                    note("d1", name, n=a.n, rep=rep, version=its, wall=round(took, 4))
    finally:
        if started:
            subprocess.run([f"{SCRIPTS}/dockerd.sh", "stop", started], check=False)
            drop(started)
