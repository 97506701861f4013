#!/bin/sh
# Installs the system packages that are missing: with apt where it may, else it says which.
# Usage: install-packages.sh [--list] [build|test|package]...   (default: build)
#   build    what building and running the program takes
#   test     what `make test` and `make lint` take besides
#   package  what `make package` and its tests take besides
#   --list   prints the names only
set -eu
build="g++ pkg-config libhdf5-dev libdeflate-dev libssl-dev libsqlite3-dev zlib1g-dev libjs-chart.js"
test="python3 python3-venv openssl curl"
package="python3 dpkg-dev gzip man-db debootstrap"

list=0
names=""
for argument in "$@"; do
    case $argument in
        --list) list=1 ;;
        build) names="$names $build" ;;
        test) names="$names $test" ;;
        package) names="$names $package" ;;
        *)
            echo "install-packages: unknown argument \"$argument\"" >&2
            echo "  fix: write build, test or package, or nothing for build" >&2
            exit 2
            ;;
    esac
done
[ -n "$names" ] || names=$build
if [ $list -eq 1 ]; then
    for name in $names; do echo "$name"; done
    exit 0
fi

if ! command -v dpkg-query >/dev/null 2>&1; then
    if command -v pkg-config >/dev/null 2>&1 && pkg-config --exists hdf5 libdeflate libcrypto sqlite3 zlib; then exit 0; fi
    echo "install-packages: this system has no apt; install what these Debian packages hold:$names" >&2
    exit 0
fi

missing=""
for package in $names; do
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
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { $sudo apt-get update -qq && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
    --no-install-recommends $missing; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "install-packages: apt could not install$missing" >&2
    echo "  fix: see above; then run: apt-get update && apt-get install$missing" >&2
    exit 1
fi
