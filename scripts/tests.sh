#!/usr/bin/env bash
# Every test of the workspace: on SQLite always, and on a throw-away PostgreSQL where there is one to start.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/needs.sh

if [ -z "${ANSFLOW_TEST_POSTGRES:-}" ] && has initdb; then
  # In a folder of its own, so that two test runs on one machine do not end each other's server; its user looks in.
  folder=$(mktemp -d)
  chmod 755 "$folder"
  trap 'TMPDIR=$folder scripts/postgres.sh stop; rm -rf "$folder"' EXIT
  started=$(TMPDIR=$folder scripts/postgres.sh start)
  eval "$started"
fi

# With its UI inside, as it is used by the parts that come after.
scripts/cargo-test.sh --workspace --features ansflow/embed-ui
# nextest leaves out the examples in the documentation; plain Cargo has run them.
if cargo nextest --version >/dev/null 2>&1; then
  cargo test --workspace --features ansflow/embed-ui --doc --locked --quiet
fi
