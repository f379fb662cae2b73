#!/usr/bin/env python3
"""K1: an image's tag that does not exist. From the command's start to its end, and what it says then: `ansflow run`, `kubectl
rollout status`, `helm upgrade --install --wait`, in turn, in one simulated cluster, with a limit of their own of --limit s."""
import argparse
import json
import os
import subprocess
import time

from ansflow import BIN, Ansflow
from kube import Kube, TOOLS
from lib import drop, folder, note, write

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--reps", type=int, default=5)
parser.add_argument("--limit", type=int, default=15)
a = parser.parse_args()

DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata: { name: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop } }
    spec: { containers: [{ name: shop, image: "docker.io/acme/shop:nosuch" }] }
"""


def ran(argv, work, **env):
    """Seconds, and the last line that says anything."""
    began = time.monotonic()
    done = subprocess.run(argv, cwd=work, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=dict(os.environ, **env))
    took = time.monotonic() - began
    said = [line for line in done.stdout.splitlines() if line.strip()]
    return took, done, said[-1].strip()[:200] if said else ""


def ansflow(kube, space, work):
    step = f"  - name: shop\n    type: k8s_deploy\n    config: {{ cluster: bench, namespace: {space}, manifest_path: shop.yml, timeout: {a.limit} }}\n"
    file = write(f"{work}/pipeline.yml", "name: bench\nsteps:\n" + step)
    took, done, _ = ran([BIN, "run", file, "-o", "json", "--cluster", f"bench={kube.config}"], work, XDG_STATE_HOME=f"{work}/state")
    events = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    verdict = next((event for event in events if event.get("event") == "verdict"), {})
    return took, f"{verdict.get('cause')}: {verdict.get('summary')}"


def kubectl(kube, space, work):
    subprocess.run([f"{TOOLS}/kubectl-1.36.3", "apply", "-n", space, "-f", "shop.yml"], cwd=work, check=True, stdout=subprocess.DEVNULL, env=kube.env)
    took, _, said = ran([f"{TOOLS}/kubectl-1.36.3", "rollout", "status", "deployment/shop", "-n", space, f"--timeout={a.limit}s"], work, **kube.env)
    return took, said


def helm(version):
    def install(kube, space, work):
        os.makedirs(f"{work}/chart/templates")
        write(f"{work}/chart/Chart.yaml", "apiVersion: v2\nname: shop\nversion: 1.0.0\n")
        write(f"{work}/chart/templates/shop.yml", DEPLOYMENT)
        took, _, said = ran([f"{TOOLS}/helm-{version}", "upgrade", "--install", "shop", "chart", "-n", space, "--wait", f"--timeout={a.limit}s"], work, **kube.env)
        return took, said

    return install


with Kube() as kube:
    sides = [("ansflow", ansflow, Ansflow().version()), ("kubectl", kubectl, "1.36.3"), ("helm 3", helm("3.17.3"), "3.17.3"), ("helm 4", helm("4.2.3"), "4.2.3")]
    for rep in range(a.reps):
        for name, side, version in sides:
            if name != "ansflow" and not TOOLS:
                note("k1", name, n=a.limit, not_run="npm does not bring it here")
                continue
            work, space = folder(), kube.namespace()
            write(f"{work}/shop.yml", DEPLOYMENT)
            took, said = side(kube, space, work)
            drop(work)
            note("k1", name, n=a.limit, rep=rep, version=version, wall=round(took, 2), said=said)
