import Basics
import Testing

@Suite("JSON document")
struct JSONDocumentTests {
    let document: JSONDocument

    init() throws {
        let text = """
            {
              "version": 1,
              "é": "x", "surfaces": [
                {"id": "a"},\r
                { "id" :
                  "b", "id": [7], "id": 1 }
              ],
              "version": {"deep": true}
            }
            """
        document = try JSONDocument(parsing: Array(text.utf8))
    }

    @Test(arguments: [
        (JSONPath.root, 1, 1), (JSONPath.root["version"], 2, 14), (JSONPath.root["surfaces"], 3, 26),
        (JSONPath.root["surfaces"][0], 4, 5), (JSONPath.root["surfaces"][0]["id"], 4, 12),
        (JSONPath.root["surfaces"][1]["id"], 6, 7), (JSONPath.root["version"]["deep"], 8, 23),
    ])
    func `knows where each value stands`(path: JSONPath, line: Int, column: Int) {
        #expect(document.position(of: path) == JSONPosition(line: line, column: column))
    }

    @Test func `knows where each key stands`() {
        #expect(document.keyPosition(of: JSONPath.root["surfaces"]) == JSONPosition(line: 3, column: 14))
        #expect(document.keyPosition(of: JSONPath.root["surfaces"][1]["id"]) == JSONPosition(line: 5, column: 7))
        #expect(document.keyPosition(of: JSONPath.root["surfaces"][1]) == nil)
        #expect(document.keyPosition(of: JSONPath.root["absent"]) == nil)
    }

    @Test func `lists repeated keys`() {
        let repeated = document.repeatedKeys.map { "\($0.path) \($0.position.line):\($0.position.column)" }

        #expect(repeated == ["surfaces[1].id 6:12", "surfaces[1].id 6:23", "version 8:3"])
    }

    @Test(arguments: [
        (JSONPath.root, ""), (JSONPath.root["a"], "a"), (JSONPath.root["a"][1]["b"]["c-d"], "a[1].b.c-d"),
        (JSONPath.root[0][1], "[0][1]"), (JSONPath.root["$schema"], "$schema"),
        (JSONPath.root["a b"]["c.d"][0], #"["a b"]["c.d"][0]"#), (JSONPath.root["x"]["\"\n"], #"x["\"\n"]"#),
    ])
    func `writes paths as people do`(path: JSONPath, text: String) {
        #expect(path.description == text)
    }
}
