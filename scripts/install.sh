#!/usr/bin/env bash
# Installs what the tests need and the machine lacks: as root or on CI. Elsewhere it says what to type.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/needs.sh

packages=()
want() { has "$2" || packages+=("$3"); }
needs want
[ "${#packages[@]}" -gt 0 ] || exit 0

as_root=()
[ "$(id -u)" = 0 ] || as_root=(sudo -n)
if ! command -v apt-get >/dev/null; then
  echo "install these, or their parts are NOT RUN: ${packages[*]}" >&2
  exit 1
elif [ "$(id -u)" != 0 ] && [ -z "${CI:-}" ]; then
  echo "for the parts that are NOT RUN: sudo apt-get install ${packages[*]}" >&2
  exit 1
fi

# Run level 1: no package starts a server on somebody's machine because of our tests.
echo "installing ${packages[*]}"
"${as_root[@]}" apt-get update -qq </dev/null
"${as_root[@]}" env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive \
  apt-get install -qq --yes --no-install-recommends "${packages[@]}" </dev/null >/dev/null
