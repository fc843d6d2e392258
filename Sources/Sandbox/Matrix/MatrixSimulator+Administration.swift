import Basics
import CCrypto

/// What Synapse lets its administrators do.
extension MatrixSimulator {
    func nonce() -> JSONValue {
        let nonce = randomToken(length: 32)
        nonces.insert(nonce)
        return ["nonce": .string(nonce)]
    }

    /// Registers somebody for who knows the secret.
    func register(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        guard let nonce = call.body["nonce"]?.string, nonces.remove(nonce) != nil else {
            throw .bad("unrecognised nonce")
        }
        let name = call.body["username"]?.string ?? ""
        let password = call.body["password"]?.string ?? ""
        let isAdmin = call.body["admin"]?.bool ?? false
        let text = [nonce, name, password, isAdmin ? "admin" : "notadmin"].joined(separator: "\0")
        guard hex(Self.hmacSHA1(text, key: settings.registrationSecret)) == call.body["mac"]?.string else {
            throw MatrixAPIError(403, "M_UNKNOWN", "HMAC incorrect")
        }
        let id = "@\(name):\(Self.serverName)"
        guard accounts[id] == nil else { throw MatrixAPIError(400, "M_USER_IN_USE", "User ID already taken.") }
        let person = register(
            name,
            displayName: call.body["displayname"]?.string ?? name,
            password: password,
            isAdmin: isAdmin
        )
        return [
            "user_id": .string(person.id), "home_server": .string(Self.serverName),
            "access_token": .string(person.token), "device_id": .string(person.device),
        ]
    }

    /// Makes an account with a session; one that exists gets another session.
    func register(_ name: String, displayName: String, password: String, isAdmin: Bool = false) -> SimulatedPerson {
        let id = "@\(name):\(Self.serverName)"
        if accounts[id] == nil {
            accounts[id] = SimulatedAccount(id: id, isAdmin: isAdmin, password: password, displayName: displayName)
        }
        let device = Self.newDevice()
        return SimulatedPerson(
            id: id,
            displayName: displayName,
            password: password,
            token: openSession(of: id, device, called: nil),
            device: device
        )
    }

    func setUser(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        let user = try subject(of: call)
        if let password = call.body["password"]?.string {
            accounts[user]?.password = password
            if call.body["logout_devices"]?.bool != false {
                for device in accounts[user]?.devices.keys.sorted() ?? [] { end(Session(user: user, device: device)) }
            }
        }
        return ["name": .string(user)]
    }

    // MARK: Limits

    func rateLimit(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        guard let override = accounts[try subject(of: call)]?.rateOverride else { return [:] }
        return ["messages_per_second": JSONValue(override.perSecond), "burst_count": JSONValue(override.burst)]
    }

    func setRateLimit(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        let user = try subject(of: call)
        accounts[user]?.rateOverride = SimulatedAccount.RateOverride(
            perSecond: call.body["messages_per_second"]?.int64 ?? 0,
            burst: call.body["burst_count"]?.int64 ?? 0
        )
        return try rateLimit(call)
    }

    func clearRateLimit(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        accounts[try subject(of: call)]?.rateOverride = nil
        return [:]
    }

    /// Counts one message, edit, redaction, join or room of `user`.
    func spendMessage(of user: String, justLooking: Bool = false) throws(MatrixAPIError) {
        var limit = settings.limits.message
        if let override = accounts[user]?.rateOverride {
            guard override.perSecond > 0 else { return }
            limit = .init(burst: Int(override.burst), perSecond: Double(override.perSecond))
        }
        try limits.spend("message.\(user)", limit, justLooking: justLooking)
    }

    /// Counts against a limit from which an account can be freed as a whole.
    func spend(
        _ key: String,
        _ limit: MatrixSimulatorSettings.Limit?,
        by user: String,
        justLooking: Bool = false
    ) throws(MatrixAPIError) {
        if accounts[user]?.rateOverride?.perSecond == 0 { return }
        try limits.spend(key, limit, justLooking: justLooking)
    }

    private func subject(of call: MatrixRequest) throws(MatrixAPIError) -> String {
        guard accounts[call.user]?.isAdmin == true else { throw .forbidden("You are not a server admin") }
        guard accounts[call.parameter("user")] != nil else { throw .notFound("User not found") }
        return call.parameter("user")
    }

    /// HMAC with SHA-1, which Synapse’s registration asks for.
    private static func hmacSHA1(_ text: String, key: String) -> [UInt8] {
        let (key, bytes) = (Array(key.utf8), Array(text.utf8))
        var code = [UInt8](repeating: 0, count: 20)
        HMAC(EVP_sha1(), key, Int32(key.count), bytes, bytes.count, &code, nil)
        return code
    }
}
