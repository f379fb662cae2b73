#!/usr/bin/env bash
# Stories in a real browser, in both languages, against the demo. Pictures of every page are left in
# web/test-results, to be looked at.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo build --quiet --locked -p ansflow
cd web
export ANSFLOW_BIN=${CARGO_TARGET_DIR:-../target}/debug/ansflow
rm -rf test-results
node e2e/run.mjs e2e/stories.ts
