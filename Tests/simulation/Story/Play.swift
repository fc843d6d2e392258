import AgentLink
import Basics
import Engine
import FoundationEssentials
import Glibc
import Metrics
import Settings
import State
import SurfaceKit

/// One scene, played to its end.
final class Play: @unchecked Sendable {
    let story: Story
    let system: VirtualSystem
    let trace: Trace
    let weather: Weather
    let agent: SimulatedAgent
    let messengers: [Messenger]
    private(set) var questions: [Question] = []
    /// Faults that were seen while it was played.
    private(set) var faults: [String] = []
    /// Groups of chats that are on the contexts of one person, by link.
    private(set) var links: [(Int, Int)] = []

    private let folder: String
    private var life = Life(number: 0)
    private var store: MortalStore?
    private var metrics = HostMetrics()
    private var changes: AsyncStream<HostSettings>.Continuation?
    private var disabled: Set<Int> = []
    private var isClosing = false
    private var hasEnded = false
    private var isWaitingForRest = false
    private var lastEvent = 0
    /// How often the process died.
    private(set) var deaths = 0

    init(_ story: Story, folder: String) {
        self.story = story
        self.folder = folder
        system = VirtualSystem(seed: story.seed)
        let trace = Trace(system)
        self.trace = trace
        weather = Weather(seed: story.seed, rage: story.rage)
        agent = SimulatedAgent(system, weather, trace, seed: story.seed)
        messengers = story.messengers.map { Messenger($0, trace: trace) }
    }

    /// Plays it, and adds what was wrong in the end.
    func run() {
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for step in story.steps { system.at(.milliseconds(step.at)) { [self] in take(step.deed) } }
        system.at(.milliseconds(Story.length)) { [self] in calmDown() }
        Task(executorPreference: system) { await self.live() }
        let isDone = system.run(limit: 3_000_000) { hasEnded }
        if !isDone { faults.append("the host does not come to its end") }
        guard isDone else { return }
        faults += Judge(self).faults
    }

    // MARK: Lives of the host

    private func live() async {
        for number in 1... {
            let life = Life(number: number)
            self.life = life
            let opened: SQLiteStore
            do {
                opened = try SQLiteStore(path: "\(folder)/surfaces.db", on: system)
            } catch {
                faults.append("the state cannot be opened: \(error)")
                hasEnded = true
                return
            }
            trace.note("host \(number) begins")
            await live(life, opened)
            await opened.close()
            if lastHost != nil { faults.append("host \(number) stays in memory") }
            let own = isWaitingForRest ? 1 : 0
            if system.sleeping > own { faults.append("host \(number) left \(system.sleeping - own) tasks asleep") }
            if life.isOver { deaths += 1 }
            trace.note(life.isOver ? "host \(number) died" : "host \(number) ended")
            guard !isClosing else { break }
            try? await system.sleep(for: .milliseconds(700))
        }
        hasEnded = true
    }

    /// Whether something of the last life is still there.
    private weak var lastHost: HostRuntime?

    private func live(_ life: Life, _ opened: SQLiteStore) async {
        let store = MortalStore(opened, life)
        self.store = store
        metrics = HostMetrics(on: system)
        let (stream, continuation) = AsyncStream.makeStream(of: HostSettings.self)
        changes = continuation
        let runtime = HostRuntime(
            system: system,
            store: store,
            settings: settings,
            webhooks: nil,
            metrics: metrics,
            log: Log(minimum: .info) { [trace] line in
                trace.note("host: \(line.phrase) \(line.fields.map { "\($0.key)=\($0.value)" }.joined(separator: " "))")
            }
        )
        lastHost = runtime
        let task = Task(executorPreference: system) { await runtime.run(stream) }
        life.onEnd {
            task.cancel()
            continuation.finish()
        }
        await task.value
    }

