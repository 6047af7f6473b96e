#!/usr/bin/env bash
# Every option of every layer that TensorFlow.js has, against Keras 3 and Keras 2: networks of one layer with Keras's own outputs,
# read by core, models and the runtime in outside/08-against-keras.test.ts. Skips, with the reason, where Python or PyPI cannot be
# had, and while networks are still being made: that takes some minutes once, and the next call goes on where this one ended.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
here=$root/.ci/keras-layers
cache=${ESPALIER_CI_CACHE:-$HOME/.cache/espalier-ci}/keras-layers
python=$cache/venv/bin/python
began=$SECONDS

skip() { echo "keras layers: skipped ($1)"; exit 0; }
command -v python3 >/dev/null || skip "no python3"
mkdir -p "$cache"

ready() { [ -x "$python" ] && ls "$cache"/venv/lib/python3*/site-packages/tf_keras/__init__.py >/dev/null 2>&1; }
if ! ready; then
  python3 -m venv --clear "$cache/venv" >"$cache/pip.log" 2>&1 || skip "python3 -m venv: $(tail -n 1 "$cache/pip.log")"
  # tf-keras asks for all of TensorFlow, of which the part for CPUs is enough.
  install() { timeout 240 "$python" -m pip install --quiet --disable-pip-version-check --timeout 15 --retries 1 "$@" >"$cache/pip.log" 2>&1; }
  { install 'tensorflow-cpu==2.21.*' 'keras==3.15.*' && install --no-deps 'tf-keras==2.21.*'; } ||
    { rm -rf "$cache/venv"; skip "pip: $(grep -m 1 ERROR "$cache/pip.log" || echo "no answer within 240 s")"; }
fi

version=$(cat "$here"/*.py | cksum | cut -d ' ' -f 1)
for which in 3 2; do
  folder=$cache/$version-keras$which
  [ -f "$folder/whole" ] && continue
  mkdir -p "$folder"
  left=$((330 - (SECONDS - began)))
  [ "$left" -gt 0 ] || skip "no time left to make networks; the next run goes on"
  status=0
  PYTHONDONTWRITEBYTECODE=1 timeout "$left" "$python" "$here/make.py" "$folder" $([ "$which" = 2 ] && echo legacy) >"$cache/make.log" 2>&1 || status=$?
  [ "$status" -ne 124 ] || skip "networks are made for $left s so far; the next run goes on"
  [ "$status" -eq 0 ] || { tail -n 20 "$cache/make.log"; echo "keras layers: FAILED to make networks"; exit 1; }
  touch "$folder/whole"
done

cd "$root"
export ESPALIER_KERAS_CASES=$cache/$version-keras3:$cache/$version-keras2
npx vitest run --config outside/vitest.config.ts --testTimeout=240000 outside/08-against-keras
echo "keras layers: ok"
