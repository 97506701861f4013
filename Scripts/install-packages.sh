#!/bin/sh
# Installs the system packages that evtwin needs and that are missing: with apt where it may, else it says which.
set -eu
packages="libhdf5-dev libdeflate-dev libssl-dev libsqlite3-dev zlib1g-dev pkg-config libjs-chart.js python3-venv"

if ! command -v dpkg-query >/dev/null 2>&1; then
    if command -v pkg-config >/dev/null 2>&1 && pkg-config --exists hdf5 libdeflate libcrypto sqlite3 zlib; then exit 0; fi
    echo "install-packages: this system has no apt; please install HDF5, libdeflate, OpenSSL, SQLite, zlib, pkg-config and Chart.js yourself" >&2
    exit 0
fi

missing=""
for package in $packages; do
    case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true) in
        "install ok installed") ;;
        *) missing="$missing $package" ;;
    esac
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ]; then sudo=""; elif command -v sudo >/dev/null 2>&1; then sudo="sudo"; else
    echo "install-packages: these packages are missing:$missing" >&2
    echo "  fix: as root, run: apt-get update && apt-get install$missing" >&2
    exit 1
fi
echo "install-packages: installing$missing"
$sudo apt-get update -qq
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq $missing >/dev/null
