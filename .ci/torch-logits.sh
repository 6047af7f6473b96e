#!/usr/bin/env bash
# Writes packages/models/test/golden/logits.json anew with PyTorch, torchvision and timm, in a virtual environment outside the
# repository. Not a part of CI: what it wrote is committed, and made with torch 2.15.0, torchvision 0.29.2 and timm 1.0.31.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
venv=${ESPALIER_CI_CACHE:-$HOME/.cache/espalier-ci}/torch
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/python" -c 'import torch, torchvision, timm' 2>/dev/null ||
  "$venv/bin/python" -m pip install --quiet torch==2.15.0 torchvision==0.29.2 timm==1.0.31
golden=$root/packages/models/test/golden
written=$(mktemp)
PYTHONDONTWRITEBYTECODE=1 "$venv/bin/python" "$golden/make.py" >"$written"
mv "$written" "$golden/logits.json"
