#!/bin/sh
# Says clearly when Swift is missing, cannot start, or is too old.
set -eu
if ! command -v swift >/dev/null 2>&1; then
    echo "evtwin needs Swift 6.2 or later, and no swift is on the PATH." >&2
    echo "  fix: install it from https://www.swift.org/install/linux/ (swiftly does it in one command), then run make again" >&2
    exit 1
fi
if ! text=$(swift --version 2>&1); then
    echo "evtwin needs Swift 6.2 or later; the one on the PATH does not start:" >&2
    echo "$text" | head -n 5 >&2
    echo "  fix: install the packages that https://www.swift.org/install/linux/ names for your system, then run make again" >&2
    exit 1
fi
version=$(echo "$text" | sed -n 's/.*Swift version \([0-9]*\)\.\([0-9]*\).*/\1 \2/p' | head -n 1)
set -- $version
if [ "${1:-0}" -lt 6 ] || { [ "$1" -eq 6 ] && [ "${2:-0}" -lt 2 ]; }; then
    echo "evtwin needs Swift 6.2 or later, found ${1:-?}.${2:-?}." >&2
    echo "  fix: install a newer one from https://www.swift.org/install/linux/, then run make again" >&2
    exit 1
fi
