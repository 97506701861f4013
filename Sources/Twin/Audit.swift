public import CSMS
internal import Models
public import Sim

/// What a CSMS's books look like beside what really happened at one site.
///
/// Energies are summed in whole milliwatt-hours, so that equal books are equal to the last digit, in whatever order.
public struct AuditTotals: Hashable, Sendable, BitwiseCopyable, Codable {
    /// Transactions that really ended.
    public var sessionsTrue: Int64 = 0
    /// Different ones of them that are booked.
    public var sessionsBooked: Int64 = 0
    /// Ended, not booked, and no message about them is waiting: nobody will ever be billed.
    public var sessionsLost: Int64 = 0
    /// Bookings of a transaction already booked, or of one that never was.
    public var sessionsDoubled: Int64 = 0
    /// Booked with an energy that is off by more than the tolerance.
    public var sessionsWrong: Int64 = 0
    /// Ended, not booked yet, with messages waiting in the charging station.
    public var sessionsPending: Int64 = 0
    public var energyTrueMilliWh: Int64 = 0
    /// With what was booked twice.
    public var energyBookedMilliWh: Int64 = 0
    public var energyPendingMilliWh: Int64 = 0

    public init() {}

    public var energyTrueWh: Double { Double(energyTrueMilliWh) / 1000 }
    public var energyBookedWh: Double { Double(energyBookedMilliWh) / 1000 }
    public var energyPendingWh: Double { Double(energyPendingMilliWh) / 1000 }

    /// Whether nothing is lost, doubled or wrong, and all energy is either booked or waiting.
    public var isExact: Bool {
        sessionsLost == 0 && sessionsDoubled == 0 && sessionsWrong == 0
            && sessionsBooked + sessionsPending == sessionsTrue
            && abs(energyBookedMilliWh + energyPendingMilliWh - energyTrueMilliWh) <= sessionsTrue
    }

    public static func += (a: inout AuditTotals, b: AuditTotals) {
        a.sessionsTrue += b.sessionsTrue
        a.sessionsBooked += b.sessionsBooked
        a.sessionsLost += b.sessionsLost
        a.sessionsDoubled += b.sessionsDoubled
        a.sessionsWrong += b.sessionsWrong
        a.sessionsPending += b.sessionsPending
        a.energyTrueMilliWh += b.energyTrueMilliWh
        a.energyBookedMilliWh += b.energyBookedMilliWh
        a.energyPendingMilliWh += b.energyPendingMilliWh
    }
}

/// Compares the bookings of a site's CSMS with the truth, transaction by transaction.
///
/// Truth is what ``Models/StationFirmware/Output/transactionEnded(evse:number:meterStartWh:meterStopWh:)`` reports,
/// at the meter; bookings are the CSMS's effects. Memory: a bit for each transaction, and what truth and books do not
/// share yet.
public struct SiteAudit: Sendable, Codable {
    /// Truth not booked yet, or a booking that differs by `milliWh`.
    private struct Entry: Sendable, BitwiseCopyable, Codable {
        var number: UInt32
        var milliWh: Int64
    }
    private struct Station: Sendable, Codable {
        /// A bit for each booked number.
        var booked: ContiguousArray<UInt64> = []
        /// Ended, not booked; milliWh is the truth.
        var awaited: ContiguousArray<Entry> = []
        /// Booked before the truth was told; milliWh is the booking.
        var early: ContiguousArray<Entry> = []
        /// Booked with another energy than the truth; milliWh is booking minus truth.
        var wrong: ContiguousArray<Entry> = []
    }

    private var stations: ContiguousArray<Station>
    private var sums = AuditTotals()
    /// Bookings under an id that no charging station of the twin made.
    private var foreign: Int64 = 0
    private let tolerance: Int64
    /// Of every transaction that the CSMS has recorded: station, number, energy.
    public private(set) var digest = TraceDigest()

    /// Two roundings to a milliwatt-hour.
    public static let rounding: Int64 = 1
    /// Two registers rounded to whole Wh, as OCPP 1.6 has them.
    public static let wholeWh: Int64 = 1001

    /// - Parameter toleranceMilliWh: by how much a booking may differ from the truth, mWh.
    public init(stations: Int, toleranceMilliWh: Int64 = SiteAudit.rounding) {
        tolerance = toleranceMilliWh
        self.stations = ContiguousArray(repeating: Station(), count: stations)
    }

