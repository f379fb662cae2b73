#!/usr/bin/env bash
# Strangers talk to the server by its OpenAPI document alone: a schema fuzzer that looks for 500s and for answers that
# the document does not know, and a client that was generated from it. Arguments are schemathesis's.
# With ANSFLOW_TEST_POSTGRES (scripts/postgres.sh) the server stands on that.
set -euo pipefail
cd "$(dirname "$0")/.."

SCHEMATHESIS=4.32.5
CLIENT=0.29.1
home=${ANSFLOW_API_HOME:-$PWD/.cache/api}
[ -x "$home/bin/schemathesis" ] || {
  python3 -m venv "$home"
  "$home/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$SCHEMATHESIS" "openapi-python-client==$CLIENT"
}

if [ -z "${ANSFLOW_BIN:-}" ]; then
  cargo build --quiet --locked -p ansflow
  ANSFLOW_BIN=${CARGO_TARGET_DIR:-target}/debug/ansflow
fi
dir=$(mktemp -d)
server='' schema='' cluster=''
end() {
  for one in $server $cluster; do
    kill "$one" 2>/dev/null || true
    wait "$one" 2>/dev/null || true
  done
  [ -z "$schema" ] || psql --quiet "$ANSFLOW_TEST_POSTGRES" -c "DROP SCHEMA $schema CASCADE" 2>/dev/null
  rm -rf "$dir"
}
trap end EXIT

if [ -z "${ANSFLOW_TEST_POSTGRES:-}" ]; then
  "$ANSFLOW_BIN" demo --address-file "$dir/address" >"$dir/said" 2>&1 &
  server=$!
else # A schema of its own in that PostgreSQL, of which nothing stays.
  schema=api_$$
  psql --quiet "$ANSFLOW_TEST_POSTGRES" -c "CREATE SCHEMA $schema"
  ANSFLOW_DATABASE_URL="$ANSFLOW_TEST_POSTGRES?options[search_path]=$schema" \
    "$ANSFLOW_BIN" server --data-dir "$dir/data" --listen 127.0.0.1:0 --allow-loopback >"$dir/said" 2>&1 &
  server=$!
  # The demo brings its cluster along.
  "$ANSFLOW_BIN" simulate --kubeconfig "$dir/kubeconfig" >"$dir/simulated" 2>&1 &
  cluster=$!
fi
for _ in $(seq 300); do
  [ -z "$schema" ] || sed -n 's/.*open \(http[^ ]*\) and set it up with the code \([A-Z0-9-]*\).*/\1 mona correct-horse-battery \2/p' "$dir/said" >"$dir/address"
  [ -s "$dir/address" ] && { [ -z "$cluster" ] || [ -s "$dir/kubeconfig" ]; } && break
  kill -0 "$server" 2>/dev/null || { cat "$dir/said" >&2; exit 1; }
  sleep 0.2
done
read -r address user password code <"$dir/address"
token=$(python3 scripts/api/sign_in.py "$address" "$user" "$password" ${code:+"$code"})

PATH=$home/bin:$PATH python3 scripts/api/client.py "$address" "$token" "$dir/client"
# Of everything only streams and terminals are left out, which last as long as what they show; `events` is asked for as JSON.
ANSFLOW_API_ADDRESS=$address ANSFLOW_API_TOKEN=$token ANSFLOW_API_KUBECONFIG=$dir/kubeconfig PYTHONPATH=scripts/api SCHEMATHESIS_HOOKS=hooks \
  "$home/bin/schemathesis" run "$address/api/openapi.json" --url "$address" \
  --header "Authorization: Bearer $token" --header "Accept: application/json" \
  --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance \
  --exclude-path-regex '/(stream|exec)$' \
  --max-examples "${ANSFLOW_API_EXAMPLES:-25}" --seed "${ANSFLOW_API_SEED:-1}" --request-timeout 20 --workers 2 \
  --suppress-health-check all --generation-database none "$@"

# A fuzzer that has lost its token learns nothing but 401.
curl --fail --silent --show-error --output "$dir/me" --header "Authorization: Bearer $token" "$address/api/v1/auth/me"
