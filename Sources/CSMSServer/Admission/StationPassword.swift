internal import PKI

/// Passwords of charging stations in the forms in which they travel.
enum StationPassword {
    /// Characters of a `BasicAuthPassword` of 2.x.
    static let lengths = 16...40

    /// What the stored password may have been, given what came: the bytes themselves, or the hexadecimal digits that a
    /// 1.6 charging station was given as `AuthorizationKey` and sends decoded.
    /// - Source: OCPP 1.6 security whitepaper, 3.3 "AuthorizationKey"; OCPP 2.0.1 part 2, A00.FR.205.
    static func candidates(_ presented: [UInt8]) -> [[UInt8]] {
        guard presented.count <= lengths.upperBound / 2 else { return [presented] }
        let digits = ByteText.hex(presented)
        return [presented, Array(digits.utf8), Array(digits.uppercased().utf8)]
    }

    static func matches(_ hash: PasswordHash?, _ password: [UInt8]) -> Bool {
        (try? hash?.matches(password)) ?? false
    }
}
