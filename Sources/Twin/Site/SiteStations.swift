internal import Models
internal import OCPP
internal import Sim

/// The charging stations of a site with their connections to the CSMS, as a ``SiteRuntime`` needs them.
///
/// What differs between them is the carrier (typed values, encoded frames, sockets) and the clock. What a station is told
/// of the plant, and what it does to the plant, is the runtime's and the same for all.
protocol SiteStations: Sendable {
    /// What can happen to a station.
    associatedtype Input: Sendable
    typealias Inbox = ContiguousArray<StationInput<Input>>

    /// Something in the plant, as an input.
    static func input(_ input: StationFirmware.Input) -> Input

    /// A job of a station is done.
    mutating func jobDone(_ job: Int, _ result: StationJobResult, station: Int) -> StationInput<Input>

    /// When ``run(now:plant:inbox:)`` has something to do next; `distantFuture` for nothing.
    var nextTime: SimTime { get }
    /// Does the first thing that is due at `now`; what it brings about for stations goes into the inbox.
    mutating func run(now: SimTime, plant: inout SitePlant, inbox: inout Inbox)

    /// Hands an input to a station. What is to be done then stands in the outputs, until the next call.
    /// - Parameter kept: see ``StationInput/kept``.
    mutating func handle(_ input: Input, kept: Int32, station: Int, now: SimTime)
    var outputCount: Int { get }
    /// Output number `index` where it is an order to the plant; `nil` for others.
    func plantOrder(_ index: Int) -> PlantOrder?
    /// Carries out an output that is no ``plantOrder(_:)``.
    mutating func carryOut(_ index: Int, station: Int, now: SimTime, plant: inout SitePlant, inbox: inout Inbox)
    /// All that an instant has brought about is done.
    mutating func settled(now: SimTime)

    /// A station that is off serves nobody.
    func isPowered(_ station: Int) -> Bool
    /// What an EVSE may draw by the CSMS's charging profiles, W; infinite where none limits.
    mutating func limitW(_ station: Int, evse: Int, now: SimTime) -> Double
    /// The controller of a station goes down to start anew: its connection is gone.
    mutating func hangUp(_ station: Int, now: SimTime)
    /// Reasons for which the connection of a station cannot be have come (`true`) or gone; a lost one is told by the inbox.
    mutating func obstruct(_ station: Int, _ isObstructed: Bool, now: SimTime, plant: SitePlant, inbox: inout Inbox)
    /// What is read off the meter of an EVSE that is no outlet of the plant; `nil` for the plant's own.
    func ownReading(_ station: Int, evse: Int, now: SimTime) -> StationFirmware.Input?
    /// A signal of the plant has been handed on.
    mutating func noticed(
        _ kind: StationSignal.Kind, station: Int, evse: Int, now: SimTime, plant: inout SitePlant, inbox: inout Inbox)
    /// A transaction ended, with the energy that really flowed.
    mutating func transactionEnded(_ truth: TransactionTruth, now: SimTime)
}

/// What a station orders to the plant. `evse` counts from 0.
enum PlantOrder: BitwiseCopyable, Sendable {
    /// None of those that concern the connection.
    case everyday(StationFirmware.Output)
    /// See ``Models/Directive/restart(_:evse:resumes:)``.
    case restart(Core.BootReason, evse: Int?, resumes: Bool)
    /// What an EVSE may draw has changed; `nil` for all.
    case limitChanged(evse: Int?)
    /// See ``Models/Directive/invites(evse:_:)``.
    case invites(evse: Int, Bool)
    /// Start from another partition and say so to the job: the new firmware runs.
    case activate(job: Int)
}

/// What is still to be told to a station.
struct StationInput<Input: Sendable>: Sendable {
    /// Index within the site.
    private let index: Int32
    /// What the stations have kept instead of `input`, in their own numbers; ``none`` for nothing. It stands beside the
    /// input, since to take a large payload out of an enumeration copies it.
    let kept: Int32
    let input: Input

    static var none: Int32 { -1 }

    @inline(__always)
    init(station: Int, kept: Int32 = -1, input: Input) {
        index = Int32(truncatingIfNeeded: station)
        self.kept = kept
        self.input = input
    }

    var station: Int { Int(index) }
}

/// A transaction as the plant knows it.
struct TransactionTruth: BitwiseCopyable, Sendable {
    /// Index within the site.
    var station: Int
    /// Index within the station.
    var evse: Int
    /// Counts the station's transactions from 1.
    var number: UInt32
    var energyWh: Double
    /// Registers that the station told at start and end, Wh.
    var meterStartWh: Double
    var meterStopWh: Double
}
