#!/usr/bin/env python3
"""Holds docs/telemetry.md against a real file: every dataset and attribute has its line, and the recipes run.

usage: check_manual.py MANUAL FILE

The file should be of a run that records everything (telemetry.evse_series and telemetry.messages). The recipes are the
blocks marked ```python; each is run by itself, with the file as telemetry.h5 in the working directory.
"""

import contextlib
import io
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

import h5py


def tables(manual):
    """{group: {name: (type, unit, meaning)}} of the manual's tables."""
    groups, group = {}, None
    for line in manual.splitlines():
        heading = re.fullmatch(r"### `(/\w+)`", line)
        if heading:
            group = groups.setdefault(heading[1], {})
        row = re.fullmatch(r"\| `(\w+)` \| (\w+) \|(.*)\|", line)
        if row and group is not None:
            cells = [cell.strip() for cell in row[3].split(" | ")]
            group[row[1]] = (row[2], cells[0], cells[-1])
    return groups


def kind(dataset):
    return "text" if h5py.check_string_dtype(dataset.dtype) else dataset.dtype.name


def compare(manual, file):
    findings = []
    documented = tables(manual)
    for path, group in file.items():
        known = documented.get(f"/{path}")
        if known is None:
            findings.append(f"/{path}: the manual has no heading ### `/{path}`")
            continue
        names = set(group.attrs) if path == "meta" else {name for name, data in group.items() if not data.is_scale}
        if "time" in group and group["time"].is_scale:
            names.add("time")
        for name in sorted(names - set(known)):
            findings.append(f"/{path}/{name}: is in the file, the manual has no line for it")
        # A text column named id labels the dimension and appears under both names.
        for name in sorted(set(known) - names):
            findings.append(f"/{path}/{name}: the manual has it, the file does not")
        if path == "meta":
            continue
        for name in names & set(known):
            data = group[name]
            if kind(data) != known[name][0]:
                findings.append(f"/{path}/{name}: {kind(data)} in the file, {known[name][0]} in the manual")
            unit = data.attrs.get("units", "–")
            said = known[name][1]
            if unit != said and not (unit.startswith("microseconds since") and said.startswith("µs since")):
                findings.append(f"/{path}/{name}: unit {unit} in the file, {said} in the manual")
            for code, word in re.findall(r"(-?\d+) `([^`]+)`", known[name][2]):
                words = data.attrs["flag_meanings"].split()
                codes = [int(value) for value in data.attrs["flag_values"]]
                if words[codes.index(int(code))] != word:
                    findings.append(f"/{path}/{name}: {code} is {words[codes.index(int(code))]}, not {word}")
    for path in sorted(set(documented) - {f"/{name}" for name in file}):
        findings.append(f"{path}: the manual has it, the file does not")
    return findings


def run_recipes(manual, path):
    findings = []
    recipes = re.findall(r"```python\n(.*?)```", manual, re.DOTALL)
    if len(recipes) < 3:
        findings.append(f"the manual has {len(recipes)} recipes, not three")
    home = os.getcwd()
    with tempfile.TemporaryDirectory() as directory:
        shutil.copy(path, Path(directory) / "telemetry.h5")
        os.chdir(directory)
        for number, recipe in enumerate(recipes, 1):
            output = io.StringIO()
            try:
                with contextlib.redirect_stdout(output):
                    exec(compile(recipe, f"recipe {number}", "exec"), {"__name__": "__main__"})
            except Exception as error:
                findings.append(f"recipe {number}: {type(error).__name__}: {error}")
            else:
                print(f"recipe {number}:\n{output.getvalue()}")
                if not output.getvalue().strip():
                    findings.append(f"recipe {number} prints nothing")
        os.chdir(home)
    return findings


def main(manual_path, path):
    manual = Path(manual_path).read_text(encoding="utf-8")
    with h5py.File(path, "r") as file:
        findings = compare(manual, file)
    findings += run_recipes(manual, os.path.abspath(path))
    for finding in findings:
        print(f"{manual_path}: {finding}")
    return 1 if findings else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    sys.exit(main(*sys.argv[1:]))
