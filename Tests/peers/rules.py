"""Orders that a rule beyond the schema would forbid, put right: what a CSMS may really send."""

import copy


def lawful(version, action, body):
    """`body` as the standard's rules allow it."""
    body = copy.deepcopy(body)
    if action in ("RemoteStartTransaction", "RequestStartTransaction") and "chargingProfile" in body:
        # 1.6 5.11, F01.FR.08 and F01.FR.11: a TxProfile of a transaction that has no id yet.
        body["chargingProfile"]["chargingProfilePurpose"] = "TxProfile"
        body["chargingProfile"].pop("transactionId", None)
        if "remoteStartId" in body:
            body["remoteStartId"] += 1  # every start has its own; one seen before is not sent again
    if action == "SetChargingProfile" and version != "1.6":
        # K01.FR.05: external constraints are not the CSMS's.
        body["chargingProfile"]["chargingProfilePurpose"] = "TxDefaultProfile"
        body["chargingProfile"].pop("transactionId", None)
    return body
