#!/usr/bin/env bash
# Trains on WebGPU in Node (Dawn) over Mesa's software Vulkan, and compares gradients with `cpu`. Skips, with the reason,
# where Vulkan cannot be had; anything that goes wrong after that is a failure. ESPALIER_WEBGPU_APP is then the folder in
# which the WebGPU packages and ours are installed, for .ci/webgpu-contract.sh.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cache=${ESPALIER_CI_CACHE:-$HOME/.cache/espalier-ci}/webgpu
app=$cache/app
. "$here/packages-into.sh"

skip() { echo "webgpu: skipped ($1)"; exit 0; }
[ "$(uname -s)" = Linux ] || skip "not Linux"
mkdir -p "$app"

# Dawn needs Mesa 24 or later; Debian 12 has 22, its backports have 25.
mesa_version() { dpkg-query -W -f '${Version}' mesa-vulkan-drivers 2>/dev/null | sed 's/^[0-9]*://; s/[^0-9].*//'; }
vulkan_ready() {
  ldconfig -p | grep -q libvulkan.so.1 || return 1
  compgen -G '/usr/share/vulkan/icd.d/nvidia*.json' >/dev/null && return 0
  compgen -G '/etc/vulkan/icd.d/*.json' >/dev/null && return 0
  [ "$(mesa_version)" ] && [ "$(mesa_version)" -ge 24 ]
}
if ! vulkan_ready; then
  command -v apt-get >/dev/null || skip "no Vulkan driver and no apt"
  [ "$(id -u)" = 0 ] || skip "no Vulkan driver and not root, so apt cannot install one"
  codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  release=()
  if [ "$codename" = bookworm ]; then
    list=/etc/apt/sources.list.d/espalier-backports.list
    mirror=$(grep -rhoE 'https?://[^ ]+/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null | grep -v snapshot | head -1 || true)
    [ -n "$mirror" ] || skip "apt has no Debian archive to take backports from"
    [ -f "$list" ] || echo "deb $mirror bookworm-backports main" >"$list"
    release=(-t bookworm-backports)
  fi
  { timeout 120 apt-get update -q && DEBIAN_FRONTEND=noninteractive timeout 240 apt-get install -yq --no-install-recommends \
    "${release[@]}" libvulkan1 mesa-vulkan-drivers; } >"$cache/apt.log" 2>&1 || skip "apt: $(grep -m1 '^E:' "$cache/apt.log" || tail -1 "$cache/apt.log")"
  vulkan_ready || skip "apt gave Mesa $(mesa_version), older than 24"
fi

[ -f "$app/package.json" ] || echo '{ "name": "webgpu-app", "private": true, "type": "module" }' >"$app/package.json"
if [ ! -d "$app/node_modules/webgpu" ]; then
  (cd "$app" && timeout 240 npm install --ignore-scripts --no-audit --no-fund --loglevel=error webgpu@0.6.2 \
    @tensorflow/tfjs-backend-webgpu@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0 \
    @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-layers@4.22.0 >/dev/null) || skip "npm cannot fetch the WebGPU packages"
fi
packages_into "$app" backend core models $(cd "$here/../packages" && ls -d prune-*)

cd "$app"
mkdir -p check && cp "$here"/../bench/device/*.mjs check/
# The time limit also catches a process that does not end because the GPU is still referred to.
timeout 180 node check/check.mjs webgpu 1e-3 >check/report.json 2>check/log || { cat check/report.json check/log; echo "webgpu: FAILED"; exit 1; }
node -e '
  const { backend, losses, errors } = JSON.parse(require("fs").readFileSync("check/report.json"));
  const worst = Math.max(...Object.values(errors)).toExponential(1);
  console.log(`webgpu: ${backend.adapter.description}, gradients within ${worst} of cpu, loss ${losses[0].toFixed(3)} -> ${losses.at(-1).toFixed(3)}`);
'
ESPALIER_WEBGPU_APP=$app bash "$here/webgpu-contract.sh"
echo "webgpu: ok"
