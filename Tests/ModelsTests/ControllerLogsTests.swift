import OCPP
import OCPPMessages
import Testing

@testable import Models

@Suite("Logs")
struct ControllerLogsTests {
    private var bench = BlockBench()
    private var block = Logs()

    private mutating func get(
        _ id: Int = 1, url: String = "https://host/logs", type: V2.LogEnum = .diagnosticsLog, retries: Int? = 1,
        interval: Int? = 10
    ) -> V2.GetLogResponse {
        block.getLog(
            V2.GetLogRequest(
                log: V2.LogParameters(remoteLocation: url), logType: type, requestId: id, retries: retries,
                retryInterval: interval), context: &bench.context)
    }
    private mutating func finish(_ result: StationJobResult) {
        guard let job = bench.jobs().last else { return }
        block.jobDone(job.id, result, context: &bench.context)
    }
    private mutating func told() -> [V2.LogStatusNotificationRequest] {
        bench.sends().compactMap { request in
            guard case .logStatusNotification(let status) = request else { return nil }
            return status
        }
    }

    @Test("point 40: each kind of log is uploaded: Uploading, then Uploaded", arguments: V2.LogEnum.allCases)
    mutating func uploaded(type: V2.LogEnum) {
        let response = get(type: type)
        #expect(response.status == .accepted)
        #expect(response.filename == "\(type.wireText)-20250106T080000Z-1.log")
        #expect(
            bench.context.jobs.map(\.job) == [.upload(url: "https://host/logs", log: type, oldest: nil, latest: nil)])
        finish(.done)
        #expect(told() == [.init(status: .uploading, requestId: 1), .init(status: .uploaded, requestId: 1)])
    }

    @Test("point 40: a second GetLog cancels the first, whose result counts no more")
    mutating func canceled() {
        #expect(get(1).status == .accepted)
        let old = bench.jobs().last?.id ?? 0
        #expect(get(2).status == .acceptedCanceled)
        block.jobDone(old, .done, context: &bench.context)
        finish(.done)
        #expect(
            told() == [
                .init(status: .uploading, requestId: 1), .init(status: .acceptedCanceled, requestId: 1),
                .init(status: .uploading, requestId: 2), .init(status: .uploaded, requestId: 2),
            ])
    }

    @Test("point 40: a failed upload is tried again as often as asked; what can only fail again is not")
    mutating func failures() {
        #expect(get(retries: 1).status == .accepted)
        finish(.failed("timeout"))
        #expect(block.nextDeadline == bench.context.now.adding(seconds: 10))
        bench.wait(10)
        block.timerDue(context: &bench.context)
        finish(.failed("timeout"))
        #expect(told().map(\.status) == [.uploading, .uploading, .uploadFailure])
        for (reason, status) in [
            ("PermissionDenied", V2.UploadLogStatusEnum.permissionDenied), ("BadMessage", .badMessage),
            ("NotSupportedOperation", .notSupportedOperation),
        ] {
            #expect(get().status == .accepted)
            finish(.failed(reason))
            #expect(told().map(\.status) == [.uploading, status])
        }
        #expect(block.nextDeadline == .distantFuture)
        #expect(get(retries: .min, interval: .max).status == .accepted)
        finish(.failed("Uploaded"))
        #expect(told().map(\.status) == [.uploading, .uploadFailure])
        #expect(get(retries: .max, interval: .max).status == .accepted)
        finish(.failed(""))
        #expect(block.nextDeadline == bench.context.now.adding(seconds: 86_400))
    }

    @Test("point 40: what cannot be uploaded to or is no time span is rejected")
    mutating func rejected() {
        for url in ["", "logs", "ldap://h", "://x", "http:/x"] { #expect(get(url: url).status == .rejected, "\(url)") }
        let parameters = V2.LogParameters(
            remoteLocation: "ftp://h", oldestTimestamp: BlockBench.start,
            latestTimestamp: BlockBench.start.adding(seconds: -1))
        let request = V2.GetLogRequest(log: parameters, logType: .securityLog, requestId: 1)
        #expect(block.getLog(request, context: &bench.context).status == .rejected)
        #expect(bench.context.jobs.isEmpty && bench.context.sends.isEmpty)
    }

    @Test("a trigger tells what is going on; a restart begins an upload again")
    mutating func triggeredAndRestarted() {
        block.notice(.triggered(.logStatusNotification, custom: nil), context: &bench.context)
        #expect(told() == [.init(status: .idle)])
        #expect(get(4).status == .accepted)
        _ = bench.jobs()
        block.notice(.booted(.powerUp), context: &bench.context)
        block.timerDue(context: &bench.context)
        block.notice(.triggered(.logStatusNotification, custom: nil), context: &bench.context)
        #expect(told().map(\.requestId) == [4, 4, 4])
        finish(.done)
        #expect(told().map(\.status) == [.uploaded])
    }
}
