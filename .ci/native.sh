#!/usr/bin/env bash
# Builds tfjs-node's addon against a current TensorFlow from PyPI with our own command, and checks that it trains like `cpu`.
# Skips, with the reason, where Python, a compiler or PyPI is missing; anything that goes wrong after that is a failure.
# ESPALIER_NATIVE_APP is then the folder in which tfjs-node and our packages are installed, for .ci/native-contract.sh.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cache=${ESPALIER_CI_CACHE:-$HOME/.cache/espalier-ci}/native
app=$cache/app
venv=$cache/venv
. "$here/packages-into.sh"

skip() { echo "native: skipped ($1)"; exit 0; }
[ "$(uname -s)" = Linux ] || skip "not Linux"
command -v "${CXX:-g++}" >/dev/null || skip "no C++ compiler"
command -v python3 >/dev/null || skip "no python3"
mkdir -p "$cache" "$app"

# The wheel alone: nothing here runs Python code of TensorFlow.
if ! ls "$venv"/lib/python3*/site-packages/tensorflow_cpu-2.21.*.dist-info >/dev/null 2>&1; then
  rm -rf "$venv"
  python3 -m venv "$venv" 2>"$cache/pip.log" || skip "python3 -m venv: $(tail -1 "$cache/pip.log")"
  timeout 240 "$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary=:all: \
    'tensorflow-cpu==2.21.*' >"$cache/pip.log" 2>&1 || { rm -rf "$venv"; skip "pip: $(tail -1 "$cache/pip.log")"; }
fi

[ -f "$app/package.json" ] || echo '{ "name": "native-app", "private": true, "type": "module" }' >"$app/package.json"
if [ ! -d "$app/node_modules/@tensorflow/tfjs-node" ]; then
  (cd "$app" && timeout 120 npm install --ignore-scripts --no-audit --no-fund --loglevel=error \
    @tensorflow/tfjs-node@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0 >/dev/null) || skip "npm cannot fetch tfjs-node"
fi
packages_into "$app" backend core models $(cd "$here/../packages" && ls -d prune-*)

cd "$app"
export TF_CPP_MIN_LOG_LEVEL=2
npx espalier-backend install-native --tensorflow "$venv"
mkdir -p check && cp "$here"/../bench/device/*.mjs check/
timeout 240 node check/check.mjs tfjs-node 1e-4 10 >check/report.json || { cat check/report.json; echo "native: FAILED"; exit 1; }
node -e '
  const { backend, losses, errors, resnet20 } = JSON.parse(require("fs").readFileSync("check/report.json"));
  const worst = Math.max(...Object.values(errors)).toExponential(1);
  console.log(`native: TensorFlow ${backend.tensorflowVersion}, gradients within ${worst} of cpu, loss ${losses[0].toFixed(3)} -> ${losses.at(-1).toFixed(3)}`);
  console.log(`native: a training step of ResNet-20, batch 64, takes ${resnet20.medianMs.toFixed(0)} ms (median of ${resnet20.steps})`);
'
ESPALIER_NATIVE_APP=$app bash "$here/native-contract.sh"
echo "native: ok"
