#!/usr/bin/env python3
"""Column definitions of all tables that a real cluster gave, by resource.

usage: tables.py OUT.json.gz RECORDINGS
"""
import glob
import gzip
import json
import sys


def resource(path):
    """The resource of a path; custom ones are left out."""
    parts = path.split("?")[0].strip("/").split("/")
    if parts[0] == "apis" and "." in parts[1] and not parts[1].endswith(".k8s.io"):
        return None
    parts = parts[2:] if parts[0] == "api" else parts[3:]
    if len(parts) > 2 and parts[0] == "namespaces":
        parts = parts[2:]
    return parts[0]


def main(out, folder):
    found = {}
    for name in sorted(glob.glob(f"{folder}/*.json")):
        with open(name) as file:
            recording = json.load(file)
        exchanges = recording.get("requests", [recording])
        for exchange in exchanges:
            body = exchange.get("response", {}).get("body")
            if not isinstance(body, dict) or body.get("kind") != "Table":
                continue
            plural = resource(exchange["request"]["path"])
            if plural and found.setdefault(plural, body["columnDefinitions"]) != body["columnDefinitions"]:
                sys.exit(f"{name}: other columns of {plural}")
    text = json.dumps(found, separators=(",", ":")).encode()
    with open(out, "wb") as file:
        file.write(gzip.compress(text, 9, mtime=0))
    print(" ".join(found))


main(*sys.argv[1:])
