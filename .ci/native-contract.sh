#!/usr/bin/env bash
# Run by .ci/native.sh: the method contract suite on tfjs-node, in the folder where the packages are installed.
set -euo pipefail
cd "$ESPALIER_NATIVE_APP"
timeout 900 node check/contract.mjs tfjs-node
