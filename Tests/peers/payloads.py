"""Valid payloads for every action, made from the JSON schemas in the PyPI package `ocpp`.

`payload(version, action, kind, full)` gives the smallest valid instance, or one with every field that the schema knows.
Deterministic: the same call gives the same payload.
"""

import functools
import json
import os

import ocpp

VERSIONS = ("1.6", "2.0.1", "2.1")
SUBPROTOCOL = {"1.6": "ocpp1.6", "2.0.1": "ocpp2.0.1", "2.1": "ocpp2.1"}
_FOLDER = {"1.6": "v16", "2.0.1": "v201", "2.1": "v21"}

# Who sends what: the tables of the standards (1.6 and its security extension, 2.0.1, 2.1).
STATION_ACTIONS = {
    "1.6": """Authorize BootNotification DataTransfer DiagnosticsStatusNotification FirmwareStatusNotification Heartbeat
        LogStatusNotification MeterValues SecurityEventNotification SignCertificate SignedFirmwareStatusNotification
        StartTransaction StatusNotification StopTransaction""".split(),
    "2.0.1": """Authorize BootNotification ClearedChargingLimit DataTransfer FirmwareStatusNotification
        Get15118EVCertificate GetCertificateStatus Heartbeat LogStatusNotification MeterValues NotifyChargingLimit
        NotifyCustomerInformation NotifyDisplayMessages NotifyEVChargingNeeds NotifyEVChargingSchedule NotifyEvent
        NotifyMonitoringReport NotifyReport PublishFirmwareStatusNotification ReportChargingProfiles
        ReservationStatusUpdate SecurityEventNotification SignCertificate StatusNotification TransactionEvent""".split(),
}
STATION_ACTIONS["2.1"] = STATION_ACTIONS["2.0.1"] + """BatterySwap ClosePeriodicEventStream GetCertificateChainStatus
    NotifyDERAlarm NotifyDERStartStop NotifyPeriodicEventStream NotifyPriorityCharging NotifySettlement
    OpenPeriodicEventStream PullDynamicScheduleUpdate ReportDERControl VatNumberValidation""".split()
# Messages without an answer (message type SEND of OCPP 2.1).
SENDS = {"NotifyPeriodicEventStream"}


def folder(version):
    return os.path.join(os.path.dirname(ocpp.__file__), _FOLDER[version], "schemas")


@functools.cache
def actions(version):
    """All actions of a version, sorted."""
    names = set()
    for file in os.listdir(folder(version)):
        name = file.removesuffix(".json")
        names.add(name.removesuffix("Request").removesuffix("Response"))
    return sorted(names)


def csms_actions(version):
    """Actions that a CSMS sends, sorted; DataTransfer goes both ways."""
    return [a for a in actions(version) if a not in STATION_ACTIONS[version] or a == "DataTransfer"]


@functools.cache
def schema(version, action, kind):
    """`kind` is Request or Response."""
    bare = version == "1.6" or action in SENDS
    name = action if bare and kind == "Request" else action + kind
    with open(os.path.join(folder(version), name + ".json"), encoding="utf-8-sig") as file:
        return json.load(file)


def payload(version, action, kind="Request", full=False):
    root = schema(version, action, kind)
    return _instance(root, root, full, "")


def _instance(node, root, full, name):
    if "$ref" in node:
        return _instance(root["definitions"][node["$ref"].split("/")[-1]], root, full, name)
    if "enum" in node:
        return node["enum"][0]
    kind = node.get("type")
    if kind == "object" or "properties" in node:
        required = node.get("required", [])
        result = {}
        for key, value in node.get("properties", {}).items():
            if key in required or (full and key != "customData"):
                result[key] = _instance(value, root, full, key)
        if full and "customData" in node.get("properties", {}):
            result["customData"] = {"vendorId": "org.example.evtwin", "note": "kept"}
        return result
    if kind == "array":
        return [_instance(node["items"], root, full, name)] * max(1, node.get("minItems", 1))
    if kind == "string":
        return _text(node, name)
    if kind == "boolean":
        return True
    if kind == "integer":
        return int(_number(node, 1))
    if kind == "number":
        return _number(node, 1.5)
    return "any"  # DataTransfer.data of 2.x may be anything


def _number(node, usual):
    low, high = node.get("minimum", usual), node.get("maximum", usual)
    return min(max(usual, low), high)


def _text(node, name):
    if node.get("format") == "date-time":
        return "2025-01-06T17:03:09.250Z"
    if node.get("format") == "uri":
        return "https://files.example.org/f"
    text = {"idToken": "04E1B2C3", "idTag": "04E1B2C3", "type": "ISO14443"}.get(name, "text")
    return text[: node.get("maxLength", 50)]
