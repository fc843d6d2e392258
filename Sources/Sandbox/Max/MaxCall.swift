import Basics
import HTTP

/// A call as the schema reads it.
struct MaxCall: Sendable {
    let operation: MaxSchema.Operation
    /// What stands in the path, by name.
    let variables: [String: String]
    let query: JSONObject
    let body: JSONValue
    let findings: [MaxSchema.Finding]

    init(_ request: HTTPServerRequest, _ operation: MaxSchema.Operation, _ schema: MaxSchema) {
        self.operation = operation
        variables = operation.variables(in: request.path)
        let parameters = schema.parameters(request.query, of: operation)
        query = parameters.values
        var findings = parameters.findings
        if request.body.isEmpty {
            body = operation.body == nil ? .null : .object(JSONObject())
        } else if let parsed = try? JSONValue(parsing: request.body) {
            body = parsed
        } else {
            body = .null
            findings.append(MaxSchema.Finding(operation.id, "is no JSON"))
        }
        findings += schema.findings(inBody: body, of: operation)
        self.findings = findings
    }

    /// Everything that it says, as one object.
    var all: JSONObject {
        var all = query
        for (name, value) in variables { all[name] = .string(value) }
        for member in body.object?.members ?? [] { all[member.key] = member.value }
        return all
    }

    /// A number of the path; 0 when it is none.
    func number(_ name: String) -> Int64 { variables[name].flatMap { Int64($0) } ?? 0 }
}

extension HTTPServerResponse {
    static func text(_ text: String, _ type: String, status: Int = 200) -> HTTPServerResponse {
        HTTPServerResponse(
            status: status,
            headers: [HTTPHeader("Content-Type", type)],
            body: .bytes(Array(text.utf8))
        )
    }
}
