/// Roll-outs: firmware and local authorization lists.
extension OpenAPIDocument {
    static let orderPaths = #"""
        "/firmware": {
          "post": {
            "operationId": "orderFirmware", "tags": [ "orders" ],
            "summary": "Roll a firmware out to charging stations: all of them or, with an error, none",
            "description": "Each charging station is asked as soon as it can be reached, and again after failures. The newest order counts.",
            "requestBody": { "required": true, "content": { "application/json": {
              "schema": { "$ref": "#/components/schemas/FirmwareOrder" } } } },
            "responses": {
              "200": { "description": "Ordered.", "content": { "application/json": { "schema": {
                "type": "object", "required": [ "id", "stations" ],
                "properties": { "id": { "type": "string" }, "stations": { "type": "integer" } } } } } },
              "400": { "$ref": "#/components/responses/BadRequest" },
              "401": { "$ref": "#/components/responses/Unauthorized" },
              "403": { "$ref": "#/components/responses/Forbidden" },
              "413": { "$ref": "#/components/responses/TooLarge" },
              "422": { "$ref": "#/components/responses/Invalid" },
              "503": { "$ref": "#/components/responses/Unavailable" }
            }
          }
        },
        "/stations/{identity}/firmware": {
          "parameters": [ { "$ref": "#/components/parameters/identity" } ],
          "get": {
            "operationId": "getFirmware", "tags": [ "orders" ], "summary": "How far the last firmware order has come",
            "responses": {
              "200": { "description": "The order and its state.", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/FirmwareProgress" } } } },
              "400": { "$ref": "#/components/responses/BadRequest" },
              "401": { "$ref": "#/components/responses/Unauthorized" },
              "404": { "$ref": "#/components/responses/NotFound" }
            }
          }
        },
        "/local-lists": {
          "post": {
            "operationId": "orderLocalList", "tags": [ "orders" ],
            "summary": "Make a local authorization list of known tokens and bring it to charging stations",
            "description": "The list gets a version of its own unless it is the same as the last one. A charging station that has one of the last 64 lists is told the changes, any other the whole list; one that is not connected gets it later. The newest order counts.",
            "requestBody": { "required": true, "content": { "application/json": {
              "schema": { "$ref": "#/components/schemas/LocalListOrder" } } } },
            "responses": {
              "200": { "description": "Ordered.", "content": { "application/json": { "schema": {
                "type": "object", "required": [ "version", "entries", "stations" ],
                "properties": { "version": { "type": "integer" }, "entries": { "type": "integer" },
                  "stations": { "type": "integer" } } } } } },
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
        "/stations/{identity}/local-list": {
          "parameters": [ { "$ref": "#/components/parameters/identity" } ],
          "get": {
            "operationId": "getLocalList", "tags": [ "orders" ], "summary": "The list it has, and what was last ordered",
            "responses": {
              "200": { "description": "Both.", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/LocalListState" } } } },
              "400": { "$ref": "#/components/responses/BadRequest" },
              "401": { "$ref": "#/components/responses/Unauthorized" },
              "404": { "$ref": "#/components/responses/NotFound" }
            }
          }
        }
        """#

    static let orderSchemas = #"""
        "StationList": {
          "type": "array", "minItems": 1, "maxItems": 10000, "items": { "type": "string", "maxLength": 48 },
          "description": "Identities of charging stations that are known."
        },
        "FirmwareOrder": {
          "type": "object", "required": [ "stations", "version", "location" ],
          "properties": {
            "stations": { "$ref": "#/components/schemas/StationList" },
            "version": { "type": "string", "maxLength": 50, "description": "The firmwareVersion that its BootNotification tells afterwards." },
            "location": { "type": "string", "maxLength": 512, "description": "URL of the image." },
            "retrieveAt": { "type": "string", "format": "date-time", "description": "Earliest download; now when absent." },
            "installAt": { "type": "string", "format": "date-time", "description": "Earliest installation." },
            "signingCertificate": { "type": "string", "maxLength": 5500, "description": "PEM; together with signature." },
            "signature": { "type": "string", "maxLength": 800, "description": "Base64." }
          }
        },
        "FirmwareProgress": {
          "type": "object", "required": [ "id", "version", "location", "retrieveAt", "isSigned", "state", "attempts" ],
          "properties": {
            "id": { "type": "string" }, "version": { "type": "string" }, "location": { "type": "string" },
            "retrieveAt": { "type": "string", "format": "date-time" },
            "installAt": { "type": "string", "format": "date-time" }, "isSigned": { "type": "boolean" },
            "state": { "enum": [ "waiting", "asked", "underWay", "done", "givenUp" ] },
            "attempts": { "type": "integer" },
            "nextAttempt": { "type": "string", "format": "date-time", "description": "While it waits." },
            "status": { "type": "string", "description": "The charging station's word, as last told." }
          }
        },
        "LocalListOrder": {
          "type": "object", "required": [ "stations" ],
          "properties": {
            "stations": { "$ref": "#/components/schemas/StationList" },
            "tokens": { "type": "array", "maxItems": 12600, "items": { "type": "string" }, "description": "Known tokens; all of them when absent." },
            "type": { "enum": [ "Central", "eMAID", "ISO14443", "ISO15693", "KeyCode", "Local", "MacAddress" ], "default": "ISO14443" },
            "whole": { "type": "boolean", "default": false, "description": "Send the whole list even where the changes would do." }
          }
        },
        "LocalListState": {
          "type": "object",
          "properties": {
            "version": { "type": "integer", "description": "Of the list it has, as far as is known; 64 times that on the wire." },
            "ordered": { "type": "integer" }, "orderedAt": { "type": "string", "format": "date-time" },
            "outcome": { "enum": [ "pending", "synchronised", "notSupported", "failed" ] }
          }
        }
        """#
}
