#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// A whole public key infrastructure for tests and trials: roots, servers, stations, firmware signing, and bad ones.
public struct TestPKI: Sendable {
    /// What to make.
    public struct Options: Hashable, Sendable {
        /// DNS names and addresses of the CSMS.
        public var hosts = ["localhost", "127.0.0.1", "::1"]
        /// Identities of the charging stations, which become the common names of their certificates.
        public var stations = ["station-1"]
        public var organization = "evtwin test"
        /// Validity of all good certificates; authorities get ten times as much.
        public var days = 365

        public init() {}

        /// Most stations that a number may ask for.
        public static let mostStations = 100_000

        /// Reads a number of stations, which are then called `station-1` and on, or identities with commas between.
        public static func stations(text: String) -> [String] {
            if let count = Int(text), (0...mostStations).contains(count) {
                return (0..<count).map { "station-\($0 + 1)" }
            }
            return text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
    }

    /// One file of the infrastructure.
    public struct File: Hashable, Sendable {
        /// Relative to the directory, with `/`.
        public let name: String
        public let contents: String
        /// One line for people.
        public let purpose: String
        /// Whether only its owner may read it.
        public let isSecret: Bool
    }

    /// All files, in the order in which they are listed.
    public private(set) var files: [File] = []

    private let options: Options
    private let now: Int64

    /// Makes all keys and certificates.
    /// - Parameter now: seconds since 1970-01-01T00:00:00Z.
    /// - Throws: for station identities that cannot name a file or a subject, hosts that are none, no days.
    public init(_ options: Options, now: Int64) throws(PKIError) {
        for station in options.stations where !Self.canName(station) {
            throw PKIError(
                "make a test PKI", reason: "not an identity of letters, digits, - _ . (at most 48): \"\(station)\"")
        }
        guard (1...36_500).contains(options.days) else {
            throw PKIError("make a test PKI", reason: "days must be 1 ... 36,500")
        }
        guard Set(options.stations).count == options.stations.count else {
            throw PKIError("make a test PKI", reason: "a station is named twice")
        }
        self.options = options
        self.now = now
        try makeFiles()
    }

    private static func canName(_ station: String) -> Bool {
        let isClean = station.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        return isClean && (1...48).contains(station.utf8.count) && !station.hasPrefix(".")
    }

    private func name(_ common: String, unit: String? = nil, domain: String? = nil) -> DistinguishedName {
        DistinguishedName(
            commonName: common, organization: options.organization, organizationalUnit: unit, domainComponent: domain)
    }

    private mutating func makeFiles() throws(PKIError) {
        let long = Validity(days: 10 * options.days, from: now)
        let good = Validity(days: options.days, from: now)
        let root = try CertificateAuthority(
            root: name("evtwin test root"), key: try PrivateKey(.ecdsaP256), validity: long)
        let subKey = try PrivateKey(.ecdsaP256)
        let sub = try CertificateAuthority(
            certificate: root.issue(
                .authority(subAuthorities: 0), to: name("evtwin test CSMS authority"), key: subKey.publicKey,
                validity: long), key: subKey)
        add("root.pem", try root.certificate.pem(), "root of CSMS and stations; stations trust it")
        add("root.key", try root.key.pem(), "its key", isSecret: true)
        add("csms-ca.pem", try sub.certificate.pem(), "sub authority; signs servers and stations")
        add("csms-ca.key", try sub.key.pem(), "its key; the CSMS signs requests with it", isSecret: true)

        let csms = options.hosts.first ?? ""
        for (file, kind) in [("server-ecdsa", KeyKind.ecdsaP256), ("server-rsa", .rsa2048)] {
            try add(
                file, .server(hosts: options.hosts), name(csms), kind, by: sub, good, chain: [sub.certificate],
                "CSMS server for \(options.hosts.joined(separator: ", "))")
        }
        for station in options.stations {
            try add(
                "stations/\(station)", .client, name(station), .ecdsaP256, by: sub, good, chain: [sub.certificate],
                "charging station \(station)")
        }

        let v2g = try CertificateAuthority(
            root: name("evtwin test V2G root", domain: "V2G"), key: try PrivateKey(.ecdsaP256), validity: long)
        add("v2g-root.pem", try v2g.certificate.pem(), "V2G root, for ISO 15118")
        add("v2g-root.key", try v2g.key.pem(), "its key", isSecret: true)

        let maker = try CertificateAuthority(
            root: name("evtwin test manufacturer root"), key: try PrivateKey(.ecdsaP256), validity: long)
        add("manufacturer-root.pem", try maker.certificate.pem(), "manufacturer's root; checks firmware signers")
        add("manufacturer-root.key", try maker.key.pem(), "its key", isSecret: true)
        try add(
            "firmware-signing", .firmwareSigning, name("evtwin test firmware"), .ecdsaP256, by: maker, good, chain: [],
            "signs firmware images")

        let past = Validity(from: now - 800 * 86_400, to: now - 86_400)
        try add(
            "bad/expired", .client, name("expired"), .ecdsaP256, by: sub, past, chain: [sub.certificate],
            "station whose certificate expired a day ago")
        let stranger = try CertificateAuthority(
            root: DistinguishedName(commonName: "Foreign root", organization: "Somebody else"),
            key: try PrivateKey(.ecdsaP256), validity: long)
        add("bad/foreign-root.pem", try stranger.certificate.pem(), "root that nobody here trusts")
        try add(
            "bad/foreign", .client, name(options.stations.first ?? "foreign"), .ecdsaP256, by: stranger, good,
            chain: [], "station with a certificate of that root")
    }

