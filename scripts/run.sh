#!/usr/bin/env bash
# `make run`: builds the web UI and the program, and starts the demo. Ctrl-C ends it and leaves nothing running.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/web.sh
cargo build --release --locked -p ansflow
exec "${CARGO_TARGET_DIR:-target}/release/ansflow" demo "$@"
