import Basics
import SurfaceKit

/// The bot's account on its homeserver: who it is and the token that proves it.
///
/// With a password it logs in once, keeps token and device in the surface's state, and logs in again only when a token
/// that has worked is refused. A refused password is not tried a second time: homeservers lock out who keeps trying.
actor MatrixSession {
    struct Account: Sendable {
        let user: String
        let token: Secret
    }

    private enum Phase {
        case closed
        /// A login or a look at the account is on its way; the others wait for it.
        case opening(waiting: [CheckedContinuation<Void, Never>])
        case open(Account)
        case failed(SurfaceError)
    }

    private static let stateKey = "session"

    private let homeserver: Homeserver
    private let credentials: MatrixOptions.Credentials
    private let state: any SurfaceState
    private let log: Log
    private var phase = Phase.closed
    /// A token that the homeserver has just made: if it is refused, another login would be too.
    private var untested: Secret?

    init(homeserver: Homeserver, credentials: MatrixOptions.Credentials, context: SurfaceContext) {
        self.homeserver = homeserver
        self.credentials = credentials
        state = context.state
        log = context.log
    }

    /// The account, logged in when need be.
    func account() async throws(SurfaceError) -> Account {
        while true {
            switch phase {
            case .open(let account): return account
            case .failed(let error): throw error
            case .opening: await untilOpened()
            case .closed: return try await open(replacing: nil)
            }
        }
    }

    /// The account after `token` was refused.
    func account(insteadOf token: Secret, because refusal: MatrixRefusal) async throws(SurfaceError) -> Account {
        guard case .open(let current) = phase, current.token == token else { return try await account() }
        let error = SurfaceError(.refused(refusal), while: .asking)
        guard case .password = credentials else {
            phase = .closed
            throw error
        }
        guard untested != token else {
            phase = .failed(error)
            throw error
        }
        log.info("The session has ended: logging in again", ["softLogout": refusal.isSoftLogout])
        return try await open(replacing: token)
    }

    /// Says that `token` has just been accepted.
    func worked(_ token: Secret) {
        if untested == token { untested = nil }
    }

    private func untilOpened() async {
        await withCheckedContinuation { continuation in
            guard case .opening(let waiting) = phase else { return continuation.resume() }
            phase = .opening(waiting: waiting + [continuation])
        }
    }

    private func open(replacing refused: Secret?) async throws(SurfaceError) -> Account {
        phase = .opening(waiting: [])
        do throws(SurfaceError) {
            let account =
                switch credentials {
                case .accessToken(let token): try await whoOwns(token)
                case .password(let user, let password): try await session(of: user, password, replacing: refused)
                }
            settle(.open(account))
            return account
        } catch {
            if case .unauthorized = error, case .password = credentials {
                settle(.failed(error))
            } else {
                settle(.closed)
            }
            throw error
        }
    }

    private func settle(_ next: Phase) {
        guard case .opening(let waiting) = phase else { return }
        phase = next
        for continuation in waiting { continuation.resume() }
    }

    private func whoOwns(_ token: Secret) async throws(SurfaceError) -> Account {
        do throws(MatrixFault) {
            let answer = try await homeserver.json(.v3("GET", "account", "whoami"), token: token)
            guard let user = answer["user_id"]?.string else {
                throw MatrixFault.malformed(reason: "whoami: no user_id")
            }
            return Account(user: user, token: token)
        } catch {
            throw SurfaceError(error, while: .asking)
        }
    }
}

// MARK: - Password

extension MatrixSession {
    /// What is kept of a login.
    private struct Kept {
        /// `user` of the manifest: another one is another account.
        let login: String
        let device: String
        var user: String?
        var token: Secret?

        init(login: String, device: String) {
            self.login = login
            self.device = device
        }

        init?(_ text: String) {
            guard let json = try? JSONValue(parsing: text.utf8), let login = json["login"]?.string,
                let device = json["device"]?.string
            else { return nil }
            self.login = login
            self.device = device
            user = json["user"]?.string
            token = json["token"]?.string.map(Secret.init)
        }

        var text: String {
            var object = JSONObject()
            object["login"] = .string(login)
            object["device"] = .string(device)
            object["user"] = user.map(JSONValue.string)
            object["token"] = (token?.exposed).map(JSONValue.string)
            return JSONValue.object(object).text
        }
    }

    private func session(
        of user: String,
        _ password: Secret,
        replacing refused: Secret?
    ) async throws(SurfaceError) -> Account {
        let stored = try await state.value(Self.stateKey).flatMap(Kept.init).flatMap { $0.login == user ? $0 : nil }
        if let stored, let user = stored.user, let token = stored.token, token != refused {
            return Account(user: user, token: token)
        }
        var kept = stored ?? Kept(login: user, device: Self.newDevice())
        // The device is kept before it exists: a crash in between must not leave a second one behind.
        if stored == nil { try await state.apply([StateChange(key: Self.stateKey, value: kept.text)]) }
        let account = try await logIn(user, password, device: kept.device)
        kept.user = account.user
        kept.token = account.token
        try await state.apply([StateChange(key: Self.stateKey, value: kept.text)])
        untested = account.token
        log.info("Logged in", ["user": account.user, "device": kept.device])
        return account
    }

    private func logIn(_ user: String, _ password: Secret, device: String) async throws(SurfaceError) -> Account {
        let body: JSONValue = [
            "type": "m.login.password",
            "identifier": ["type": "m.id.user", "user": .string(user)],
            "password": .string(password.exposed),
            "device_id": .string(device),
            "initial_device_display_name": "surfaces",
        ]
        do throws(MatrixFault) {
            let answer = try await homeserver.json(.v3("POST", "login", json: body), token: nil)
            guard let user = answer["user_id"]?.string, let token = answer["access_token"]?.string else {
                throw MatrixFault.malformed(reason: "login: no user_id or access_token")
            }
            return Account(user: user, token: Secret(token))
        } catch {
            // 403 is a wrong user or password here, 400 a homeserver without password login.
            if case .refused(let refusal) = error, [400, 403].contains(refusal.status), refusal.code != nil {
                let remedy = "check user and password, or use an access token"
                throw .unauthorized(reason: "login refused: \(refusal.reason); \(remedy)")
            }
            throw SurfaceError(error, while: .asking)
        }
    }

    private static func newDevice() -> String {
        "SURFACES" + randomToken(length: 8, alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    }
}
