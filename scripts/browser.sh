#!/usr/bin/env bash
# Stories in a real browser, in both languages, against the demo. Pictures of every page are left in
# web/test-results, to be looked at. ANSFLOW_BIN: a program that is built already, by its whole path.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
source scripts/needs.sh

docker=''
end() {
  if [ -n "$docker" ]; then
    "$root/scripts/dockerd.sh" stop "$docker"
    rm -rf "$docker"
  fi
}
trap end EXIT

# Of images only a daemon of the tests' own is asked, never the machine's.
unset DOCKER_HOST
if has dockerd; then
  docker=$(mktemp -d)
  # Where it does not start, the story that needs it says so.
  if started=$(scripts/dockerd.sh start "$docker"); then eval "$started"; fi
fi

if [ -z "${ANSFLOW_BIN:-}" ]; then
  cargo build --quiet --locked -p ansflow
  export ANSFLOW_BIN=${CARGO_TARGET_DIR:-$PWD/target}/debug/ansflow
fi
cd web
rm -rf test-results
node e2e/run.mjs e2e/stories.ts