    private var settings: HostSettings {
        HostSettings(
            agent: AgentSettings(
                api: AgentLine(agent: agent, life: life),
                url: nil,
                history: .host,
                transcript: TranscriptLimits(messages: 40, bytes: 200_000, fileBytes: 1 << 20),
                maxRuns: 3
            ),
            attachments: AttachmentLimits(maxBytes: 1 << 20, maxCount: 5, keep: .seconds(3600)),
            language: .english,
            drain: .seconds(10),
            retention: .seconds(30 * 86400),
            surfaces: messengers.enumerated().map { index, messenger in
                SurfaceSettings(
                    id: messenger.id,
                    kind: SimulatedSurface.kind,
                    isEnabled: !disabled.contains(index),
                    access: AccessPlan(policy: .open, users: []),
                    respond: .always,
                    streaming: .auto(interval: nil),
                    proxy: nil,
                    fingerprint: "",
                    connection: SurfaceSettings.Connection()
                ) { [life, weather, system] _ in
                    SimulatedSurface(messenger: messenger, life: life, weather: weather, system: system)
                }
            }
        )
    }

    // MARK: Deeds

    private func take(_ deed: Story.Deed) {
        trace.note("\(deed)".shortened)
        switch deed {
        case .say(let number, let chat, let person, let withFile): say(number, chat, person, withFile)
        case .correct(let chat): correct(chat)
        case .withdraw(let chat): withdraw(chat)
        case .command(let word, let chat, let person): command(word, chat, person)
        case .link(let from, let to): link(from, to)
        case .kill: life.end()
        case .killInCommit(let count, let death): life.dies(inCommit: count, death)
        case .drain: changes?.finish()
        case .toggle(let messenger, let milliseconds):
            disabled.insert(messenger)
            changes?.yield(settings)
            system.after(.milliseconds(milliseconds)) { [self] in
                disabled.remove(messenger)
                changes?.yield(settings)
            }
        case .fillDisk(let milliseconds):
            let store = store
            store?.isFull = true
            system.after(.milliseconds(milliseconds)) { store?.isFull = false }
        case .damage(let row): damage(row)
        case .poison(let messenger): poison(messengers[messenger])
        case .refuseEdits(let messenger, let milliseconds):
            messengers[messenger].refusesEdits = true
            system.after(.milliseconds(milliseconds)) { [self] in messengers[messenger].refusesEdits = false }
        case .setClock(let seconds): system.calendarShift += .seconds(seconds)
        }
    }

    private func damage(_ row: Story.Row) {
        let statement =
            switch row {
            case .question:
                "UPDATE turn SET question = '{}' WHERE id = (SELECT max(id) FROM turn WHERE state = 'waiting')"
            case .post: "UPDATE post SET content = '{}' WHERE id = (SELECT max(id) FROM post WHERE state = 'due')"
            case .transcript: "UPDATE transcript SET message = '{}' WHERE turn = (SELECT max(turn) FROM transcript)"
            }
        change(statement)
    }

    private func poison(_ messenger: Messenger) {
        let next = messenger.nextMessages(3).map { "'\($0)'" }.joined(separator: ", ")
        change(
            """
            CREATE TRIGGER IF NOT EXISTS poison_\(questions.count) BEFORE INSERT ON turn
            WHEN NEW.message IN (\(next))
            AND NEW.conversation IN (SELECT id FROM conversation WHERE surface = '\(messenger.id)')
            BEGIN SELECT RAISE(ABORT, 'poison'); END
            """
        )
    }

    private func change(_ statement: String) {
        guard let store else { return }
        Task(executorPreference: system) { try? await store.damage(statement) }
    }

    private func say(_ number: Int, _ chat: Int, _ person: Int, _ withFile: Bool) {
        let place = story.chats[chat]
        let who = place.people[person]
        let text = "\(Marks.question(number)) what is it?"
        let message = messengers[place.messenger].newMessage(of: who, text, in: place.id)
        questions.append(
            Question(
                number: number,
                chat: chat,
                person: who,
                message: message,
                saidAt: system.elapsed,
                withFile: withFile
            )
        )
        let file = InboundFile(
            reference: FileReference("f\(number)"),
            kind: .document,
            name: "f\(number).txt",
            mimeType: "text/plain",
            size: nil
        )
        let content = InboundMessage(id: message, text: text, files: withFile ? [file] : [], addressed: true)
        tell(.message(content), chat, who)
    }

    private func newest(in chat: Int) -> Int? { questions.lastIndex { $0.chat == chat } }

