#!/usr/bin/env bash
# Bundles the packed packages for browsers, as a user would, and runs a sparse checkpoint and a training session in
# Chromium: with threads on a cross-origin isolated page, with one thread on another. Skips, with the reason, where Chromium
# cannot be had; anything that goes wrong after that is a failure.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cache=${ESPALIER_CI_CACHE:-$HOME/.cache/espalier-ci}/browser
app=$cache/app
. "$here/packages-into.sh"

skip() { echo "browser: skipped ($1)"; exit 0; }
[ "$(uname -s)" = Linux ] || skip "not Linux"
mkdir -p "$app"

if ! command -v chromium >/dev/null; then
  command -v apt-get >/dev/null || skip "no Chromium and no apt"
  [ "$(id -u)" = 0 ] || skip "no Chromium and not root, so apt cannot install it"
  { timeout 120 apt-get update -q && DEBIAN_FRONTEND=noninteractive timeout 300 apt-get install -yq --no-install-recommends \
    chromium; } >"$cache/apt.log" 2>&1 || skip "apt: $(grep -m1 '^E:' "$cache/apt.log" || tail -1 "$cache/apt.log")"
fi

[ -f "$app/package.json" ] || echo '{ "name": "browser-app", "private": true, "type": "module" }' >"$app/package.json"
if [ ! -d "$app/node_modules/playwright-core" ]; then
  (cd "$app" && timeout 240 npm install --ignore-scripts --no-audit --no-fund --loglevel=error playwright-core@1.64.1 \
    esbuild@0.28.1 @tensorflow/tfjs-backend-cpu@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0 \
    @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-layers@4.22.0 >/dev/null) || skip "npm cannot fetch playwright-core and esbuild"
fi
packages_into "$app" backend core models prune-magnitude runtime

cd "$app"
rm -rf check site && mkdir -p check site/wasm && cp "$here"/browser/*.mjs check/
node check/fixture.mjs site/fixture
cp node_modules/@tensorflow/tfjs-backend-wasm/dist/*.wasm site/wasm/
# WebGPU is an optional peer that is not installed here; nothing else may be missing.
node_modules/.bin/esbuild check/runtime-page.mjs check/training-page.mjs --bundle --platform=browser --format=esm \
  --target=chrome91 --log-level=warning --external:@tensorflow/tfjs-backend-webgpu --outdir=site
timeout 240 node check/check.mjs site "$(command -v chromium)"
echo "browser: ok"
