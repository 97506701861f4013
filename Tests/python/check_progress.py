#!/usr/bin/env python3
"""Runs a command on pseudo-terminals of several widths and checks that no progress line reaches the right edge.

usage: check_progress.py COMMAND...

Exit status 1 if a line is too wide, says no time left, or if there was none; 2 on wrong usage.
"""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios


def lines(command, width):
    """What the command writes to a terminal of that width, cut where the line is renewed."""
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=child)
    os.close(child)
    written = b""
    while True:
        try:
            block = os.read(parent, 65536)
        except OSError:
            break
        if not block:
            break
        written += block
    os.close(parent)
    process.wait()
    parts = re.split(r"\r\x1b\[2K|\r?\n", written.decode())
    return [part for part in parts if "%" in part]


def main(command):
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    status = 0
    for width in [120, 80, 60, 40, 20]:
        found = lines(command, width)
        widest = max((len(line) for line in found), default=0)
        timed = all(re.search(r"\d:\d\d|\d h \d|--:--", line) for line in found)
        if not found or widest >= width or not timed:
            print(f"{width} columns: {len(found)} lines, the widest has {widest}, time left in all: {timed}")
            status = 1
    piped = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE).stderr
    if b"\r" in piped or b"\x1b" in piped:
        print("control characters where there is no terminal")
        status = 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
