"""Starts evtwin for a test and ends it again, by its process id."""

import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
EVTWIN = os.environ.get("EVTWIN", str(ROOT / ".build/release/evtwin"))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def evtwin(*arguments, log=None):
    """Runs evtwin; its output goes to a file, whose text is in the error when it ends too early."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(log or f"{folder}/evtwin.log")
        with open(path, "wb") as output:
            process = subprocess.Popen([EVTWIN, *map(str, arguments)], stdout=output, stderr=subprocess.STDOUT)
        process.log = path
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(timeout=15)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def wait_for(url, process, seconds=30):
    """Waits until `url` answers 200."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise AssertionError(f"evtwin ended with {process.returncode}:\n{process.log.read_text()}")
        with contextlib.suppress(OSError, urllib.error.URLError):
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        time.sleep(0.05)
    raise AssertionError(f"{url} did not answer in {seconds} s:\n{process.log.read_text()}")
