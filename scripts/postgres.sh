#!/usr/bin/env bash
# A throw-away PostgreSQL for tests, of Debian's packages: nothing of it outlives `stop`.
#
#   eval "$(scripts/postgres.sh start)"    # sets ANSFLOW_TEST_POSTGRES
#   cargo nextest run -p ansflow-store
#   scripts/postgres.sh stop
#
# `env` prints the same line again. The cluster is in a folder of mktemp's, noted in target/, which nobody else can
# write; it answers on a free port of 127.0.0.1 and does not wait for the disk.
set -euo pipefail

note="$(cd "$(dirname "$0")/.." && pwd)/target/test-postgres"

main() {
    case "${1:-}" in
        start) start ;;
        stop) stop ;;
        env) [ -s "$note" ] || fail "no test PostgreSQL was started; say: scripts/postgres.sh start"; print_env ;;
        *) fail "say: scripts/postgres.sh start|stop|env" ;;
    esac
}

start() {
    if [ -s "$note" ] && kill -0 "$(cluster_pid)" 2>/dev/null; then
        print_env
        return
    fi
    mkdir -p "${note%/*}"
    bin=$(server_folder)
    [ -n "$bin" ] || { install_server; bin=$(server_folder); }
    [ -n "$bin" ] || fail "PostgreSQL's server programs were not found in /usr/lib/postgresql"

    folder=$(mktemp -d "${TMPDIR:-/tmp}/ansflow-postgres.XXXXXX")
    trap 'rm -rf "$folder"' EXIT
    # PostgreSQL refuses to run as root.
    if [ "$(id -u)" = 0 ]; then chown postgres "$folder"; fi
    chmod 700 "$folder"
    as_owner "$bin/initdb" -D "$folder/data" -U ansflow -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$note.log" 2>&1 \
        || fail_with_log "initdb failed"

    # A port that is free now may be taken a moment later: try another then.
    for _ in 1 2 3 4 5; do
        port=$(free_port)
        if as_owner "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w -t 30 -o "-h 127.0.0.1 -p $port -k '$folder' \
            -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200" start >>"$note.log" 2>&1
        then
            trap - EXIT
            echo "$folder $port $bin" >"$note"
            print_env
            return
        fi
    done
    cat "$folder/log" >>"$note.log" 2>/dev/null || true
    fail_with_log "PostgreSQL did not start"
}

stop() {
    [ -s "$note" ] || return 0
    read -r folder _ bin <"$note"
    # By the pid that this cluster wrote into its own folder, never by name.
    as_owner "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$folder" "$note" "$note.log"
}

print_env() {
    read -r _ port _ <"$note"
    echo "export ANSFLOW_TEST_POSTGRES='postgres://ansflow@127.0.0.1:$port/postgres'"
}

cluster_pid() {
    read -r folder _ <"$note"
    # Without a cluster: a pid that never was.
    head -n 1 "$folder/data/postmaster.pid" 2>/dev/null || echo 999999999
}

# The newest installed version's programs.
server_folder() {
    for initdb in /usr/lib/postgresql/*/bin/initdb; do
        if [ -x "$initdb" ]; then dirname "$initdb"; fi
    done | sort -t / -k 5 -n | tail -n 1
}

install_server() {
    if [ "$(id -u)" = 0 ]; then
        sudo=
    elif [ "${CI:-}" = true ]; then
        sudo=sudo
    else
        fail "PostgreSQL is not installed; say: sudo apt-get install postgresql"
    fi
    {
        $sudo apt-get update
        # Only its programs: Debian would start a cluster of its own.
        $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends postgresql-common
        $sudo sed -i 's/^#*create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf
        $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends postgresql
    } >"$note.log" 2>&1 || fail_with_log "PostgreSQL could not be installed"
}

as_owner() {
    if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])' 2>/dev/null \
        || awk 'BEGIN { srand(); print 20000 + int(rand() * 12000) }'
}

fail_with_log() {
    cat "$note.log" >&2
    fail "$1"
}

fail() {
    echo "postgres.sh: $1" >&2
    exit 1
}

main "$@"
