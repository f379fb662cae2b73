#!/usr/bin/env python3
"""K2: N objects in a folder, of which one in fifty is a Deployment with a pod, applied and judged ready by one step, in a
simulated cluster; then once more, when nothing has changed, and once more with another image."""
import argparse
import os
import subprocess
import time

from ansflow import BIN, Ansflow
from kube import Kube
from lib import drop, folder, note, write

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--n", type=int, default=500)
parser.add_argument("--reps", type=int, default=3)
a = parser.parse_args()

MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {{ name: map-{i} }}\ndata: {{ number: '{i}', version: '{tag}' }}\n"
DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata: {{ name: web-{i} }}
spec:
  replicas: 1
  selector: {{ matchLabels: {{ app: web-{i} }} }}
  template:
    metadata: {{ labels: {{ app: web-{i} }} }}
    spec: {{ containers: [{{ name: web, image: "docker.io/acme/web:{tag}" }}] }}
"""


def manifests(work, tag):
    text = [(DEPLOYMENT if i % 50 == 0 else MAP).format(i=i, tag=tag) for i in range(a.n)]
    write(f"{work}/all.yml", "---\n".join(text))


def deploy(kube, space, work):
    step = f"  - name: all\n    type: k8s_deploy\n    config: {{ cluster: bench, namespace: {space}, manifest_path: all.yml }}\n"
    file = write(f"{work}/pipeline.yml", "name: bench\nsteps:\n" + step)
    began = time.monotonic()
    done = subprocess.run([BIN, "run", file, "--cluster", f"bench={kube.config}"], cwd=work, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=dict(os.environ, XDG_STATE_HOME=f"{work}/state"))
    if done.returncode:
        raise SystemExit(done.stdout)
    return time.monotonic() - began


with Kube() as kube:
    for rep in range(a.reps):
        work, space = folder(), kube.namespace()
        for what, tag in (("new", "1"), ("unchanged", "1"), ("changed", "2")):
            manifests(work, tag)
            note("k2", "ansflow", what=what, n=a.n, rep=rep, version=Ansflow().version(), wall=round(deploy(kube, space, work), 3))
        drop(work)
