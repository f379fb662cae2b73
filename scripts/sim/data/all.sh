#!/usr/bin/env bash
# Makes structure, words, protobuf and kinds of crates/ansflow-sim/data anew:
#
#   pip download --no-deps kubernetes-validate==1.34.1    WHEEL
#   cargo vendor, of a project with k8s-pb = "=0.9.0"     K8S_PB, its folder
#   apt-get source kubernetes, of Debian 12 (1.20.2)      KUBERNETES, its folder
#
#   scripts/sim/data/all.sh WHEEL K8S_PB KUBERNETES RECORDINGS OUT
#
# RECORDINGS are the requests and answers of a real cluster, as those in crates/ansflow-sim/tests/fixtures/api; tables.json.gz and
# parameters.json.gz are tables.py's and parameters.py's.
set -euo pipefail
[ $# = 5 ] || { sed -n '2,11s/^# \{0,1\}//p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
wheel=$1 pb=$2 go=$3 recordings=$4 out=$5
draft=$(mktemp -d)
trap 'rm -rf "$draft"' EXIT

python3 "$here/schemas.py" "$draft/schemas.json" "$wheel" "$recordings"
python3 "$here/zeros.py" "$draft/schemas.json" "$go"
python3 "$here/messages.py" "$draft/protobuf.json" "$draft/schemas.json" "$pb"
python3 "$here/pointers.py" "$draft/protobuf.json" "$go"
python3 "$here/kinds.py" "$draft/kinds.json" "$draft/schemas.json" "$recordings"
python3 "$here/pack.py" "$out" "$draft/schemas.json" "$draft/protobuf.json" "$draft/kinds.json"
