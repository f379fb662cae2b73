#!/usr/bin/env bash
# A throw-away Docker daemon for tests, beside any other: nothing of it outlives `stop`.
#
#   eval "$(scripts/dockerd.sh start DIR)"    # sets DOCKER_HOST
#   scripts/dockerd.sh stop DIR
#
# DIR is an empty folder of the caller's; data, socket and process id are in it.
set -euo pipefail

main() {
    [ $# = 2 ] || fail "say: scripts/dockerd.sh start|stop DIR"
    case $1 in
        start) start "$2" ;;
        stop) stop "$2" ;;
        *) fail "say: scripts/dockerd.sh start|stop DIR" ;;
    esac
}

start() {
    local dir=$1 options
    # Without iptables and bridges it runs in more places; containers then use the host's network or none.
    for options in "--iptables=true" "--iptables=false --bridge=none"; do
        # shellcheck disable=SC2086
        setsid dockerd $options --data-root "$dir/data" --exec-root "$dir/exec" --pidfile "$dir/pid" \
            --host "unix://$dir/docker.sock" --log-level warn </dev/null >"$dir/log" 2>&1 &
        local pid=$!
        for _ in $(seq 100); do
            if DOCKER_HOST=unix://$dir/docker.sock docker version >/dev/null 2>&1; then
                echo "export DOCKER_HOST=unix://$dir/docker.sock"
                return
            fi
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.2
        done
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    cat "$dir/log" >&2
    fail "the Docker daemon did not start"
}

stop() {
    local dir=$1 pid
    pid=$(cat "$dir/pid" 2>/dev/null) || return 0
    kill "$pid" 2>/dev/null || true
    for _ in $(seq 100); do
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.1
    done
    kill -9 "$pid" 2>/dev/null || true
    # What a container of the host's network leaves mounted, or a daemon that was killed, keeps the folder from being removed.
    umount "$dir"/exec/netns/* 2>/dev/null || true
    umount "$dir"/data 2>/dev/null || true
}

fail() {
    echo "dockerd.sh: $1" >&2
    exit 1
}

main "$@"
