import CSMS
import Models
import OCPP
import OCPPMessages
import OCPPWire
import Sim

@testable import Twin

/// Whole clients and the sessions of a server, with JSON between them.
struct EncodedEnds {
    var clients: [StationEnd<JSONWire>]
    var sessions: [StationSession<JSONWire>]
    var booked: [[StoredTransaction]]
    var nextID: Int32 = 1

    init(_ firmwares: [StationFirmware], version: OCPPVersion, csms: CSMSSettings) {
        var limits = RPCLimits()
        limits.framesPerSecond = 1_000_000
        limits.frameBurst = 1_000_000
        clients = firmwares.indices.map { station in
            let firmware = firmwares[station]
            let rating = EVSERating(voltageV: 230, phases: 3, currentMaxA: 16, powerMaxW: 11_000)
            return StationEnd(
                controller: StationController(
                    firmware: firmware, version: version,
                    ratings: Array(repeating: rating, count: firmware.evseCount),
                    model: DeviceModel(features: .standard, vendors: [], settings: firmware.settings)),
                translator: StationTranslator(
                    version: version, connectors: Array(repeating: 1 + station % 2, count: firmware.evseCount)),
                idPrefix: "c\(station)", followsClock: false, limits: limits)
        }
        sessions = firmwares.indices.map { station in
            StationSession(
                desk: StationDesk(
                    identity: "c\(station)", settings: DeskSettings(everyday: csms, inventory: .none)),
                wire: JSONWire(version: version, role: .csms, limits: limits))
        }
        booked = Array(repeating: [], count: firmwares.count)
    }

    /// What a server's store would find.
    func find(_ query: TransactionQuery, station: Int) -> StoredTransaction? {
        booked[station].last { row in
            switch query {
            case .id(let id): row.transactionID == id
            case .start(let key): row.start?.key == key
            }
        }
    }
}

extension OCPPFaultWorld {
    mutating func handEncoded(_ input: StationEnd<JSONWire>.Input, to station: Int) {
        var outputs: [StationEnd<JSONWire>.Output] = []
        encoded?.clients[station].handle(input, now: now, outputs: &outputs)
        for output in outputs {
            switch output {
            case .connect: connect(station)
            case .disconnect: tellSession(.closed, of: station)
            case .transmit(let bytes):
                guard linkIsUp[station] else { break }
                frames.append(bytes)
                transmit(.frameArrivesAtCSMS(station: station, frame: frames.count - 1))
            case .everyday(let order): carryOut(order, from: self.outputs, of: station)
            case .job(let id, _): handEncoded(.jobDone(id, .failed("not here")), to: station)
            case .directive, .answered, .malformed, .unusableBootAnswer: break
            }
        }
        guard let deadline = encoded?.clients[station].nextDeadline, deadline < .distantFuture else { return }
        queue.schedule(.clientTimer(station: station), at: SimTime(microseconds: max(now, deadline).microseconds))
    }

    mutating func tellSession(_ input: StationSession<JSONWire>.Input, of station: Int) {
        var outputs: [StationSession<JSONWire>.Output] = []
        encoded?.sessions[station].handle(input, now: now, directory: tokens, outputs: &outputs)
        for output in outputs {
            switch output {
            case .transmit(let bytes):
                frames.append(bytes)
                transmit(.frameArrivesAtStation(station: station, frame: frames.count - 1))
            case .effect(.transaction(let stored, let change)): keep(stored, change, station)
            case .job(let id, .findTransaction(let query)):
                tellSession(.jobDone(id: id, .transaction(encoded?.find(query, station: station))), of: station)
            case .job(let id, _): tellSession(.jobDone(id: id, .failed("not here")), of: station)
            case .needTransactionIDs:
                let first = encoded?.nextID ?? 1
                encoded?.nextID += 16
                tellSession(.granted(ids: first..<first + 16), of: station)
            case .close: handEncoded(.closed, to: station)
            case .effect, .commandDone, .handled, .rejected: break
            }
        }
        guard let deadline = encoded?.sessions[station].nextDeadline, deadline < .distantFuture else { return }
        queue.schedule(.sessionTimer(station: station), at: SimTime(microseconds: max(now, deadline).microseconds))
    }

    private mutating func keep(_ stored: StoredTransaction, _ change: TransactionChange, _ station: Int) {
        var id = stored.transactionID
        if let number = Int(id.description), let own = encoded?.clients[station].transactionID(of: number) { id = own }
        switch change {
        case .booked:
            var record = stored.record
            record.station = station
            record.transactionID = id
            audit.take(.transactionClosed(record))
        case .amended(let energyWh):
            audit.take(.transactionAmended(station: station, transactionID: id, energyWh: energyWh, idToken: nil))
        case .opened, .continued: return
        }
        encoded?.booked[station].removeAll { $0.transactionID == stored.transactionID }
        encoded?.booked[station].append(stored)
    }
}
