#!/usr/bin/env bash
# Everything that CI runs: `make test`. Each part runs whatever happened before it, and the last line counts.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/parts.sh
source scripts/needs.sh

if [ -n "${CI:-}" ]; then
  export CARGO_INCREMENTAL=0 CARGO_TERM_COLOR=never NO_COLOR=1 NEXTEST_PROFILE=${NEXTEST_PROFILE:-ci}
fi

scripts/install.sh || true # a tool that is missing makes a part NOT RUN, below

if command -v node >/dev/null; then
  beside web scripts/web.sh check
else
  not_run web 'no Node.js here; 20.19 or later builds the web UI'
fi
part format cargo fmt --all --check
part lint cargo clippy --workspace --all-targets --locked -- -D warnings
part tidy cargo run --quiet --locked -p xtask -- tidy
part licences cargo run --quiet --locked -p xtask -- licences
if cargo deny --version >/dev/null 2>&1; then
  part advisories cargo deny --locked check
else
  not_run advisories 'cargo-deny is not installed: cargo install cargo-deny'
fi
# The program takes the UI into itself.
[ -z "${background[web]:-}" ] || join web
part tests scripts/tests.sh
while IFS=$'\t' read -r name reason; do
  not_run "$name" "$reason"
done < <(scripts/missing.sh)
# The program that the tests have built, with its UI: building it for itself would build half of its libraries again.
export ANSFLOW_BIN=${CARGO_TARGET_DIR:-$PWD/target}/debug/ansflow
# Against a real cluster they ran already.
if [ -z "${ANSFLOW_TEST_KUBECONFIG:-}" ]; then
  part cluster scripts/cluster.sh
fi
part fuzz env ANSFLOW_FUZZ_SECONDS="${ANSFLOW_FUZZ_SECONDS:-60}" scripts/cargo-test.sh --workspace --features ansflow/embed-ui fuzz
part docs env RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps --locked
part hello scripts/hello.sh
if has chromium; then
  part browser scripts/browser.sh
fi
if has python3; then
  part strangers scripts/api.sh
fi
if has dockerd && has debootstrap; then
  part container scripts/container.sh
fi

summary