    private func correct(_ chat: Int) {
        guard let index = newest(in: chat) else { return }
        let text = "\(Marks.question(questions[index].number)) corrected"
        tell(.edited(questions[index].message, text: text), chat, questions[index].person)
    }

    private func withdraw(_ chat: Int) {
        guard let index = newest(in: chat) else { return }
        questions[index].isExcused = true
        tell(.deleted(questions[index].message), chat, questions[index].person)
    }

    private func command(_ word: String, _ chat: Int, _ person: Int) {
        if ["/stop", "/new", "/reset"].contains(word) || word.hasPrefix("/load") { excuse(chat) }
        let place = story.chats[chat]
        let who = place.people[person]
        let message = messengers[place.messenger].newMessage(of: who, word, in: place.id)
        tell(.message(InboundMessage(id: message, text: word, addressed: true)), chat, who)
    }

    /// What was asked before in this chat, or in one on the same contexts, may have been ended by it.
    private func excuse(_ chat: Int) {
        let together = linked(with: chat)
        for index in questions.indices where together.contains(questions[index].chat) {
            questions[index].isExcused = true
        }
    }

    private func link(_ from: Int, _ to: Int) {
        let source = story.chats[from]
        let texts = messengers[source.messenger].shown(in: source.id).map(\.text)
        let code = texts.reversed().compactMap { text in
            text.split { !$0.isLetter && !$0.isNumber }.first {
                $0.count == 8 && $0.allSatisfy { $0.isUppercase || $0.isNumber }
            }
        }.first
        guard let code else { return }
        links.append((from, to))
        // Each chat goes on in another context by it.
        excuse(from)
        command("/link \(code)", to, 0)
    }

    /// The chats whose people may be one person.
    func linked(with chat: Int) -> Set<Int> {
        // A person's chats on one messenger are one account's.
        var together: Set<Int> = [chat]
        while true {
            let more = links.filter { together.contains($0.0) || together.contains($0.1) }.flatMap { [$0.0, $0.1] }
            let next = together.union(more)
            if next == together { return together }
            together = next
        }
    }

    private func tell(_ content: InboundEvent.Content, _ chat: Int, _ person: PersonID) {
        lastEvent += 1
        let place = story.chats[chat]
        messengers[place.messenger].tell(
            InboundEvent(
                id: EventID("e\(lastEvent)"),
                conversation: ConversationAddress(chat: place.id),
                chatKind: place.kind,
                sender: Sender(id: person, name: "The \(person)"),
                content: content
            )
        )
    }

    // MARK: The end

    private func calmDown() {
        trace.note("the world is calm")
        weather.calmDown()
        disabled = []
        store?.isFull = false
        changes?.yield(settings)
        Task(executorPreference: system) { await self.waitForRest() }
    }

    /// Ends the host when nothing waits any more.
    private func waitForRest() async {
        let deadline = system.elapsed + .seconds(3 * 3600)
        while system.elapsed < deadline {
            isWaitingForRest = true
            try? await system.sleep(for: .seconds(5))
            isWaitingForRest = false
            // A death that was still to come must not come in the end.
            if await isAtRest() { break }
        }
        if system.elapsed >= deadline { faults.append("something still waits after three hours: \(await owed())") }
        isClosing = true
        changes?.finish()
    }

    private func owed() async -> String {
        guard let store else { return "no store" }
        let counts = try? await store.read { (try $0.waitingTurns(), try $0.postsOwed()) }
        return "questions and messages \(counts.map { "\($0)" } ?? "unreadable"), runs \(metrics.turnsRunning)"
    }

    private func isAtRest() async -> Bool {
        guard let store, !life.isOver, agent.open == 0, metrics.turnsRunning == 0 else { return false }
        let heard = messengers.map { ($0.id, Checkpoint(String($0.updates.count)), $0.updates.isEmpty) }
        let rests = try? await store.read { state in
            guard try state.waitingTurns() == 0, try state.postsOwed() == 0 else { return false }
            return try heard.allSatisfy { id, last, isEmpty in try isEmpty || state.checkpoint(of: id) == last }
        }
        return rests == true
    }
}
