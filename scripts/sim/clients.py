#!/usr/bin/env python3
"""What kubectl and helm said and asked of a real cluster, as stories that a test tells again: one command after the other.

usage: clients.py RECORDINGS OUT

Of each recording the command, its exit code, what it printed, and every request that it made stay, each once. What the
recordings do not hold is here: the order within a second, words that a shell would have split otherwise, what came by
standard input, and what somebody else did meanwhile.
"""
import json
import os
import re
import shlex
import sys

SHELL = "for i in 1 2 3 4 5 6; do echo line $i; sleep 1; done"

# `settled`: begins when so many pods are there, ready or finished, and none is going. `lines`: ended after so many.
# `scale`: what somebody scales to one after so many lines. `{web}`: a pod of that name. `dial`: somebody connects.
# A port of this machine is not chosen: it may be taken.
KUBECTL = [
    ("create-namespace", {}),
    ("apply-create", {}),
    ("rollout-status", {}),
    ("apply-unchanged", {}),
    ("wait-available", {}),
    ("apply-update", {}),
    ("rollout-status-done", {}),
    ("apply-server-side-conflict", {}),
    ("apply-server-side-create", {"stdin": "ssa-1.yaml"}),
    ("apply-server-side-update", {"stdin": "ssa-2.yaml"}),
    ("apply-server-side-conflict-other", {"stdin": "ssa-3.yaml"}),
    ("apply-server-side-force", {"stdin": "ssa-1.yaml"}),
    ("apply-dry-run-server", {"settled": 3}),
    ("diff", {}),
    ("apply-invalid", {"stdin": "invalid.yaml"}),
    ("apply-unknown-kind", {"stdin": "unknown.yaml"}),
    ("get-pods", {}),
    ("get-pods-wide", {}),
    ("get-all", {}),
    ("get-deployment-yaml", {}),
    ("get-deployments-namespaces", {}),
    ("get-missing", {}),
    ("get-watch", {"lines": 9, "scale": ["web", 4]}),
    ("get-watch-output-events-json", {"lines": 2}),
    ("scale", {}),
    ("scale-precondition", {"settled": 3}),
    ("set-image", {}),
    ("rollout-restart", {}),
    ("rollout-history", {}),
    ("rollout-undo", {}),
    ("rollout-pause", {}),
    ("rollout-resume", {}),
    ("rollout-status-wait", {}),
    ("describe-deployment", {"settled": 3}),
    ("events", {}),
    ("annotate", {}),
    ("label", {}),
    ("patch", {"args": ["patch", "deployment/web", "-p", '{"metadata":{"annotations":{"note":"y"}}}']}),
    ("auth-can-i", {}),
    ("auth-can-i-list", {}),
    ("auth-whoami", {}),
    ("api-resources", {}),
    ("api-versions", {}),
    ("explain", {}),
    ("version", {}),
    ("cluster-info", {}),
    ("create-token", {}),
    ("top-pods", {}),
    ("run-pod", {"args": ["run", "logger", "--image=busybox:1.36", "--restart=Never", "--command", "--", "sh", "-c", SHELL]}),
    ("wait-pod-ready", {}),
    ("logs-follow", {}),
    ("wait-jsonpath", {}),
    ("logs-tail", {}),
    ("logs-selector", {}),
    ("logs-deployment", {}),
    ("describe-pod", {}),
    ("exec", {"args": ["exec", "{web}", "--", "sh", "-c", "echo out; echo err >&2; exit 3"]}),
    ("exec-stdin", {"stdin": "hello.txt"}),
    ("cp", {}),
    ("port-forward", {"args": ["port-forward", "pod/{web}", ":80"], "lines": 3, "dial": True}),
    ("drain-like-evict", {}),
    ("delete-wait", {}),
    ("delete-cascade-orphan", {}),
    ("wait-for-delete", {}),
    ("delete-missing", {}),
    ("delete-file", {}),
    ("create-job", {}),
    ("wait-job-complete", {}),
    ("delete-namespace", {}),
]

HELM = [(name, {}) for name in (
    "install list list-all-namespaces status get-values get-manifest upgrade upgrade-unchanged upgrade-dry-run-server "
    "upgrade-install-existing upgrade-fails upgrade-rollback-on-failure history rollback test get-all "
    "install-name-in-use status-missing template-validate uninstall upgrade-install-new uninstall-keep-history"
).split()]

# `chart`: what else the chart has. `killed`: a command of nobody's recording that is killed when a pod fails so.
HOOK = ["templates/hook.yaml"]
KILLED = {
    "args": ["upgrade", "web", "./chart", "--set", "image=busybox:1.36.nosuch", "--wait", "--timeout=20s", "-n", "{namespace}"],
    "killed": "ErrImagePull",
}
TROUBLE = [
    ("install-plain", {"chart": HOOK}),
    ("upgrade-hook-fails", {"chart": HOOK}),
    (None, KILLED),
    ("upgrade-locked", {}),
    ("list-pending", {}),
    ("status-locked", {}),
    ("rollback-unlocks", {}),
    ("upgrade-invalid-manifest", {}),
    ("render-error", {"chart": ["templates/bad.yaml"]}),
    ("values-schema-error", {"chart": ["values.schema.json"]}),
    ("rollback-missing-revision", {}),
    ("chart-missing", {}),
]

STORIES = {
    "kubectl": ("kubectl-1.36.3", "shop", KUBECTL),
    "helm-4": ("helm-4.2.3", "rel4", HELM),
    "helm-3": ("helm-3.17.3", "rel3", HELM),
    "helm-4-trouble": ("helm-4.2.3", "relx4", TROUBLE),
    "helm-3-trouble": ("helm-3.17.3", "relx3", TROUBLE),
}


def asked(sequence):
    """Every request once, without what is another number each time."""
    seen = {}
    for line in sequence:
        line = re.sub(r"hash=[0-9A-F]+", "hash=HASH", line)
        line = re.sub(r"timeoutSeconds=[0-9]+", "timeoutSeconds=N", line)
        seen.setdefault(line)
    return list(seen)


def step(recordings, client, name, more):
    with open(f"{recordings}/client-{client}-{name}.json") as file:
        recorded = json.load(file)
    # Pods have other names in every cluster.
    command = re.sub(r"web-[a-z0-9]{9,10}-[a-z0-9]{5}", "{web}", recorded["command"])
    exit_code = recorded["exit_code"]
    return {
        "name": name,
        "args": shlex.split(command)[1:],
        **more,
        "exit": exit_code if isinstance(exit_code, int) else None,
        "stdout": recorded["stdout"],
        "stderr": recorded["stderr"],
        "asks": asked(recorded["sequence"]),
    }


def main():
    recordings, out = sys.argv[1:]
    for story, (client, namespace, steps) in STORIES.items():
        told = []
        for name, more in steps:
            if name is None:
                told.append(json.loads(json.dumps({"name": "killed", **more}).replace("{namespace}", namespace)))
            else:
                told.append(step(recordings, client, name, more))
        with open(os.path.join(out, f"{story}.json"), "w") as file:
            json.dump({"client": client, "namespace": namespace, "steps": told}, file, indent=1, ensure_ascii=False)
            file.write("\n")


main()
