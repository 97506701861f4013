internal import CSMS
internal import Dispatch
internal import OCPP

/// Does what a desk asks for and takes longer than a message may.
final class JobRunner: Sendable {
    private let authority: StationAuthority?
    /// One at a time: signing is heavy and must not take the event loops' processors.
    private let queue = DispatchQueue(label: "jobs", qos: .utility)

    init(authority: StationAuthority?) { self.authority = authority }

    /// Does `job` on a thread of its own and hands the result to `finished`.
    func run(
        _ job: Job, identity: String, serial: String?, finished: @escaping @Sendable (JobResult) -> Void
    ) {
        queue.async { [authority] in
            switch job {
            case .sign(let order):
                guard let authority else { return finished(.failed("this server signs no certificates")) }
                do {
                    let (chain, ends) = try authority.sign(
                        csr: order.csr, identity: identity, serial: serial, now: WallClock.now)
                    finished(.certificate(chain: chain, ends: ends))
                } catch {
                    finished(.failed("\(error)"))
                }
            case .findTransaction: finished(.failed("the store looks for transactions"))
            case .checkContract, .ocsp, .checkChain: finished(.failed("this server knows no certificate status"))
            case .vehicleCertificate: finished(.failed("this server has no contract certificate pool"))
            case .vatNumber: finished(.failed("this server looks up no VAT numbers"))
            }
        }
    }
}
