#!/usr/bin/env bash
# Gradescope runs this once, as root. The grader gets a Python environment of its own: the system's
# python3, which Gradescope's harness runs on, stays as it is.
set -euo pipefail
umask 022
cd "$(dirname "$0")"
home=${AUTOGRADER_HOME:-/opt/autograder}
export DEBIAN_FRONTEND=noninteractive

apt-get update
apt-get install --yes --no-install-recommends ca-certificates libseccomp2
for python in python3.13 python3.12 python3.11; do
  if apt-get install --yes --no-install-recommends "$python" "$python-venv"; then break; fi
done
"$python" -m venv "$home"
# A second index in addition to PyPI, if requirements.txt uses it: PyTorch without CUDA is a tenth as
# large.
export TORCH_INDEX=${TORCH_INDEX:-https://download.pytorch.org/whl/cpu}
"$home/bin/python" -m pip install --no-cache-dir \
  --constraint tool/constraints.txt --requirement requirements.txt
"$home/bin/python" -m autograder.gradescope.install
rm -rf /var/lib/apt/lists/*
