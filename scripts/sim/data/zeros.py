#!/usr/bin/env python3
"""What is always written. Structs and plain values of Go that are no pointers, and are not left out when empty, are; the
recorded documents say so by `default`. For the groups that were not recorded, Go's source of an older Kubernetes says it.
Lists and maps of that kind are null when empty: `x-go-null`.

usage: zeros.py SCHEMAS.json KUBERNETES
"""
import json
import sys

import golang

ZERO = {"string": "", "integer": 0, "boolean": False, "number": 0}
FOLDERS = {
    "api": "io.k8s.api",
    golang.APIEXTENSIONS: "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1",
    golang.META: "io.k8s.apimachinery.pkg.apis.meta.v1",
}
# Versions that the older source has under another name.
EARLIER = ((".v2.", ".v2beta2."), (".v1.", ".v1beta1."))
# Where recorded objects say another thing than the older source: an autoscaler's status leaves out what is empty, and the
# times of an event, which are structs, are null.
LEFT_OUT = {"io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerStatus": ("currentReplicas", "conditions")}
NULL = {
    "io.k8s.api.core.v1.Event": ("eventTime", "firstTimestamp", "lastTimestamp"),
    "io.k8s.api.events.v1.Event": ("eventTime", "deprecatedFirstTimestamp", "deprecatedLastTimestamp"),
}


def schema_name(folder, struct):
    prefix = FOLDERS.get(folder)
    if prefix is None:
        prefix = ".".join(["io.k8s.api", *folder.split("/")[1:]])
    return f"{prefix}.{struct}"


def refers(schema):
    reference = schema.get("$ref") or (schema.get("allOf") or [{}])[0].get("$ref")
    return reference and reference.split("/")[-1]


def wanted(schemas, schema, kind, omitted):
    """What is written where nothing is said; none where nothing is."""
    to = refers(schema)
    if to and not kind.startswith("["):
        target = schemas[to]
        return {} if target.get("type") == "object" or "properties" in target else None
    if not omitted and schema.get("type") in ZERO and not kind.startswith("["):
        return ZERO[schema["type"]]
    return None


def main(path, source):
    with open(path) as file:
        schemas = json.load(file)
    go = {(schema_name(folder, struct), name): facts for (folder, struct, name), facts in golang.fields(source).items()}
    added = nulls = 0
    for name, definition in schemas.items():
        properties = definition.get("properties", {})
        is_recorded = any("default" in schema for schema in properties.values())
        for key, schema in properties.items():
            names = [name] + [name.replace(now, before) for now, before in EARLIER]
            facts = next((go[each, key] for each in names if (each, key) in go), None)
            if facts is None:
                continue
            pointer, kind, omitted = facts
            if not pointer and not omitted and schema.get("type") in ("array", "object") and not refers(schema):
                schema["x-go-null"] = True
                nulls += 1
                continue
            want = None if pointer else wanted(schemas, schema, kind, omitted)
            if want is None or is_recorded or "default" in schema:
                continue
            schema["default"] = want
            added += 1
            if "$ref" in schema:
                schema["allOf"] = [{"$ref": schema.pop("$ref")}]
    for name, fields in LEFT_OUT.items():
        for field in fields:
            for said in ("default", "x-go-null"):
                schemas[name]["properties"][field].pop(said, None)
    for name, fields in NULL.items():
        for field in fields:
            schemas[name]["properties"][field]["x-go-null"] = True
    with open(path, "w") as file:
        json.dump(schemas, file)
    print(added, "defaults,", nulls, "null when empty")


main(*sys.argv[1:])
