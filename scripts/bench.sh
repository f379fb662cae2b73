#!/usr/bin/env bash
# Measures AnsFlow and writes docs/benchmarks.md: `scripts/bench.sh [peers] [docker] [kube] [server]`. `peers` runs pipelines beside other
# tools, one after another in one go; `docker` runs containers beside the docker command; `kube` deploys beside kubectl and helm;
# `server` asks the server. Of a part that is not named, the last rows stay. Run
# nothing else meanwhile. BENCH_QUICK=1 takes three minutes and is for looking, not for quoting.
set -euo pipefail
cd "$(dirname "$0")/.."

export PEERS_HOME=${PEERS_HOME:-$PWD/.cache/bench}
export BENCH_TMP=${BENCH_TMP:-$PEERS_HOME/tmp}
BENCH_COMMIT=$(git rev-parse --short HEAD 2>/dev/null || true)
export BENCH_COMMIT PYTHONDONTWRITEBYTECODE=1

if [ -z "${ANSFLOW_BIN:-}" ]; then
  scripts/web.sh
  cargo build --release --locked -p ansflow
  ANSFLOW_BIN=${CARGO_TARGET_DIR:-$PWD/target}/release/ansflow
fi
export ANSFLOW_BIN
mkdir -p "$PEERS_HOME"
trap 'rm -rf "$BENCH_TMP"' EXIT
load() { python3 "bench/$1.py" "${@:2}" </dev/null; }
fast=bash,make,ninja,dbos-sqlite,dbos-postgres,restate,ansflow

peers() {
  bench/setup.sh
  if [ -n "${BENCH_QUICK:-}" ]; then
    load w1_chain --n 200 --reps 1 --peers $fast
    load w1_chain --n 20 --reps 1 --peers gitlab-ci-local,buildbot
    load w2_fanout --n 200 --reps 1 --peers $fast
    load w3_dispatch --n 10
    load w4_log --n 100000 --reps 1 --peers bash,gitlab-ci-local,ansflow
    load w6_crash --sleep 0.1 --peers make,dbos-sqlite,restate,ansflow
    load w7_cold --n 5
    return
  fi
  load w1_chain --n 1000 --reps 3 --peers $fast
  load w1_chain --n 200 --reps 1 --peers buildbot
  load w1_chain --n 50 --reps 2 --peers gitlab-ci-local # grows with the square and more
  load w2_fanout --n 1000 --reps 3 --peers bash,make,ninja,restate,ansflow
  load w2_fanout --n 1000 --reps 1 --peers dbos-sqlite,dbos-postgres
  load w2_fanout --n 50 --reps 1 --peers gitlab-ci-local,buildbot
  load w3_dispatch --n 50
  load w4_log --n 1000000 --reps 3 --peers bash,ansflow
  load w4_log --n 1000000 --reps 1 --peers gitlab-ci-local,buildbot
  load w6_crash
  load w7_cold --n 15
}

docker() {
  if [ -n "${BENCH_QUICK:-}" ]; then
    load d1_containers --n 5 --reps 3
    return
  fi
  load d1_containers
}

kube() {
  if [ -n "${BENCH_QUICK:-}" ]; then
    load k1_verdict --reps 1 --limit 8
    load k2_many --reps 1
    return
  fi
  load k1_verdict
  load k2_many
}

server() {
  if [ -n "${BENCH_QUICK:-}" ]; then
    load s1_many --n 20 --reps 1
    load s2_list --n 10000 --asked 50
    load s3_followers --n 100 --lines 4000 --reps 1
    load s4_idle --reps 3 --seconds 5
    return
  fi
  load s1_many
  load s2_list
  load s3_followers
  load s4_idle
}

[ $# -gt 0 ] || set -- peers docker kube server
for part in "$@"; do
  case $part in
    peers | docker | kube | server) ;;
    *) echo "bench: there is no part \`$part\`; there are peers, docker, kube and server" >&2 && exit 2 ;;
  esac
  export BENCH_OUT=$PEERS_HOME/$part.jsonl
  rm -f "$BENCH_OUT"
  "$part"
done

python3 bench/report.py "$PEERS_HOME"/{peers,docker,kube,server}.jsonl docs/benchmarks.md
