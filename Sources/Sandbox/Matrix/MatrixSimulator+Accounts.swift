import Basics

extension MatrixSimulator {
    // MARK: Sessions

    var loginFlows: JSONValue {
        let kinds = (settings.takesPasswords ? ["m.login.password"] : []) + ["m.login.application_service"]
        return ["flows": .array(kinds.map { ["type": .string($0)] })]
    }

    func login(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        // Everybody comes from the same address.
        try limits.spend("login.address", settings.limits.loginAddress)
        guard call.body["type"]?.string == "m.login.password", settings.takesPasswords else {
            throw .invalid("Invalid login submission")
        }
        let name = call.body["identifier"]?["user"]?.string ?? ""
        let id = name.hasPrefix("@") ? name : "@\(name):\(Self.serverName)"
        try limits.spend("login.failed.\(id)", settings.limits.failedLogins, justLooking: true)
        guard let account = accounts[id], account.password == call.body["password"]?.string else {
            try? limits.spend("login.failed.\(id)", settings.limits.failedLogins)
            throw .forbidden("Invalid username or password")
        }
        try limits.spend("login.account.\(id)", settings.limits.loginAccount)
        let device = call.body["device_id"]?.string ?? Self.newDevice()
        let token = openSession(of: id, device, called: call.body["initial_device_display_name"]?.string)
        var answer = JSONObject()
        answer["user_id"] = .string(id)
        answer["access_token"] = .string(token)
        answer["home_server"] = .string(Self.serverName)
        answer["device_id"] = .string(device)
        if let life = settings.tokenLasts { answer["expires_in_ms"] = JSONValue(Int64(life / .milliseconds(1))) }
        return .object(answer)
    }

    /// A token for `device`; the tokens that it has stay good.
    func openSession(of user: String, _ device: String, called name: String?) -> String {
        let token = "syt_\(randomToken(length: 24))"
        tokens[token] = SimulatedToken(user: user, device: device, expires: settings.tokenLasts.map { .now + $0 })
        if accounts[user]?.devices[device] == nil {
            accounts[user]?.devices[device] = .some(name)
            noteDevices(of: user)
        }
        return token
    }

    static func newDevice() -> String { randomToken(length: 10, alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZ") }

    /// The device goes, and its tokens with it.
    func logout(_ call: MatrixRequest) -> JSONValue {
        end(Session(user: call.user, device: call.device))
        return [:]
    }

    func logoutEverywhere(_ call: MatrixRequest) -> JSONValue {
        for device in accounts[call.user]?.devices.keys.sorted() ?? [] {
            end(Session(user: call.user, device: device))
        }
        return [:]
    }

    func end(_ session: Session) {
        tokens = tokens.filter { $0.value.user != session.user || $0.value.device != session.device }
        accounts[session.user]?.devices[session.device] = nil
        noteDevices(of: session.user)
    }

    private func noteDevices(of user: String) {
        now.rest += 1
        deviceChanges.append((now.rest, user))
        changed.signal()
    }

    func whoAmI(_ call: MatrixRequest) -> JSONValue {
        ["user_id": .string(call.user), "is_guest": false, "device_id": .string(call.device)]
    }

    func devices(_ call: MatrixRequest) -> JSONValue {
        let devices = (accounts[call.user]?.devices ?? [:]).sorted { $0.key < $1.key }
        return [
            "devices": .array(
                devices.map { device, name in
                    [
                        "user_id": .string(call.user), "device_id": .string(device),
                        "display_name": name.map { .string($0) } ?? .null,
                    ]
                }
            )
        ]
    }

    // MARK: Profiles

    func profile(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        guard let account = accounts[call.parameter("user")] else {
            throw MatrixAPIError(404, "M_UNKNOWN", "No row found (profiles)")
        }
        guard let name = account.displayName else { return [:] }
        return ["displayname": .string(name)]
    }

    func setDisplayName(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        guard call.parameter("user") == call.user else {
            throw MatrixAPIError(400, "M_FORBIDDEN", "Cannot set another user's displayname")
        }
        let name = call.body["displayname"]?.string ?? ""
        accounts[call.user]?.displayName = name.isEmpty ? nil : name
        for room in rooms.values.filter({ $0.isJoined(call.user) }).map(\.id).sorted() {
            append("m.room.member", memberContent("join", of: call.user), key: call.user, to: room, by: call.user)
        }
        return [:]
    }

    // MARK: What clients keep

    func createFilter(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        try own(call)
        _ = try MatrixFilter(.object(call.body))
        let known = accounts[call.user]?.filters.firstIndex(of: call.body)
        if known == nil { accounts[call.user]?.filters.append(call.body) }
        let number = known ?? (accounts[call.user]?.filters.count ?? 1) - 1
        return ["filter_id": .string(String(number))]
    }

    func filter(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        try own(call)
        guard let filter = storedFilter(call.parameter("filter"), of: call.user) else {
            throw .notFound("No such filter")
        }
        return .object(filter)
    }

    func storedFilter(_ id: String, of user: String) -> JSONObject? {
        let filters = accounts[user]?.filters ?? []
        return Int(id).flatMap { filters.indices.contains($0) ? filters[$0] : nil }
    }

    func accountData(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        try own(call)
        let type = call.parameter("type")
        let account = accounts[call.user]
        let room = call.parameters["room"]
        let datum = room.map { account?.roomData[$0]?[type] } ?? account?.data[type]
        guard let datum else { throw .notFound("\(room == nil ? "Account" : "Room") data not found") }
        return .object(datum.content)
    }

    func setAccountData(_ call: MatrixRequest) throws(MatrixAPIError) -> JSONValue {
        try own(call)
        now.rest += 1
        let datum = SimulatedAccount.Datum(content: call.body, position: now.rest)
        if let room = call.parameters["room"] {
            accounts[call.user]?.roomData[room, default: [:]][call.parameter("type")] = datum
        } else {
            accounts[call.user]?.data[call.parameter("type")] = datum
        }
        changed.signal()
        return [:]
    }

    private func own(_ call: MatrixRequest) throws(MatrixAPIError) {
        guard call.parameter("user") == call.user else {
            let isFilter = [.createFilter, .filter].contains(call.route.endpoint)
            throw .forbidden(
                isFilter ? "Cannot get filters for other users" : "Cannot get account data for other users."
            )
        }
    }
}
