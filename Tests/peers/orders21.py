"""What OCPP 2.1 adds to the orders of orders2.py."""

from orders import QUIET, SIGNED, TOKEN, profile, ready


async def dynamic(s):
    """K28: limits that the CSMS changes, or the station fetches."""
    moving = profile(8, "TxDefaultProfile", s.now(-60), 9000, dynUpdateInterval=30)
    moving["chargingProfileKind"] = "Dynamic"
    moving["stackLevel"] = 5
    del moving["chargingSchedule"][0]["startSchedule"]  # K28: limits hold from the moment they come
    await s.send("SetChargingProfile", {"evseId": 1, "chargingProfile": moving}, want="Accepted")
    await s.send("UpdateDynamicSchedule", {"chargingProfileId": 8, "scheduleUpdate": {"limit": 5000}}, want="Accepted")
    answer = await s.send("GetCompositeSchedule", {"duration": 600, "evseId": 1, "chargingRateUnit": "W"}, want="Accepted")
    assert answer["schedule"]["chargingSchedulePeriod"][0]["limit"] == 5000, answer
    await s.expect("PullDynamicScheduleUpdate", chargingProfileId=8)


async def transaction(s, transaction, evse):
    named = {"transactionId": transaction}
    tariff = {"tariffId": "night", "currency": "EUR", "energy": {"prices": [{"priceKwh": 0.3}]}}
    await s.send("ChangeTransactionTariff", {"tariff": tariff, **named}, want="Accepted")
    await s.send("NotifyAllowedEnergyTransfer", {"allowedEnergyTransfer": ["DC"], **named}, want="Accepted")
    await s.send("UsePriorityCharging", {"activate": True, **named}, want="NoProfile")
    await s.send("SetChargingProfile", {"evseId": evse, "chargingProfile": profile(
        62, "PriorityCharging", s.now(-60), 50000)}, want="Accepted")
    await s.send("UsePriorityCharging", {"activate": True, **named}, want="Accepted")
    # Q08: a profile that follows the grid operator's signal.
    following = profile(63, "TxProfile", s.now(-60), stackLevel=2, **named)
    following["chargingSchedule"][0]["chargingSchedulePeriod"] = [{
        "startPeriod": 0, "operationMode": "CentralFrequency", "setpoint": 4000, "v2xBaseline": 4000,
        "v2xSignalWattCurve": [{"signal": -100, "power": -2000}, {"signal": 100, "power": 2000}]}]
    await s.send("SetChargingProfile", {"evseId": evse, "chargingProfile": following}, want="Accepted")
    await s.send("AFRRSignal", {"timestamp": s.now(), "signal": 10}, want="Accepted")


async def scene_tariffs(central, files, keys):
    s = await ready(central, QUIET)
    tariff = {"tariffId": "day", "currency": "EUR", "energy": {"prices": [{"priceKwh": 0.5}]}}
    await s.send("SetDefaultTariff", {"evseId": 0, "tariff": tariff}, want="Accepted")
    answer = await s.send("GetTariffs", {"evseId": 0}, want="Accepted")
    assert answer["tariffAssignments"][0]["tariffId"] == "day", answer
    answer = await s.send("ClearTariffs", {"tariffIds": ["day"]})
    assert answer["clearTariffsResult"][0]["status"] == "Accepted", answer
    await s.send("NotifyWebPaymentStarted", {"evseId": 1, "timeout": 30})


async def scene_streams(central, files, keys):
    s = await ready(central, QUIET)
    answer = await s.send("SetVariableMonitoring", {"setMonitoringData": [
        {"value": 5, "type": "Periodic", "severity": 7, "component": {"name": "EVSE", "evse": {"id": 2}},
         "variable": {"name": "AvailabilityState"}, "periodicEventStream": {"interval": 30, "values": 3}}]})
    monitor = answer["setMonitoringResult"][0]
    assert monitor["status"] == "Accepted", answer
    opened = await s.expect("OpenPeriodicEventStream")
    stream = opened["constantStreamData"]["id"]
    sent = await s.expect("NotifyPeriodicEventStream", id=stream)
    assert sent["data"], sent
    answer = await s.send("GetPeriodicEventStream", {})
    assert [d["id"] for d in answer["constantStreamData"]] == [stream], answer
    await s.send("AdjustPeriodicEventStream", {"id": stream, "params": {"interval": 60, "values": 6}}, want="Accepted")
    await s.send("ClearVariableMonitoring", {"id": [monitor["id"]]})
    await s.expect("ClosePeriodicEventStream", id=stream)


async def scene_grid(central, files, keys):
    """A station without an inverter that a grid code could control, and without batteries to swap, says so."""
    s = await ready(central, SIGNED)
    await s.send("SetDERControl", {"isDefault": True, "controlId": "c1", "controlType": "FreqDroop", "freqDroop": {
        "priority": 1, "overFreq": 50.2, "underFreq": 49.8, "overDroop": 0.05, "underDroop": 0.05, "responseTime": 1}},
        want="NotSupported")
    await s.send("GetDERControl", {"requestId": 81}, want=("NotFound", "NotSupported"))
    await s.send("ClearDERControl", {"isDefault": True, "controlType": "FreqDroop"}, want="NotSupported")
    await s.send("RequestBatterySwap", {"idToken": TOKEN, "requestId": 82}, want="Rejected")
    await s.send("AFRRSignal", {"timestamp": s.now(), "signal": 10}, want="Rejected")
