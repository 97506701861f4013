"""What the peer scripts have proved: printed, and written as JSON."""

import json
from typing import NamedTuple


class Row(NamedTuple):
    version: str
    role: str  # that evtwin played: station or CSMS
    action: str
    direction: str  # sent or received by evtwin
    answers: list  # statuses that were seen


def finish(script, rows, failures, path):
    """Prints and writes everything; the exit code."""
    for row in sorted(rows):
        print(*row[:4], " ".join(row.answers))
    for failure in failures:
        print("FAILED:", failure)
    counts = {}
    for row in rows:
        counts[row.version, row.role] = counts.get((row.version, row.role), 0) + 1
    told = ", ".join(f"{version} {role} {count}" for (version, role), count in sorted(counts.items()))
    print(f"{script}: {len(rows)} round trips ({told}), {len(failures)} failures")
    if path:
        with open(path, "w", encoding="utf-8") as file:
            json.dump([dict(row._asdict(), script=script) for row in sorted(rows)], file, indent=1)
            file.write("\n")
    return 1 if failures else 0
