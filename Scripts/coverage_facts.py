"""What docs/ocpp-coverage.md knows of each action besides test results: versions, direction, use cases.

Use cases are those of OCPP 2.0.1 and 2.1 part 2 (block and number); "1.6" names sections of OCPP 1.6 edition 2, SW the whitepaper
"Improved security for OCPP 1.6-J".
"""
from typing import NamedTuple


class Facts(NamedTuple):
    versions: tuple
    direction: str  # ↑ to the CSMS, ↓ to the station; both for DataTransfer
    uses: str


ALL, V16, V2, V21 = ("1.6", "2.0.1", "2.1"), ("1.6",), ("2.0.1", "2.1"), ("2.1",)

# action, versions, direction, use cases
_TABLE = [
    ("AFRRSignal", V21, "↓", "Q08"),
    ("AdjustPeriodicEventStream", V21, "↓", "N11-N15"),
    ("Authorize", ALL, "↑", "C01-C07; 1.6 4.1"),
    ("BatterySwap", V21, "↑", "S01-S04"),
    ("BootNotification", ALL, "↑", "B01-B03; 1.6 4.2"),
    ("CancelReservation", ALL, "↓", "H02; 1.6 5.1"),
    ("CertificateSigned", ALL, "↓", "A02, A03; SW"),
    ("ChangeAvailability", ALL, "↓", "G03, G04; 1.6 5.2"),
    ("ChangeConfiguration", V16, "↓", "1.6 5.3"),
    ("ChangeTransactionTariff", V21, "↓", "I11"),
    ("ClearCache", ALL, "↓", "C11; 1.6 5.4"),
    ("ClearChargingProfile", ALL, "↓", "K10; 1.6 5.5"),
    ("ClearDERControl", V21, "↓", "R04"),
    ("ClearDisplayMessage", V2, "↓", "O05"),
    ("ClearTariffs", V21, "↓", "I10"),
    ("ClearVariableMonitoring", V2, "↓", "N06"),
    ("ClearedChargingLimit", V2, "↑", "K13"),
    ("ClosePeriodicEventStream", V21, "↑", "N11-N15"),
    ("CostUpdated", V2, "↓", "I02"),
    ("CustomerInformation", V2, "↓", "N09, N10"),
    ("DataTransfer", ALL, "↑↓", "P01, P02; 1.6 4.3, 5.6"),
    ("DeleteCertificate", ALL, "↓", "M04; SW"),
    ("DiagnosticsStatusNotification", V16, "↑", "1.6 4.4"),
    ("ExtendedTriggerMessage", V16, "↓", "SW"),
    ("FirmwareStatusNotification", ALL, "↑", "L01, L02; 1.6 4.5"),
    ("Get15118EVCertificate", V2, "↑", "M01, M02"),
    ("GetBaseReport", V2, "↓", "B07"),
    ("GetCertificateChainStatus", V21, "↑", "M07"),
    ("GetCertificateStatus", V2, "↑", "M06"),
    ("GetChargingProfiles", V2, "↓", "K09"),
    ("GetCompositeSchedule", ALL, "↓", "K08; 1.6 5.7"),
    ("GetConfiguration", V16, "↓", "1.6 5.8"),
    ("GetDERControl", V21, "↓", "R04"),
    ("GetDiagnostics", V16, "↓", "1.6 5.9"),
    ("GetDisplayMessages", V2, "↓", "O03, O04"),
    ("GetInstalledCertificateIds", ALL, "↓", "M03; SW"),
    ("GetLocalListVersion", ALL, "↓", "D02; 1.6 5.10"),
    ("GetLog", ALL, "↓", "N01; SW"),
    ("GetMonitoringReport", V2, "↓", "N02"),
    ("GetPeriodicEventStream", V21, "↓", "N11-N15"),
    ("GetReport", V2, "↓", "B08"),
    ("GetTariffs", V21, "↓", "I09"),
    ("GetTransactionStatus", V2, "↓", "E14"),
    ("GetVariables", V2, "↓", "B06"),
    ("Heartbeat", ALL, "↑", "G02; 1.6 4.6"),
    ("InstallCertificate", ALL, "↓", "M05; SW"),
    ("LogStatusNotification", ALL, "↑", "N01; SW"),
    ("MeterValues", ALL, "↑", "J01; 1.6 4.7"),
    ("NotifyAllowedEnergyTransfer", V21, "↓", "Q02"),
    ("NotifyChargingLimit", V2, "↑", "K11, K12"),
    ("NotifyCustomerInformation", V2, "↑", "N09, N10"),
    ("NotifyDERAlarm", V21, "↑", "R05"),
    ("NotifyDERStartStop", V21, "↑", "R04"),
    ("NotifyDisplayMessages", V2, "↑", "O03, O04"),
    ("NotifyEVChargingNeeds", V2, "↑", "K15, K17"),
    ("NotifyEVChargingSchedule", V2, "↑", "K15-K17"),
    ("NotifyEvent", V2, "↑", "N07, N08"),
    ("NotifyMonitoringReport", V2, "↑", "N02"),
    ("NotifyPeriodicEventStream", V21, "↑", "N11-N15"),
    ("NotifyPriorityCharging", V21, "↑", "K22"),
    ("NotifyReport", V2, "↑", "B07, B08"),
    ("NotifySettlement", V21, "↑", "C18-C25"),
    ("NotifyWebPaymentStarted", V21, "↓", "C18-C25"),
    ("OpenPeriodicEventStream", V21, "↑", "N11-N15"),
    ("PublishFirmware", V2, "↓", "L03"),
    ("PublishFirmwareStatusNotification", V2, "↑", "L03"),
    ("PullDynamicScheduleUpdate", V21, "↑", "K28"),
    ("RemoteStartTransaction", V16, "↓", "1.6 5.11"),
    ("RemoteStopTransaction", V16, "↓", "1.6 5.12"),
    ("ReportChargingProfiles", V2, "↑", "K09"),
    ("ReportDERControl", V21, "↑", "R04"),
    ("RequestBatterySwap", V21, "↓", "S02"),
    ("RequestStartTransaction", V2, "↓", "F01, F02"),
    ("RequestStopTransaction", V2, "↓", "F03"),
    ("ReservationStatusUpdate", V2, "↑", "H04"),
    ("ReserveNow", ALL, "↓", "H01; 1.6 5.13"),
    ("Reset", ALL, "↓", "B11, B12; 1.6 5.14"),
    ("SecurityEventNotification", ALL, "↑", "A04; SW"),
    ("SendLocalList", ALL, "↓", "D01; 1.6 5.15"),
    ("SetChargingProfile", ALL, "↓", "K01; 1.6 5.16"),
    ("SetDERControl", V21, "↓", "R04"),
    ("SetDefaultTariff", V21, "↓", "I07"),
    ("SetDisplayMessage", V2, "↓", "O01, O02, O06"),
    ("SetMonitoringBase", V2, "↓", "N03"),
    ("SetMonitoringLevel", V2, "↓", "N05"),
    ("SetNetworkProfile", V2, "↓", "B09"),
    ("SetVariableMonitoring", V2, "↓", "N04"),
    ("SetVariables", V2, "↓", "B05"),
    ("SignCertificate", ALL, "↑", "A02, A03; SW"),
    ("SignedFirmwareStatusNotification", V16, "↑", "SW"),
    ("SignedUpdateFirmware", V16, "↓", "SW"),
    ("StartTransaction", V16, "↑", "1.6 4.8"),
    ("StatusNotification", ALL, "↑", "G01; 1.6 4.9"),
    ("StopTransaction", V16, "↑", "1.6 4.10"),
    ("TransactionEvent", V2, "↑", "E01-E13, J02"),
    ("TriggerMessage", ALL, "↓", "F06; 1.6 5.17"),
    ("UnlockConnector", ALL, "↓", "F05; 1.6 5.18"),
    ("UnpublishFirmware", V2, "↓", "L04"),
    ("UpdateDynamicSchedule", V21, "↓", "K28"),
    ("UpdateFirmware", ALL, "↓", "L01, L02; 1.6 5.19"),
    ("UsePriorityCharging", V21, "↓", "K21"),
    ("VatNumberValidation", V21, "↑", "C18-C25"),
]
ACTIONS = {action: Facts(versions, direction, uses) for action, versions, direction, uses in _TABLE}

