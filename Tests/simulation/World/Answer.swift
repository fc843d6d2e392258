/// What the agent says, in pieces.
enum Answer {
    private static let words = [
        "the", "rain", "in", "**Spain**", "stays", "`mainly`", "on", "a", "_plain_", "[link](https://e.example/x)",
        "и", "снег", "雪", "🙂", "1 < 2", "a*b", "\\_x",
    ]
    private static let blocks = [
        "\n\n", "\n\n- one\n- two\n\n", "\n\n```swift\nlet a = 1\n```\n\n", "\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n",
        "\n\n# Head\n\n",
        "\n\n> quoted\n\n", "\n\n***\n\n",
    ]

    static func pieces(question: Int, run: Int, _ chance: inout Chance) -> [String] {
        let length: Int
        switch chance.int(1...60) {
        case 1...28: length = chance.int(0...6)
        case 29...50: length = chance.int(10...80)
        case 51...59: length = chance.int(200...900)
        default: length = chance.int(4000...9000)
        }
        var all = [Marks.begin(question: question, run: run)]
        for _ in 0..<length { all.append(chance.isOnce(in: 25) ? chance.pick(blocks) : " " + chance.pick(words)) }
        all.append(" " + Marks.end(question: question, run: run))
        // As a server sends it: some tokens at a time.
        let size = max(1, all.count / chance.int(1...12))
        return stride(from: 0, to: all.count, by: size).map { all[$0..<min(all.count, $0 + size)].joined() }
    }
}
