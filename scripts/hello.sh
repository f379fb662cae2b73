#!/usr/bin/env bash
# Runs the example with a debug binary, or with ANSFLOW_BIN, and leaves nothing behind.
set -euo pipefail
cd "$(dirname "$0")/.."

state=$(mktemp -d)
trap 'rm -rf "$state"' EXIT
if [ -z "${ANSFLOW_BIN:-}" ]; then
  cargo build --quiet --locked -p ansflow
  ANSFLOW_BIN=${CARGO_TARGET_DIR:-target}/debug/ansflow
fi
XDG_STATE_HOME=$state "$ANSFLOW_BIN" run examples/hello.yml --yes
