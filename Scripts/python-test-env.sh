#!/bin/sh
# Makes .venv with h5py, h5netcdf and xarray, so that the tests can read telemetry files the way users do,
# and with ocpp, whose schemas the messages are generated from and which is the peer of the round trip tests.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
requirements=Tests/python/requirements.txt

if ! command -v python3 >/dev/null; then
    echo "python-test-env: python3 is missing; install it with: apt-get install python3 python3-venv" >&2
    exit 1
fi
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))'; then
    echo "python-test-env: Python 3.10 or later is needed, found $(python3 --version)" >&2
    exit 1
fi
if [ -f .venv/requirements.txt ] && cmp -s "$requirements" .venv/requirements.txt; then
    exit 0
fi
if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
    echo "python-test-env: Python's venv is missing; install it with: apt-get install python3-venv" >&2
    exit 1
fi
rm -rf .venv
python3 -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement "$requirements"
cp "$requirements" .venv/requirements.txt
echo "python-test-env: .venv is ready"
