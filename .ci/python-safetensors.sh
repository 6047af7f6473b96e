#!/usr/bin/env bash
# Files that built core wrote, read by Python's safetensors and by the reader in docs/checkpoint-format.md, and a file of
# Python's read by core. Skips, with the reason, where Python or PyPI cannot be had; a wrong value is a failure.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
venv=${ESPALIER_CI_CACHE:-$HOME/.cache/espalier-ci}/python
python=$venv/bin/python

skip() { echo "python safetensors: skipped ($1)"; exit 0; }
command -v python3 >/dev/null || skip "no python3"
command -v node >/dev/null || skip "no node"

ready() { "$python" -c 'import numpy, safetensors.numpy' >/dev/null 2>&1; }
if ! ready; then
  mkdir -p "$venv"
  python3 -m venv --clear "$venv" >"$venv.log" 2>&1 || skip "python3 -m venv: $(tail -n 1 "$venv.log")"
  timeout 150 "$python" -m pip install --quiet --disable-pip-version-check --timeout 15 --retries 1 safetensors numpy \
    >"$venv.log" 2>&1 || skip "pip: $(grep -m 1 ERROR "$venv.log" || echo "no answer within 150 s")"
  ready || skip "safetensors does not import: $("$python" -c 'import numpy, safetensors.numpy' 2>&1 | tail -n 1)"
fi

if [ ! -f "$root/packages/core/dist/index.js" ]; then (cd "$root/packages/core" && npx tsup >/dev/null); fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
awk '/^```python$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$root/docs/checkpoint-format.md" >"$work/documented_reader.py"

here=$root/.ci/python-safetensors
node "$here/write.mjs" "$work"
{ PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$work "$python" "$here/check.py" "$work" || echo "FAILED  check.py ended early"
  node "$here/read.mjs" "$work" || echo "FAILED  read.mjs ended early"; } | tee "$work/results"
passed=$(grep -c '^ok ' "$work/results" || true)
failed=$(grep -c '^FAILED ' "$work/results" || true)
echo "python safetensors: $passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
