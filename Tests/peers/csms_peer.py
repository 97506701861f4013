#!/usr/bin/env python3
"""A central system made of the PyPI package `ocpp` against `evtwin connect`: every action of every version.

It answers all that the stations of world.yaml send, orders every action that a CSMS can, and waits for what each order
makes a station send. Everything that evtwin sends is validated by the package's schemas.
Usage: csms_peer.py [--json FILE] [VERSION ...]
"""

import argparse
import asyncio
import inspect
import sys
import tempfile

import orders16
import orders2
import orders21
import orders_around
import orders_around2
import orders_around21
from central import Central, until
from files import Files
from keys import Keys
from payloads import STATION_ACTIONS, VERSIONS, csms_actions
from process import ROOT, evtwin
from results import Row, finish

SPEED = 30  # simulated seconds a second
WORLD = ROOT / "Tests/peers/world.yaml"
MODULES = {"1.6": [orders16, orders_around], "2.0.1": [orders2, orders_around, orders_around2],
           "2.1": [orders2, orders21, orders_around, orders_around2, orders_around21]}
FIRMWARE = b"evtwin firmware image\n" * 1000


async def run(version, keys):
    files = Files({"/firmware.bin": FIRMWARE})
    central = Central(version, SPEED)
    central.pending = {"quiet-3"}
    async with central.serve() as server:
        port = server.sockets[0].getsockname()[1]
        with files.running(), evtwin(
            "connect", f"ws://127.0.0.1:{port}/ocpp", "--world", WORLD, "--ocpp", version, "--speed", SPEED,
            "--threads", 1, "--start-hour", 0, "--duration", 85,
        ) as process:
            await until(lambda: central.stations or process.poll() is not None, 30, "the first connection")
            if process.poll() is not None:
                raise AssertionError(f"evtwin connect ended with {process.returncode}: {process.log.read_text()}")
            scenes = [scene for module in MODULES[version] for name, scene in
                      inspect.getmembers(module, inspect.iscoroutinefunction) if name.startswith("scene_")]
            scene_failures = await asyncio.gather(*(guarded(s, central, files, keys) for s in scenes))
            central.failures.extend(f for found in scene_failures for f in found)
            if process.poll() is not None:
                central.failures.append(f"evtwin connect ended with {process.returncode}: {process.log.read_text()}")
    return central


async def guarded(scene, central, files, keys):
    """Runs one scene; gives back what went wrong, a line each."""
    try:
        await asyncio.wait_for(scene(central, files, keys), 75)
        return []
    except Exception as error:
        return [f"{scene.__name__.removeprefix('scene_')}: {str(error) or type(error).__name__}"]


def rows(central):
    return [Row(central.version, "station", action, direction, sorted(answers))
            for (action, direction), answers in central.rows.items()]


async def run_all(versions, keys):
    return await asyncio.gather(*(run(version, keys) for version in versions))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", help="write the round trips to this file")
    parser.add_argument("versions", nargs="*", default=list(VERSIONS))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        centrals = asyncio.run(run_all(options.versions, Keys(folder)))
    failures = []
    for central in centrals:
        failures.extend(f"{central.version} {line}" for line in central.failures)
        for action in csms_actions(central.version):
            if (action, "received") not in central.rows:
                failures.append(f"{central.version} {action}: ordered of no station, or not answered")
        sent = {action for action, direction in central.rows if direction == "sent"}
        failures.extend(f"{central.version} {action}: no station sends it"
                        for action in STATION_ACTIONS[central.version] if action not in sent)
    sys.exit(finish("csms_peer", [row for c in centrals for row in rows(c)], failures, options.json))


if __name__ == "__main__":
    main()
