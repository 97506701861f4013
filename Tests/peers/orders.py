"""What the orders of all versions have in common."""

from central import until

# Stations of the quiet forecourt, by what they are used for.
QUIET, SIGNED, RESTARTED, STARTED = "quiet-1", "quiet-2", "quiet-3", "quiet-4"
TOKEN = {"idToken": "04EVTW00000001", "type": "ISO14443"}


async def ready(central, identity):
    station = central.station(identity)
    await until(lambda: station.seen("StatusNotification"), 20, f"{identity} has booted")
    return station


def profile(number, purpose, now, limit=11000, **more):
    unit = {"id": number, "chargingRateUnit": "W", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit}],
            "startSchedule": now}
    return {"id": number, "stackLevel": 1, "chargingProfilePurpose": purpose, "chargingProfileKind": "Absolute",
            "chargingSchedule": [unit], **more}


def whole(parts):
    """Checks that the parts of a report are in order and complete."""
    assert [p["seqNo"] for p in parts] == list(range(len(parts))), parts
    assert all(p["tbc"] for p in parts[:-1]) and not parts[-1].get("tbc"), parts
    return parts


async def report(station, action, number):
    await until(lambda: [p for p in station.seen(action, requestId=number) if not p.get("tbc")], 10,
                f"{station.identity} ends {action} {number}")
    return whole(station.seen(action, requestId=number))
