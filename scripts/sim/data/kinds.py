#!/usr/bin/env python3
"""Every resource of the API, from the recorded discovery, joined with its schema.

usage: kinds.py OUT.json SCHEMAS.json RECORDINGS
"""
import json
import sys

# Kinds of all groups, which are nobody's resources.
COMMON = {"DeleteOptions", "WatchEvent", "Status", "APIGroup", "APIVersions"}
RECORDED = ("discovery-api-aggregated-v2", "discovery-apis-aggregated-v2")


def subresource(said):
    kind = said["responseKind"]
    out = {"name": said["subresource"], "kind": kind["kind"], "group": kind["group"], "version": kind["version"]}
    out["verbs"] = said["verbs"]
    if said.get("acceptedTypes"):
        out["accepts"] = said["acceptedTypes"]
    return out


def resource(group, version, said, schema_of):
    kind = said["responseKind"]
    name = schema_of.get((kind["group"] or group, kind["version"] or version, kind["kind"]))
    if name is None:
        sys.exit(f"{kind['kind']} has no schema")
    out = {
        "group": group,
        "version": version,
        "plural": said["resource"],
        "singular": said["singularResource"],
        "kind": kind["kind"],
        "namespaced": said["scope"] == "Namespaced",
        "verbs": said["verbs"],
        "schema": name,
        "subresources": [subresource(each) for each in said.get("subresources", [])],
    }
    if said.get("shortNames"):
        out["short"] = said["shortNames"]
    if said.get("categories"):
        out["categories"] = said["categories"]
    return out


def main(out, schemas, recordings):
    with open(schemas) as file:
        definitions = json.load(file)
    schema_of = {}
    for name, schema in definitions.items():
        for kind in schema.get("x-kubernetes-group-version-kind", []):
            if kind["kind"] not in COMMON:
                schema_of.setdefault((kind["group"], kind["version"], kind["kind"]), name)
    kinds = []
    for recorded in RECORDED:
        with open(f"{recordings}/{recorded}.json") as file:
            groups = json.load(file)["response"]["body"]["items"]
        for group in groups:
            for version in group["versions"]:
                name = group["metadata"].get("name", "")
                kinds += [resource(name, version["version"], said, schema_of) for said in version["resources"]]
    with open(out, "w") as file:
        json.dump(kinds, file)
    print(len(kinds), "kinds")


main(*sys.argv[1:])
