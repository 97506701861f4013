"""What happens around a station besides charging, since OCPP 2.0.1: limits from outside, vehicles with ISO 15118."""

from orders import ready
from orders_around import EQUIPPED, anywhere


async def scene_limits(central, files, keys):
    """K11 to K13: an energy management system sets a limit and lifts it."""
    s = await ready(central, EQUIPPED[0])
    told = await s.expect("NotifyChargingLimit", seconds=60)
    assert told["chargingLimit"]["chargingLimitSource"] == "EMS", told
    answer = await s.send("GetCompositeSchedule", {"duration": 60, "evseId": 1, "chargingRateUnit": "W"}, want="Accepted")
    assert answer["schedule"]["chargingSchedulePeriod"][0]["limit"] <= 150000, answer
    await s.expect("ClearedChargingLimit", seconds=60)


async def scene_vehicles(central, files, keys):
    """K15 to K17, M01, M02, M07: what vehicles say of themselves, and how they will charge."""
    await ready(central, EQUIPPED[1])
    s, told = await anywhere(central, "NotifyEVChargingNeeds")
    needs = told["chargingNeeds"]
    assert ("dcChargingParameters" in needs) == (needs["requestedEnergyTransfer"] == "DC"), needs
    _, told = await anywhere(central, "NotifyEVChargingSchedule")
    [period] = told["chargingSchedule"]["chargingSchedulePeriod"]
    assert period["limit"] > 0, told
    _, told = await anywhere(central, "Get15118EVCertificate")
    assert told["action"] == "Install", told
    if central.version == "2.1":
        await anywhere(central, "GetCertificateChainStatus")
