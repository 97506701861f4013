#!/usr/bin/env python3
"""A charge point made of the PyPI package `ocpp` against `evtwin serve`: every action of every version.

Station-side actions are sent with the smallest and the fullest valid payload; CSMS-side ones are ordered over the HTTP
API and answered with the fullest valid response. Everything that evtwin sends is validated by the package's schemas.
Writes one line per round trip: version, role, action, ok. Usage: station_peer.py [--json FILE] [VERSION ...]
"""

import argparse
import asyncio
import json
import sys
import tempfile
import urllib.error
import urllib.request

import websockets

from payloads import SENDS, STATION_ACTIONS, SUBPROTOCOL, VERSIONS, csms_actions, payload
from peer import Peer
from process import evtwin, free_port, wait_for
from results import Row, finish
from rules import lawful

API_KEY = "peer-test-key-0123456789abcdef"


def post(http, path, body):
    request = urllib.request.Request(
        f"http://127.0.0.1:{http}{path}", data=json.dumps(body).encode(), method="POST",
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {API_KEY}"})
    try:
        with urllib.request.urlopen(request, timeout=40) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"{}")


async def run(version, listen, http, results, failures):
    identity = f"PEER-{version}"
    expected = {}  # action: response payload given
    proved = {}  # (action, direction): answers

    def prove(action, direction, result):
        proved.setdefault((action, direction), set()).update({result} - {None})

    def answer(action, _):
        return expected.setdefault(action, payload(version, action, "Response", full=True))

    url = f"ws://127.0.0.1:{listen}/ocpp/{identity}"
    async with websockets.connect(url, subprotocols=[SUBPROTOCOL[version]], max_size=None) as socket:
        assert socket.subprotocol == SUBPROTOCOL[version], socket.subprotocol
        peer = Peer(identity, socket, version, answer)
        loop = asyncio.ensure_future(peer.start())
        boot = await peer.request("BootNotification", payload(version, "BootNotification"))
        assert boot["status"] == "Accepted", boot
        for action in STATION_ACTIONS[version]:
            for full in (False, True):
                body = payload(version, action, full=full)
                try:
                    answer_ = None
                    if action in SENDS:
                        await socket.send(json.dumps([6, f"send-{full}", action, body]))
                    else:
                        answer_ = (await peer.request(action, body)).get("status")
                    prove(action, "received", answer_)
                except Exception as error:
                    failures.append(f"{version} {action} {'full' if full else 'minimal'}: {error!r}")
        for action in csms_actions(version):
            for full in (False, True):
                body = lawful(version, action, payload(version, action, full=full))
                status, reply = await asyncio.to_thread(post, http, f"/stations/{identity}/commands/{action}", body)
                if status != 200 or reply != expected.get(action):
                    failures.append(f"{version} {action}: HTTP {status} {reply}")
                    continue
                got = [p for a, p in peer.received if a == action]
                if not got or got[-1] != body:
                    failures.append(f"{version} {action}: sent {body}, arrived {got[-1:]}")
                    continue
                prove(action, "sent", reply.get("status"))
        # A SEND has no answer: a call behind it that is answered shows that the server went on.
        await peer.request("Heartbeat", {})
        failures.extend(f"{version}: {problem}" for problem in peer.problems)
        loop.cancel()
    results.extend(Row(version, "CSMS", *key, sorted(answers)) for key, answers in proved.items())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", help="write the round trips to this file")
    parser.add_argument("versions", nargs="*", default=list(VERSIONS))
    options = parser.parse_args()
    listen, http = free_port(), free_port()
    results, failures = [], []
    with tempfile.TemporaryDirectory() as folder:
        key_file = f"{folder}/key"
        with open(key_file, "w") as file:
            file.write(f"peer write {API_KEY}\n")
        with evtwin(
            "serve", "--db", f"{folder}/csms.db", "--listen", f"127.0.0.1:{listen}", "--http", f"127.0.0.1:{http}",
            "--path", "/ocpp", "--profile", "0", "--message-rate", "1000", "--unknown-stations", "accept", "--api-key-file", key_file,
        ) as process:
            wait_for(f"http://127.0.0.1:{http}/ready", process)
            for version in options.versions:
                asyncio.run(run(version, listen, http, results, failures))
            if process.poll() is not None:
                failures.append(f"evtwin serve ended with {process.returncode}")
    sys.exit(finish("station_peer", results, failures, options.json))


if __name__ == "__main__":
    main()
