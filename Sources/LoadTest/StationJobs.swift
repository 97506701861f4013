internal import Dispatch
internal import Models
internal import NIOConcurrencyHelpers
internal import NIOCore
internal import OCPP
internal import OCPPMessages
internal import Sockets

/// Does what stations cannot do inside a state machine: files, networks and cryptography.
///
/// Cryptography runs on a thread of its own, transfers on the station's event loop. What a station holds (keys,
/// images) is kept by its identity, bounded by the stations there are and by ``imagesMax``.
final class StationJobs: @unchecked Sendable {
    /// Firmware images kept at a time, over all stations.
    static let imagesMax = 64

    private let queue = DispatchQueue(label: "evtwin.station-jobs")
    /// On ``queue`` alone.
    private var vaults: [String: StationVault] = [:]
    /// What stations show the CSMS from their next connection on, by identity.
    private let credentials = NIOLockedValueBox<[String: StationCredential]>([:])
    private let shelf = FirmwareShelf()

    /// The certificate that the CSMS has had signed for a station; `nil` while it uses the one that it came with.
    func credential(of identity: String) -> StationCredential? { credentials.withLockedValue { $0[identity] } }

    /// Runs a job; the result comes by the promise, always.
    func run(
        _ job: StationJob, of identity: String, on eventLoop: any EventLoop, result: EventLoopPromise<StationJobResult>
    ) {
        switch job {
        case .download(let url):
            HTTPTransfer(eventLoop: eventLoop).get(url).whenComplete { [self] outcome in
                switch outcome {
                case .failure(let error): result.succeed(.failed("\(error)"))
                case .success(let bytes): onQueue(result) { try self.keep(bytes, of: identity) }
                }
            }
        case .upload(let url, let log, let oldest, let latest):
            let text = Self.logText(log, identity: identity, oldest: oldest, latest: latest)
            HTTPTransfer(eventLoop: eventLoop).put(url, body: Array(text.utf8)).whenComplete { outcome in
                switch outcome {
                case .success: result.succeed(.done)
                case .failure(let error): result.succeed(.failed("\(error)"))
                }
            }
        case .publish(_, let md5): publish(md5, of: identity, on: eventLoop, result: result)
        case .unpublish(let md5):
            shelf.withdraw(md5: md5, of: identity)
            result.succeed(.done)
        case .unlock, .deliverEXI, .deliverChainStatus:
            result.succeed(.failed("the site answers these itself"))
        case .verifyFirmware, .checkCertificate, .install, .activate, .checkMD5, .makeCSR, .adoptCertificate,
            .revertCertificate, .readCertificate, .signMeterValue, .readMeterKey, .deliverOCSP:
            onQueue(result) { try self.compute(job, of: identity) }
        }
    }

    private func onQueue(
        _ result: EventLoopPromise<StationJobResult>, _ body: @escaping @Sendable () throws -> StationJobResult
    ) {
        queue.async {
            do { result.succeed(try body()) } catch { result.succeed(.failed("\(error)")) }
        }
    }

    private func compute(_ job: StationJob, of identity: String) throws -> StationJobResult {
        var vault = vaults[identity] ?? StationVault(identity: identity)
        defer { vaults[identity] = vault }
        let result = try vault.compute(job, now: Int64(WallTime.secondsSince1970))
        switch job {
        case .adoptCertificate(_, .chargingStation), .revertCertificate(.chargingStation):
            let credential = try vault.credential()
            credentials.withLockedValue { $0[identity] = credential }
        default: break
        }
        return result
    }

    private func keep(_ bytes: [UInt8], of identity: String) throws -> StationJobResult {
        let held = vaults.values.reduce(0) { $0 + ($1.image == nil ? 0 : 1) }
        if held >= Self.imagesMax { for key in vaults.keys { vaults[key]?.image = nil } }
        return try vaults[identity, default: StationVault(identity: identity)].keep(bytes)
    }

    private func publish(
        _ md5: String, of identity: String, on eventLoop: any EventLoop, result: EventLoopPromise<StationJobResult>
    ) {
        let image = eventLoop.makePromise(of: [UInt8].self)
        image.futureResult.flatMap { [shelf] in shelf.offer($0, md5: md5, of: identity, on: eventLoop) }
            .whenComplete { outcome in
                switch outcome {
                case .success(let url): result.succeed(.published(urls: [url]))
                case .failure(let error): result.succeed(.failed("\(error)"))
                }
            }
        queue.async { [self] in
            if let bytes = vaults[identity]?.image {
                image.succeed(bytes)
            } else {
                image.fail(HTTPTransfer.Failure(description: "no image"))
            }
        }
    }

    private static func logText(_ log: V2.LogEnum, identity: String, oldest: Timestamp?, latest: Timestamp?) -> String {
        """
        station: \(identity)
        log: \(log.wireText)
        from: \(oldest?.text ?? "the beginning")
        to: \(latest?.text ?? "now")

        """
    }
}
