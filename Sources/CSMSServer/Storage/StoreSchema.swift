internal import GRDB

/// The tables of the server's database, and the steps that lead to them from any older file.
///
/// Instants are whole microseconds since 1970 (`…_us`), energies watt-hours (`…_wh`). Every table is `STRICT`, so that
/// SQLite refuses a value of the wrong type. A step that has been published is never changed; a new one is added.
enum StoreSchema {
    /// Steps in order. GRDB notes in the file which were taken.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: stations, transactions, tokens, commands") { db in
            for part in [stations, transactions, directory, diary, commands] { try db.execute(sql: part) }
        }
        migrator.registerMigration("2: revocations, companies") { db in
            for part in [revocations, companies] { try db.execute(sql: part) }
        }
        migrator.registerMigration("3: local lists") { db in try db.execute(sql: localLists) }
        migrator.registerMigration("4: keys from a file") { db in try db.execute(sql: keysFromFile) }
        migrator.registerMigration("5: registered and announced data apart") { db in
            try db.execute(sql: registeredData)
        }
        return migrator
    }

    private static let stations = """
        CREATE TABLE station (
            id INTEGER PRIMARY KEY,
            identity TEXT NOT NULL UNIQUE,
            version TEXT,
            vendor TEXT, model TEXT, serial TEXT, firmware TEXT, iccid TEXT, imsi TEXT,
            registration TEXT NOT NULL,
            boot_reason TEXT,
            booted_us INTEGER,
            presence TEXT,
            seen_us INTEGER,
            profile INTEGER CHECK (profile BETWEEN 0 AND 3),
            password TEXT,
            previous_password TEXT,
            memory BLOB,
            created_us INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE connector (
            station INTEGER NOT NULL REFERENCES station (id),
            evse INTEGER NOT NULL,
            connector INTEGER NOT NULL,
            status TEXT NOT NULL,
            status_text TEXT NOT NULL,
            error_code TEXT,
            error_info TEXT,
            changed_us INTEGER NOT NULL,
            PRIMARY KEY (station, evse, connector)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE variable (
            station INTEGER NOT NULL REFERENCES station (id),
            component TEXT NOT NULL,
            variable TEXT NOT NULL,
            attribute TEXT NOT NULL,
            value TEXT,
            mutability TEXT,
            characteristics TEXT,
            changed_us INTEGER NOT NULL,
            PRIMARY KEY (station, component, variable, attribute)
        ) STRICT, WITHOUT ROWID;

        -- Standard objects under names: charging profiles, reservations, installed certificates, uploads …
        CREATE TABLE record (
            station INTEGER NOT NULL REFERENCES station (id),
            kind TEXT NOT NULL,
            key TEXT NOT NULL,
            json TEXT NOT NULL,
            changed_us INTEGER NOT NULL,
            PRIMARY KEY (station, kind, key)
        ) STRICT, WITHOUT ROWID;
        """

    private static let transactions = """
        CREATE TABLE charging_transaction (
            id INTEGER PRIMARY KEY,
            station INTEGER NOT NULL REFERENCES station (id),
            transaction_id TEXT NOT NULL,
            start_key TEXT,
            state BLOB NOT NULL,
            booked INTEGER NOT NULL CHECK (booked IN (0, 1)),
            complete INTEGER NOT NULL CHECK (complete IN (0, 1)),
            evse INTEGER NOT NULL,
            id_token TEXT,
            started_us INTEGER NOT NULL,
            ended_us INTEGER NOT NULL,
            meter_start_wh REAL NOT NULL,
            meter_stop_wh REAL NOT NULL,
            stopped_reason TEXT NOT NULL,
            missing_events INTEGER NOT NULL,
            UNIQUE (station, transaction_id)
        ) STRICT;
        CREATE INDEX charging_transaction_open ON charging_transaction (station, booked);
        CREATE INDEX charging_transaction_start ON charging_transaction (station, start_key)
            WHERE start_key IS NOT NULL;
        CREATE INDEX charging_transaction_started ON charging_transaction (started_us);
        CREATE INDEX charging_transaction_token ON charging_transaction (id_token COLLATE NOCASE);

        -- Messages of transactions as they came. A repeated one changes nothing.
        CREATE TABLE transaction_event (
            id INTEGER PRIMARY KEY,
            station INTEGER NOT NULL,
            transaction_id TEXT NOT NULL,
            seq_no INTEGER NOT NULL,
            kind TEXT NOT NULL,
            action TEXT NOT NULL,
            received_us INTEGER NOT NULL,
            payload BLOB NOT NULL,
            UNIQUE (station, transaction_id, seq_no, kind)
        ) STRICT;

        CREATE TABLE meter_value (
            id INTEGER PRIMARY KEY,
            station INTEGER NOT NULL,
            evse INTEGER NOT NULL,
            received_us INTEGER NOT NULL,
            payload BLOB NOT NULL
        ) STRICT;

        -- Which values are whose, entered in big portions: an index kept row by row would touch a page for each charging
        -- station in every batch. Rows after "upto" are not entered yet.
        CREATE TABLE meter_value_by_station (
            station INTEGER NOT NULL,
            id INTEGER NOT NULL,
            PRIMARY KEY (station, id)
        ) WITHOUT ROWID, STRICT;
        CREATE TABLE meter_value_progress (upto INTEGER NOT NULL) STRICT;
        INSERT INTO meter_value_progress (upto) VALUES (0);

        -- The first number that has not been given to anybody: transaction numbers that the CSMS makes in OCPP 1.6.
        CREATE TABLE id_block (next INTEGER NOT NULL CHECK (next BETWEEN 1 AND 2147483647)) STRICT;
        INSERT INTO id_block (next) VALUES (1);
        """

    private static let directory = """
        CREATE TABLE token (
            id_token TEXT PRIMARY KEY COLLATE NOCASE,
            status TEXT NOT NULL,
            expires_us INTEGER,
            group_id TEXT,
            priority INTEGER NOT NULL DEFAULT 0 CHECK (priority BETWEEN -9 AND 9)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE api_key (
            name TEXT PRIMARY KEY,
            role TEXT NOT NULL CHECK (role IN ('read', 'write')),
            hash BLOB NOT NULL UNIQUE,
            created_us INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    private static let diary = """
        CREATE TABLE diary (
            id INTEGER PRIMARY KEY,
            station INTEGER NOT NULL REFERENCES station (id),
            kind TEXT NOT NULL,
            subject TEXT NOT NULL,
            is_critical INTEGER NOT NULL CHECK (is_critical IN (0, 1)),
            received_us INTEGER NOT NULL,
            happened_us INTEGER,
            json TEXT
        ) STRICT;
        CREATE INDEX diary_station ON diary (station, id);
        CREATE INDEX diary_kind ON diary (kind, id);
        """

    private static let commands = """
        CREATE TABLE command (
            id INTEGER PRIMARY KEY,
            station INTEGER NOT NULL REFERENCES station (id),
            action TEXT NOT NULL,
            request TEXT NOT NULL,
            issued_us INTEGER NOT NULL,
            finished_us INTEGER,
            outcome TEXT,
            response TEXT
        ) STRICT;
        CREATE INDEX command_station ON command (station, id);

        -- Written to find out whether the file can be written again.
        CREATE TABLE probe (content BLOB NOT NULL) STRICT;
        """

    private static let revocations = """
        -- Certificates that are no longer good. An issuer goes by the SHA-256 of its public key, in hexadecimal.
        CREATE TABLE revocation (
            id INTEGER PRIMARY KEY,
            issuer_key_hash TEXT NOT NULL,
            serial TEXT NOT NULL,
            revoked_us INTEGER NOT NULL,
            note TEXT,
            UNIQUE (issuer_key_hash, serial)
        ) STRICT;
        """

    private static let companies = """
        CREATE TABLE company (
            vat_number TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            address1 TEXT NOT NULL,
            address2 TEXT,
            postal_code TEXT,
            city TEXT NOT NULL,
            country TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    private static let localLists = """
        -- The last lists that were made; a later list is told as the changes from one of them.
        CREATE TABLE local_list (
            version INTEGER PRIMARY KEY,
            made_us INTEGER NOT NULL,
            entries BLOB NOT NULL
        ) STRICT;

        -- The list a charging station is to have, until it has it or has refused it.
        CREATE TABLE local_list_order (
            station INTEGER PRIMARY KEY REFERENCES station (id),
            version INTEGER NOT NULL,
            is_whole INTEGER NOT NULL CHECK (is_whole IN (0, 1)),
            ordered_us INTEGER NOT NULL,
            outcome TEXT
        ) STRICT;
        """

    /// What an operator has registered, apart from what a charging station says of itself: `serial`, like `vendor` and
    /// `model`, is the announced one.
    ///
    /// Until here one column held both. A serial number is the operator's for certain only where the charging station has
    /// never booted; any other may have been announced and proves nothing. Nor does one that names two charging stations.
    private static let registeredData = """
        ALTER TABLE station ADD COLUMN registered INTEGER NOT NULL DEFAULT 0 CHECK (registered IN (0, 1));
        ALTER TABLE station ADD COLUMN registered_serial TEXT;
        ALTER TABLE station ADD COLUMN boot_status TEXT;
        ALTER TABLE station ADD COLUMN time_zone TEXT;
        ALTER TABLE charging_transaction ADD COLUMN schema_violations TEXT;
        UPDATE station SET boot_status = registration WHERE booted_us IS NOT NULL;
        UPDATE station SET registered_serial = serial, serial = NULL WHERE booted_us IS NULL;
        UPDATE station SET registered_serial = NULL WHERE registered_serial IN (
            SELECT registered_serial FROM station WHERE registered_serial IS NOT NULL
            GROUP BY registered_serial HAVING count(*) > 1);
        UPDATE station SET registered_serial = NULL WHERE registered_serial <> identity
            AND registered_serial IN (SELECT identity FROM station);
        UPDATE station SET registered = 1 WHERE booted_us IS NULL OR profile IS NOT NULL OR password IS NOT NULL;
        """

    /// Every key but the one that the server itself makes has come from a file.
    private static let keysFromFile = """
        ALTER TABLE api_key ADD COLUMN is_from_file INTEGER NOT NULL DEFAULT 0 CHECK (is_from_file IN (0, 1));
        UPDATE api_key SET is_from_file = 1 WHERE name <> 'first';
        """
}
