#!/usr/bin/env python3
"""Parameters of API operations, each once, from recorded OpenAPI documents.

usage: parameters.py OUT.json.gz DOCUMENT.json.gz...
"""
import gzip
import json
import sys

METHODS = {"get", "put", "post", "delete", "options", "head", "patch"}


def key(path, method, parameter, kind):
    """Options of streams and of logs are named with what they belong to; a patch has a field manager of its own."""
    name = parameter["name"]
    if name == "fieldManager" and method == "patch":
        return "fieldManager patch"
    if kind.endswith("Options") or path.endswith("/log"):
        if name in ("pretty", "namespace"):
            return name
        if parameter["in"] == "path":
            return f"{name} in path"
        return f"{'log' if path.endswith('/log') else kind} {name}"
    return name


def main(out, documents):
    found = {}
    for document in documents:
        with gzip.open(document) as file:
            paths = json.load(file)["paths"]
        for path, operations in paths.items():
            methods = {name: operation for name, operation in operations.items() if name in METHODS}
            kind = next(iter(methods.values())).get("x-kubernetes-group-version-kind", {}).get("kind", "")
            said = [("", parameter) for parameter in operations.get("parameters", [])]
            said += [(name, parameter) for name, one in methods.items() for parameter in one.get("parameters", [])]
            for method, parameter in said:
                if parameter["in"] == "path" and parameter["name"] == "name":
                    continue
                name = key(path, method, parameter, kind)
                if found.setdefault(name, parameter) != parameter:
                    sys.exit(f"{path}: two parameters are called {name}")
    text = json.dumps(found, separators=(",", ":")).encode()
    with open(out, "wb") as file:
        file.write(gzip.compress(text, 9, mtime=0))


main(sys.argv[1], sys.argv[2:])
