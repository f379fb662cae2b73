#!/usr/bin/env bash
# What the tests had to do without: a name and a reason a line, for the summary.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/needs.sh

report() { has "$2" || printf '%s\tno %s here; Debian has it in %s\n' "$1" "$2" "$3"; }
needs report

# What makes its own faults is for the simulated cluster only.
if [ -n "${ANSFLOW_TEST_KUBECONFIG:-}" ]; then
  printf 'simulated\tANSFLOW_TEST_KUBECONFIG names a real cluster, and %s tests need faults that only the simulated one has\n' \
    "$(grep -rhoE 'fn simulated_[a-z0-9_]+' crates/*/tests | sort -u | wc -l)"
fi
