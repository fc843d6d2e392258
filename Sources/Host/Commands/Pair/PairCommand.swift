import Basics
import Manifest
import Settings
import State
import SurfaceKit
import Words

/// `surfaces pair`: answers the requests of strangers, through the state directory, whether or not the host runs.
struct PairCommand: Sendable {
    let console: Console
    var system: any System = OperatingSystem()

    func run(_ request: PairRequest, manifest path: String) -> ExitCode {
        let manifest: Manifest.Whereabouts
        do { manifest = try Manifest.whereabouts(path) } catch {
            for mistake in error.mistakes { console.complain(mistake.line(in: path)) }
            return .configuration
        }
        do {
            guard SharedState.exists(at: manifest.database) else { return withoutState(request) }
            return try perform(request, try SharedState(path: manifest.database), manifest)
        } catch {
            console.complain("surfaces: the state in \(manifest.database) cannot be used: \(error)")
            return .unavailable
        }
    }

    private func withoutState(_ request: PairRequest) -> ExitCode {
        switch request {
        case .list: .fine
        case .approve(let code): unknown(code)
        case .revoke(let surface, let person): notApproved(person, surface)
        }
    }

    private func perform(
        _ request: PairRequest,
        _ state: SharedState,
        _ manifest: Manifest.Whereabouts
    ) throws -> ExitCode {
        switch request {
        case .list:
            let open = system.now - PairingRecord.lasts
            for request in try state.read({ try $0.pairings() }) where request.askedAt > open {
                console.print(Self.line(of: request, now: system.now))
            }
        case .approve(let code):
            guard let approved = try approve(code, state, manifest.language) else { return unknown(code) }
            console.print("\(approved.name) (\(approved.person)) may now talk to the agent on \(approved.surface).")
        case .revoke(let surface, let person):
            let revoked = try state.write { try $0.revokeApproval(of: person, on: surface, now: system.now) }
            guard revoked else { return notApproved(person, surface) }
            console.print("\(person) may no longer talk to the agent on \(surface).")
            if manifest.users[surface]?.contains(person) == true {
                console.complain("surfaces: but \(person) is listed in \"users\" of the manifest, and stays let in")
            }
        }
        return .fine
    }

    private func approve(_ code: String, _ state: SharedState, _ language: Language) throws -> PairingRecord? {
        try state.write { state in
            guard let approved = try state.approvePairing(code, now: system.now) else { return nil }
            guard let conversation = try state.conversation(approved.conversation) else { return approved }
            let words = Phrase.people(.pairingApproved).text(
                in: Language(tag: conversation.language) ?? language,
                prefix: "/"
            )
            try state.owe(NewPost(.text(MessageText(words, format: .plain)), in: conversation.id), now: system.now)
            return approved
        }
    }

    /// `CODE SURFACE USER NAME AGE`.
    static func line(of request: PairingRecord, now: Timestamp) -> String {
        let minutes = now.duration(since: request.askedAt).components.seconds / 60
        let name = request.name.isEmpty ? "-" : request.name
        return "\(request.code) \(request.surface) \(request.person) \(name) \(minutes)m"
    }

    private func unknown(_ code: String) -> ExitCode {
        console.complain("surfaces: no open request has the code \(code); see surfaces pair list")
        return .usage
    }

    private func notApproved(_ person: PersonID, _ surface: SurfaceID) -> ExitCode {
        console.complain("surfaces: \(person) was not approved by a code on \(surface)")
        return .usage
    }
}
