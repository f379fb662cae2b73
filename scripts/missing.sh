#!/usr/bin/env bash
# What the tests had to do without: a name and a reason a line, for the summary.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/needs.sh

report() { has "$2" || printf '%s\tno %s here; Debian has it in %s\n' "$1" "$2" "$3"; }
needs report
