import SurfaceKit

/// What people and fate do in one scene, all of it from a seed.
struct Story: Sendable {
    /// A chat of one person with the bot, or a group.
    struct Chat: Sendable {
        let id: ChatID
        let messenger: Int
        let kind: ChatKind
        let people: [PersonID]
    }

    struct Step: Sendable, CustomStringConvertible {
        /// Its place in the whole story, from 0.
        var number = 0
        /// In milliseconds since the beginning.
        let at: Int
        let deed: Deed

        var description: String { "\(number): at \(at) ms \(deed)" }
    }

    enum Deed: Sendable {
        case say(question: Int, chat: Int, person: Int, withFile: Bool)
        /// Corrects the newest question of the chat.
        case correct(chat: Int)
        case withdraw(chat: Int)
        case command(String, chat: Int, person: Int)
        /// Types the code that was shown last in `from`.
        case link(from: Int, to: Int)
        case kill
        case killInCommit(Int, Life.Death)
        case drain
        case toggle(messenger: Int, milliseconds: Int)
        case fillDisk(milliseconds: Int)
        case setClock(seconds: Int)
        /// Each edit is refused for a while as of a message that is gone.
        case refuseEdits(messenger: Int, milliseconds: Int)
        /// The state refuses the questions that come next on a messenger, however often they are tried.
        case poison(messenger: Int)
        /// Makes a row of the state unreadable.
        case damage(Row)
    }

    enum Row: Sendable, CaseIterable {
        /// The newest question that waits.
        case question
        /// The newest message that is owed.
        case post
        /// What the agent would be shown of the past.
        case transcript
    }

    let seed: UInt64
    let messengers: [Messenger.Style]
    let chats: [Chat]
    let rage: Int
    /// Some of them may have been left out, to find those that matter.
    var steps: [Step]

    /// When the world becomes calm, in milliseconds since the beginning.
    static let length = 180_000

    init(seed: UInt64) {
        self.seed = seed
        var chance = Chance(seed: seed, for: "story")
        var styles = [Messenger.Style.once, .drafts, .edits].shuffled(using: &chance)
        styles.removeLast(chance.int(0...2))
        messengers = styles
        var chats: [Chat] = []
        for messenger in styles.indices {
            for person in 0..<chance.int(1...3) {
                chats.append(
                    Chat(
                        id: ChatID("c\(chats.count)"),
                        messenger: messenger,
                        kind: .direct,
                        people: [PersonID("p\(person)")]
                    )
                )
            }
            if chance.isOnce(in: 3) {
                chats.append(
                    Chat(id: ChatID("c\(chats.count)"), messenger: messenger, kind: .group, people: ["p0", "p1", "p2"])
                )
            }
        }
        self.chats = chats
        rage = chance.pick([0, 40, 12, 5])
        steps = Self.steps(chats, messengers: styles.count, &chance)
    }

    private static func steps(_ chats: [Chat], messengers: Int, _ chance: inout Chance) -> [Step] {
        var steps: [Step] = []
        var questions = 0
        for _ in 0..<chance.int(3...28) {
            let at = chance.int(0...length)
            let chat = chance.int(0...(chats.count - 1))
            let person = chance.int(0...(chats[chat].people.count - 1))
            switch chance.int(1...20) {
            case 1...11:
                // People write fast, too.
                for burst in 0..<(chance.isOnce(in: 4) ? chance.int(2...5) : 1) {
                    questions += 1
                    let deed = Deed.say(
                        question: questions,
                        chat: chat,
                        person: person,
                        withFile: chance.isOnce(in: 8)
                    )
                    steps.append(Step(at: at + burst * chance.int(1...1500), deed: deed))
                }
            case 12: steps.append(Step(at: at, deed: .correct(chat: chat)))
            case 13: steps.append(Step(at: at, deed: .withdraw(chat: chat)))
            case 14...15:
                let word = chance.pick([
                    "/stop", "/new", "/contexts", "/help", "/why", "/save a", "/load a", "/reset", "/files",
                    "/remove -9223372036854775808", "/load 99999999999999999999",
                    "/load " + String(repeating: "long ", count: 816),
                ])
                steps.append(Step(at: at, deed: .command(word, chat: chat, person: person)))
            case 16:
                let other = chance.int(0...(chats.count - 1))
                guard other != chat, chats[chat].kind == .direct, chats[other].kind == .direct else { continue }
                steps.append(Step(at: at, deed: .command("/link", chat: chat, person: 0)))
                steps.append(Step(at: at + 4000, deed: .link(from: chat, to: other)))
            case 17: steps.append(Step(at: at, deed: .kill))
            case 18:
                let death: Life.Death = chance.isOnce(in: 2) ? .before : .after
                steps.append(Step(at: at, deed: .killInCommit(chance.int(1...12), death)))
            case 19:
                steps.append(
                    Step(
                        at: at,
                        deed: chance.pick([
                            .drain,
                            .toggle(
                                messenger: chance.int(0...(messengers - 1)),
                                milliseconds: chance.int(100...40_000)
                            ),
                        ])
                    )
                )
            default:
                steps.append(
                    Step(
                        at: at,
                        deed: chance.pick([
                            .fillDisk(milliseconds: chance.int(100...20_000)),
                            .poison(messenger: chance.int(0...(messengers - 1))),
                            .refuseEdits(
                                messenger: chance.int(0...(messengers - 1)),
                                milliseconds: chance.int(5000...40_000)
                            ),
                            .setClock(seconds: chance.pick([-3600, -60, 60, 3600])), .damage(chance.pick(Row.allCases)),
                        ])
                    )
                )
            }
        }
        let ordered = steps.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
        return ordered.enumerated().map { number, step in
            Step(number: number, at: step.element.at, deed: step.element.deed)
        }
    }
}

extension Messenger.Style {
    /// Knows operations again, as Matrix does.
    static let once = Messenger.Style(
        name: "once",
        repetition: .harmless,
        drafts: false,
        limits: [RateLimit(scope: .account, burst: 8, perSecond: 0.8, reserve: 2, mayBeLifted: true)],
        maximum: 16_000
    )
    /// Repeats what it is told twice, and has drafts, as Telegram does.
    static let drafts = Messenger.Style(
        name: "drafts",
        repetition: .duplicates,
        drafts: true,
        limits: [
            RateLimit(scope: .account, burst: 10, perSecond: 25, reserve: 4),
            RateLimit(scope: .chat, burst: 3, perSecond: 1, reserve: 1),
        ],
        maximum: 4096
    )
    /// Repeats what it is told twice, as MAX does.
    static let edits = Messenger.Style(
        name: "edits",
        repetition: .duplicates,
        drafts: false,
        limits: [RateLimit(scope: .chat, burst: 2, perSecond: 1, reserve: 1)],
        maximum: 4000
    )
}
