#!/usr/bin/env python3
"""What is embedded: structure (every write needs it) apart from words (OpenAPI and `explain` alone need them), and the
tables of messages and kinds as they are.

usage: pack.py FOLDER SCHEMAS.json PROTOBUF.json KINDS.json
"""
import gzip
import json
import sys


def stripped(schema, path, words, in_properties=False):
    """A schema without its descriptions, which go into `words`, by type and place."""
    if isinstance(schema, list):
        return [stripped(item, [*path, number], words) for number, item in enumerate(schema)]
    if not isinstance(schema, dict):
        return schema
    out = {}
    for key, value in schema.items():
        if key == "description" and isinstance(value, str) and not in_properties:
            place = "/".join(str(part) for part in path[1:] if part != "properties")
            words.setdefault(path[0], {})[place] = value
        else:
            out[key] = stripped(value, [*path, key], words, key == "properties" and not in_properties)
    return out


def pack(folder, name, value):
    text = json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=name != "words").encode()
    packed = gzip.compress(text, 9, mtime=0)
    with open(f"{folder}/{name}.json.gz", "wb") as file:
        file.write(packed)
    print(name, len(text), len(packed))


def main(folder, schemas, *tables):
    with open(schemas) as file:
        definitions = json.load(file)
    words = {}
    pack(folder, "structure", {name: stripped(schema, [name], words) for name, schema in definitions.items()})
    pack(folder, "words", words)
    for name, path in zip(("protobuf", "kinds"), tables):
        with open(path) as file:
            pack(folder, name, json.load(file))


main(*sys.argv[1:])
