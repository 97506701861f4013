#!/bin/sh
# Checks CITATION.cff: against the format's schema with the PyPI package cffconvert, and its version against the program's.
# cffconvert has a folder of its own, .venv-citation: it needs an older jsonschema than the tests' packages.
set -eu
cd "$(dirname "$0")/.."
if [ ! -x .venv-citation/bin/cffconvert ]; then
    rm -rf .venv-citation
    python3 -m venv .venv-citation
    .venv-citation/bin/python -m pip install --quiet --disable-pip-version-check 'cffconvert==2.0.0' 'setuptools<81'
fi
.venv-citation/bin/cffconvert --validate -i CITATION.cff >/dev/null || {
    .venv-citation/bin/cffconvert --validate -i CITATION.cff
    exit 1
}
program=$(sed -n 's/.*public static let text = "\(.*\)"/\1/p' Sources/Twin/Run/TelemetryLayout+World.swift)
cited=$(sed -n 's/^version: *//p' CITATION.cff | tr -d '"')
if [ -z "$program" ] || [ "$program" != "$cited" ]; then
    echo "CITATION.cff: version \"$cited\", the program is \"$program\"" >&2
    echo "  fix: write version: $program" >&2
    exit 1
fi
