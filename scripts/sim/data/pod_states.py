#!/usr/bin/env python3
"""Pods in every state that the rollout recordings show, with what `kubectl get pods` says of them: READY STATUS RESTARTS.

What is said is worked out here a second time, from Kubernetes' printer, so that the Rust printer is held against another reader.

usage: pod_states.py OUT.json ROLLOUTS
"""
import glob
import json
import os
import sys


def condition(status, kind):
    return any(one["type"] == kind and one["status"] == "True" for one in status.get("conditions", []))


def ended(terminated):
    return terminated.get("reason") or f"ExitCode:{terminated['exitCode']}"


def said(pod):
    status, spec = pod.get("status", {}), pod["spec"]
    reason = status.get("reason") or status.get("phase", "")
    ready = restarts = 0
    initializing = False
    for index, container in enumerate(status.get("initContainerStatuses", [])):
        restarts += container["restartCount"]
        state = container["state"]
        waiting = state.get("waiting", {}).get("reason")
        if state.get("terminated", {}).get("exitCode") == 0:
            continue
        initializing = True
        if "terminated" in state:
            reason = f"Init:{ended(state['terminated'])}"
        elif waiting and waiting != "PodInitializing":
            reason = f"Init:{waiting}"
        else:
            reason = f"Init:{index}/{len(spec.get('initContainers', []))}"
        break
    if not initializing or condition(status, "Initialized"):
        restarts, running = 0, False
        for container in reversed(status.get("containerStatuses", [])):
            restarts += container["restartCount"]
            state = container["state"]
            if state.get("waiting", {}).get("reason"):
                reason = state["waiting"]["reason"]
            elif "terminated" in state:
                reason = ended(state["terminated"])
            elif container["ready"] and "running" in state:
                running = True
                ready += 1
        if reason == "Completed" and running:
            reason = "Running" if condition(status, "Ready") else "NotReady"
    if pod["metadata"].get("deletionTimestamp") and status.get("phase") not in ("Succeeded", "Failed"):
        reason = "Terminating"
    return f"{ready}/{len(spec['containers'])} {reason} {restarts}"


def pick(thing, *names):
    return {name: thing[name] for name in names if name in thing}


def slim(pod):
    """The pod with what its state depends on."""
    status = pick(pod.get("status", {}), "phase", "reason")
    for name in ("initContainerStatuses", "containerStatuses"):
        if name in pod.get("status", {}):
            status[name] = [
                pick(one, "name", "ready", "restartCount", "started")
                | {"state": {state: pick(of, "reason", "exitCode", "signal") for state, of in one["state"].items()}}
                for one in pod["status"][name]
            ]
    conditions = [one for one in pod.get("status", {}).get("conditions", []) if one["type"] in ("Ready", "Initialized", "PodScheduled")]
    if conditions:
        status["conditions"] = [pick(one, "type", "status", "reason") for one in conditions]
    spec = {
        name: [pick(one, "name", "restartPolicy") for one in pod["spec"][name]]
        for name in ("containers", "initContainers") if name in pod["spec"]
    }
    return {"metadata": pick(pod["metadata"], "deletionTimestamp"), "spec": spec, "status": status}


def main(out, rollouts):
    states = {}
    for name in sorted(glob.glob(f"{rollouts}/*/watch.jsonl")):
        recording = os.path.basename(os.path.dirname(name))
        with open(name) as file:
            objects = [json.loads(line)["object"] for line in file]
        for pod in (one for one in objects if one["kind"] == "Pod"):
            states.setdefault(said(pod), (recording, slim(pod)))
    with open(out, "w") as file:
        rows = [[recording, state, pod] for state, (recording, pod) in sorted(states.items())]
        json.dump(rows, file, separators=(",", ":"))
    print(f"{len(states)} states")


main(*sys.argv[1:])
