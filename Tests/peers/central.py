"""A central system made of the PyPI package `ocpp`, for the stations of `evtwin connect`."""

import asyncio
import collections
import datetime
import time

import websockets

from payloads import SENDS, SUBPROTOCOL, payload
from peer import Lost, Peer

UTC = datetime.timezone.utc


def text(moment):
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def moment(text_):
    return datetime.datetime.fromisoformat(text_.replace("Z", "+00:00"))


async def until(condition, seconds, what):
    """Waits until `condition` gives something true, and gives it back."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        await asyncio.sleep(0.03)
    raise AssertionError(f"{what}: not within {seconds} s")


class Station:
    """One station, over all its connections."""

    def __init__(self, identity, central):
        self.identity, self.central = identity, central
        self.peer = None
        self.received = []  # (action, payload)
        self.connections = 0
        self.boots = 0
        self.answered = []  # actions whose answers have left
        self._told = None  # (its clock, ours)

    def note(self, body):
        for key in ("timestamp", "generatedAt"):
            if key in body:
                self._told = (moment(body[key]), time.monotonic())

    def now(self, plus=0):
        """The time at the station, `plus` seconds later."""
        clock, ours = self._told
        passed = (time.monotonic() - ours) * self.central.speed
        return text(clock + datetime.timedelta(seconds=passed + plus))

    async def send(self, action, body, *, want=None, field="status"):
        """Sends an order and checks the answer's status where `want` names it (or several)."""
        answer = await self._ask(action, body)
        got = answer.get(field)
        if want is not None and got not in (want if isinstance(want, (list, tuple)) else [want]):
            raise AssertionError(f"{action} {body}: wanted {want}, got {answer}")
        self.central.proved(action, "received", got if isinstance(got, str) else None)
        return answer

    async def _ask(self, action, body, attempts=3):
        """An order that its connection did not survive is given again, as a central system has to: a station whose calls
        are not answered within 30 of its seconds reconnects, and on a busy machine that is soon."""
        for attempt in range(attempts):
            await until(lambda: self.peer is not None, 10, f"{self.identity} is connected")
            try:
                return await self.peer.request(action, body)
            except Lost:
                if attempt + 1 == attempts:
                    raise

    def seen(self, action, start=0, **fields):
        """Messages of an action since number `start` whose payload has these fields."""
        return [p for a, p in self.received[start:] if a == action and all(p.get(k) == v for k, v in fields.items())]

    async def expect(self, action, start=0, seconds=10, **fields):
        what = f"{self.identity} sends {action} {fields or ''}"
        return (await until(lambda: self.seen(action, start, **fields), seconds, what))[-1]

    @property
    def mark(self):
        return len(self.received)


class Central:
    """Answers everything a station can send, and counts what was proved."""

    def __init__(self, version, speed):
        self.version, self.speed = version, speed
        self._start, self._since = datetime.datetime.now(UTC), time.monotonic()
        self.stations = {}
        self.rows = collections.defaultdict(set)
        self.failures = []
        self.started = {}  # number of a 1.6 transaction: station and connector
        self.pending = set()  # identities told to wait at their first boot

    def now(self):
        """The central system's clock, as fast as the world's."""
        return self._start + datetime.timedelta(seconds=(time.monotonic() - self._since) * self.speed)

    def proved(self, action, direction, result=None):
        self.rows[action, direction].update({result} - {None})

    def station(self, identity):
        return self.stations.setdefault(identity, Station(identity, self))

    async def accept(self, socket):
        station = self.station(socket.request.path.rsplit("/", 1)[-1])
        station.connections += 1
        peer = Peer(station.identity, socket, self.version, lambda a, p: self.answer(station, a, p))
        peer.received = station.received
        peer.answered = station.answered
        station.peer = peer
        try:
            await peer.start()
        except websockets.ConnectionClosed:
            pass
        finally:
            peer.closed.set()
            self.failures.extend(f"{station.identity}: {problem}" for problem in peer.problems)
            if station.peer is peer:
                station.peer = None

    def serve(self):
        return websockets.serve(self.accept, "127.0.0.1", 0, subprotocols=[SUBPROTOCOL[self.version]], max_size=None)

    def answer(self, station, action, body):
        station.note(body)
        self.proved(action, "sent")
        accepted = {"status": "Accepted"}
        token = {"idTagInfo": accepted} if self.version == "1.6" else {"idTokenInfo": accepted}
        match action:
            case "BootNotification":
                station.boots += 1
                waits = station.identity in self.pending and station.boots == 1
                return {"status": "Pending" if waits else "Accepted", "currentTime": text(self.now()),
                        "interval": 30 if waits else 120}
            case "Heartbeat":
                return {"currentTime": text(self.now())}
            case "Authorize":
                return token
            case "StartTransaction":
                number = len(self.started) + 1
                self.started[number] = station, body["connectorId"]
                return {"transactionId": number, **token}
            case "StopTransaction":
                return token if "idTag" in body else {}
            case "TransactionEvent":
                return token if "idToken" in body else {}
            case "PullDynamicScheduleUpdate":
                return {"status": "Accepted", "scheduleUpdate": {"limit": 6000}}
            case _ if action in SENDS:
                return None
            case _:
                return payload(self.version, action, "Response")
