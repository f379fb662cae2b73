# shellcheck shell=bash
# Sourced by scripts/test.sh: runs named parts, remembers how each ended, counts.

parts=()  # one line each, for the end
passed=0  # tests, and parts that are no test runs
failed=0
skipped=0 # parts that could not run
declare -A background=()

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

# part NAME COMMAND…
part() {
  local name=$1 began=${EPOCHREALTIME/,/.} status=0
  shift
  printf '\n── %s ── %s\n' "$name" "$*"
  "$@" </dev/null 2>&1 | tee "$logs/$name" || status=$?
  ended "$name" "$status" "$began"
}

# beside NAME COMMAND…: in the background, while other parts wait for the network or for one processor; `join` shows it.
beside() {
  local name=$1 began=${EPOCHREALTIME/,/.}
  shift
  {
    local status=0
    printf '\n── %s ── %s\n' "$name" "$*"
    "$@" </dev/null 2>&1 || status=$?
    printf '%s %s %s\n' "$status" "$began" "${EPOCHREALTIME/,/.}" >"$logs/$name.end"
  } >"$logs/$name" &
  background[$name]=$!
}

# join NAME: waits for a part that was started with `beside`.
join() {
  local status=1 began=0 end=0
  wait "${background[$1]}" || true
  cat "$logs/$1"
  read -r status began end <"$logs/$1.end" || true
  ended "$1" "$status" "$began" "$end"
}

# ended NAME STATUS BEGAN [END]: counts what is in its log.
ended() {
  local name=$1 status=$2 end=${4:-${EPOCHREALTIME/,/.}} word=ok seconds good bad
  seconds=$(awk "BEGIN { printf \"%.1f\", $end - $3 }")
  read -r good bad < <(count_tests <"$logs/$name")
  # A part without tests is a test itself; so is one that failed before any of its tests could.
  if [ "$status" != 0 ]; then
    word=FAILED
    [ "$bad" -gt 0 ] || bad=1
  elif [ "$good" = 0 ]; then
    good=1
  fi
  passed=$((passed + good))
  failed=$((failed + bad))
  parts+=("$(printf 'part %-11s %s %ss' "$name" "$word" "$seconds")")
  # What a part itself had to leave out, once each; a line of a test's own output is not at the margin.
  local left
  while IFS= read -r left; do
    skipped=$((skipped + 1))
    parts+=("$(printf 'part %-11s %s' "$name" "$left")")
  done < <(grep '^NOT TESTED: ' "$logs/$name" | sort -u)
}

# not_run NAME REASON
not_run() {
  printf '\n── %s ── NOT RUN: %s\n' "$1" "$2"
  skipped=$((skipped + 1))
  parts+=("$(printf 'part %-11s NOT RUN: %s' "$1" "$2")")
}

# What nextest's and Cargo's closing lines say, added up: "PASSED FAILED". Lines that are not at the margin are the
# output of tests.
count_tests() {
  sed 's/\x1b\[[0-9;]*m//g' | awk '
    function number_before(word,   at) { return match($0, "[0-9]+ " word) ? substr($0, RSTART) + 0 : 0 }
    /^ *Summary \[/ && /tests? run:/ {
      passed += number_before("passed")
      failed += number_before("failed") + number_before("timed out") + number_before("exec failed")
    }
    /^test result:/ { passed += number_before("passed"); failed += number_before("failed") }
    END { print passed + 0, failed + 0 }'
}

# One line a part, then the count as the very last line; fails when anything did.
summary() {
  printf '\n'
  printf '%s\n' "${parts[@]}"
  if [ "$skipped" -gt 0 ]; then
    printf '\n%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
  else
    printf '\n%s passed, %s failed\n' "$passed" "$failed"
  fi
  [ "$failed" = 0 ]
}
