#!/usr/bin/env python3
"""Tables whose rows carry whole objects: what a printer is given, and what it makes of it.

usage: objects_in_tables.py OUT.json RECORDINGS
"""
import glob
import json
import sys


def main(out, folder):
    found = []
    for name in sorted(glob.glob(f"{folder}/client-*.json")):
        with open(name) as file:
            requests = json.load(file)["requests"]
        for exchange in requests:
            body = exchange.get("response", {}).get("body")
            if isinstance(body, dict) and body.get("kind") == "Table" and "includeObject=Object" in exchange["request"]["path"]:
                date = dict(map(tuple, exchange["response"]["headers"]))["Date"]
                found.append({"date": date, "table": body})
    with open(out, "w") as file:
        json.dump(found, file, separators=(",", ":"))
    print(f"{len(found)} tables")


main(*sys.argv[1:])
