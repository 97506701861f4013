internal import CSMS
internal import Dispatch
internal import OCPP

/// Does what a desk asks for and takes longer than a message may.
final class JobRunner: Sendable {
    /// Answers questions about certificates; the HTTP API asks it too.
    let certificates: CertificateChecks
    /// Companies that VAT numbers are looked up in.
    let companies: CompanyTable
    private let authority: StationAuthority?
    /// One at a time: signing is heavy and must not take the event loops' processors.
    private let queue = DispatchQueue(label: "jobs", qos: .utility)

    init(authority: StationAuthority?, certificates: CertificateChecks, companies: CompanyTable) {
        self.authority = authority
        self.certificates = certificates
        self.companies = companies
    }

    /// Does `job` outside the event loops and hands the result to `finished`.
    func run(
        _ job: Job, identity: String, serial: String?, finished: @escaping @Sendable (JobResult) -> Void
    ) {
        guard case .sign(let order) = job else {
            Task(priority: .utility) { finished(await result(of: job)) }
            return
        }
        queue.async { [authority] in
            guard let authority else { return finished(.failed("this server signs no certificates")) }
            do {
                let (chain, ends) = try authority.sign(
                    csr: order.csr, identity: identity, serial: serial, now: WallClock.now)
                finished(.certificate(chain: chain, ends: ends))
            } catch {
                finished(.failed("\(error)"))
            }
        }
    }

    /// A desk waits for no more than a few jobs at once, and a charging station for one of them.
    private func result(of job: Job) async -> JobResult {
        let now = WallClock.now.microseconds / 1_000_000
        do {
            switch job {
            case .findTransaction: return .failed("the store looks for transactions")
            case .sign: return .failed("signing has a thread of its own")
            case .checkContract(let pem, let hashes, let eMAID):
                return .contract(try await certificates.contract(pem: pem, hashes: hashes, of: eMAID, at: now))
            case .ocsp(let data): return .ocsp(try await certificates.response(for: data, at: now))
            case .checkChain(let requests):
                return .chain(await certificates.statuses(of: requests, at: now))
            case .vehicleCertificate: return .failed("this server has no contract certificate pool")
            case .vatNumber(let text): return .company(try await companies.address(of: text))
            }
        } catch {
            return .failed("\(error)")
        }
    }
}
