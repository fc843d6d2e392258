import Basics
import SurfaceKit

extension Phrase {
    package func english(_ p: String) -> String {
        switch self {
        case .greeting:
            """
            Hello! Write to me, and I answer. You can send files too: they go with your next message.

            \(Self.englishCommands(p))
            """
        case .help: Self.englishCommands(p)
        case .newContext(let number): "A new conversation has begun (number \(number)). \(p)context tells about it."
        case .contextDescription(let facts): Self.englishContext(facts)
        case .contextList(let lines, let more): Self.englishList(lines, more)
        case .contextNamed(let name): "This conversation is now called “\(name.shortened)”."
        case .contextLoaded(let name): "You are now in conversation \(Self.english(name))."
        case .contextIsCurrent(let name): "You already are in conversation \(Self.english(name))."
        case .contextDeleted(let name): "Conversation \(Self.english(name)) is deleted."
        case .contextReset(let number): "Forgotten. The conversation goes on empty (number \(number))."
        case .noSuchContext(let name): "There is no conversation “\(name.shortened)”. \(p)contexts lists yours."
        case .nameTaken(let name): "Another conversation is already called “\(name.shortened)”. Choose another name."
        case .nameUnfit: "A name has 1 to 64 characters and is not only digits."
        case .argumentMissing(let command): "Say which: \(p)\(command.rawValue) \(Self.englishArgument(command))"
        case .nothingToStop: "Nothing is being answered right now."
        case .restDropped(let messages):
            messages == 1
                ? "Stopped; 1 message of the answer is not sent."
                : "Stopped; \(messages) messages of the answer are not sent."
        case .stoppedSilently: "Stopped; nothing had been said yet."
        case .nothingToRetry: "There is no question to ask again yet. Just write one."
        case .stillAnswering: "Your last question is still being answered. \(p)stop ends it."
        case .whyNothing: "You have not asked anything here yet."
        case .why(let story): story.english(p)
        case .filesStaged(let count):
            "📎 \(count == 1 ? "1 file waits" : "\(count) files wait") for your next message."
        case .fileList(let names):
            names.isEmpty
                ? "No file waits for your next message."
                : Self.numbered(names.map(\.shortened)) { $0 == 1 ? "and 1 more file" : "and \($0) more files" }
        case .filesRemoved(let count): count == 1 ? "1 file is removed." : "\(count) files are removed."
        case .noSuchFile: "There is no such file. \(p)files lists what waits."
        case .people(let phrase): phrase.english(p)
        case .notice(let notice): "⚠️ \(notice.english(p))"
        }
    }

    private static func englishCommands(_ p: String) -> String {
        """
        \(p)new – begin a new conversation
        \(p)reset – forget this conversation and go on empty
        \(p)context – which conversation this is
        \(p)contexts – your conversations
        \(p)save NAME – name this conversation
        \(p)load NAME – go on with another one; its number or place in the list will do
        \(p)rename NAME – rename this conversation
        \(p)delete NAME – delete one
        \(p)files – files that wait for your next message
        \(p)remove N – take one back, or \(p)remove all
        \(p)stop – end the answer that is being written
        \(p)retry – ask the last question again
        \(p)why – what became of the last message
        \(p)link – see the same conversations on another messenger; \(p)unlink undoes it
        \(p)help – this list
        """
    }

    private static func englishArgument(_ command: ChatCommand) -> String { command == .remove ? "N" : "NAME" }

    private static func english(_ context: ContextName) -> String {
        context.name.map { "“\($0.shortened)”" } ?? "\(context.number)"
    }

    private static func englishList(_ lines: [ContextLine], _ more: Int) -> String {
        let lines = lines.map { line in
            let name = line.context.name.map { " “\($0.shortened)”" } ?? ""
            let size = line.messages == 1 ? "1 message" : "\(line.messages) messages"
            return "\(line.isCurrent ? "→ " : "")\(line.context.number)\(name) – \(size)"
        }
        return numbered(lines, more: more) { "and \($0) more, by name or number" }
    }

    private static func englishContext(_ facts: ContextFacts) -> String {
        let name = facts.name.map { "“\($0.shortened)”, " } ?? ""
        let messages = facts.messages == 1 ? "1 message" : "\(facts.messages) messages"
        let chats = facts.chats == 1 ? "1 chat is" : "\(facts.chats) chats are"
        return """
            Conversation \(name)number \(facts.number): \(messages), \(facts.bytes / 1024) KB; begun on \(facts.surface); \
            \(chats) on it.
            """
    }

    /// Bytes in units of 1,048,576, with one decimal when it matters.
    package static func megabytes(_ bytes: Int) -> String {
        let tenths = bytes * 10 / 1_048_576
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}

extension Notice {
    fileprivate func english(_ p: String) -> String {
        switch self {
        case .tooManyFiles(let limit):
            "That is more than \(limit) \(limit == 1 ? "file" : "files") for one message. Please send fewer at once."
        case .fileTooLarge(let name, let limit):
            "\(name.shortened) is too large: the limit is \(Phrase.megabytes(limit)) MB. Please send a smaller file."
        case .fileUnavailable(let name): "I could not fetch \(name.shortened). Please send it again."
        case .encryptedRoom:
            "I cannot read encrypted rooms yet. Please invite me to a room without encryption."
        case .agentUnreachable: "The agent cannot be reached right now. Please try again later with \(p)retry."
        case .agentRefusesCredentials:
            "The agent refuses this bot’s credentials. Please tell the person who runs it, then \(p)retry."
        case .agentNotFound:
            "There is no agent at the address that this bot was given. Please tell the person who runs it, then \(p)retry."
        case .agentFailed: "The agent failed at this. \(p)retry asks again, \(p)new begins a new conversation."
        case .agentCutOff: "The answer was cut off. It may be incomplete; \(p)retry asks again."
        case .agentTimedOut: "The agent took too long and was given up. \(p)retry asks again."
        case .agentSilent: "The agent finished without saying anything. \(p)retry asks again, or put it in other words."
        case .agentCancelled: "The agent ended this by itself. \(p)retry asks again."
        case .agentWithheld:
            "A content filter stopped this answer; it may be incomplete. Put the question in other words, or \(p)new."
        case .agentWaitsForConfirmation(let question):
            "The agent waits for a confirmation that cannot be given here\(question.map { ":\n\n\($0)\n\n" } ?? ". ")"
                + "Until then it may not take other questions; \(p)new begins a new conversation."
        case .answerTooLarge: "The answer was too large and was cut off. Please ask for less at once."
        case .attachmentUndeliverable:
            "The agent sent a file that cannot be delivered here. Ask for it in another form, or for its text."
        case .messageRefused:
            "A message of this answer could not be shown here. Ask for it in another form, or for a shorter answer."
        case .messagesLost:
            "I could not reach this chat for a day, and some messages were not delivered. Please ask again."
        case .stateDamaged: "Something that was stored for this chat could not be read. Please write it again."
        case .filesMissing(let names):
            "I could not fetch \(Phrase.list(names)). The question was asked without; please send it again if it matters."
        case .messageSetAside:
            "I could not handle your last message. It is kept for the person who runs this bot; please write it another way."
        case .hostRestarted: "The bot was restarted in the middle of this answer. \(p)retry asks again."
        }
    }
}
