import Basics

extension SampleAgent {
    private static let offers = """
        - **dice** or **weather in Paris** – I call a tool first
        - **table**, **code**, **long** – formatting, and more than one message holds
        - **chart** – I send a picture; send me files, and I tell what arrived
        - **what did I ask?** – I remember this conversation
        - **slow**, **fail**, **fail halfway**, **hang up**, **silence** – what can go wrong
        """

    static func greet(_ script: inout AgentScript, _ question: AgentQuestion) {
        let asked = question.messages.count { $0.isFromPerson }
        let text = question.last.map { String($0.text.prefix(200)) } ?? ""
        if asked <= 1 {
            script.say(
                """
                Hello! I am the **sample agent**: no model, only rules, so that you can see how a conversation travels. \
                You wrote “\(text)”. Try one of these words:

                \(offers)
                """
            )
        } else {
            script.say("You wrote “\(text)”. This is question \(asked) of our conversation. Try:\n\n\(offers)")
        }
    }

    @Sendable static func recall(_ script: inout AgentScript, _ question: AgentQuestion) {
        let earlier = question.messages.filter(\.isFromPerson).dropLast().map { message in
            let files = message.files.map { "[\($0.name)]" }
            return "\(([String(message.text.prefix(120))] + files).filter { !$0.isEmpty }.joined(separator: " "))"
        }
        guard !earlier.isEmpty else {
            return script.say("This is the first thing you ask me in this conversation. Ask again later!")
        }
        let list = earlier.enumerated().map { "\($0 + 1). \($1)" }.joined(separator: "\n")
        script.say("Before this you asked me, in this order:\n\n\(list)")
    }

    // MARK: Tools

    @Sendable static func rollDice(_ script: inout AgentScript, _ question: AgentQuestion) {
        let first = chance(question, 6, salt: 1) + 1
        let second = chance(question, 6, salt: 2) + 1
        script.call(
            "roll_dice",
            ["count": 2, "sides": 6],
            takes: .seconds(1),
            result: JSONValue.array([JSONValue(first), JSONValue(second)]).text
        )
        script.say("🎲 I rolled **\(first)** and **\(second)**: \(first + second) together.")
    }

    @Sendable static func tellWeather(_ script: inout AgentScript, _ question: AgentQuestion) {
        let text = question.last?.text ?? ""
        let place = text.firstRange(of: " in ").map { text[$0.upperBound...].prefix { !"?.!,\n".contains($0) } }
        let city = place.map { $0.trimmed() }.flatMap { $0.isEmpty ? nil : String($0.prefix(40)) } ?? "Berlin"
        let degrees = Int(city.utf8.reduce(0) { ($0 * 31 + Int($1)) % 997 } % 27) + 2
        let sky = ["clear", "cloudy", "rain", "wind"][degrees % 4]
        script.say("Let me look that up.")
        script.call(
            "get_weather",
            ["city": .string(city)],
            takes: .milliseconds(1500),
            result: JSONValue.object(
                JSONObject([
                    .init(key: "celsius", value: JSONValue(degrees)), .init(key: "sky", value: .string(sky)),
                ])
            ).text
        )
        script.say("In **\(city)** it is \(degrees) °C, *\(sky)*. (Invented, but always the same for \(city).)")
    }

    /// 0 ..< `limit`, by what was asked and when in the conversation.
    private static func chance(_ question: AgentQuestion, _ limit: Int, salt: Int) -> Int {
        let seed = "\(question.messages.count) \(salt) \(question.last?.text ?? "")"
        return seed.utf8.reduce(17) { ($0 * 33 + Int($1)) % 65_521 } % limit
    }

    // MARK: Files

    static func describe(_ files: [AgentQuestion.File], _ script: inout AgentScript) {
        let lines = files.map { file in
            let size = file.size.map(Self.readable) ?? "size unknown"
            return "| \(file.name.replacing("|", with: "/")) | \(file.kind) | \(file.mimeType) | \(size) |"
        }
        let count = files.count == 1 ? "one file" : "\(files.count) files"
        script.say(
            """
            I received \(count):

            | name | kind | type | size |
            | --- | --- | --- | --- |
            \(lines.joined(separator: "\n"))

            Here is a list of it as a file.
            """
        )
        let rows = ["name,type,bytes"] + files.map { "\($0.name),\($0.mimeType),\($0.size.map(String.init) ?? "")" }
        script.attach(
            "document",
            name: "received.csv",
            mimeType: "text/csv",
            Array(rows.map { "\($0)\n" }.joined().utf8)
        )
    }

    private static func readable(_ bytes: Int) -> String {
        switch bytes {
        case ..<1024: "\(bytes) bytes"
        case ..<(1 << 20): "\(bytes / 1024) KB"
        default: "\(bytes >> 20).\(bytes % (1 << 20) * 10 >> 20) MB"
        }
    }

    @Sendable static func drawChart(_ script: inout AgentScript, _ question: AgentQuestion) {
        let values = (1...7).map { 20 + chance(question, 80, salt: $0) }
        script.call(
            "draw_chart",
            ["values": .array(values.map { JSONValue($0) })],
            takes: .seconds(1),
            result: "chart.png"
        )
        script.say("Here is a chart of seven numbers: \(values.map(String.init).joined(separator: ", ")).")
        script.attach("image", name: "chart.png", mimeType: "image/png", BarChart(values).png)
    }

    // MARK: Formatting

    @Sendable static func showTable(_ script: inout AgentScript, _ question: AgentQuestion) {
        script.say(
            """
            ## Planets

            | planet | moons | day |
            | :--- | ---: | :--- |
            | Mars | 2 | 24 h 37 min |
            | Jupiter | 95 | 9 h 56 min |
            | Saturn | 274 | 10 h 34 min |

            Each messenger shows a table as well as it can: some *really*, some in a **monospaced** block.
            """
        )
    }

    @Sendable static func showCode(_ script: inout AgentScript, _ question: AgentQuestion) {
        script.say(
            """
            A function in Swift, with `inline code` around it:

            ```swift
            func greet(_ name: String) -> String {
                "Hello, \\(name)!"
            }
            ```

            > Quoted: simple is better than clever.

            1. **bold**, *italic*, ~~struck~~
            2. a [link](https://example.org/)
            """
        )
    }

    @Sendable static func answerAtLength(_ script: inout AgentScript, _ question: AgentQuestion) {
        script.say("# A long answer\n\nIt does not fit into one message of most messengers.", pace: .milliseconds(30))
        let sentence = """
            This sentence is here to fill the page, as others were before it, and it grows while you read along; when a \
            message is full the next one begins, and nothing is said twice or lost in between.
            """
        for chapter in 1...9 {
            let body = Array(repeating: sentence, count: 5).joined(separator: " ")
            script.say("## Part \(chapter)\n\n\(body)", pace: .milliseconds(8))
        }
        script.say("**That is all.** Nine parts, in order.", pace: .milliseconds(30))
    }
}
