#!/usr/bin/env bash
# The tests that speak to a cluster, once more: against one of which they know nothing but its kubeconfig, as against a real
# one. That is a simulated cluster in a process of its own, unless ANSFLOW_TEST_KUBECONFIG names another; then everything runs
# against that one anyway, and there is nothing to repeat. ANSFLOW_BIN: a program that is built already.
set -euo pipefail
cd "$(dirname "$0")/.."

dir=$(mktemp -d)
cluster=''
end() {
  [ -z "$cluster" ] || { kill "$cluster" 2>/dev/null && wait "$cluster"; } || true
  rm -rf "$dir"
}
trap end EXIT

if [ -z "${ANSFLOW_BIN:-}" ]; then
  cargo build --quiet --locked -p ansflow
  ANSFLOW_BIN=${CARGO_TARGET_DIR:-$PWD/target}/debug/ansflow
fi
mkfifo "$dir/told"
"$ANSFLOW_BIN" simulate --rbac --kubeconfig "$dir/kubeconfig" -o json >"$dir/told" &
cluster=$!
# It says where it is when it answers.
read -r <"$dir/told"

# What asks for faults of the simulator's own is not for others, and what needs no cluster was tested already.
export ANSFLOW_TEST_KUBECONFIG=$dir/kubeconfig
speak='test(/^(live|client|follow|deploy|browse|check|stream|wait|scale|delete|job|kubernetes|clusters|objects)/)'
scripts/cargo-test.sh --workspace --features ansflow/embed-ui --test-threads 2 \
  -E "kind(test) & package(/^ansflow(-kube|-engine|-server)?\$/) & $speak & not test(/simulated_/)"
