#!/usr/bin/env python3
"""All schemas of Kubernetes 1.34 in OpenAPI v3 form: the recorded ones where there are, else those of the package
kubernetes-validate, which has them as JSON Schema.

usage: schemas.py OUT.json WHEEL RECORDINGS
"""
import gzip
import json
import sys
import zipfile

DEFINITIONS = "kubernetes_validate/kubernetes-json-schema/v1.34.0-local/_definitions.json"
RECORDED = ("openapi-v3-api-v1", "openapi-v3-apis-apps-v1")


def converted(schema):
    if isinstance(schema, list):
        return [converted(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    out = {}
    for key, value in schema.items():
        if key == "enum":
            continue  # In this source: apiVersion and kind of the object, and nothing else.
        if key == "type" and isinstance(value, list):
            value = [word for word in value if word != "null"]
            value = value[0] if len(value) == 1 else value
        elif key == "properties":
            value = {name: field(schema) for name, schema in value.items()}
        elif key in ("items", "additionalProperties") and isinstance(value, dict):
            value = field(value)
        elif key == "$ref":
            value = value.replace("#/$defs/", "#/components/schemas/")
        elif isinstance(value, (dict, list)):
            value = converted(value)
        out[key] = value
    return out


def field(schema):
    """A reference that has something beside it is written as `allOf`."""
    out = converted(schema)
    if "$ref" in out and len(out) > 1:
        out["allOf"] = [{"$ref": out.pop("$ref")}]
    return out


def main(out, wheel, recordings):
    with zipfile.ZipFile(wheel) as package:
        definitions = json.loads(package.read(DEFINITIONS))["$defs"]
    schemas = {name: converted(schema) for name, schema in definitions.items()}
    for name in RECORDED:
        with gzip.open(f"{recordings}/{name}.body.json.gz") as file:
            schemas.update(json.load(file)["components"]["schemas"])
    with open(out, "w") as file:
        json.dump(schemas, file)
    print(len(schemas), "schemas")


main(*sys.argv[1:])
