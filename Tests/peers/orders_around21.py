"""What happens around a station besides charging, since OCPP 2.1: the grid, payments, priority, exchange of batteries."""

import asyncio

from orders import TOKEN, profile, ready
from orders_around import EQUIPPED, SWAP, anywhere


def droop(identifier, **more):
    return {"controlId": identifier, "controlType": "FreqDroop", "freqDroop": {
        "priority": 1, "overFreq": 50.2, "underFreq": 49.8, "overDroop": 0.05, "underDroop": 0.05, "responseTime": 1,
        **more}}


async def scene_der(central, files, keys):
    """R04, R05: grid codes set, told, at work and gone again."""
    s = await ready(central, EQUIPPED[0])
    await s.send("SetDERControl", {"isDefault": True, **droop("always")}, want="Accepted")
    curve = {"priority": 1, "yUnit": "PctMaxVar", "curveData": [{"x": 90, "y": 44}, {"x": 110, "y": -44}]}
    await s.send("SetDERControl", {"isDefault": True, "controlId": "volts", "controlType": "VoltVar", "curve": curve},
                 want="Accepted")
    await s.send("GetDERControl", {"requestId": 81}, want="Accepted")
    parts = [p async for p in told(s, 81)]
    assert {c["id"] for p in parts for c in p.get("freqDroop", [])} == {"always"}, parts
    await s.send("SetDERControl", {"isDefault": False, **droop("soon", startTime=s.now(30), duration=60)},
                 want="Accepted")
    await s.expect("NotifyDERStartStop", seconds=20, controlId="soon", started=True)
    await s.expect("NotifyDERStartStop", seconds=20, controlId="soon", started=False)
    alarm = await s.expect("NotifyDERAlarm", seconds=60)
    assert alarm["controlType"] in ("FreqDroop", "VoltVar"), alarm
    await s.expect("NotifyDERAlarm", seconds=20, alarmEnded=True)
    await s.send("ClearDERControl", {"isDefault": True}, want="Accepted")
    await s.send("GetDERControl", {"requestId": 82}, want="NotFound")


async def told(station, number):
    for _ in range(100):
        found = station.seen("ReportDERControl", requestId=number)
        if found and not found[-1].get("tbc"):
            break
        await asyncio.sleep(0.05)
    for part in found:
        yield part


async def scene_payments(central, files, keys):
    """C18 to C25: what the terminal settled, and a receipt on a company."""
    s, paid = await anywhere(central, "NotifySettlement")
    assert paid["status"] == "Settled" and paid["settlementAmount"] > 0 and paid["transactionId"], paid
    ended = [p for p in s.seen("TransactionEvent", eventType="Ended")
             if p["transactionInfo"]["transactionId"] == paid["transactionId"]]
    assert ended, paid
    await anywhere(central, "VatNumberValidation")


async def scene_priority(central, files, keys):
    """K22: a driver presses the button, where a profile for priority is set."""
    for identity in EQUIPPED:
        s = await ready(central, identity)
        await s.send("SetChargingProfile", {"evseId": 0, "chargingProfile": profile(
            90, "PriorityCharging", s.now(-60), 50000)}, want="Accepted")
    await anywhere(central, "NotifyPriorityCharging", activated=True)


async def scene_swap(central, files, keys):
    """S01 to S04: batteries exchanged for a driver at the station, and for one whom the CSMS has let in."""
    s = await ready(central, SWAP)
    first = await s.expect("BatterySwap", seconds=60, eventType="BatteryOut")
    assert s.seen("Authorize"), "a driver at the station is authorized first"
    assert [p["eventType"] for p in s.seen("BatterySwap", requestId=first["requestId"])] == ["BatteryIn", "BatteryOut"]
    for _ in range(40):  # another driver may be at it
        answer = await s.send("RequestBatterySwap", {"idToken": TOKEN, "requestId": 4711})
        if answer["status"] == "Accepted":
            break
        await asyncio.sleep(0.5)
    await s.expect("BatterySwap", seconds=20, requestId=4711, eventType="BatteryIn")
    await s.expect("BatterySwap", seconds=20, requestId=4711, eventType="BatteryOut")
