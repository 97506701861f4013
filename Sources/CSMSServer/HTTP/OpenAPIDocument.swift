/// The description of the HTTP API in OpenAPI 3.1, as `/openapi.json` shows it.
enum OpenAPIDocument {
    static let text = #"""
        {
          "openapi": "3.1.0",
          "info": {
            "title": "evtwin CSMS",
            "version": "1",
            "description": "Charging stations, transactions, tokens and commands of one CSMS. Instants are RFC 3339 in UTC, energies watt-hours. Lists come in pages: send nextCursor as cursor until there is none.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" }
          },
          "servers": [ { "url": "/" } ],
          "security": [ { "bearer": [] }, { "apiKey": [] } ],
          "tags": [
            { "name": "stations" }, { "name": "commands" }, { "name": "transactions" }, { "name": "tokens" },
            { "name": "orders" }, { "name": "certificates" }, { "name": "companies" }, { "name": "diary" },
            { "name": "operation" }
          ],
          "paths": {

        """#
        + [
            stationPaths, transactionPaths, tokenPaths, orderPaths, certificatePaths, companyPaths, operationPaths,
        ].joined(separator: ",\n")
            + #"""

              },
              "components": {
                "securitySchemes": {
                  "bearer": { "type": "http", "scheme": "bearer" },
                  "apiKey": { "type": "apiKey", "in": "header", "name": "X-API-Key" }
                },

            """#
        + [parameters, responses, schemas].joined(separator: ",\n")
            + #"""

              }
            }
            """#

    static let stationPaths = #"""
        "/stations": {
          "get": {
            "operationId": "listStations", "tags": [ "stations" ], "summary": "Charging stations that are known",
            "parameters": [
              { "$ref": "#/components/parameters/cursor" }, { "$ref": "#/components/parameters/limit" },
              { "name": "connected", "in": "query", "description": "Only those with, or without, an open connection.",
                "schema": { "type": "boolean" } }
            ],
            "responses": {
              "200": { "description": "A page.", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/StationPage" } } } },
              "400": { "$ref": "#/components/responses/BadRequest" },
              "401": { "$ref": "#/components/responses/Unauthorized" }
            }
          }
        },
        "/stations/{identity}": {
          "parameters": [ { "$ref": "#/components/parameters/identity" } ],
          "get": {
            "operationId": "getStation", "tags": [ "stations" ], "summary": "One charging station",
            "responses": {
              "200": { "description": "The charging station.", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/Station" } } } },
              "400": { "$ref": "#/components/responses/BadRequest" },
              "401": { "$ref": "#/components/responses/Unauthorized" },
              "404": { "$ref": "#/components/responses/NotFound" }
            }
          },
          "put": {
            "operationId": "putStation", "tags": [ "stations" ],
            "summary": "Announce a charging station, or change what is asked of it",
            "description": "What is left out stays as it is. Nothing that a charging station announces changes what is registered here. A new password does not reach the charging station by itself: the old one stays good until the new one has been used, unless the charging station had come by itself. A registration counts from the next BootNotification.",
            "requestBody": { "required": true, "content": { "application/json": {
              "schema": { "$ref": "#/components/schemas/StationChange" } } } },
            "responses": {
              "200": { "description": "Changed.", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/Station" } } } },
              "201": { "description": "Announced.", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/Station" } } } },
              "400": { "$ref": "#/components/responses/BadRequest" },
              "401": { "$ref": "#/components/responses/Unauthorized" },
              "403": { "$ref": "#/components/responses/Forbidden" },
              "409": { "$ref": "#/components/responses/Conflict" },
              "413": { "$ref": "#/components/responses/TooLarge" },
              "422": { "$ref": "#/components/responses/Invalid" },
              "503": { "$ref": "#/components/responses/Unavailable" }
            }
          }
        },
        "/stations/{identity}/connectors": {
          "parameters": [ { "$ref": "#/components/parameters/identity" } ],
          "get": {
            "operationId": "listConnectors", "tags": [ "stations" ], "summary": "Connectors and their state as last told",
            "responses": {
              "200": { "description": "All of them.", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/ConnectorPage" } } } },
              "400": { "$ref": "#/components/responses/BadRequest" },
              "401": { "$ref": "#/components/responses/Unauthorized" },
              "404": { "$ref": "#/components/responses/NotFound" }
            }
          }
        },
        "/stations/{identity}/variables": {
          "parameters": [ { "$ref": "#/components/parameters/identity" } ],
          "get": {
            "operationId": "listVariables", "tags": [ "stations" ],
            "summary": "Device model (2.x) or configuration keys (1.6) as last told",
            "responses": {
              "200": { "description": "All of them.", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/VariablePage" } } } },
              "400": { "$ref": "#/components/responses/BadRequest" },
              "401": { "$ref": "#/components/responses/Unauthorized" },
              "404": { "$ref": "#/components/responses/NotFound" }
            }
          }
        },
        "/stations/{identity}/meter-values": {
          "parameters": [ { "$ref": "#/components/parameters/identity" } ],
          "get": {
            "operationId": "listMeterValues", "tags": [ "stations" ],
            "summary": "MeterValues outside transactions, oldest first",
            "parameters": [ { "$ref": "#/components/parameters/cursor" }, { "$ref": "#/components/parameters/limit" } ],
            "responses": {
              "200": { "description": "One page.", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/MeterValuePage" } } } },
              "400": { "$ref": "#/components/responses/BadRequest" },
              "401": { "$ref": "#/components/responses/Unauthorized" },
              "404": { "$ref": "#/components/responses/NotFound" }
            }
          }
        },
        "/stations/{identity}/commands/{action}": {
          "parameters": [
            { "$ref": "#/components/parameters/identity" },
            { "name": "action", "in": "path", "required": true, "description": "Action of the charging station's OCPP version, such as Reset.",
              "schema": { "type": "string", "examples": [ "GetVariables", "RemoteStartTransaction" ] } }
          ],
          "post": {
            "operationId": "sendCommand", "tags": [ "commands" ], "summary": "Send a request and wait for its response",
            "description": "The body is the request's payload as the charging station's OCPP version defines it, the answer the payload of its response.",
            "requestBody": { "required": false, "content": { "application/json": { "schema": { "type": "object" } } } },
            "responses": {
              "200": { "description": "The charging station's response, which may say Rejected.",
                "content": { "application/json": { "schema": { "type": "object" } } } },
              "400": { "$ref": "#/components/responses/BadRequest" },
              "401": { "$ref": "#/components/responses/Unauthorized" },
              "403": { "$ref": "#/components/responses/Forbidden" },
              "404": { "$ref": "#/components/responses/NotFound" },
              "409": { "$ref": "#/components/responses/Conflict" },
              "413": { "$ref": "#/components/responses/TooLarge" },
              "422": { "$ref": "#/components/responses/Invalid" },
              "429": { "$ref": "#/components/responses/TooMany" },
              "502": { "$ref": "#/components/responses/Refused" },
              "503": { "$ref": "#/components/responses/Unavailable" },
              "504": { "$ref": "#/components/responses/NoAnswer" }
            }
          }
        }
        """#

    static let transactionPaths = #"""
        "/transactions": {
          "get": {
            "operationId": "listTransactions", "tags": [ "transactions" ], "summary": "Transactions, oldest first",
            "parameters": [
              { "$ref": "#/components/parameters/cursor" }, { "$ref": "#/components/parameters/limit" },
              { "$ref": "#/components/parameters/station" },
              { "name": "idToken", "in": "query", "schema": { "type": "string" } },
              { "name": "booked", "in": "query", "description": "Only those that are over, or that go on.",
                "schema": { "type": "boolean" } },
              { "name": "violations", "in": "query", "description": "Only those with, or without, messages that break the schema.",
                "schema": { "type": "boolean" } },
              { "name": "from", "in": "query", "description": "Started not before.",
                "schema": { "type": "string", "format": "date-time" } },
              { "name": "until", "in": "query", "description": "Started before.",
                "schema": { "type": "string", "format": "date-time" } }
            ],
            "responses": {
              "200": { "description": "A page.", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/TransactionPage" } } } },
              "400": { "$ref": "#/components/responses/BadRequest" },
              "401": { "$ref": "#/components/responses/Unauthorized" }
            }
          }
        },
        "/transactions/{id}": {
          "parameters": [
            { "name": "id", "in": "path", "required": true, "schema": { "type": "integer", "format": "int64" } }
          ],
          "get": {
            "operationId": "getTransaction", "tags": [ "transactions" ],
            "summary": "A transaction with every message that was received about it",
            "responses": {
              "200": { "description": "The transaction.", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/TransactionDetail" } } } },
              "400": { "$ref": "#/components/responses/BadRequest" },
              "401": { "$ref": "#/components/responses/Unauthorized" },
              "404": { "$ref": "#/components/responses/NotFound" }
            }
          }
        },
        "/events": {
          "get": {
            "operationId": "listEvents", "tags": [ "diary" ],
            "summary": "What charging stations reported and what happened to them, oldest first",
            "parameters": [
              { "$ref": "#/components/parameters/cursor" }, { "$ref": "#/components/parameters/limit" },
              { "$ref": "#/components/parameters/station" },
              { "name": "kind", "in": "query", "description": "Such as securityEvent.", "schema": { "type": "string" } },
              { "name": "critical", "in": "query", "schema": { "type": "boolean" } }
            ],
            "responses": {
              "200": { "description": "A page.", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/EventPage" } } } },
              "400": { "$ref": "#/components/responses/BadRequest" },
              "401": { "$ref": "#/components/responses/Unauthorized" }
            }
          }
        }
        """#

    static let tokenPaths = #"""
        "/tokens": {
          "get": {
            "operationId": "listTokens", "tags": [ "tokens" ], "summary": "Tokens that are known",
            "parameters": [
              { "name": "cursor", "in": "query", "description": "nextCursor of the page before.", "schema": { "type": "string" } },
              { "$ref": "#/components/parameters/limit" }
            ],
            "responses": {
              "200": { "description": "A page.", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/TokenPage" } } } },
              "400": { "$ref": "#/components/responses/BadRequest" },
              "401": { "$ref": "#/components/responses/Unauthorized" }
            }
          },
          "post": {
            "operationId": "importTokens", "tags": [ "tokens" ],
            "summary": "Add or replace many tokens: all of them or, with an error, none",
            "requestBody": { "required": true, "content": { "application/json": {
              "schema": { "$ref": "#/components/schemas/TokenImport" } } } },
            "responses": {
              "200": { "description": "All are known now.", "content": { "application/json": { "schema": {
                "type": "object", "required": [ "imported" ],
                "properties": { "imported": { "type": "integer" } } } } } },
              "400": { "$ref": "#/components/responses/BadRequest" },
              "401": { "$ref": "#/components/responses/Unauthorized" },
              "403": { "$ref": "#/components/responses/Forbidden" },
              "413": { "$ref": "#/components/responses/TooLarge" },
              "422": { "$ref": "#/components/responses/Invalid" },
              "503": { "$ref": "#/components/responses/Unavailable" }
            }
          }
        },
        "/tokens/{idToken}": {
          "parameters": [
            { "name": "idToken", "in": "path", "required": true, "schema": { "type": "string", "minLength": 1, "maxLength": 36 } }
          ],
          "get": {
            "operationId": "getToken", "tags": [ "tokens" ], "summary": "One token",
            "responses": {
              "200": { "description": "The token.", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/Token" } } } },
              "400": { "$ref": "#/components/responses/BadRequest" },
              "401": { "$ref": "#/components/responses/Unauthorized" },
              "404": { "$ref": "#/components/responses/NotFound" }
            }
          },
          "put": {
            "operationId": "putToken", "tags": [ "tokens" ], "summary": "Add or replace a token",
            "requestBody": { "required": true, "content": { "application/json": {
              "schema": { "$ref": "#/components/schemas/TokenChange" } } } },
            "responses": {
              "200": { "description": "The token.", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/Token" } } } },
              "400": { "$ref": "#/components/responses/BadRequest" },
              "401": { "$ref": "#/components/responses/Unauthorized" },
              "403": { "$ref": "#/components/responses/Forbidden" },
              "413": { "$ref": "#/components/responses/TooLarge" },
              "422": { "$ref": "#/components/responses/Invalid" },
              "503": { "$ref": "#/components/responses/Unavailable" }
            }
          },
          "delete": {
            "operationId": "deleteToken", "tags": [ "tokens" ], "summary": "Forget a token",
            "responses": {
              "204": { "description": "It is not known any more." },
              "400": { "$ref": "#/components/responses/BadRequest" },
              "401": { "$ref": "#/components/responses/Unauthorized" },
              "403": { "$ref": "#/components/responses/Forbidden" },
              "404": { "$ref": "#/components/responses/NotFound" },
              "503": { "$ref": "#/components/responses/Unavailable" }
            }
          }
        }
        """#

    static let operationPaths = #"""
        "/health": {
          "get": {
            "operationId": "health", "tags": [ "operation" ], "summary": "Whether the server can do its work", "security": [],
            "responses": {
              "200": { "description": "It can.", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/Health" } } } },
              "503": { "description": "The database cannot be written.", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/Health" } } } }
            }
          }
        },
        "/ready": {
          "get": {
            "operationId": "ready", "tags": [ "operation" ], "summary": "Whether new connections make sense", "security": [],
            "responses": {
              "200": { "description": "They do.", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/Health" } } } },
              "503": { "description": "The server stops, or its database cannot be written.", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/Health" } } } }
            }
          }
        },
        "/metrics": {
          "get": {
            "operationId": "metrics", "tags": [ "operation" ], "summary": "Figures in Prometheus' text format", "security": [],
            "responses": {
              "200": { "description": "Figures.", "content": { "text/plain": { "schema": { "type": "string" } } } }
            }
          }
        },
        "/openapi.json": {
          "get": {
            "operationId": "openapi", "tags": [ "operation" ], "summary": "This document", "security": [],
            "responses": {
              "200": { "description": "This document.", "content": { "application/json": { "schema": { "type": "object" } } } }
            }
          }
        }
        """#
}
