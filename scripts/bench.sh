#!/usr/bin/env bash
# Measures AnsFlow beside its peers, one after another in one go, and writes docs/benchmarks.md. Run nothing else
# meanwhile. BENCH_QUICK=1 takes two minutes and is for looking, not for quoting.
set -euo pipefail
cd "$(dirname "$0")/.."

export PEERS_HOME=${PEERS_HOME:-$PWD/.cache/bench}
export BENCH_OUT=${BENCH_OUT:-$PEERS_HOME/rows.jsonl}
export BENCH_TMP=${BENCH_TMP:-$PEERS_HOME/tmp}
export PYTHONDONTWRITEBYTECODE=1

if [ -z "${ANSFLOW_BIN:-}" ]; then
  cargo build --release --locked -p ansflow
  ANSFLOW_BIN=${CARGO_TARGET_DIR:-$PWD/target}/release/ansflow
fi
export ANSFLOW_BIN
bench/setup.sh

trap 'rm -rf "$BENCH_TMP"' EXIT
load() { python3 "bench/$1.py" "${@:2}" </dev/null; }
fast=bash,make,ninja,dbos-sqlite,dbos-postgres,restate,ansflow

rm -f "$BENCH_OUT"
if [ -n "${BENCH_QUICK:-}" ]; then
  load w1_chain --n 200 --reps 1 --peers $fast
  load w1_chain --n 20 --reps 1 --peers gitlab-ci-local,buildbot
  load w2_fanout --n 200 --reps 1 --peers $fast
  load w3_dispatch --n 10
  load w4_log --n 100000 --reps 1 --peers bash,gitlab-ci-local,ansflow
  load w6_crash --sleep 0.1 --peers make,dbos-sqlite,restate,ansflow
  load w7_cold --n 5
else
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
fi

python3 bench/report.py "$BENCH_OUT" docs/benchmarks.md
