/// The OCSP responder, revocations and companies.
extension OpenAPIDocument {
    static let certificatePaths = #"""
        "/ocsp": {
          "post": {
            "operationId": "askResponder", "tags": [ "certificates" ], "summary": "OCSP (RFC 6960)", "security": [],
            "requestBody": { "required": true, "content": { "application/ocsp-request": { "schema": { "type": "string", "format": "binary" } } } },
            "responses": {
              "200": { "description": "An OCSPResponse, which may say that the responder does not speak for the issuer.",
                "content": { "application/ocsp-response": { "schema": { "type": "string", "format": "binary" } } } },
              "413": { "$ref": "#/components/responses/TooLarge" }
            }
          }
        },
        "/ocsp/{request}": {
          "parameters": [
            { "name": "request", "in": "path", "required": true, "description": "The OCSPRequest in base64, percent-encoded.",
              "schema": { "type": "string", "maxLength": 16384 } }
          ],
          "get": {
            "operationId": "askResponderByPath", "tags": [ "certificates" ], "summary": "OCSP (RFC 6960)", "security": [],
            "responses": {
              "200": { "description": "An OCSPResponse.",
                "content": { "application/ocsp-response": { "schema": { "type": "string", "format": "binary" } } } },
              "400": { "$ref": "#/components/responses/BadRequest" }
            }
          }
        },
        "/revocations": {
          "get": {
            "operationId": "listRevocations", "tags": [ "certificates" ], "summary": "Certificates that are revoked",
            "parameters": [ { "$ref": "#/components/parameters/cursor" }, { "$ref": "#/components/parameters/limit" } ],
            "responses": {
              "200": { "description": "A page.", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/RevocationPage" } } } },
              "400": { "$ref": "#/components/responses/BadRequest" },
              "401": { "$ref": "#/components/responses/Unauthorized" }
            }
          },
          "post": {
            "operationId": "revoke", "tags": [ "certificates" ], "summary": "Revoke a certificate",
            "description": "The certificate itself, or its number with the hash of its issuer's key. Counts from the next question on; answers given before hold for a day at most.",
            "requestBody": { "required": true, "content": { "application/json": {
              "schema": { "$ref": "#/components/schemas/RevocationChange" } } } },
            "responses": {
              "200": { "description": "It is revoked.", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/Revocation" } } } },
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
        "/revocations/{issuerKeyHash}/{serialNumber}": {
          "parameters": [
            { "name": "issuerKeyHash", "in": "path", "required": true, "schema": { "type": "string" } },
            { "name": "serialNumber", "in": "path", "required": true, "schema": { "type": "string" } }
          ],
          "delete": {
            "operationId": "takeRevocationBack", "tags": [ "certificates" ], "summary": "Take back a revocation that was a mistake",
            "responses": {
              "204": { "description": "It is good again." },
              "400": { "$ref": "#/components/responses/BadRequest" },
              "401": { "$ref": "#/components/responses/Unauthorized" },
              "403": { "$ref": "#/components/responses/Forbidden" },
              "404": { "$ref": "#/components/responses/NotFound" },
              "503": { "$ref": "#/components/responses/Unavailable" }
            }
          }
        }
        """#

    static let companyPaths = #"""
        "/companies": {
          "get": {
            "operationId": "listCompanies", "tags": [ "companies" ], "summary": "Companies that are known by their VAT numbers",
            "parameters": [ { "$ref": "#/components/parameters/cursor" }, { "$ref": "#/components/parameters/limit" } ],
            "responses": {
              "200": { "description": "A page.", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/CompanyPage" } } } },
              "400": { "$ref": "#/components/responses/BadRequest" },
              "401": { "$ref": "#/components/responses/Unauthorized" }
            }
          }
        },
        "/companies/{vatNumber}": {
          "parameters": [
            { "name": "vatNumber", "in": "path", "required": true, "description": "With the country's prefix, such as DE136695976.",
              "schema": { "type": "string", "maxLength": 64 } }
          ],
          "get": {
            "operationId": "getCompany", "tags": [ "companies" ], "summary": "One company",
            "responses": {
              "200": { "description": "The company.", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/Company" } } } },
              "400": { "$ref": "#/components/responses/BadRequest" },
              "401": { "$ref": "#/components/responses/Unauthorized" },
              "404": { "$ref": "#/components/responses/NotFound" },
              "422": { "$ref": "#/components/responses/Invalid" }
            }
          },
          "put": {
            "operationId": "putCompany", "tags": [ "companies" ], "summary": "Add or replace a company",
            "requestBody": { "required": true, "content": { "application/json": {
              "schema": { "$ref": "#/components/schemas/CompanyChange" } } } },
            "responses": {
              "200": { "description": "The company.", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/Company" } } } },
              "400": { "$ref": "#/components/responses/BadRequest" },
              "401": { "$ref": "#/components/responses/Unauthorized" },
              "403": { "$ref": "#/components/responses/Forbidden" },
              "409": { "$ref": "#/components/responses/Conflict" },
              "413": { "$ref": "#/components/responses/TooLarge" },
              "422": { "$ref": "#/components/responses/Invalid" },
              "503": { "$ref": "#/components/responses/Unavailable" }
            }
          },
          "delete": {
            "operationId": "deleteCompany", "tags": [ "companies" ], "summary": "Forget a company",
            "responses": {
              "204": { "description": "It is not known any more." },
              "400": { "$ref": "#/components/responses/BadRequest" },
              "401": { "$ref": "#/components/responses/Unauthorized" },
              "403": { "$ref": "#/components/responses/Forbidden" },
              "404": { "$ref": "#/components/responses/NotFound" },
              "422": { "$ref": "#/components/responses/Invalid" },
              "503": { "$ref": "#/components/responses/Unavailable" }
            }
          }
        }
        """#

    static let certificateSchemas = #"""
        "RevocationChange": {
          "type": "object",
          "properties": {
            "certificate": { "type": "string", "description": "PEM; its issuer's certificate behind it where the server does not know the issuer. Instead of the two below." },
            "issuerKeyHash": { "type": "string", "pattern": "^[0-9a-fA-F]{64}$", "description": "SHA-256 of the issuer's public key." },
            "serialNumber": { "type": "string", "pattern": "^[0-9a-fA-F]{1,64}$" },
            "revoked": { "type": "string", "format": "date-time", "description": "Since when; now when absent." },
            "note": { "type": "string", "maxLength": 500 }
          }
        },
        "Revocation": {
          "type": "object", "required": [ "issuerKeyHash", "serialNumber", "revoked" ],
          "properties": {
            "issuerKeyHash": { "type": "string" }, "serialNumber": { "type": "string" },
            "revoked": { "type": "string", "format": "date-time" }, "note": { "type": "string" }
          }
        },
        "CompanyChange": {
          "type": "object", "required": [ "name", "address1", "city", "country" ],
          "properties": {
            "name": { "type": "string", "maxLength": 50 }, "address1": { "type": "string", "maxLength": 100 },
            "address2": { "type": "string", "maxLength": 100 }, "postalCode": { "type": "string", "maxLength": 20 },
            "city": { "type": "string", "maxLength": 100 }, "country": { "type": "string", "maxLength": 50 }
          }
        },
        "Company": {
          "allOf": [
            { "$ref": "#/components/schemas/CompanyChange" },
            { "type": "object", "required": [ "vatNumber" ], "properties": { "vatNumber": { "type": "string" } } }
          ]
        }
        """#
}
