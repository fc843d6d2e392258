/// Words by which questions and answers are known again.
enum Marks {
    /// Begins the question `number`.
    static func question(_ number: Int) -> String { "Q\(number)q" }
    static func begin(question: Int, run: Int) -> String { "B\(question)r\(run)b" }
    static func end(question: Int, run: Int) -> String { "E\(question)r\(run)e" }

    /// The last question that a text names.
    static func question(in text: String) -> Int? {
        words(in: text).last { $0.first == "Q" && $0.last == "q" }.flatMap { Int($0.dropFirst().dropLast()) }
    }

    /// Question and run of each mark of a kind (`B` or `E`) in a text.
    static func marks(_ kind: Character, in text: String) -> [(question: Int, run: Int)] {
        let last = Character(kind.lowercased())
        return words(in: text).compactMap { word in
            guard word.first == kind, word.last == last else { return nil }
            let parts = word.dropFirst().dropLast().split(separator: "r")
            guard parts.count == 2, let question = Int(parts[0]), let run = Int(parts[1]) else { return nil }
            return (question, run)
        }
    }

    /// Runs of ASCII letters and digits.
    private static func words(in text: String) -> [Substring] {
        text.utf8.split { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"):
                false
            default: true
            }
        }.map { Substring($0) }
    }
}
