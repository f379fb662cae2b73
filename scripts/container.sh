#!/usr/bin/env bash
# Builds the container image with a real daemon and uses it as people do: it becomes healthy, is set up, runs a pipeline,
# and has all of it when another container takes the volume over. The base is made of Debian's packages, so that no image
# has to be pulled. ANSFLOW_BIN: a program that is built already.
set -euo pipefail
cd "$(dirname "$0")/.."

dir=$(mktemp -d)
end() {
  docker rm -f ansflow-test >/dev/null 2>&1 || true
  scripts/dockerd.sh stop "$dir"
  rm -rf "$dir"
}
trap end EXIT

if [ -z "${ANSFLOW_BIN:-}" ]; then
  cargo build --quiet --release --locked -p ansflow
  ANSFLOW_BIN=${CARGO_TARGET_DIR:-target}/release/ansflow
fi
started=$(scripts/dockerd.sh start "$dir")
eval "$started"

debootstrap --variant=minbase --include=ca-certificates,git,openssh-client,tini bookworm "$dir/base" >"$dir/base.log" 2>&1 \
  || { tail -n 20 "$dir/base.log" >&2; exit 1; }
tar -C "$dir/base" -c . | docker import - ansflow-test-base >/dev/null
rm -rf "$dir/base"

mkdir "$dir/context"
cp "$ANSFLOW_BIN" "$dir/context/ansflow"
cp packaging/Containerfile "$dir/context/"
DOCKER_BUILDKIT=0 docker build --quiet --network none --build-arg BASE=ansflow-test-base -f "$dir/context/Containerfile" \
  -t ansflow-test "$dir/context" >/dev/null
docker image ls --format '{{.Repository}} {{.Size}}'

# The host's network, which is there wherever a daemon runs.
port=$(python3 scripts/container/work.py - port)
address=http://127.0.0.1:$port
start() {
  docker run --detach --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges --network host \
    --volume ansflow-test:/data --env "ANSFLOW_LISTEN=127.0.0.1:$port" --name ansflow-test ansflow-test >/dev/null
  for _ in $(seq 60); do
    state=$(docker inspect -f '{{.State.Health.Status}}' ansflow-test)
    [ "$state" != healthy ] || return 0
    sleep 0.5
  done
  docker logs ansflow-test
  echo "the container is $state" >&2
  exit 1
}
stop() {
  docker stop --time 20 ansflow-test >/dev/null
  [ "$(docker inspect -f '{{.State.ExitCode}}' ansflow-test)" = 0 ] || { echo "it did not end well" >&2; exit 1; }
  docker rm ansflow-test >/dev/null
}

start
docker logs ansflow-test
docker exec ansflow-test sh -c 'git --version && ssh -V && ansflow version && [ "$(id -u)" = 65532 ] && ls -ld /data/key'
code=$(docker logs ansflow-test 2>&1 | grep -oE '[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}')
python3 scripts/container/work.py "$address" first "$code"
stop
start
python3 scripts/container/work.py "$address" again
stop
