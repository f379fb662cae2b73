#!/usr/bin/env bash
# Runs tests with nextest, which keeps those that measure apart, or with plain Cargo where nextest is missing.
# Takes what both understand: packages and a part of a test's name.
set -euo pipefail
cd "$(dirname "$0")/.."

if cargo nextest --version >/dev/null 2>&1; then
  exec cargo nextest run --locked --profile "${NEXTEST_PROFILE:-default}" "$@"
fi
exec cargo test --locked --no-fail-fast "$@"
