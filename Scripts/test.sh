#!/usr/bin/env bash
# Every test: the Swift tests with h5py and xarray, the program as a user meets it, its OCPP peers in Python.
# Usage: test.sh EVTWIN. In CI (variable CI) a test that is skipped is a failure, except where its function is named onDemand….
# The last line says how many tests passed and failed.
set -uo pipefail
cd "$(dirname "$0")/.."
evtwin=$1
flags=(-c release -Xswiftc -enable-testing)
report=.build/tests-swift-testing.xml

Scripts/python-test-env.sh || exit 1
swift build "${flags[@]}" --build-tests || exit 1
rm -f .build/tests*.xml
swift test "${flags[@]}" --skip-build --xunit-output .build/tests.xml
swift_status=$?
read -r swift_passed swift_failed < <(python3 Scripts/test_counts.py "$report" "$swift_status") || exit 1

program_report=$(mktemp)
trap 'rm -f "$program_report"' EXIT
EVTWIN_TEST_COUNTS=$program_report Scripts/test-program.sh "$evtwin"
read -r program_passed program_failed <"$program_report" || exit 1
EVTWIN_TEST_COUNTS=$program_report Scripts/test-messages.sh "$evtwin"
read -r message_passed message_failed <"$program_report" || exit 1

echo "swift test: $swift_passed passed, $swift_failed failed; program: $program_passed passed, $program_failed failed; messages: $message_passed passed, $message_failed failed"
failed=$((swift_failed + program_failed + message_failed))
echo "$((swift_passed + program_passed + message_passed)) passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$swift_status" -eq 0 ]
