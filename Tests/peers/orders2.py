"""What a central system of OCPP 2.0.1 or 2.1 orders of the stations, and what it then waits for."""

import asyncio
import datetime
import urllib.request

import orders21
from central import moment, until
from orders import QUIET, RESTARTED, SIGNED, STARTED, TOKEN, profile, ready, report


# Provisioning, B.
async def scene_device_model(central, files, keys):
    s = await ready(central, QUIET)
    variable = {"component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "HeartbeatInterval"}}
    answer = await s.send("SetVariables", {"setVariableData": [
        {"attributeValue": "90", **variable},
        {"attributeValue": "60", "component": {"name": "AlignedDataCtrlr"}, "variable": {"name": "Interval"}},
        {"attributeValue": "1", "component": {"name": "Nothing"}, "variable": {"name": "Nothing"}}]})
    results = [r["attributeStatus"] for r in answer["setVariableResult"]]
    assert results == ["Accepted", "Accepted", "UnknownComponent"], answer
    answer = await s.send("GetVariables", {"getVariableData": [variable]})
    assert answer["getVariableResult"][0]["attributeValue"] == "90", answer
    await s.send("GetBaseReport", {"requestId": 11, "reportBase": "FullInventory"}, want="Accepted")
    parts = await report(s, "NotifyReport", 11)
    assert sum(len(p["reportData"]) for p in parts) > 100, "a full inventory is large"
    await s.send("GetReport", {"requestId": 12, "componentVariable": [variable]}, want="Accepted")
    [part] = await report(s, "NotifyReport", 12)
    assert part["reportData"][0]["variableAttribute"][0]["value"] == "90", part
    await s.send("SetNetworkProfile", {"configurationSlot": 2, "connectionData": {
        "ocppVersion": "OCPP20", "ocppTransport": "JSON", "ocppCsmsUrl": "ws://127.0.0.1:9/ocpp", "messageTimeout": 30,
        "securityProfile": 1 if central.version == "2.0.1" else 0, "ocppInterface": "Wired0"}}, want="Accepted")
    await s.expect("MeterValues", seconds=15)  # clock-aligned, every minute
    apart = abs(moment(s.now()) - central.now())
    assert apart < datetime.timedelta(minutes=5), f"the clocks are {apart} apart"


# B02: registration Pending.
async def scene_pending(central, files, keys):
    s = central.station(RESTARTED)
    await until(lambda: "BootNotification" in s.answered, 20, "the answer to the first boot")
    sent = [a for a, _ in s.received if a != "BootNotification"]
    assert not sent, f"while Pending it sent {sent}"
    await s.send("RequestStartTransaction", {"idToken": TOKEN, "remoteStartId": 77, "evseId": 1}, want="Rejected")
    await s.send("TriggerMessage", {"requestedMessage": "BootNotification"}, want="Accepted")
    await until(lambda: s.boots >= 2, 10, "the second boot, by trigger")
    await ready(central, RESTARTED)
    mark = s.mark
    await s.send("UnlockConnector", {"evseId": 1, "connectorId": 1}, want="Unlocked")
    await s.send("Reset", {"type": "Immediate"}, want="Accepted")
    await s.expect("BootNotification", mark, 20, reason="RemoteReset")
    assert s.connections >= 2, "a restart breaks the connection"


# Authorization C, local list D, availability G, remote control F.
async def scene_control(central, files, keys):
    s = await ready(central, QUIET)
    await s.send("ClearCache", {}, want="Accepted")
    await s.send("SendLocalList", {"versionNumber": 3, "updateType": "Full", "localAuthorizationList": [
        {"idToken": TOKEN, "idTokenInfo": {"status": "Accepted"}}]}, want="Accepted")
    answer = await s.send("GetLocalListVersion", {})
    assert answer["versionNumber"] == 3, answer
    mark = s.mark
    await s.send("ChangeAvailability", {"operationalStatus": "Inoperative", "evse": {"id": 2}}, want="Accepted")
    await s.expect("StatusNotification", mark, evseId=2, connectorStatus="Unavailable")
    await s.send("ChangeAvailability", {"operationalStatus": "Operative", "evse": {"id": 2}}, want="Accepted")
    await s.expect("StatusNotification", mark, evseId=2, connectorStatus="Available")
    await s.send("TriggerMessage", {"requestedMessage": "BootNotification"}, want="Rejected")
    for asked in ("Heartbeat", "StatusNotification", "MeterValues", "LogStatusNotification",
                  "FirmwareStatusNotification", "PublishFirmwareStatusNotification"):
        mark = s.mark
        order = {"requestedMessage": asked}
        if asked == "StatusNotification":
            order["evse"] = {"id": 1, "connectorId": 1}
        await s.send("TriggerMessage", order, want="Accepted")
        await s.expect(asked, mark)
    await s.send("DataTransfer", {"vendorId": "org.example", "messageId": "m", "data": {"a": [1]}}, want="UnknownVendorId")
    answer = await s.send("GetTransactionStatus", {})
    assert answer["messagesInQueue"] is False, answer
    # H: a reservation that ends by itself, and one that is taken back.
    mark = s.mark
    token = {"idToken": TOKEN, "evseId": 1}
    await s.send("ReserveNow", {"id": 5, "expiryDateTime": s.now(60), **token}, want="Accepted")
    await s.expect("StatusNotification", mark, evseId=1, connectorStatus="Reserved")
    await s.expect("ReservationStatusUpdate", mark, reservationId=5, reservationUpdateStatus="Expired")
    await s.expect("StatusNotification", mark, evseId=1, connectorStatus="Available")
    await s.send("ReserveNow", {"id": 6, "expiryDateTime": s.now(6000), **token}, want="Accepted")
    await s.send("CancelReservation", {"reservationId": 6}, want="Accepted")
    await s.send("CancelReservation", {"reservationId": 6}, want="Rejected")


# Diagnostics N, display O.
async def scene_diagnostics(central, files, keys):
    s = await ready(central, QUIET)
    await s.send("SetMonitoringBase", {"monitoringBase": "All"}, want="Accepted")
    await s.send("SetMonitoringLevel", {"severity": 9}, want="Accepted")
    place = {"component": {"name": "EVSE", "evse": {"id": 1}}, "variable": {"name": "AvailabilityState"}}
    answer = await s.send("SetVariableMonitoring", {"setMonitoringData": [
        {"value": 15, "type": "Periodic", "severity": 8, **place}]})
    result = answer["setMonitoringResult"][0]
    assert result["status"] == "Accepted", answer
    await until(lambda: [e for p in s.seen("NotifyEvent") for e in p["eventData"]
                         if e.get("variableMonitoringId") == result["id"]], 10, "NotifyEvent of the monitor")
    await s.send("GetMonitoringReport", {"requestId": 21}, want="Accepted")
    await report(s, "NotifyMonitoringReport", 21)
    answer = await s.send("ClearVariableMonitoring", {"id": [result["id"], 4711]})
    assert [r["status"] for r in answer["clearMonitoringResult"]] == ["Accepted", "NotFound"], answer
    await s.send("CustomerInformation", {"requestId": 22, "report": True, "clear": False, "idToken": TOKEN},
                 want="Accepted")
    await report(s, "NotifyCustomerInformation", 22)
    message = {"id": 4, "priority": "NormalCycle", "message": {"format": "UTF8", "language": "en", "content": "Hello ⚡"}}
    await s.send("SetDisplayMessage", {"message": message}, want="Accepted")
    await s.send("GetDisplayMessages", {"requestId": 23, "id": [4]}, want="Accepted")
    told = await s.expect("NotifyDisplayMessages", requestId=23)
    assert told["messageInfo"][0]["message"]["content"] == "Hello ⚡", told
    await s.send("ClearDisplayMessage", {"id": 4}, want="Accepted")
    await s.send("ClearDisplayMessage", {"id": 4}, want="Unknown")
    await s.send("GetLog", {"requestId": 24, "logType": "DiagnosticsLog", "log": {
        "remoteLocation": f"{files.url}/log"}}, want="Accepted")
    await s.expect("LogStatusNotification", status="Uploaded", requestId=24)
    assert any(body for body in files.brought.values()), "a log has arrived"


# Smart charging K, without a transaction.
async def scene_profiles(central, files, keys):
    s = await ready(central, QUIET)
    now = s.now(-60)
    await s.send("SetChargingProfile", {"evseId": 0, "chargingProfile": profile(
        1, "ChargingStationMaxProfile", now, 15000)}, want="Accepted")
    await s.send("SetChargingProfile", {"evseId": 1, "chargingProfile": profile(
        2, "TxDefaultProfile", now, 7000)}, want="Accepted")
    await s.send("SetChargingProfile", {"evseId": 1, "chargingProfile": profile(
        3, "TxProfile", now, 7000, transactionId="none")}, want="Rejected")
    await s.send("GetChargingProfiles", {"requestId": 31, "chargingProfile": {}}, want="Accepted")
    await until(lambda: [p for p in s.seen("ReportChargingProfiles", requestId=31) if not p.get("tbc")], 10, "the report")
    ids = {c["id"] for p in s.seen("ReportChargingProfiles", requestId=31) for c in p["chargingProfile"]}
    assert ids == {1, 2}, ids
    answer = await s.send("GetCompositeSchedule", {"duration": 600, "evseId": 1, "chargingRateUnit": "W"}, want="Accepted")
    assert answer["schedule"]["chargingSchedulePeriod"][0]["limit"] == 7000, answer
    if central.version == "2.1":
        await orders21.dynamic(s)
    await s.send("ClearChargingProfile", {"chargingProfileId": 2}, want="Accepted")
    await s.send("ClearChargingProfile", {"chargingProfileId": 2}, want="Unknown")


# Security A, certificates M, firmware L.
async def scene_security(central, files, keys):
    s = await ready(central, SIGNED)
    await s.send("InstallCertificate", {"certificateType": "V2GRootCertificate", "certificate": keys.text("v2g-root.pem")},
                 want="Accepted")
    answer = await s.send("GetInstalledCertificateIds", {"certificateType": ["V2GRootCertificate"]}, want="Accepted")
    [chain] = answer["certificateHashDataChain"]
    await s.send("DeleteCertificate", {"certificateHashData": chain["certificateHashData"]}, want="Accepted")
    await s.send("GetInstalledCertificateIds", {"certificateType": ["V2GRootCertificate"]}, want="NotFound")
    await firmware(s, files, keys)
    mark = s.mark
    await s.send("TriggerMessage", {"requestedMessage": "SignV2GCertificate"}, want="Accepted")
    await certificate(s, mark, keys, "V2GCertificate")
    asked = await s.expect("GetCertificateStatus", mark)  # M06: the certificate names a responder
    assert asked["ocspRequestData"]["responderURL"] == "http://127.0.0.1:9/ocsp", asked
    mark, connections = s.mark, s.connections
    await s.send("TriggerMessage", {"requestedMessage": "SignChargingStationCertificate"}, want="Accepted")
    await certificate(s, mark, keys, "ChargingStationCertificate")
    await until(lambda: s.connections > connections, 20, "it comes back with the new certificate")
    await s.send("CertificateSigned", {"certificateChain": keys.text("csms-ca.pem"),
                                       "certificateType": "ChargingStationCertificate"}, want="Rejected")
    await s.expect("SecurityEventNotification", mark, type="InvalidChargingStationCertificate")


async def certificate(s, mark, keys, kind):
    asked = await s.expect("SignCertificate", mark, certificateType=kind)
    order = {"certificateChain": keys.signed(asked["csr"]), "certificateType": kind}
    if "requestId" in asked:
        order["requestId"] = asked["requestId"]
    await s.send("CertificateSigned", order, want="Accepted")


async def firmware(s, files, keys):
    image = files.offered["/firmware.bin"]
    update = {"location": f"{files.url}/firmware.bin", "retrieveDateTime": s.now(-60),
              "signingCertificate": keys.text("firmware-signing.pem"), "signature": keys.signature(image)}
    mark = s.mark
    await s.send("UpdateFirmware", {"requestId": 41, "firmware": update}, want="Accepted")
    await s.expect("FirmwareStatusNotification", mark, 20, status="Installed", requestId=41)
    steps = [p["status"] for p in s.seen("FirmwareStatusNotification", mark)]
    for step in ("Downloading", "Downloaded", "SignatureVerified", "Installing", "Installed"):
        assert step in steps, steps
    mark = s.mark
    await s.send("UpdateFirmware", {"requestId": 42, "firmware": {**update, "signature": keys.signature(b"other")}},
                 want="Accepted")
    await s.expect("FirmwareStatusNotification", mark, 20, status="InvalidSignature", requestId=42)
    await s.send("PublishFirmware", {"requestId": 43, "location": f"{files.url}/firmware.bin",
                                     "checksum": keys.md5(image)}, want="Accepted")
    told = await s.expect("PublishFirmwareStatusNotification", requestId=43, status="Published")
    assert await asyncio.to_thread(fetched, told["location"][0]) == image, "another image is offered"
    await s.send("UnpublishFirmware", {"checksum": keys.md5(image)}, want="Unpublished")
    await s.send("UnpublishFirmware", {"checksum": keys.md5(image)}, want="NoFirmware")


def fetched(url):
    with urllib.request.urlopen(url, timeout=5) as offered:
        return offered.read()


def running(central):
    """A transaction under way on the busy forecourt: station, transaction id, EVSE id."""
    for station in central.stations.values():
        evses = {}
        for action, body in station.received:
            if action == "TransactionEvent":
                known = body["transactionInfo"]["transactionId"]
                if body["eventType"] == "Ended":
                    evses.pop(known, None)
                elif "evse" in body:
                    evses[known] = body["evse"]["id"]
        if evses and station.peer and station.identity.startswith("busy"):
            transaction, evse = list(evses.items())[-1]
            return station, transaction, evse
    return None


# F01, F02: with a profile for the transaction to come; nobody plugs in, and the start lapses.
async def scene_remote_start(central, files, keys):
    s = await ready(central, STARTED)
    start = {"idToken": TOKEN, "evseId": 2}
    first = {**start, "remoteStartId": 71, "chargingProfile": profile(71, "TxProfile", s.now(-60))}
    await s.send("RequestStartTransaction", first, want="Accepted")
    await s.send("RequestStartTransaction", first, want="Accepted")  # the same again
    await s.send("RequestStartTransaction", {**start, "remoteStartId": 71}, want="Rejected")  # not the same
    await s.send("RequestStartTransaction", {**start, "remoteStartId": 72}, want="Rejected")
    await s.send("RequestStartTransaction", {**start, "remoteStartId": 73, "evseId": 9}, want="Rejected")


# Transactions E, and all that needs one.
async def scene_transaction(central, files, keys):
    tariff = {"tariffId": "day", "currency": "EUR", "energy": {"prices": [{"priceKwh": 0.5}]}}
    if central.version == "2.1":
        for station in [await ready(central, f"busy-{number}") for number in (1, 2, 3)]:
            await station.send("SetDefaultTariff", {"evseId": 0, "tariff": tariff}, want="Accepted")
    s, transaction, evse = await until(lambda: running(central), 60, "a driver charges")
    named = {"transactionId": transaction}
    answer = await s.send("GetTransactionStatus", named)
    assert answer["ongoingIndicator"] is True, answer
    await s.send("CostUpdated", {"totalCost": 1.25, **named})
    await s.send("SetChargingProfile", {"evseId": evse, "chargingProfile": profile(
        61, "TxProfile", s.now(-60), 5000, **named)}, want="Accepted")
    answer = await s.send("GetCompositeSchedule", {"duration": 300, "evseId": evse, "chargingRateUnit": "W"}, want="Accepted")
    assert answer["schedule"]["chargingSchedulePeriod"][0]["limit"] == 5000, answer
    mark = s.mark
    await s.send("TriggerMessage", {"requestedMessage": "TransactionEvent", "evse": {"id": evse}}, want="Accepted")
    await s.expect("TransactionEvent", mark, triggerReason="Trigger")
    if central.version == "2.1":
        await orders21.transaction(s, transaction, evse)
    await s.send("RequestStopTransaction", named, want="Accepted")
    ended = await until(lambda: [p for p in s.seen("TransactionEvent", mark, eventType="Ended")
                                 if p["transactionInfo"]["transactionId"] == transaction], 10, "the end")
    assert ended[0]["transactionInfo"]["stoppedReason"] == "Remote", ended
    numbers = [p["seqNo"] for p in s.seen("TransactionEvent") if p["transactionInfo"]["transactionId"] == transaction]
    assert numbers == list(range(len(numbers))), numbers
