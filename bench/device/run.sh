#!/usr/bin/env bash
# Unpacks what bundle.sh packed and checks WebGPU on this machine's GPU: gradients, training, the time
# of a step of ResNet-20, and the method contract suite. Writes report.json, contract.log and log into the given folder.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
results=${1:-$here}
steps=${2:-30}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if ! ldconfig -p | grep -q libvulkan.so.1; then
  for package in "$here"/*.deb; do dpkg -x "$package" /; done
  ldconfig
fi
unpack() { xz -dc "$1" >"$2" 2>/dev/null || python3 -c 'import lzma, shutil, sys; shutil.copyfileobj(lzma.open(sys.argv[1]), open(sys.argv[2], "wb"))' "$1" "$2"; }
dawn=$work/node_modules/webgpu
mkdir -p "$dawn/dist/linux-x64"
unpack "$here/node.xz" "$work/node" && chmod +x "$work/node"
unpack "$here/dawn.node.xz" "$dawn/dist/linux-x64/dawn.node"
cp "$here/index.js" "$dawn/" && echo '{ "name": "webgpu", "version": "0.6.2", "type": "module", "main": "index.js" }' >"$dawn/package.json"
cp "$here"/*.mjs "$work/"

command -v nvidia-smi >/dev/null && nvidia-smi -L
check() { timeout 300 "$work/node" "$work/check.mjs" webgpu 1e-3 "$steps" >"$results/report.json" 2>"$results/log"; }
check
code=$?
icd=/usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json
if [ "$code" != 0 ] && [ -f "$icd" ] && grep -q 'no adapter' "$results/log"; then
  export VK_DRIVER_FILES=$icd
  check
  code=$?
fi
cat "$results/report.json"
[ "$code" = 0 ] || tail -30 "$results/log"
if [ "$code" = 0 ]; then
  timeout 240 "$work/node" "$work/contract.mjs" webgpu >"$results/contract.log" 2>>"$results/log"
  code=$?
  tail -20 "$results/contract.log"
fi
echo "exit status $code"
exit "$code"
