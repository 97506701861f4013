"""What a central system of OCPP 1.6 and its security extension orders of the stations, and what it then waits for."""

from central import until
from orders import QUIET, RESTARTED, SIGNED, STARTED, ready

TAG = "04EVTW00000001"


def profile(number, purpose, now, limit=7000.0, **more):
    return {"chargingProfileId": number, "stackLevel": 1, "chargingProfilePurpose": purpose,
            "chargingProfileKind": "Absolute", "chargingSchedule": {
                "chargingRateUnit": "W", "startSchedule": now,
                "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit}]}, **more}


# 4.2: registration Pending; 5.14, 5.18.
async def scene_pending(central, files, keys):
    s = central.station(RESTARTED)
    await until(lambda: "BootNotification" in s.answered, 20, "the answer to the first boot")
    sent = [a for a, _ in s.received if a != "BootNotification"]
    assert not sent, f"while Pending it sent {sent}"
    await s.send("RemoteStartTransaction", {"idTag": TAG, "connectorId": 1}, want="Rejected")
    await s.send("TriggerMessage", {"requestedMessage": "BootNotification"}, want="Accepted")
    await until(lambda: s.boots >= 2, 10, "the second boot, by trigger")
    await ready(central, RESTARTED)
    await s.send("UnlockConnector", {"connectorId": 1}, want="Unlocked")
    mark = s.mark
    await s.send("Reset", {"type": "Hard"}, want="Accepted")
    await s.expect("BootNotification", mark, 20)
    assert s.connections >= 2, "a restart breaks the connection"


# Core: configuration, cache, availability, vendor data.
async def scene_core(central, files, keys):
    s = await ready(central, QUIET)
    await s.send("ChangeConfiguration", {"key": "HeartbeatInterval", "value": "90"}, want="Accepted")
    await s.send("ChangeConfiguration", {"key": "ClockAlignedDataInterval", "value": "60"}, want="Accepted")
    await s.send("ChangeConfiguration", {"key": "Nothing", "value": "1"}, want="NotSupported")
    answer = await s.send("GetConfiguration", {"key": ["HeartbeatInterval", "Nothing"]})
    assert answer["configurationKey"][0]["value"] == "90" and answer["unknownKey"] == ["Nothing"], answer
    answer = await s.send("GetConfiguration", {})
    keys_ = {k["key"] for k in answer["configurationKey"]}
    assert {"NumberOfConnectors", "SupportedFeatureProfiles", "LocalAuthListEnabled"} <= keys_, keys_
    assert "AuthorizationKey" not in keys_ or not [
        k for k in answer["configurationKey"] if k["key"] == "AuthorizationKey" and "value" in k], "it is never read"
    await s.send("ClearCache", {}, want="Accepted")
    mark = s.mark
    await s.send("ChangeAvailability", {"connectorId": 2, "type": "Inoperative"}, want="Accepted")
    await s.expect("StatusNotification", mark, connectorId=2, status="Unavailable")
    await s.send("ChangeAvailability", {"connectorId": 2, "type": "Operative"}, want="Accepted")
    await s.expect("StatusNotification", mark, connectorId=2, status="Available")
    await s.send("DataTransfer", {"vendorId": "org.example", "data": "x"}, want="UnknownVendorId")
    await s.expect("MeterValues", seconds=15)  # clock-aligned, every minute


# Local list, reservation, remote trigger.
async def scene_control(central, files, keys):
    s = await ready(central, QUIET)
    await s.send("SendLocalList", {"listVersion": 3, "updateType": "Full", "localAuthorizationList": [
        {"idTag": TAG, "idTagInfo": {"status": "Accepted"}}]}, want="Accepted")
    answer = await s.send("GetLocalListVersion", {})
    assert answer["listVersion"] == 3, answer
    for order in ("TriggerMessage", "ExtendedTriggerMessage"):
        log = "DiagnosticsStatusNotification" if order == "TriggerMessage" else "LogStatusNotification"
        told = "FirmwareStatusNotification" if order == "TriggerMessage" else "SignedFirmwareStatusNotification"
        for asked, sent in (("Heartbeat", "Heartbeat"), ("StatusNotification", "StatusNotification"), (log, log),
                            ("MeterValues", "MeterValues"), ("FirmwareStatusNotification", told)):
            mark = s.mark
            body = {"requestedMessage": asked}
            if asked in ("StatusNotification", "MeterValues"):
                body["connectorId"] = 1
            await s.send(order, body, want="Accepted")
            await s.expect(sent, mark)
    mark = s.mark
    await s.send("ReserveNow", {"connectorId": 1, "expiryDate": s.now(60), "idTag": TAG, "reservationId": 5},
                 want="Accepted")
    await s.expect("StatusNotification", mark, connectorId=1, status="Reserved")
    await s.expect("StatusNotification", mark, connectorId=1, status="Available")
    await s.send("ReserveNow", {"connectorId": 1, "expiryDate": s.now(6000), "idTag": TAG, "reservationId": 6},
                 want="Accepted")
    await s.send("CancelReservation", {"reservationId": 6}, want="Accepted")
    await s.send("CancelReservation", {"reservationId": 6}, want="Rejected")


# Smart charging, without a transaction.
async def scene_profiles(central, files, keys):
    s = await ready(central, QUIET)
    now = s.now(-60)
    await s.send("SetChargingProfile", {"connectorId": 0, "csChargingProfiles": profile(
        1, "ChargePointMaxProfile", now, 15000.0)}, want="Accepted")
    await s.send("SetChargingProfile", {"connectorId": 1, "csChargingProfiles": profile(
        2, "TxDefaultProfile", now)}, want="Accepted")
    await s.send("SetChargingProfile", {"connectorId": 1, "csChargingProfiles": profile(
        3, "TxProfile", now, transactionId=4711)}, want="Rejected")
    answer = await s.send("GetCompositeSchedule", {"connectorId": 1, "duration": 600, "chargingRateUnit": "W"},
                          want="Accepted")
    assert answer["chargingSchedule"]["chargingSchedulePeriod"][0]["limit"] == 7000, answer
    await s.send("ClearChargingProfile", {"id": 2}, want="Accepted")
    await s.send("ClearChargingProfile", {"id": 2}, want="Unknown")


# Firmware management and the security extension.
async def scene_security(central, files, keys):
    s = await ready(central, SIGNED)
    root = {"certificateType": "ManufacturerRootCertificate"}
    await s.send("InstallCertificate", {**root, "certificate": keys.text("manufacturer-root.pem")}, want="Accepted")
    answer = await s.send("GetInstalledCertificateIds", root, want="Accepted")
    [hashed] = answer["certificateHashData"]
    await s.send("DeleteCertificate", {"certificateHashData": hashed}, want="Accepted")
    await s.send("GetInstalledCertificateIds", root, want="NotFound")
    await s.send("GetLog", {"requestId": 24, "logType": "SecurityLog", "log": {
        "remoteLocation": f"{files.url}/security"}}, want="Accepted")
    await s.expect("LogStatusNotification", status="Uploaded", requestId=24)
    answer = await s.send("GetDiagnostics", {"location": f"{files.url}/diagnostics"})
    assert answer.get("fileName"), answer
    await s.expect("DiagnosticsStatusNotification", status="Uploaded")
    assert len(files.brought) == 2, f"two logs were to arrive: {files.brought.keys()}"
    await firmware(s, files, keys)
    mark, connections = s.mark, s.connections
    await s.send("ExtendedTriggerMessage", {"requestedMessage": "SignChargePointCertificate"}, want="Accepted")
    asked = await s.expect("SignCertificate", mark)
    await s.send("CertificateSigned", {"certificateChain": keys.signed(asked["csr"])}, want="Accepted")
    await until(lambda: s.connections > connections, 20, "it comes back with the new certificate")
    await s.send("CertificateSigned", {"certificateChain": keys.text("csms-ca.pem")}, want="Rejected")
    await s.expect("SecurityEventNotification", mark, type="InvalidChargePointCertificate")


async def firmware(s, files, keys):
    image = files.offered["/firmware.bin"]
    mark = s.mark
    await s.send("UpdateFirmware", {"location": f"{files.url}/firmware.bin", "retrieveDate": s.now(-60)})
    await s.expect("FirmwareStatusNotification", mark, 20, status="Installed")
    steps = [p["status"] for p in s.seen("FirmwareStatusNotification", mark)]
    assert steps == ["Downloading", "Downloaded", "Installing", "Installed"], steps
    signed = {"location": f"{files.url}/firmware.bin", "retrieveDateTime": s.now(-60),
              "signingCertificate": keys.text("firmware-signing.pem"), "signature": keys.signature(image)}
    mark = s.mark
    await s.send("SignedUpdateFirmware", {"requestId": 41, "firmware": signed}, want="Accepted")
    await s.expect("SignedFirmwareStatusNotification", mark, 20, status="Installed", requestId=41)
    steps = [p["status"] for p in s.seen("SignedFirmwareStatusNotification", mark)]
    for step in ("Downloading", "Downloaded", "SignatureVerified", "Installing", "Installed"):
        assert step in steps, steps
    mark = s.mark
    await s.send("SignedUpdateFirmware", {"requestId": 42, "firmware": {**signed, "signature": keys.signature(b"x")}},
                 want="Accepted")
    await s.expect("SignedFirmwareStatusNotification", mark, 20, status="InvalidSignature", requestId=42)


# 5.11: with a profile for the transaction to come; nobody plugs in, and the start lapses.
async def scene_remote_start(central, files, keys):
    s = await ready(central, STARTED)
    await s.send("RemoteStartTransaction", {"idTag": TAG, "connectorId": 2, "chargingProfile": profile(
        71, "TxProfile", s.now(-60))}, want="Accepted")
    await s.send("RemoteStartTransaction", {"idTag": TAG, "connectorId": 9}, want="Rejected")


def running(central):
    """A transaction under way on the busy forecourt: station, number, connector."""
    for station in central.stations.values():
        ended = {p["transactionId"] for p in station.seen("StopTransaction")}
        for number, (owner, connector) in central.started.items():
            if owner is station and number not in ended and station.identity.startswith("busy") and station.peer:
                return station, number, connector
    return None


# Transactions, and all that needs one.
async def scene_transaction(central, files, keys):
    s, number, connector = await until(lambda: running(central), 60, "a driver charges")
    await s.expect("MeterValues", connectorId=connector, transactionId=number)
    await s.send("SetChargingProfile", {"connectorId": connector, "csChargingProfiles": profile(
        61, "TxProfile", s.now(-60), 5000.0, transactionId=number)}, want="Accepted")
    answer = await s.send("GetCompositeSchedule", {"connectorId": connector, "duration": 300, "chargingRateUnit": "W"},
                          want="Accepted")
    assert answer["chargingSchedule"]["chargingSchedulePeriod"][0]["limit"] == 5000, answer
    mark = s.mark
    await s.send("TriggerMessage", {"requestedMessage": "MeterValues", "connectorId": connector}, want="Accepted")
    await s.expect("MeterValues", mark, connectorId=connector, transactionId=number)
    await s.send("RemoteStopTransaction", {"transactionId": 4711}, want="Rejected")
    await s.send("RemoteStopTransaction", {"transactionId": number}, want="Accepted")
    ended = await s.expect("StopTransaction", mark, transactionId=number)
    assert ended["reason"] == "Remote", ended
