#!/usr/bin/env bash
# Builds the web UI into web/dist, from which the program takes it: `scripts/web.sh [check]`. `check` does what CI wants
# of the sources besides: types, style, tests.
set -euo pipefail
cd "$(dirname "$0")/../web"

need() { # what is older than 20.19 cannot run the bundler
  command -v node >/dev/null && command -v npm >/dev/null && node -e '
    const [major, minor] = process.versions.node.split(".").map(Number)
    process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)'
}
need || { echo "the web UI needs Node.js 20.19 or later, and npm" >&2; exit 1; }

# Installed once for each lock file.
mark=node_modules/.installed-$(sha256sum package-lock.json | cut -c1-16)
if [ ! -e "$mark" ]; then
  npm ci --no-audit --no-fund --loglevel=error
  touch "$mark"
fi
npx --no-install vite build
if [ "${1:-}" = check ]; then
  npx --no-install openapi-typescript api/openapi.json --default-non-nullable=false --output "${TMPDIR:-/tmp}/schema-$$.d.ts" >/dev/null
  cmp "${TMPDIR:-/tmp}/schema-$$.d.ts" src/api/schema.d.ts || {
    echo "src/api/schema.d.ts is not made of api/openapi.json; say: npm run types" >&2
    exit 1
  }
  rm "${TMPDIR:-/tmp}/schema-$$.d.ts"
  npx --no-install tsc --noEmit
  npx --no-install biome check .
  npx --no-install vitest run
fi
node scripts/budget.mjs
