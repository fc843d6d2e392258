import SurfaceKit

/// Looks at what people see when a scene is over.
struct Judge {
    private let play: Play

    init(_ play: Play) { self.play = play }

    /// What a person would complain of.
    var faults: [String] {
        play.story.chats.indices.flatMap(chat) + agent + files + play.agent.faults + play.messengers.flatMap(\.faults)
    }

    /// A message whose beginning is shown and that was never finished: allowed where a repeated send makes a second one.
    private func isOrphan(_ message: Messenger.Message) -> Bool {
        // Behind the ellipsis stand at most the ends of its emphasis, which nobody sees.
        message.text.reversed().first { !"*_`~".contains($0) } == "…"
    }

    // MARK: Chats

    private func chat(_ index: Int) -> [String] {
        let place = play.story.chats[index]
        let all = play.messengers[place.messenger].shown(in: place.id)
        let shown = all.filter { !$0.isSaidGone }
        let asked = play.questions.filter { $0.chat == index }
        var faults: [String] = []
        var begins: [Int: [Int]] = [:]
        var whole: [Int: Set<Int>] = [:]
        var firstAt: [(question: Int, at: Int)] = []
        for (position, message) in shown.enumerated() where !isOrphan(message) {
            for mark in Marks.marks("B", in: message.text) {
                begins[mark.question, default: []].append(mark.run)
                firstAt.append((mark.question, position))
            }
        }
        var ends: [Int: [Int]] = [:]
        var hasBegun: Set<Int> = []
        for message in all {
            for mark in Marks.marks("B", in: message.text) { hasBegun.insert(mark.question) }
            for mark in Marks.marks("E", in: message.text) {
                // Of one that is said to be gone nobody knows whether it is seen.
                if !message.isSaidGone { ends[mark.question, default: []].append(mark.run) }
                whole[mark.question, default: []].insert(mark.run)
            }
            // The whole of a long answer comes as a file.
            for mark in Marks.marks("E", in: message.file ?? "") { whole[mark.question, default: []].insert(mark.run) }
        }
        let own = Set(asked.map(\.number))
        for question in Set(begins.keys).union(ends.keys).subtracting(own).sorted() {
            faults.append("\(place.id): an answer to Q\(question), which was asked elsewhere")
        }
        // Where a message takes no edit in any form, the whole goes in one send, which may be doubled by a death.
        for question in asked {
            let count = all.count { Marks.marks("B", in: $0.text).contains { $0.question == question.number } }
            // A preview, three openings, the whole, and one that each death may double.
            guard count > 5 + play.deaths else { continue }
            faults.append("\(place.id): the answer to Q\(question.number) is begun \(count) times")
        }
        var spare = (play.messengers[place.messenger].refusedEdits[place.id] ?? 0) / 2
        var unanswered: [Int] = []
        for question in asked {
            let runs = begins[question.number] ?? []
            let ended = ends[question.number] ?? []
            if runs.count > 1, spare >= runs.count - 1 {
                spare -= runs.count - 1
            } else if runs.count > 1 {
                faults.append("\(place.id): Q\(question.number) is answered \(runs.count) times")
            }
            if ended.count > runs.count, ended.count > 1 {
                faults.append("\(place.id): the end of the answer to Q\(question.number) is there \(ended.count) times")
            }
            if !ended.isEmpty, !hasBegun.contains(question.number) {
                faults.append("\(place.id): the answer to Q\(question.number) lacks its beginning")
            }
            let isWhole = !ended.isEmpty || !(whole[question.number] ?? []).isEmpty
            if !isWhole, !question.isExcused { unanswered.append(question.number) }
        }
        let notices = shown.count { $0.text.hasPrefix("⚠️") }
        if unanswered.count > notices {
            let names = unanswered.map { "Q\($0)" }.joined(separator: ", ")
            faults.append("\(place.id): \(names) without a whole answer, and \(notices) notices")
        }
        let order = firstAt.sorted { $0.at < $1.at }.map(\.question)
        let position = Dictionary(asked.enumerated().map { ($0.element.number, $0.offset) }) { first, _ in first }
        let places = order.compactMap { position[$0] }
        if zip(places, places.dropFirst()).contains(where: { $0 > $1 }) {
            faults.append("\(place.id): answers in another order than the questions: \(order)")
        }
        return faults
    }

    // MARK: The agent

    private var agent: [String] {
        var faults: [String] = []
        var counts: [Int: Int] = [:]
        let chats = Dictionary(play.questions.map { ($0.number, $0.chat) }) { first, _ in first }
        for run in play.agent.runs {
            counts[run.question, default: 0] += 1
            guard let chat = chats[run.question] else {
                faults.append("the agent was asked what nobody said")
                continue
            }
            let together = play.linked(with: chat)
            for other in run.others {
                guard let from = chats[other] else { continue }
                if !together.contains(from), !isSameAccount(from, chat) {
                    faults.append("Q\(run.question) was asked with Q\(other) of another person before it")
                }
            }
        }
        for (question, count) in counts.sorted(by: { $0.key < $1.key }) where count > 1 {
            faults.append("Q\(question) was asked \(count) times")
        }
        return faults
    }

    /// A file that the messenger never refused goes with its question.
    private var files: [String] {
        play.agent.runs.compactMap { run in
            guard !run.hasFile, let question = play.questions.first(where: { $0.number == run.question }),
                question.withFile
            else { return nil }
            let messenger = play.messengers[play.story.chats[question.chat].messenger]
            guard let fetch = messenger.fetches["f\(run.question)"], !fetch.isRefused, fetch.attempts == 1 else {
                return nil
            }
            return "the file of Q\(run.question) was given up after one attempt"
        }
    }

    private func isSameAccount(_ first: Int, _ second: Int) -> Bool {
        let (first, second) = (play.story.chats[first], play.story.chats[second])
        return first.messenger == second.messenger && first.people == second.people
    }
}
