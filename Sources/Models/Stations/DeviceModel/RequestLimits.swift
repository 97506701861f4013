internal import OCPP
internal import OCPPMessages

extension DeviceModel {
    /// The error code for a request that is larger than the charging station says it can take; `nil` when it is not.
    ///
    /// To be asked before the request is handed to its block.
    /// - Parameter bytes: length of the request's payload.
    /// - Source: OCPP 2.0.1 part 2, B05.FR.11 and B05.FR.13, B06.FR.16 and B06.FR.17, B08.FR.17 and B08.FR.18, D01.FR.11
    ///   and D01.FR.12, N04.FR.09, N06.FR.06: ItemsPerMessage gives OccurrenceConstraintViolation, BytesPerMessage
    ///   FormatViolation.
    func limitViolation(of request: V2.Request, bytes: Int) -> RPCErrorCode? {
        let limits: (items: Int, component: String, instance: String?)? =
            switch request {
            case .getVariables(let request): (request.getVariableData.count, "DeviceDataCtrlr", "GetVariables")
            case .setVariables(let request): (request.setVariableData.count, "DeviceDataCtrlr", "SetVariables")
            case .getReport(let request): (request.componentVariable?.count ?? 0, "DeviceDataCtrlr", "GetReport")
            case .getMonitoringReport(let request):
                (request.componentVariable?.count ?? 0, "DeviceDataCtrlr", "GetReport")
            case .setVariableMonitoring(let request):
                (request.setMonitoringData.count, "MonitoringCtrlr", "SetVariableMonitoring")
            case .clearVariableMonitoring(let request):
                (request.id.count, "MonitoringCtrlr", "ClearVariableMonitoring")
            case .sendLocalList(let request):
                (request.localAuthorizationList?.count ?? 0, "LocalAuthListCtrlr", nil)
            default: nil
            }
        guard let limits else { return nil }
        if limits.items > int(limits.component, "ItemsPerMessage", instance: limits.instance) {
            return .occurrenceConstraintViolation
        }
        return bytes > int(limits.component, "BytesPerMessage", instance: limits.instance) ? .formatViolation : nil
    }
}
