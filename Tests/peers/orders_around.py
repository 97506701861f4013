"""What happens around a station besides charging: the vendor's messages, in every version of OCPP."""

from central import until
from orders import ready

EQUIPPED, SWAP = ("equipped-1", "equipped-2"), "swap-1"
VENDOR = "org.evtwin.peers"


async def scene_vendor(central, files, keys):
    """P01, P02; 1.6 4.3, 5.6: messages that only the vendor knows, both ways."""
    s = await ready(central, EQUIPPED[0])
    await s.send("DataTransfer", {"vendorId": VENDOR}, want="Accepted")
    await s.send("DataTransfer", {"vendorId": VENDOR, "messageId": "none"}, want="UnknownMessageId")
    sent = await s.expect("DataTransfer", seconds=60, vendorId=VENDOR)
    assert "number" in str(sent["data"]), sent


async def anywhere(central, action, seconds=60, **fields):
    """What any of the equipped stations sends: the station and the payload."""
    def found():
        for identity in EQUIPPED:
            station = central.station(identity)
            if messages := station.seen(action, **fields):
                return station, messages[0]
        return None
    return await until(found, seconds, f"an equipped station sends {action} {fields or ''}")
