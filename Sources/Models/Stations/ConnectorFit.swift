/// How a station's connector meets a vehicle's inlet.
public enum ConnectorFit: UInt8, Sendable, BitwiseCopyable, Codable {
    case none
    case direct
    /// With an adapter that drivers of such vehicles carry.
    case adapter
}

extension ConnectorType {
    /// Whether this connector reaches `inlet`, and how.
    ///
    /// Adapters: CCS1 and J1772 (Type 1) to and from NACS; a Type 2 socket takes the cable of a Type 1 inlet.
    /// A Type 2 connector enters the upper half of a CCS2 inlet, a Type 1 that of a CCS1 inlet.
    public func fit(inlet: ConnectorType) -> ConnectorFit {
        if self == inlet { return .direct }
        switch (self, inlet) {
        case (.type2, .ccs2), (.type1, .ccs1): return .direct
        case (.ccs1, .nacs), (.nacs, .ccs1), (.type1, .nacs), (.nacs, .type1), (.type2, .type1): return .adapter
        case (.type1, _), (.type2, _), (.ccs1, _), (.ccs2, _), (.chademo, _), (.nacs, _): return .none
        }
    }

    /// Whether this connector charges a vehicle with `inlet`, with an adapter or without.
    public func fits(inlet: ConnectorType) -> Bool { fit(inlet: inlet) != .none }
}

extension VehicleModel {
    /// How the vehicle as sold in `market` charges at `connector` of a station of the given kind.
    public func fit(connector: ConnectorType, kind: StationKind, market: Market) -> ConnectorFit {
        switch kind {
        case .ac:
            guard connector.carriesAC, onboard(in: market).isPresent, let inlet = acInlet(in: market) else {
                return .none
            }
            return connector.fit(inlet: inlet)
        case .dc:
            guard connector.carriesDC else { return .none }
            return connector.fit(inlet: dcInlet(in: market))
        }
    }
}