_SITE = "no energy management system of a world sets a limit; block: `Tests/ModelsTests/SmartChargingBlockTests.swift`"
_VEHICLE = "no vehicle of a world speaks ISO 15118 with its station; block: "
_DER = "no station of a world has grid code settings; block: `Tests/ModelsTests/DER/DERControlTests.swift`"
_PAY = "no station of a world has a payment terminal; block: `Tests/ModelsTests/Tariffs/TariffTests.swift`"
# (role, action): why no round trip proves it.
UNPROVED = {
    ("station", "BatterySwap"):
        "no station of a world swaps batteries; block: `Tests/ModelsTests/BatterySwap/BatterySwapTests.swift`",
    ("station", "ClearedChargingLimit"): _SITE,
    ("station", "NotifyChargingLimit"): _SITE,
    ("station", "DataTransfer"):
        "no station of a world has a message of its vendor's; block: `Tests/ModelsTests/DataTransfer/VendorDataTests.swift`",
    ("station", "Get15118EVCertificate"): _VEHICLE + "`Tests/ModelsTests/ControllerContractTests.swift`",
    ("station", "GetCertificateChainStatus"): _VEHICLE + "`Tests/ModelsTests/ControllerContractTests.swift`",
    ("station", "GetCertificateStatus"): _VEHICLE + "`Tests/ModelsTests/ControllerContractTests.swift`",
    ("station", "NotifyEVChargingNeeds"): _VEHICLE + "`Tests/ModelsTests/SmartChargingBlockTests.swift`",
    ("station", "NotifyEVChargingSchedule"): _VEHICLE + "`Tests/ModelsTests/SmartChargingBlockTests.swift`",
    ("station", "NotifyPriorityCharging"):
        "no driver of a world asks for it; block: `Tests/ModelsTests/SmartCharging21Tests.swift`",
    ("station", "ClearDERControl"): _DER,
    ("station", "GetDERControl"): _DER,
    ("station", "SetDERControl"): _DER,
    ("station", "RequestBatterySwap"):
        "no station of a world swaps batteries; block: `Tests/ModelsTests/BatterySwap/BatterySwapTests.swift`",
    ("station", "UnpublishFirmware"):
        "a station of a world publishes nothing; block: `Tests/ModelsTests/ControllerFirmwareUpdateTests.swift`",
    ("station", "NotifyDERAlarm"): _DER,
    ("station", "NotifyDERStartStop"): _DER,
    ("station", "ReportDERControl"): _DER,
    ("station", "NotifySettlement"): _PAY,
    ("station", "VatNumberValidation"): _PAY,
}
