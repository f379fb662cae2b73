"""What Go's `types.go` say of the fields of Kubernetes' types: pointers, and what is written although it is empty."""
import glob
import os
import re

STRUCT = re.compile(r"^type (\w+) struct \{(.*?)^\}", re.S | re.M)
FIELD = re.compile(r'^\s+\w+\s+(\*?)([\w.\[\]]+)\s+`json:"([\w.-]+)(,omitempty)?', re.M)
APIEXTENSIONS = "apiextensions-apiserver/pkg/apis/apiextensions/v1"
META = "apimachinery/pkg/apis/meta/v1"


def fields(source):
    """(folder, struct, JSON name) → (is a pointer, its type, is left out when empty)."""
    base = os.path.join(source, "staging/src/k8s.io")
    folders = glob.glob(f"{base}/api/*/v*") + [f"{base}/{APIEXTENSIONS}", f"{base}/{META}"]
    found = {}
    for folder in folders:
        path = os.path.join(folder, "types.go")
        if not os.path.exists(path):
            continue
        with open(path) as file:
            text = file.read()
        for struct in STRUCT.finditer(text):
            for pointer, kind, name, omitted in FIELD.findall(struct.group(2)):
                found[os.path.relpath(folder, base), struct.group(1), name] = (bool(pointer), kind, bool(omitted))
    return found
