#!/usr/bin/env bash
# What one runs between two edits: the cheap parts of `make test`, and it stops at the first that fails.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo fmt --all --check
cargo clippy --workspace --all-targets --locked --quiet -- -D warnings
cargo run --quiet --locked -p xtask -- tidy
NEXTEST_PROFILE=fast scripts/cargo-test.sh --workspace
