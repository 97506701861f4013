extension OpenAPIDocument {
    static let parameters = #"""
        "parameters": {
          "identity": { "name": "identity", "in": "path", "required": true, "description": "Identity of the charging station.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 48 } },
          "station": { "name": "station", "in": "query", "description": "Identity of a charging station.",
            "schema": { "type": "string", "maxLength": 48 } },
          "cursor": { "name": "cursor", "in": "query", "description": "nextCursor of the page before.",
            "schema": { "type": "string" } },
          "limit": { "name": "limit", "in": "query", "description": "Most items of a page.",
            "schema": { "type": "integer", "minimum": 1, "maximum": 1000, "default": 100 } }
        }
        """#

    static let responses =
        "\"responses\": {\n"
        + [
            problem("BadRequest", "The request cannot be understood."),
            problem("Unauthorized", "No valid API key came with the request."),
            problem("Forbidden", "The key may read only."),
            problem("NotFound", "There is nothing of that name."),
            problem(
                "Conflict",
                "The charging station is not connected, the protocol does not allow it now, or there is no room left."),
            problem("TooLarge", "The body is too large."),
            problem("Invalid", "A field breaks its constraints; field says which."),
            problem("TooMany", "Too many commands are waiting."),
            problem("Refused", "The charging station answered with an error; code says which."),
            problem("Unavailable", "The database cannot be written at present."),
            problem("NoAnswer", "The charging station did not answer in time."),
        ].joined(separator: ",\n") + "\n}"

    private static func problem(_ name: String, _ description: String) -> String {
        """
        "\(name)": { "description": "\(description)", "content": { "application/problem+json": {
          "schema": { "$ref": "#/components/schemas/Problem" } } } }
        """
    }

    static let schemas =
        "\"schemas\": {\n"
        + [
            plain, orderSchemas, certificateSchemas, page("RevocationPage", of: "Revocation"),
            page("CompanyPage", of: "Company"), page("StationPage", of: "Station"),
            page("ConnectorPage", of: "Connector"),
            page("VariablePage", of: "Variable"), page("TransactionPage", of: "Transaction"),
            page("EventPage", of: "Event"), page("MeterValuePage", of: "MeterValue"), page("TokenPage", of: "Token"),
        ].joined(separator: ",\n") + "\n}"

    private static func page(_ name: String, of item: String) -> String {
        """
        "\(name)": { "type": "object", "required": [ "items" ], "properties": {
          "items": { "type": "array", "items": { "$ref": "#/components/schemas/\(item)" } },
          "nextCursor": { "type": "string", "description": "Absent on the last page." } } }
        """
    }

    private static let plain = #"""
        "Problem": {
          "type": "object", "description": "RFC 9457.", "required": [ "status", "title", "detail" ],
          "properties": {
            "status": { "type": "integer" }, "title": { "type": "string" }, "detail": { "type": "string" },
            "field": { "type": "string", "description": "Path of the field concerned.", "examples": [ "idToken.type" ] },
            "code": { "type": "string", "description": "Error code of the protocol.", "examples": [ "PropertyConstraintViolation" ] },
            "retryAfterS": { "type": "integer" }
          }
        },
        "Health": {
          "type": "object", "required": [ "status", "database" ],
          "properties": { "status": { "type": "string" }, "database": { "type": "string" } }
        },
        "Station": {
          "type": "object", "required": [ "identity", "isConnected", "isRegistered", "registration", "hasPassword" ],
          "properties": {
            "identity": { "type": "string" }, "isConnected": { "type": "boolean" },
            "version": { "enum": [ "ocpp1.6", "ocpp2.0.1", "ocpp2.1" ] },
            "vendor": { "type": "string" }, "model": { "type": "string" }, "firmware": { "type": "string" },
            "serial": { "type": "string", "description": "Serial number as an operator registered it." },
            "announcedSerial": { "type": "string", "description": "Serial number as told at the last boot. Like vendor, model and firmware it proves nothing." },
            "isRegistered": { "type": "boolean", "description": "Whether an operator has announced it; else it has come by itself." },
            "registration": { "enum": [ "Accepted", "Pending", "Rejected" ], "description": "As decided." },
            "bootStatus": { "enum": [ "Accepted", "Pending", "Rejected" ], "description": "What its last BootNotification was told." },
            "profile": { "type": "integer", "minimum": 0, "maximum": 3 },
            "hasPassword": { "type": "boolean" },
            "timeZone": { "type": "string", "description": "Zone of its times without an offset (1.6); the server's when absent." },
            "presence": { "enum": [ "connected", "disconnected", "heard", "silent" ] },
            "lastSeen": { "type": "string", "format": "date-time" }
          }
        },
        "StationChange": {
          "type": "object",
          "properties": {
            "registration": { "enum": [ "Accepted", "Pending", "Rejected" ] },
            "profile": { "type": "integer", "minimum": 0, "maximum": 3, "description": "Least security profile; that of the server counts where it is higher." },
            "password": { "type": "string", "minLength": 16, "maxLength": 40, "writeOnly": true, "description": "Asked for from then on: without a profile beside it the profile becomes 1 at least." },
            "serial": { "type": [ "string", "null" ], "minLength": 1, "maxLength": 25, "description": "Serial number that a client certificate may name instead of the identity; no other charging station's identity or serial number. null takes it back." },
            "timeZone": { "type": [ "string", "null" ], "examples": [ "Europe/Berlin", "+02:00" ], "description": "Zone of its times without an offset, which 1.6 allows: an IANA name or an offset. null leaves it to the server." }
          }
        },
        "Connector": {
          "type": "object", "required": [ "evse", "connector", "status", "statusText" ],
          "properties": {
            "evse": { "type": "integer", "description": "From 1; 0 for the whole charging station (1.6)." },
            "connector": { "type": "integer" },
            "status": { "enum": [ "Available", "Occupied", "Reserved", "Unavailable", "Faulted" ] },
            "statusText": { "type": "string", "description": "The word on the wire, which says more in 1.6." },
            "errorCode": { "type": "string" }, "errorInfo": { "type": "string" },
            "changed": { "type": "string", "format": "date-time" }
          }
        },
        "Variable": {
          "type": "object", "required": [ "component", "variable", "attribute" ],
          "properties": {
            "component": { "type": "string", "description": "Name[instance]@evse.connector; empty for a configuration key of 1.6." },
            "variable": { "type": "string" }, "attribute": { "enum": [ "Actual", "Target", "MinSet", "MaxSet" ] },
            "value": { "type": "string" }, "mutability": { "enum": [ "ReadOnly", "WriteOnly", "ReadWrite" ] },
            "changed": { "type": "string", "format": "date-time" }
          }
        },
        "Transaction": {
          "type": "object",
          "required": [ "id", "station", "transactionId", "evse", "meterStartWh", "meterStopWh", "energyWh", "stoppedReason", "isBooked", "isComplete", "missingEvents" ],
          "properties": {
            "id": { "type": "integer", "format": "int64", "description": "Number within this server." },
            "station": { "type": "string" },
            "transactionId": { "type": "string", "description": "As the charging station names it; the server's number in 1.6." },
            "evse": { "type": "integer" }, "idToken": { "type": "string" },
            "started": { "type": "string", "format": "date-time" },
            "ended": { "type": "string", "format": "date-time", "description": "Last heard of while it goes on." },
            "meterStartWh": { "type": "number" }, "meterStopWh": { "type": "number" }, "energyWh": { "type": "number" },
            "stoppedReason": { "type": "string" }, "isBooked": { "type": "boolean" },
            "isComplete": { "type": "boolean" }, "missingEvents": { "type": "integer" },
            "schemaViolations": { "type": "array", "maxItems": 16, "items": { "type": "string" },
              "description": "How its messages break the schema, where they were taken all the same (--tolerance billing); absent for none. Check the transaction before it is billed.",
              "examples": [ [ "StopTransaction: idTag: longer than 20 characters" ] ] }
          }
        },
        "TransactionDetail": {
          "type": "object", "required": [ "transaction", "events" ],
          "properties": {
            "transaction": { "$ref": "#/components/schemas/Transaction" },
            "events": { "type": "array", "items": { "type": "object", "required": [ "seqNo", "action", "kind", "payload" ],
              "properties": {
                "seqNo": { "type": "integer" }, "action": { "type": "string" },
                "kind": { "enum": [ "Started", "Updated", "Ended", "" ] },
                "received": { "type": "string", "format": "date-time" },
                "payload": { "type": "string", "description": "The message's payload, byte for byte." }
              } } }
          }
        },
        "MeterValue": {
          "type": "object", "required": [ "id", "evse", "payload" ],
          "properties": {
            "id": { "type": "integer", "format": "int64" },
            "evse": { "type": "integer", "description": "EVSE, or connector in 1.6; 0 for the charging station's own meter." },
            "received": { "type": "string", "format": "date-time" },
            "payload": { "type": "string", "description": "The message's payload as received, JSON text." }
          }
        },
        "Event": {
          "type": "object", "required": [ "id", "station", "kind", "subject", "isCritical" ],
          "properties": {
            "id": { "type": "integer", "format": "int64" }, "station": { "type": "string" },
            "received": { "type": "string", "format": "date-time" },
            "happened": { "type": "string", "format": "date-time" },
            "kind": { "type": "string" }, "subject": { "type": "string" }, "isCritical": { "type": "boolean" },
            "json": { "type": "string", "description": "The message told of, as JSON text." }
          }
        },
        "TokenChange": {
          "type": "object",
          "properties": {
            "status": { "type": "string", "default": "Accepted", "examples": [ "Accepted", "Blocked" ] },
            "expires": { "type": "string", "format": "date-time" },
            "group": { "type": "string", "maxLength": 36, "description": "Tokens of one group may stop each other's transactions." },
            "chargingPriority": { "type": "integer", "minimum": -9, "maximum": 9, "default": 0 }
          }
        },
        "Token": {
          "allOf": [
            { "$ref": "#/components/schemas/TokenChange" },
            { "type": "object", "required": [ "idToken" ],
              "properties": { "idToken": { "type": "string", "minLength": 1, "maxLength": 36 } } }
          ]
        },
        "TokenImport": {
          "type": "object", "required": [ "tokens" ],
          "properties": { "tokens": { "type": "array", "maxItems": 100000, "items": { "$ref": "#/components/schemas/Token" } } }
        }
        """#
}
