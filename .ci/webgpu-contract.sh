#!/usr/bin/env bash
# Run by .ci/webgpu.sh: the method contract suite on WebGPU, in the folder where the packages are installed.
set -euo pipefail
cd "$ESPALIER_WEBGPU_APP"
timeout 900 node check/contract.mjs webgpu
