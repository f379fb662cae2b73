#!/usr/bin/env bash
# The tests that speak to a cluster, once more: against one of which they know nothing but its kubeconfig, as against a real
# one. That is a simulated cluster in a process of its own, unless ANSFLOW_TEST_KUBECONFIG names another. ANSFLOW_BIN: a
# program that is built already. With words, only the tests that these choose: `scripts/cluster.sh -E 'test(/deploy/)'`.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! cargo nextest --version >/dev/null 2>&1; then
  echo 'NOT TESTED: AGAINST A CLUSTER OF ANOTHER PROCESS. CARGO-NEXTEST, WHICH CHOOSES THE TESTS, IS NOT HERE'
  exit
fi

dir=$(mktemp -d)
cluster=''
end() {
  [ -z "$cluster" ] || { kill "$cluster" 2>/dev/null && wait "$cluster"; } || true
  rm -rf "$dir"
}
trap end EXIT

if [ -z "${ANSFLOW_TEST_KUBECONFIG:-}" ]; then
  if [ -z "${ANSFLOW_BIN:-}" ]; then
    cargo build --quiet --locked -p ansflow
    ANSFLOW_BIN=${CARGO_TARGET_DIR:-$PWD/target}/debug/ansflow
  fi
  mkfifo "$dir/told"
  "$ANSFLOW_BIN" simulate --rbac --kubeconfig "$dir/kubeconfig" -o json >"$dir/told" &
  cluster=$!
  # It says where it is when it answers.
  read -r <"$dir/told"
  export ANSFLOW_TEST_KUBECONFIG=$dir/kubeconfig
fi

# What needs faults of the simulator's own is not for others; what needs no cluster, or makes clusters of its own, was tested
# already. The same packages and features as in scripts/tests.sh, so that nothing is built again.
speak='kind(test) & (package(ansflow-kube) & test(/^(browse|deploy|follow|live|stream)::/)
  | package(ansflow-server) & test(/^(clusters|kubernetes)::/)
  | package(ansflow) & test(/^(clusters|kubernetes|objects)::/))
  & not test(/simulated_|^follow::memory/)'
[ $# -gt 0 ] || set -- -E "$speak"
scripts/cargo-test.sh --workspace --features ansflow/embed-ui "$@"

left=$(grep -rhoE 'fn simulated_[a-z0-9_]+' crates/*/tests | sort -u | wc -l)
needs="TESTS NAMED simulated_… NEED THE SIMULATOR'S OWN FAULTS, OR DEPLOY AN IMAGE THAT THEY HAVE BUILT"
if [ -n "$cluster" ]; then
  echo "NOT RUN against this cluster, and run by scripts/tests.sh: $left $needs"
else
  echo "NOT TESTED: $left $needs"
fi
