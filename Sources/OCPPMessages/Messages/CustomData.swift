internal import OCPP

extension V2 {
    /// A vendor's own data, which every object of 2.x can carry: whose it is, and members of any kind.
    /// - Source: OCPP 2.0.1 part 4, 4.1.5 `CustomDataType`.
    public struct CustomData: V2Object {
        /// Reversed domain name of the vendor, at most 255 characters.
        public var vendorId: String
        /// Everything else, in the order of the text.
        public var members: [Member]

        /// A vendor's member.
        public struct Member: Hashable, Sendable {
            public var name: String
            public var value: JSONText

            public init(name: String, value: JSONText) {
                self.name = name
                self.value = value
            }
        }

        public init(vendorId: String, members: [Member] = []) {
            self.vendorId = vendorId
            self.members = members
        }

        /// The value of the member `name`.
        public subscript(name: String) -> JSONText? { members.first { $0.name == name }?.value }

        public init(reading reader: inout JSONReader) throws(SchemaViolation) {
            var vendorId: String?
            var members: [Member] = []
            var names: Set<String> = []
            var object = try reader.beginObject()
            while let at = try reader.nextName(&object) {
                let name = reader.lastString
                guard names.insert(name).inserted else {
                    throw reader.violation(.formatViolation, at: at, "property given twice")
                }
                if name == "vendorId" {
                    vendorId = try reader.string(max: 255)
                } else {
                    members.append(Member(name: name, value: try reader.text()))
                }
            }
            guard let vendorId else {
                throw reader.violation(
                    .occurrenceConstraintViolation, at: object.start, member: "vendorId", "required but missing")
            }
            self.init(vendorId: vendorId, members: members)
        }

        public func write(to writer: inout JSONWriter) {
            writer.beginObject()
            writer.append("vendorId")
            writer.colon()
            writer.append(vendorId)
            for member in members {
                writer.separate()
                writer.append(member.name)
                writer.colon()
                writer.append(member.value)
            }
            writer.endObject()
        }
    }
}
