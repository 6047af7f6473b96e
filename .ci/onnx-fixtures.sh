#!/usr/bin/env bash
# Writes packages/onnx/test/fixtures anew with PyTorch, in a virtual environment outside the repository. Not a part of CI:
# what it wrote is committed, and made with torch 2.15.0, onnx 1.23.2 and onnxscript 0.7.2.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
venv=${ESPALIER_CI_CACHE:-$HOME/.cache/espalier-ci}/torch
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/python" -c 'import torch, onnx, onnxscript' 2>/dev/null ||
  "$venv/bin/python" -m pip install --quiet torch==2.15.0 onnx==1.23.2 onnxscript==0.7.2
PYTHONDONTWRITEBYTECODE=1 "$venv/bin/python" "$root/.ci/onnx-fixtures/export.py" "$root/packages/onnx/test/fixtures"
