#!/usr/bin/env bash
# Reads and writes MeterValues and TransactionEvent with the codec and with Foundation's, taking turns, and prints ratios.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
swift build -c release --package-path "$here" --product codec-bench >&2
"$(swift build -c release --package-path "$here" --show-bin-path)/codec-bench"
