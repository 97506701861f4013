#!/usr/bin/env python3
"""Counts the tests of an xUnit report of swift test.

usage: test_counts.py REPORT STATUS

Prints "PASSED FAILED". STATUS is what swift test ended with: where it says failure and the report none (a crash), one
failure is counted. Skipped tests are named on stderr; in CI (variable CI) each counts as failed, unless its function is named
onDemand…: such a test runs only where an environment variable gives it what it needs.
"""

import os
import sys
import xml.etree.ElementTree as tree


def main(report, status):
    try:
        cases = list(tree.parse(report).iter("testcase"))
    except (OSError, tree.ParseError) as error:
        print(f"test_counts: {report}: {error}; swift test did not come to its end", file=sys.stderr)
        print("0 1")
        return 0
    passed = failed = 0
    for case in cases:
        skip = case.find("skipped")
        name = f"{case.get('classname')}: {case.get('name')}"
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif skip is None:
            passed += 1
        elif (case.get("name") or "").startswith("onDemand"):
            continue
        else:
            print(f"skipped: {name}", file=sys.stderr)
            failed += 1 if os.environ.get("CI") else 0
    if status != "0" and failed == 0:
        failed = 1
    print(passed, failed)
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    sys.exit(main(*sys.argv[1:]))
