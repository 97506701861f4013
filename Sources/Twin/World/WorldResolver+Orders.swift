internal import CSMS
internal import OCPP
internal import OCPPMessages
import Sim

extension WorldResolver {
    mutating func resolveOrders(
        _ group: NodeReader, version: OCPPVersion, start: CivilTime, sites: [SiteSpec]
    ) -> [OrderSpec] {
        var orders: [OrderSpec] = []
        for (index, item) in (group.node["orders"]?.items ?? []).enumerated() {
            let reader = NodeReader(item, path: "\(group.path("orders"))[\(index)]", as: WorldSchema.order)
            guard let occasion = resolveOccasion(reader, start: start) else { continue }
            var order = OrderSpec(
                action: reader.text("action") ?? "", payload: .object([]), occasion: occasion,
                each: OrderSpec.Each(rawValue: reader.name(defaulted: "each")) ?? .station,
                reach: OrderSpec.Reach(rawValue: reader.name(defaulted: "reach")) ?? .station,
                stations: resolveAddressees(reader, sites))
            let complaints = checker.diagnostics.errors.count
            order.payload = resolvePayload(item["payload"] ?? .empty(at: item.place), path: reader.path("payload"))
            checkBlanks(order, reader)
            if checker.diagnostics.errors.count == complaints { checkMessage(order, reader, version: version) }
            orders.append(order)
        }
        return orders
    }

    private mutating func resolveOccasion(_ reader: NodeReader, start: CivilTime) -> OrderSpec.Occasion? {
        let written = ["at", "every_day", "on"].filter(reader.has)
        guard written.count == 1 else {
            report(
                written.last.map { reader.place($0) } ?? reader.place, reader.path,
                written.isEmpty ? "says not when it is given" : "\(written[1]) stands beside \(written[0])",
                fix: "write one of at, every_day and on")
            return nil
        }
        if reader.has("delay_s"), written[0] != "on" {
            report(
                reader.place("delay_s"), reader.path("delay_s"), "stands beside \(written[0])",
                fix: "write a later time, or on: an event")
        }
        switch written[0] {
        case "at":
            guard let time = reader.text("at").flatMap({ CivilTime(isoText: $0) }) else { return nil }
            let seconds = time.secondsSince1970 - start.secondsSince1970
            if seconds < 0 {
                report(
                    reader.place("at"), reader.path("at"), "lies before the world's start \(start.isoText)",
                    fix: "write a time from the start on")
            }
            return .at(.zero + .seconds(max(0, seconds)))
        case "every_day":
            return reader.text("every_day").flatMap { TimeOfDay.seconds($0) }.map { .everyDay(.seconds(Int64($0))) }
        default:
            let delay = SimDuration.rounding(seconds: reader.number(defaulted: "delay_s"))
            return reader.choice("on", as: OrderSpec.Event.self).map { .on($0, delay: delay) }
        }
    }

    /// Random-stream names of the charging stations named; `nil` for all.
    private mutating func resolveAddressees(_ reader: NodeReader, _ sites: [SiteSpec]) -> Set<UInt64>? {
        guard reader.has("stations") || reader.has("sites") else { return nil }
        var ids: Set<String> = []
        for (index, node) in (reader.node["sites"]?.items ?? []).enumerated() {
            guard let id = node.text else { continue }
            if let site = sites.first(where: { $0.id == id }) {
                ids.formUnion(site.stations.map(\.id))
            } else {
                report(
                    node.place, "\(reader.path("sites"))[\(index)]", "there is no site \"\(id)\"",
                    fix: WorldChecker.suggestion(id, among: sites.map(\.id)))
            }
        }
        let items = reader.node["stations"]?.items ?? []
        let all = items.isEmpty ? [] : Set(sites.flatMap { $0.stations.map(\.id) })
        for (index, node) in items.enumerated() {
            guard let id = node.text else { continue }
            ids.insert(id)
            guard !all.contains(id) else { continue }
            report(
                node.place, "\(reader.path("stations"))[\(index)]", "there is no station \"\(id)\"",
                fix: WorldChecker.suggestion(id, among: all.sorted()))
        }
        return Set(ids.map(stableHash))
    }

    // MARK: payload

