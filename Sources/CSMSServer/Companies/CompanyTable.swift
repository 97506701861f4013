internal import GRDB
internal import OCPP
internal import OCPPMessages

/// The companies that the operator knows by their VAT numbers.
struct CompanyTable: Sendable {
    let store: Store

    /// Companies above which no more are taken.
    static let companiesMax = 1_000_000

    /// Who has the number, as VatNumberValidation tells it; `nil` for nobody known, and for a text that is no number.
    ///
    /// - Throws: GRDB's `DatabaseError`.
    func address(of written: String) async throws -> V2.Address? {
        guard let number = VATNumber(written), let company = try await company(number) else { return nil }
        return V2.Address(
            name: company.name, address1: company.address1, city: company.city, country: company.country,
            address2: company.address2, postalCode: company.postalCode)
    }

    /// - Throws: GRDB's `DatabaseError`.
    func company(_ number: VATNumber) async throws -> CompanyResource? {
        try await store.pool.read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM company WHERE vat_number = ?", arguments: [number.text])
                .map(CompanyResource.init)
        }
    }

    /// Companies behind `after` in the order of their numbers, one more than a page holds when there is a next one.
    ///
    /// - Throws: GRDB's `DatabaseError`.
    func list(after: String, limit: Int) async throws -> [CompanyResource] {
        try await store.pool.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM company WHERE vat_number > ? ORDER BY vat_number LIMIT ?",
                arguments: [after, limit + 1]
            ).map(CompanyResource.init)
        }
    }

    /// Adds or replaces a company.
    ///
    /// - Returns: whether there was room.
    /// - Throws: ``StoreUnavailable`` or GRDB's `DatabaseError`.
    func put(_ company: CompanyResource, writer: StoreWriter) async throws -> Bool {
        try await writer.perform { db in
            guard try Int.fetchOne(db, sql: "SELECT count(*) FROM company") ?? 0 < Self.companiesMax else {
                return false
            }
            try db.execute(
                sql: "INSERT OR REPLACE INTO company VALUES (?, ?, ?, ?, ?, ?, ?)",
                arguments: [
                    company.vatNumber, company.name, company.address1, company.address2, company.postalCode,
                    company.city, company.country,
                ])
            return true
        }
    }

    /// - Returns: whether it was known.
    /// - Throws: ``StoreUnavailable`` or GRDB's `DatabaseError`.
    func remove(_ number: VATNumber, writer: StoreWriter) async throws -> Bool {
        try await writer.perform { db in
            try db.execute(sql: "DELETE FROM company WHERE vat_number = ?", arguments: [number.text])
            return db.changesCount > 0
        }
    }
}

/// A company as the HTTP API shows it.
struct CompanyResource: Encodable, Sendable {
    /// Capital letters and digits, the country's prefix first.
    var vatNumber: String
    var name: String
    var address1: String
    var address2: String?
    var postalCode: String?
    var city: String
    /// Of ISO 3166.
    var country: String
}

extension CompanyResource {
    init(_ row: Row) {
        self.init(
            vatNumber: row["vat_number"], name: row["name"], address1: row["address1"], address2: row["address2"],
            postalCode: row["postal_code"], city: row["city"], country: row["country"])
    }
}
