#!/usr/bin/env bash
# Runs the example of `make run` with the debug binary that the tests have built, and leaves nothing behind.
set -euo pipefail
cd "$(dirname "$0")/.."

state=$(mktemp -d)
trap 'rm -rf "$state"' EXIT
XDG_STATE_HOME=$state cargo run --quiet --locked -p ansflow -- run examples/hello.yml --yes