    private mutating func resolvePayload(_ node: WorldNode, path: String) -> OrderPayload {
        switch node.content {
        case .mapping(let entries):
            return .object(
                entries.map { entry in
                    OrderPayload.Member(
                        key: entry.key, value: resolvePayload(entry.node, path: "\(path).\(entry.key)"))
                })
        case .list(let items):
            return .list(items.enumerated().map { resolvePayload($1, path: "\(path)[\($0)]") })
        case .scalar(let text, _) where text.hasPrefix("$"):
            if let blank = OrderBlank(text) { return .blank(blank) }
            report(
                node.place, path, "there is no blank \"\(text)\"",
                fix: WorldChecker.suggestion(text, among: OrderBlank.words))
            return .literal(JSONText(string: text).text)
        case .scalar(let text, let isPlain):
            let isJSON = isPlain && (text == "true" || text == "false" || Double(text)?.isFinite == true)
            return .literal(isJSON && JSONText(text) != nil ? text : JSONText(string: text).text)
        }
    }

    /// A blank that nothing will ever fill.
    private mutating func checkBlanks(_ order: OrderSpec, _ reader: NodeReader) {
        var ofTransaction = order.each == .transaction
        var ofEVSE = order.each != .station
        if case .on(let event, _) = order.occasion, order.each == .station, order.reach == .station {
            ofTransaction = event == .started || event == .ended
            ofEVSE = event != .booted
        }
        if !ofTransaction, order.payload.has({ $0 == .transaction }) {
            report(
                reader.place("payload"), reader.path("payload"), "$transaction, but the order is about none",
                fix: "write each: transaction, or on: started")
        }
        if !ofEVSE, order.payload.has({ $0 == .evse }) {
            report(
                reader.place("payload"), reader.path("payload"), "$evse, but the order is about none",
                fix: "write each: evse or each: transaction")
        }
    }

    /// What the standard says against the message.
    private mutating func checkMessage(_ order: OrderSpec, _ reader: NodeReader, version: OCPPVersion) {
        let actions = AnyRequest.actionsOfCSMS(in: version)
        guard actions.contains(order.action) else {
            guard reader.has("action") else { return }
            report(
                reader.place("action"), reader.path("action"),
                "a CSMS of OCPP \(version.worldName) has no action \"\(order.action)\"",
                fix: WorldChecker.suggestion(order.action, among: actions))
            return
        }
        let sample = OrderCircumstances(
            version: version, station: "CS001", evse: 1, transactionID: IdentifierText("1"), number: 1,
            now: Timestamp(microseconds: 0), running: 1)
        guard let text = order.payload.text(sample) else { return }
        do throws(SchemaViolation) {
            let request = try AnyRequest.command(order.action, text, version: version)
            if let problem = CommandRules.problem(with: request, in: version) {
                report(
                    reader.place("payload"), reader.path("payload"), problem,
                    fix: "see \(order.action) in the standard, OCPP \(version.worldName)")
            }
        } catch {
            let steps = PathStep.parse(error.path) ?? []
            let node = reader.node["payload"]?.node(at: steps[...])
            report(
                node?.place ?? reader.place("payload"),
                error.path.isEmpty ? reader.path("payload") : "\(reader.path("payload")).\(error.path)", error.problem,
                fix: "write what the schema of \(order.action) asks for, OCPP \(version.worldName)")
        }
    }
}

extension WorldNode {
    /// The deepest node that there is on a path.
    fileprivate func node(at steps: ArraySlice<PathStep>) -> WorldNode {
        guard let step = steps.first else { return self }
        switch step {
        case .key(let key): return self[key].map { $0.node(at: steps.dropFirst()) } ?? self
        case .index(let index):
            return items.indices.contains(index) ? items[index].node(at: steps.dropFirst()) : self
        }
    }
}

extension AnyRequest {
    /// Actions that a CSMS of this version may send.
    fileprivate static func actionsOfCSMS(in version: OCPPVersion) -> [String] {
        version == .v16
            ? V16.Action.allCases.filter { $0.sender != .chargingStation }.map(\.wireText)
            : V2.Action.allCases.filter { $0.isIn(version) && $0.sender != .chargingStation }.map(\.wireText)
    }
}