    /// Tells the truth: transaction `number` of a charging station ended with `energyWh` on the meter.
    public mutating func transactionEnded(station: Int, number: UInt32, energyWh: Double) {
        let truth = Self.milliWh(energyWh)
        sums.sessionsTrue += 1
        sums.energyTrueMilliWh += truth
        if let index = stations[station].early.firstIndex(where: { $0.number == number }) {
            let booking = stations[station].early.remove(at: index)
            sums.sessionsBooked += 1
            compare(station, number: number, differsBy: booking.milliWh - truth)
        } else {
            stations[station].awaited.append(Entry(number: number, milliWh: truth))
        }
    }

    /// Takes in what the CSMS decided to keep; effects that are no bookings are passed over.
    public mutating func take(_ effect: Effect) {
        switch effect {
        case .transactionClosed(let record):
            let booked = Self.milliWh(record.energyWh)
            sums.energyBookedMilliWh += booked
            guard let number = StationFirmware.transactionNumber(of: record.transactionID) else {
                foreign += 1
                digest.mix(booked)
                return
            }
            mix(station: record.station, number: number, milliWh: booked)
            book(number, milliWh: booked, station: record.station)
        case .transactionAmended(let station, let transactionID, let energyWh, _):
            let more = Self.milliWh(energyWh)
            sums.energyBookedMilliWh += more
            guard let number = StationFirmware.transactionNumber(of: transactionID) else { return }
            mix(station: station, number: number, milliWh: more)
            amend(number, by: more, station: station)
        case .stationBooted, .stationOnline, .stationOffline, .connectorStatus, .tokenRefused, .transactionOpened: break
        }
    }

    /// The result now.
    /// - Parameter pending: `[station]`, numbers of the transactions with messages waiting in the charging station, see
    ///   ``Models/StationFirmware/pendingTransactions``.
    public func totals(pending: [[UInt32]]) -> AuditTotals {
        var totals = sums
        totals.sessionsDoubled += foreign
        for index in stations.indices {
            let station = stations[index]
            totals.sessionsWrong += Int64(station.wrong.count)
            totals.sessionsDoubled += Int64(station.early.count)
            for entry in station.awaited {
                if pending[index].contains(entry.number) {
                    totals.sessionsPending += 1
                    totals.energyPendingMilliWh += entry.milliWh
                } else {
                    totals.sessionsLost += 1
                }
            }
        }
        return totals
    }

    private mutating func book(_ number: UInt32, milliWh: Int64, station: Int) {
        let word = Int(number >> 6)
        let bit: UInt64 = 1 << UInt64(number & 63)
        while stations[station].booked.count <= word { stations[station].booked.append(0) }
        if stations[station].booked[word] & bit != 0 {
            sums.sessionsDoubled += 1
            return
        }
        stations[station].booked[word] |= bit
        if let index = stations[station].awaited.firstIndex(where: { $0.number == number }) {
            let truth = stations[station].awaited.remove(at: index)
            sums.sessionsBooked += 1
            compare(station, number: number, differsBy: milliWh - truth.milliWh)
        } else {
            stations[station].early.append(Entry(number: number, milliWh: milliWh))
        }
    }

    private mutating func amend(_ number: UInt32, by milliWh: Int64, station: Int) {
        if let index = stations[station].early.firstIndex(where: { $0.number == number }) {
            stations[station].early[index].milliWh += milliWh
        } else if let index = stations[station].wrong.firstIndex(where: { $0.number == number }) {
            let entry = stations[station].wrong.remove(at: index)
            compare(station, number: number, differsBy: entry.milliWh + milliWh)
        } else {
            compare(station, number: number, differsBy: milliWh)
        }
    }

    private mutating func mix(station: Int, number: UInt32, milliWh: Int64) {
        digest.mix(UInt64(station) << 32 | UInt64(number))
        digest.mix(milliWh)
    }

    private mutating func compare(_ station: Int, number: UInt32, differsBy difference: Int64) {
        guard abs(difference) > tolerance else { return }
        stations[station].wrong.append(Entry(number: number, milliWh: difference))
    }

    private static func milliWh(_ energyWh: Double) -> Int64 { Int64((energyWh * 1000).rounded()) }
}
