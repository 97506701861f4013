/// Why the last segment of a path names nobody.
public enum PathProblem: Error, Hashable, Sendable {
    /// The path does not begin with the prefix and a "/".
    case notUnderPrefix
    /// Nothing stands behind the prefix.
    case empty
    /// More than one segment stands behind the prefix. A "/" of the name itself must come as `%2F`.
    case severalSegments
    /// The segment is "." or "..", as written or percent-encoded: proxies resolve these on the way.
    case dotSegment
    /// A "%" without two hexadecimal digits behind it.
    case badPercentEncoding
    /// A byte that may not stand in a path as it is: a space, a control character or one above 0x7e.
    case illegalCharacter
    /// The decoded name holds a zero byte or another control character.
    case controlCharacter
    /// The decoded name is longer than the limit, in bytes.
    case tooLong
}

/// The name that a charging station writes as the last segment of the URL it connects to, percent-decoded.
///
/// - Parameters:
///   - path: request target as received, with or without a query, which is left out.
///   - prefix: path of the endpoint, such as "/ocpp"; "" or "/" for the root.
///   - lengthMax: most bytes of the decoded name. The default suits every identity of the standard several times over.
/// - Returns: the bytes of the name. They need not be UTF-8.
/// - Throws: ``PathProblem`` where the path is to be refused.
/// - Source: OCPP-J 1.6, 3.1.1; OCPP 2.0.1 part 4, 3.1.1; RFC 3986, 2.1 and 3.3.
public func percentDecodedLastSegment(
    path: some Collection<UInt8>, prefix: String, lengthMax: Int = 255
) throws(PathProblem) -> [UInt8] {
    let slash = UInt8(ascii: "/")
    var base = Array(prefix.utf8)
    while base.last == slash { base.removeLast() }
    let target = Array(path.prefix { $0 != UInt8(ascii: "?") })
    guard target.starts(with: base), target.count > base.count, target[base.count] == slash else {
        throw .notUnderPrefix
    }
    let segment = target[(base.count + 1)...]
    guard !segment.isEmpty else { throw .empty }
    guard !segment.contains(slash) else { throw .severalSegments }
    let name = try percentDecoded(segment)
    guard name != [UInt8(ascii: ".")], name != [UInt8(ascii: "."), UInt8(ascii: ".")] else { throw .dotSegment }
    guard name.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else { throw .controlCharacter }
    guard name.count <= lengthMax else { throw .tooLong }
    return name
}

private func percentDecoded(_ segment: ArraySlice<UInt8>) throws(PathProblem) -> [UInt8] {
    var name: [UInt8] = []
    name.reserveCapacity(segment.count)
    var index = segment.startIndex
    while index < segment.endIndex {
        let byte = segment[index]
        if byte == UInt8(ascii: "%") {
            guard index + 2 < segment.endIndex, let high = hexadecimal(segment[index + 1]),
                let low = hexadecimal(segment[index + 2])
            else { throw .badPercentEncoding }
            name.append(high << 4 | low)
            index += 3
        } else {
            guard byte > 0x20, byte < 0x7f else { throw .illegalCharacter }
            name.append(byte)
            index += 1
        }
    }
    return name
}

private func hexadecimal(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
}

/// The bytes as they may stand in one segment of a path: unreserved characters as they are, everything else as `%XX`.
/// - Source: RFC 3986, 2.1 and 2.3.
public func percentEncodedSegment(_ name: some Collection<UInt8>) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var text: [UInt8] = []
    for byte in name {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            text.append(byte)
        default: text += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
    return String(decoding: text, as: UTF8.self)
}
