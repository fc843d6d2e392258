import SurfaceKit

/// A terminal, with the line that is being typed at its bottom and what changes just above.
///
/// Only the bottom can be changed: what was scrolled away, or stands above something that a person has typed, stays.
struct Screen: Display {
    /// What stands directly above the line that is being typed.
    private enum Bottom {
        /// Nothing that will change.
        case settled
        /// It goes away when something else is shown.
        case passing([StyledLine], isTyping: Bool)
        case message(MessageID, [StyledLine])
    }

    private static let prompt = "\u{1B}[36m> \u{1B}[39m"

    private let echoes: Bool
    private var columns = 0
    private var rows = 0
    private var bottom = Bottom.settled
    private var hasPrompt = false

    /// - Parameter echoes: Whether people type on this screen.
    init(echoes: Bool) { self.echoes = echoes }

    mutating func resize(columns: Int, rows: Int) {
        self.columns = columns > 0 ? columns : .max
        self.rows = rows > 0 ? rows : .max
    }

    // MARK: What people type

    mutating func open() -> String {
        guard echoes, !hasPrompt else { return "" }
        hasPrompt = true
        return Self.prompt
    }

    mutating func close() -> String {
        defer { hasPrompt = false }
        return clearPrompt
    }

    mutating func typed(_ lines: [String]) -> String {
        // The return key has brought the cursor below what was typed.
        guard echoes, hasPrompt else { return "" }
        let echoed = lines.enumerated().map { StyledLine(($0.offset == 0 ? Self.prompt : "") + $0.element) }
        guard case .passing(let passing, _) = bottom, lines.allSatisfy(Visible.isVisible) else {
            bottom = .settled
            return Self.prompt
        }
        let height = height(of: passing) + height(of: echoed)
        guard height < rows else {
            bottom = .settled
            return Self.prompt
        }
        return Self.erase(height) + text(of: echoed + passing) + Self.prompt
    }

    // MARK: What the agent says

    mutating func notice(_ words: String) -> String {
        put([StyledLine("\u{1B}[2;36m\(Visible.text(words))\u{1B}[22;39m")], as: .settled)
    }

    mutating func send(_ message: ShownMessage, as id: MessageID) -> String {
        let lines = lines(of: message)
        return put(lines, as: .message(id, lines))
    }

    mutating func edit(_ message: ShownMessage, of id: MessageID) -> String {
        guard case .message(id, let old) = bottom else { return send(message, as: id) }
        let lines = lines(of: message)
        bottom = .message(id, lines)
        return replace(old, by: lines)
    }

    mutating func delete(_ id: MessageID, of author: String) -> String {
        guard case .message(id, let old) = bottom, height(of: old) < rows else {
            return notice("\(author) took a message back")
        }
        bottom = .settled
        return replace(old, by: [])
    }

    mutating func draft(_ message: ShownMessage) -> String {
        let lines = lines(of: message)
        let shown = [lines[0]] + tail(of: lines.dropFirst())
        return put(shown, as: .passing(shown, isTyping: false))
    }

    mutating func typing(_ isOn: Bool, of author: String) -> String {
        switch (bottom, isOn) {
        case (.passing, true): return ""
        case (.passing(let old, true), false):
            bottom = .settled
            return replace(old, by: [])
        case (_, true):
            let lines = [StyledLine("\u{1B}[2;36m\(Visible.text(author)) is writing …\u{1B}[22;39m")]
            return put(lines, as: .passing(lines, isTyping: true))
        case (_, false): return ""
        }
    }

    // MARK: Drawing

    private func lines(of message: ShownMessage) -> [StyledLine] {
        let heading = StyledLine("\u{1B}[1;36m\(Visible.text(message.heading))\u{1B}[22;39m")
        return [heading] + StyledText.lines(of: FormattedText(message.text))
    }

    /// As much of the end as fits between the heading and the line that is being typed.
    private func tail(of lines: ArraySlice<StyledLine>) -> [StyledLine] {
        guard height(of: Array(lines)) > rows - 4 else { return Array(lines) }
        var (shown, room): ([StyledLine], Int) = ([], rows - 5)
        for line in lines.reversed() {
            room -= height(of: [line])
            guard room >= 0 else { break }
            shown.insert(line, at: 0)
        }
        return [StyledLine("⋮")] + shown
    }

    /// Shows `lines` below what is settled.
    private mutating func put(_ lines: [StyledLine], as new: Bottom) -> String {
        defer { bottom = new }
        if case .passing(let old, _) = bottom { return replace(old, by: lines) }
        return clearPrompt + text(of: lines) + (hasPrompt ? Self.prompt : "")
    }

    /// Shows `new` in place of `old`, from the first line that differs; below it when that is out of reach.
    private func replace(_ old: [StyledLine], by new: [StyledLine]) -> String {
        var same = zip(old, new).prefix { $0 == $1 }.count
        let height = height(of: Array(old[same...]))
        let isInReach = height < rows
        if !isInReach { same = 0 }
        let start = isInReach ? Self.erase(height) : clearPrompt
        return start + text(of: Array(new[same...])) + (hasPrompt ? Self.prompt : "")
    }

    private var clearPrompt: String { hasPrompt ? Self.erase(0) : "" }

    /// Clears the line of the cursor, those below, and `height` rows above.
    private static func erase(_ height: Int) -> String {
        (height > 0 ? "\u{1B}[\(height)A" : "") + "\r\u{1B}[J"
    }

    private func text(of lines: [StyledLine]) -> String { lines.map { "\($0.text)\n" }.joined() }

    private func height(of lines: [StyledLine]) -> Int {
        lines.reduce(0) { $0 + max(1, ($1.columns - 1) / columns + 1) }
    }
}
