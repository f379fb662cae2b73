#!/usr/bin/env python3
"""Which plain fields of protobuf messages are pointers in Go (`*`: a zero means zero), which are written although they are zero
(`!`), and which are neither (a zero means: absent).

usage: pointers.py PROTOBUF.json KUBERNETES
"""
import json
import sys

import golang

PLAIN = {"string", "int32", "int64", "bool", "double"}
EARLIER = (("/v2/", "/v2beta2/"), ("/v1/", "/v1beta1/"))
# Later than the source that we read, and no pointers.
NO_POINTERS = {"observedGeneration"}


def main(path, source):
    with open(path) as file:
        messages = json.load(file)
    go = {}
    for (folder, struct, name), (pointer, _, omitted) in golang.fields(source).items():
        if folder != golang.APIEXTENSIONS and name.isidentifier():
            go[f"{folder}/{struct}".lower(), name] = (pointer, omitted)
    for message, fields in messages.items():
        names = [message.lower()] + [message.lower().replace(now, before) for now, before in EARLIER]
        for field in fields.values():
            if field[1] not in PLAIN:
                continue
            facts = next((go[each, field[0]] for each in names if (each, field[0]) in go), None)
            if facts is None:
                # Later than the source: what came later is a pointer, but for texts.
                pointer, omitted = field[1] != "string" and field[0] not in NO_POINTERS, True
            else:
                pointer, omitted = facts
                pointer = pointer and field[0] not in NO_POINTERS
            if pointer:
                field[1] += "*"
            elif not omitted:
                field[1] += "!"
    for field in messages["api/apps/v1/StatefulSetSpec"].values():
        if field[0] == "minReadySeconds":
            field[1] = "int32"
    with open(path, "w") as file:
        json.dump(messages, file)


main(*sys.argv[1:])
