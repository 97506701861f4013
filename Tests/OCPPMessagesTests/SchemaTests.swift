import Foundation
import OCPP
import OCPPMessages
import Testing

@Suite("Messages against the schemas")
struct SchemaTests {
    @Test(
        "every action of a version reads and writes its smallest and its fullest message",
        arguments: OCPPVersion.allCases)
    func roundTrips(version: OCPPVersion) throws {
        var covered: Set<String> = []
        for instance in try Instance.all(version) where instance.code == nil {
            covered.insert(instance.action + (instance.isRequest ? "" : "Response"))
            do {
                let message = try instance.message()
                let written = message.json(version)
                #expect(try Message(instance, written) == message, "\(instance)")
                if instance.path.isEmpty {
                    #expect(
                        isSameJSON(written, instance.json),
                        "\(instance) became \(String(decoding: written, as: UTF8.self))")
                }
            } catch {
                Issue.record("\(error) in \(instance)")
            }
        }
        let expected = [OCPPVersion.v16: 39 * 2, .v201: 64 * 2, .v21: 91 * 2 - 1][version]
        #expect(covered.count == expected)
    }

    @Test("every fault gives its version's code and the path of the field", arguments: OCPPVersion.allCases)
    func violations(version: OCPPVersion) throws {
        var count = 0
        for instance in try Instance.all(version) {
            guard let code = instance.code else { continue }
            count += 1
            do {
                _ = try instance.message()
                Issue.record("read although \(code) at \(instance.path): \(instance)")
            } catch {
                let found = error.code.wireText(for: version) + " " + error.path
                #expect(found == code + " " + instance.path, "\(error.problem): \(instance)")
            }
        }
        #expect(count > 1000)
    }

    @Test("what is stored as Codable comes back, whatever version it came in", arguments: OCPPVersion.allCases)
    func codable(version: OCPPVersion) throws {
        for instance in try Instance.all(version) where instance.code == nil {
            guard case .request(let request) = try instance.message() else { continue }
            switch request {
            case .v16(.sendLocalList(let list)): try storeAndCompare(list)
            case .v16(.setChargingProfile(let profile)): try storeAndCompare(profile)
            case .v2(.setVariableMonitoring(let monitors)): try storeAndCompare(monitors)
            case .v2(.setChargingProfile(let profile)): try storeAndCompare(profile)
            case .v2(.notifyMonitoringReport(let report)): try storeAndCompare(report)
            case .v2(.reserveNow(let reservation)): try storeAndCompare(reservation)
            default: break
            }
        }
    }

    private func storeAndCompare<T: Codable & Equatable>(_ value: T) throws {
        let stored = try JSONEncoder().encode([value])
        #expect(try JSONDecoder().decode([T].self, from: stored) == [value])
    }

    /// Compares as Foundation reads both.
    private func isSameJSON(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        let first = try? JSONSerialization.jsonObject(with: Data(a), options: .fragmentsAllowed) as? NSObject
        let second = try? JSONSerialization.jsonObject(with: Data(b), options: .fragmentsAllowed) as? NSObject
        return first != nil && first == second
    }
}
