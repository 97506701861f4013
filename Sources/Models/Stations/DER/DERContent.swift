internal import OCPP
internal import OCPPMessages

/// What all kinds of control have in common.
struct DERContent {
    var priority: Int
    var startTime: Timestamp?
    /// Seconds.
    var duration: Double?
}

extension V2.SetDERControlRequest {
    /// Number of controls in the request; there must be one.
    var contents: Int {
        [
            curve != nil, enterService != nil, fixedPFAbsorb != nil, fixedPFInject != nil, fixedVar != nil,
            freqDroop != nil, gradient != nil, limitMaxDischarge != nil,
        ].count { $0 }
    }

    /// The control that belongs to the type; `nil` when it is missing.
    var content: DERContent? {
        switch controlType {
        case .enterService: enterService.map { DERContent(priority: $0.priority) }
        case .gradients: gradient.map { DERContent(priority: $0.priority) }
        case .fixedPFAbsorb: Self.content(fixedPFAbsorb)
        case .fixedPFInject: Self.content(fixedPFInject)
        case .fixedVar:
            fixedVar.map { DERContent(priority: $0.priority, startTime: $0.startTime, duration: $0.duration) }
        case .freqDroop:
            freqDroop.map { DERContent(priority: $0.priority, startTime: $0.startTime, duration: $0.duration) }
        case .limitMaxDischarge:
            limitMaxDischarge.map { DERContent(priority: $0.priority, startTime: $0.startTime, duration: $0.duration) }
        case .freqWatt, .hfMustTrip, .hfMayTrip, .hvMustTrip, .hvMomCess, .hvMayTrip, .lfMustTrip, .lvMustTrip,
            .lvMomCess, .lvMayTrip, .powerMonitoringMustTrip, .voltVar, .voltWatt, .wattPF, .wattVar:
            curve.map { DERContent(priority: $0.priority, startTime: $0.startTime, duration: $0.duration) }
        }
    }

    private static func content(_ factor: V2.FixedPF?) -> DERContent? {
        factor.map { DERContent(priority: $0.priority, startTime: $0.startTime, duration: $0.duration) }
    }
}

extension V2.ReportDERControlRequest {
    /// Puts a control into the list of its kind.
    mutating func add(_ control: DERControl.Control) {
        let request = control.request
        if let curve = request.curve {
            self.curve =
                (self.curve ?? []) + [
                    V2.DERCurveGet(
                        curve: curve, id: control.id, curveType: control.type, isDefault: control.isDefault,
                        isSuperseded: control.isSuperseded)
                ]
        }
        if let service = request.enterService {
            enterService = (enterService ?? []) + [V2.EnterServiceGet(enterService: service, id: control.id)]
        }
        if let factor = request.fixedPFAbsorb {
            fixedPFAbsorb = (fixedPFAbsorb ?? []) + [Self.entry(factor, control)]
        }
        if let factor = request.fixedPFInject {
            fixedPFInject = (fixedPFInject ?? []) + [Self.entry(factor, control)]
        }
        if let fixed = request.fixedVar {
            fixedVar =
                (fixedVar ?? []) + [
                    V2.FixedVarGet(
                        fixedVar: fixed, id: control.id, isDefault: control.isDefault,
                        isSuperseded: control.isSuperseded)
                ]
        }
        if let droop = request.freqDroop {
            freqDroop =
                (freqDroop ?? []) + [
                    V2.FreqDroopGet(
                        freqDroop: droop, id: control.id, isDefault: control.isDefault,
                        isSuperseded: control.isSuperseded)
                ]
        }
        if let gradient = request.gradient {
            self.gradient = (self.gradient ?? []) + [V2.GradientGet(gradient: gradient, id: control.id)]
        }
        if let limit = request.limitMaxDischarge {
            limitMaxDischarge =
                (limitMaxDischarge ?? []) + [
                    V2.LimitMaxDischargeGet(
                        id: control.id, isDefault: control.isDefault, isSuperseded: control.isSuperseded,
                        limitMaxDischarge: limit)
                ]
        }
    }

    private static func entry(_ factor: V2.FixedPF, _ control: DERControl.Control) -> V2.FixedPFGet {
        V2.FixedPFGet(
            fixedPF: factor, id: control.id, isDefault: control.isDefault, isSuperseded: control.isSuperseded)
    }
}
