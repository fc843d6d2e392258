/// A text as a tree: what an agent’s Markdown means, for a surface to write in its messenger’s own form.
///
/// Nested at most ``maximumDepth`` deep, so that recursion over it is safe whatever the agent wrote. HTML in the source
/// is plain characters here, never markup. Destinations of links are as the agent wrote them, with any scheme.
package struct FormattedText: Hashable, Sendable {
    /// How many blocks and spans may lie within each other; what is deeper keeps its words and loses its form.
    package static let maximumDepth = 32
    /// Larger sources of Markdown are shown as they are written; in bytes of UTF-8.
    package static let maximumSourceBytes = 32_768

    package let blocks: [Block]

    package init(blocks: [Block]) { self.blocks = blocks }

    /// Characters as they are: nothing is markup, every line end stays.
    package init(plain source: String) {
        blocks = source.isEmpty ? [] : [.paragraph(Self.inlines(plain: source))]
    }

    package init(_ text: MessageText) {
        switch text.format {
        case .markdown: self.init(markdown: text.source)
        case .plain: self.init(plain: text.source)
        }
    }

    static func inlines(plain source: String) -> [Inline] {
        source.lines.enumerated().flatMap { index, line -> [Inline] in
            (index > 0 ? [.lineBreak] : []) + (line.isEmpty ? [] : [.text(line)])
        }
    }
}

extension FormattedText {
    package indirect enum Block: Hashable, Sendable {
        case paragraph([Inline])
        /// `level`: 1–6.
        case heading(level: Int, [Inline])
        /// Characters that end without the last newline; `language`: the first word of the fence’s info string.
        case code(language: String?, String)
        case quote([Block])
        case list(List)
        case table(Table)
        case rule
    }

    package struct List: Hashable, Sendable {
        /// Number of the first item; `nil` for bullets.
        package let start: Int?
        /// Written without empty lines between the items.
        package let isTight: Bool
        package let items: [Item]

        package init(start: Int?, isTight: Bool, items: [Item]) {
            self.start = start
            self.isTight = isTight
            self.items = items
        }
    }

    package struct Item: Hashable, Sendable {
        /// Whether a task is done; `nil` when the item is no task.
        package let isDone: Bool?
        package let blocks: [Block]

        package init(isDone: Bool? = nil, blocks: [Block]) {
            self.isDone = isDone
            self.blocks = blocks
        }
    }

    package struct Table: Hashable, Sendable {
        package enum Alignment: Hashable, Sendable { case unset, left, center, right }
        package typealias Cell = [Inline]

        /// One for each column.
        package let alignments: [Alignment]
        package let header: [Cell]
        package let rows: [[Cell]]

        package init(alignments: [Alignment], header: [Cell], rows: [[Cell]]) {
            self.alignments = alignments
            self.header = header
            self.rows = rows
        }
    }

    package indirect enum Inline: Hashable, Sendable {
        case text(String)
        case code(String)
        case emphasis([Inline])
        case strong([Inline])
        case strikethrough([Inline])
        case link([Inline], destination: String)
        /// `text`: what stands for the picture; may be empty.
        case image(text: String, source: String)
        /// A line end that was asked for.
        case lineBreak
        /// A line end of the source, which Markdown treats as a space and chats as a line end.
        case softBreak
    }
}