    private mutating func add(_ name: String, _ contents: String, _ purpose: String, isSecret: Bool = false) {
        files.append(File(name: name, contents: contents, purpose: purpose, isSecret: isSecret))
    }

    /// Makes a key pair and its certificate; the certificate's file holds the chain too.
    private mutating func add(
        _ file: String, _ role: CertificateRole, _ subject: DistinguishedName, _ kind: KeyKind,
        by authority: CertificateAuthority, _ validity: Validity, chain: [Certificate], _ purpose: String
    ) throws(PKIError) {
        let key = try PrivateKey(kind)
        let certificate = try authority.issue(role, to: subject, key: key.publicKey, validity: validity)
        var text = try certificate.pem()
        for link in chain { text += try link.pem() }
        add(file + ".pem", text, purpose)
        add(file + ".key", try key.pem(), "its key", isSecret: true)
    }

    /// One line a file, names in a column.
    public var listing: String {
        let width = files.reduce(0) { max($0, $1.name.utf8.count) }
        return files.map { file in
            file.name + String(repeating: " ", count: width + 2 - file.name.utf8.count) + file.purpose
        }.joined(separator: "\n")
    }
}

// MARK: - Writing

extension TestPKI {
    /// Writes all files into a directory, which is made where it does not exist. Keys get mode 0600 from the start.
    /// - Parameter force: overwrite files that exist; otherwise nothing is written when any of them does.
    /// - Throws: with the file's name and the system's reason.
    public func write(to directory: String, force: Bool = false) throws(PKIError) {
        if !force {
            for file in files where access(directory + "/" + file.name, F_OK) == 0 {
                throw PKIError("write a test PKI", reason: "\(directory)/\(file.name) exists")
            }
        }
        try Self.makeDirectory(directory)
        for folder in ["stations", "bad"] { try Self.makeDirectory(directory + "/" + folder) }
        for file in files { try Self.write(file, to: directory + "/" + file.name) }
    }

    private static func makeDirectory(_ path: String) throws(PKIError) {
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw systemError("make \(path)") }
    }

    private static func write(_ file: File, to path: String) throws(PKIError) {
        // A file of another mode must not keep it, nor may a link lead elsewhere.
        guard unlink(path) == 0 || errno == ENOENT else { throw systemError("replace \(path)") }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL, mode_t(file.isSecret ? 0o600 : 0o644))
        guard descriptor >= 0 else { throw systemError("write \(path)") }
        defer { close(descriptor) }
        var rest = Array(file.contents.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
            guard written > 0 else { throw systemError("write \(path)") }
            rest = rest.dropFirst(written)
        }
    }

    private static func systemError(_ operation: String) -> PKIError {
        PKIError(operation, reason: String(cString: strerror(errno)))
    }
}

/// The system's `write`, which the method of the same name hides.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
