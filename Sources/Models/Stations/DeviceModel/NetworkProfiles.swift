public import OCPPMessages

/// How to reach CSMSs: one profile per slot, and the order in which slots are tried.
/// - Source: OCPP 2.0.1 part 2, use cases B09 and B10.
public struct NetworkProfiles: Sendable, Codable, Equatable {
    /// A profile in its slot.
    public struct Slot: Sendable, Codable, Equatable {
        /// From 1.
        public let number: Int
        public var profile: V2.NetworkConnectionProfile
    }

    /// By number; at most ``VariableCatalogue/networkSlots``.
    private(set) var slots: [Slot] = []
    /// Slots in the order they are tried, as of the last restart.
    private(set) var priority: [Int] = [1]
    /// The slot of the last connection.
    private(set) var active = 1

    func profile(slot: Int) -> V2.NetworkConnectionProfile? { slots.first { $0.number == slot }?.profile }

    mutating func set(_ profile: V2.NetworkConnectionProfile, slot: Int) {
        if let index = slots.firstIndex(where: { $0.number == slot }) {
            slots[index].profile = profile
        } else {
            slots.append(Slot(number: slot, profile: profile))
            slots.sort { $0.number < $1.number }
        }
    }
    mutating func adoptPriority(_ slots: [Int]) { priority = slots }
    mutating func connected(slot: Int) { active = slot }

    /// The slot for a connection attempt, counted from 0 since the last connection: `attempts` times the first of the
    /// priority list, then as often the next, and after the last the first again.
    func slot(attempt: Int, attempts: Int) -> Slot? {
        let known = priority.compactMap { number in slots.first { $0.number == number } }
        guard !known.isEmpty else { return slots.first }
        return known[max(attempt, 0) / max(attempts, 1) % known.count]
    }
}

extension DeviceModel {
    /// The profile for a connection attempt, counted from 0 since the last connection; `nil` when none is set.
    public func networkProfile(attempt: Int) -> NetworkProfiles.Slot? {
        network.slot(attempt: attempt, attempts: int("OCPPCommCtrlr", "NetworkProfileConnectionAttempts"))
    }

    /// Password for a profile: its own, or else the charging station's.
    public func password(for slot: NetworkProfiles.Slot) -> String? {
        slot.profile.basicAuthPassword ?? password.current
    }

    /// The CSMS has refused the password. Returns whether an earlier one is left to try.
    public mutating func passwordRefused() -> Bool { password.revert() }

    /// A connection was made by way of this slot: its security profile is the one that may not be lowered any more,
    /// and slots with a lower one are not tried again.
    /// - Source: OCPP 2.0.1 part 2, A05.FR.05 and A05.FR.06.
    public mutating func connected(slot number: Int) {
        password.confirm()
        network.connected(slot: number)
        preset("OCPPCommCtrlr", "ActiveNetworkProfile", to: String(number))
        guard let profile = network.profile(slot: number)?.securityProfile else { return }
        let before = int("SecurityCtrlr", "SecurityProfile")
        preset("SecurityCtrlr", "SecurityProfile", to: String(profile))
        guard profile > before else { return }
        let kept = network.priority.filter { (network.profile(slot: $0)?.securityProfile ?? 0) >= profile }
        network.adoptPriority(kept)
        preset("OCPPCommCtrlr", "NetworkConfigurationPriority", to: kept.map { String($0) }.joined(separator: ","))
    }

    /// Sets the profile that a charging station comes with, and its password.
    /// - Parameters:
    ///   - slot: 1 ... 4.
    ///   - messageTimeoutS: seconds, 1 ... 3600.
    public mutating func presetNetwork(
        slot: Int = 1, url: String, securityProfile: Int, version: V2.OCPPVersionEnum, password: String? = nil,
        messageTimeoutS: Int = 30
    ) {
        network.set(
            V2.NetworkConnectionProfile(
                ocppInterface: .wired0, ocppTransport: .json, messageTimeout: messageTimeoutS, ocppCsmsUrl: url,
                securityProfile: securityProfile, ocppVersion: version), slot: slot)
        if let password { self.password = BasicAuthPassword(password) }
        preset("SecurityCtrlr", "SecurityProfile", to: String(securityProfile))
    }

    /// Why a profile cannot be used; `nil` when it can.
    func problem(with profile: V2.NetworkConnectionProfile) -> ValueRules.Problem? {
        func invalid(_ words: String) -> ValueRules.Problem { .init(code: "InvalidNetworkConf", words: words) }
        guard (0...3).contains(profile.securityProfile) else { return invalid("security profile 0 to 3") }
        if let problem = downgradeProblem(to: profile.securityProfile) { return problem }
        guard profile.ocppTransport == .json else { return invalid("only JSON is spoken") }
        switch profile.ocppVersion {
        case nil, .ocpp16, .ocpp20, .ocpp201, .ocpp21: break
        case .ocpp12, .ocpp15: return invalid("OCPP 1.6, 2.0.1 or 2.1")
        }
        guard (1...3600).contains(profile.messageTimeout) else { return invalid("message timeout 1 to 3600 s") }
        let url = VariableCatalogue.fold(profile.ocppCsmsUrl)
        let scheme = profile.securityProfile >= 2 ? "wss://" : "ws://"
        guard url.hasPrefix(scheme), url.utf8.count > scheme.utf8.count, !url.contains(" ") else {
            return invalid("a URL that starts with \(scheme)")
        }
        if let password = profile.basicAuthPassword, !(16...64).contains(password.unicodeScalars.count) {
            return invalid("password of 16 to 64 characters")
        }
        return nil
    }

    /// The security profile is never lowered over OCPP, but from 3 to 2 where that is allowed.
    /// - Source: OCPP 2.0.1 part 2, A00.FR.005; OCPP 2.1 part 2, A05.FR.09.
    func downgradeProblem(to profile: Int) -> ValueRules.Problem? {
        let current = int("SecurityCtrlr", "SecurityProfile")
        let isAllowed = current == 3 && profile == 2 && bool("SecurityCtrlr", "AllowSecurityProfileDowngrade")
        return profile >= current || isAllowed
            ? nil : .init(code: "NoSecurityDowngrade", words: "the security profile is \(current)")
    }
}
