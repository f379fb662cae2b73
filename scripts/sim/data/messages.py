#!/usr/bin/env python3
"""Field numbers of every message, from the crate k8s-pb, joined with the schemas by name.

usage: messages.py OUT.json SCHEMAS.json K8S_PB
"""
import glob
import json
import os
import re
import sys

SPECIAL = {
    "apimachinery/pkg/apis/meta/v1/Time": "time",
    "apimachinery/pkg/apis/meta/v1/MicroTime": "microtime",
    "apimachinery/pkg/apis/meta/v1/Duration": "duration",
    "apimachinery/pkg/apis/meta/v1/FieldsV1": "raw",
    "apimachinery/pkg/api/resource/Quantity": "quantity",
    "apimachinery/pkg/util/intstr/IntOrString": "intorstring",
    "apimachinery/pkg/runtime/RawExtension": "raw",
    "apiextensions_apiserver/pkg/apis/apiextensions/v1/Json": "raw",
}
PLAIN = {"string", "bytes", "int32", "int64", "bool", "double", "uint32", "uint64", "float"}
GROUPS = {
    "io.k8s.api.": "api",
    "io.k8s.apimachinery.": "apimachinery",
    "io.k8s.apiextensions-apiserver.": "apiextensions_apiserver",
    "io.k8s.kube-aggregator.": "kube_aggregator",
}
# The crate knows Kubernetes 1.35; these are not in 1.34.
LATER_INLINE = ("api/core/v1/PodSpec", "api/core/v1/PodStatus")
LATER = (
    ("api/core/v1/PodCertificateProjection", "userAnnotations"),
    ("api/core/v1/NodeStatus", "declaredFeatures"),
    ("api/core/v1/PodStatus", "allocatedResources"),
    ("api/storage/v1/CSIDriverSpec", "serviceAccountTokenInSecrets"),
)
LATER_MESSAGES = ("api/core/v1/WorkloadReference",)


def snake(name):
    """As the crate's generator writes names."""
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    return name.lower().replace("-", "_").lstrip("_")


def structs(crate):
    """(module…, struct) → field → (its attribute, its type)."""
    found = {}
    base = os.path.join(crate, "src")
    for path in glob.glob(f"{base}/**/mod.rs", recursive=True):
        module = os.path.relpath(os.path.dirname(path), base).split("/")
        with open(path) as file:
            text = "\n".join(line for line in file.read().split("\n") if not line.strip().startswith("//"))
        for struct in re.finditer(r"^pub struct (\w+) \{(.*?)\}$", text, re.S | re.M):
            one = r"#\[(prost\(.*?\))\]\s*pub (?:r#)?(\w+):\s*(.*?),\s*(?=#\[prost|\Z)"
            found[(*module, struct.group(1))] = {
                name: (re.sub(r"\s+", " ", attribute), re.sub(r"\s+", "", kind).replace(",>", ">"))
                for attribute, name, kind in re.findall(one, struct.group(2), re.S)
            }
    return found


def type_path(module, kind):
    wrappers = r"::core::option::Option<|::prost::alloc::vec::Vec<|::prost::alloc::boxed::Box<"
    parts = re.sub(wrappers, "", kind).rstrip(">").split("::")
    path = list(module)
    while parts and parts[0] == "super":
        path.pop()
        parts.pop(0)
    return (*path, *[part.replace("r#", "") for part in parts])


def schema_path(name):
    for prefix, group in GROUPS.items():
        if name.startswith(prefix):
            return tuple(part.replace("-", "_") for part in (group, *name.split(".")[3:]))
    return None


def lowered(path):
    return (*path[:-1], path[-1].lower())


def wire(module, attribute, kind):
    """Tag, type, and what it refers to: a path of a message, or the plain type of a map's values."""
    word = re.search(r"prost\((\w+)", attribute).group(1)
    tag = int(re.search(r'tag\s*=\s*"(\d+)"', attribute).group(1))
    repeated = "r" if "repeated" in attribute else ""
    of_map = re.search(r'(btree_map|map)\s*=\s*"(\w+),\s*([\w()]+)"', attribute)
    if of_map:
        value = of_map.group(3)
        if value == "message":
            return tag, "map", type_path(module, kind[kind.index("<") + 1 : -1].split(",", 1)[1].strip())
        return tag, "map", value
    if word == "message":
        return tag, "msg" + repeated, type_path(module, kind)
    if word in PLAIN:
        return tag, word + repeated, None
    sys.exit(f"what is {attribute}?")


class Table:
    def __init__(self, schemas, crate):
        self.schemas = schemas
        self.structs = structs(crate)
        self.by_lower = {lowered(path): path for path in self.structs}
        paths = ((schema_path(name), name) for name in schemas)
        self.schema_of = {lowered(path): name for path, name in paths if path}
        self.out = {}

    def emit(self, path, inherited):
        key = self.by_lower.get(lowered(path))
        name = key and "/".join(key)
        if key is None or name in self.out:
            return
        self.out[name] = None
        schema = self.schema_of.get(lowered(path))
        properties = self.schemas[schema].get("properties", {}) if schema else inherited
        by_snake = {snake(each): each for each in properties}
        fields = {}
        for field, (attribute, kind) in self.structs[key].items():
            tag, word, refers = wire(key[:-1], attribute, kind)
            said = by_snake.get(field) or by_snake.get(field.rstrip("_")) or self.flat(field, properties)
            target = refers if isinstance(refers, str) else None
            if isinstance(refers, tuple):
                found = self.by_lower.get(lowered(refers))
                special = SPECIAL.get("/".join(found)) if found else None
                if special:
                    word = word if word == "map" else word.replace("msg", special)
                    target = special if word == "map" else None
                elif found:
                    target = "/".join(found)
                    is_known = lowered(refers) in self.schema_of
                    self.emit(refers, {} if is_known or said else properties)
            if said is None and word == "msg" and target:
                word = "inline"  # A struct that Go embeds: its fields stand in the parent.
            elif said is None:
                said = re.sub(r"_(\w)", lambda match: match.group(1).upper(), field)
            fields[tag] = [said or "", word] + ([target] if target else [])
        self.out[name] = fields

    @staticmethod
    def flat(field, properties):
        wanted = field.replace("_", "").lower()
        return next((each for each in properties if each.lower().replace("$", "").replace("-", "") == wanted), None)


def main(out, schemas, crate):
    with open(schemas) as file:
        table = Table(json.load(file), crate)
    for path, name in sorted(table.schema_of.items()):
        is_object = "x-kubernetes-group-version-kind" in table.schemas[name]
        if is_object and not any(word in name for word in ("alpha", "beta", "apiextensions")):
            table.emit(path, {})
    messages = table.out
    for name in LATER_INLINE:
        messages[name] = {tag: field for tag, field in messages[name].items() if field[1] != "inline"}
    for name, later in LATER:
        messages[name] = {tag: field for tag, field in messages[name].items() if field[0] != later}
    for name in LATER_MESSAGES:
        messages.pop(name, None)
    with open(out, "w") as file:
        json.dump(messages, file)
    print(len(messages), "messages")


main(*sys.argv[1:])
