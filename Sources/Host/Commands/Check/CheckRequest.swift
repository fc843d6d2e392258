/// What `surfaces check` was asked to do.
struct CheckRequest: Hashable, Sendable {
    let manifest: String
    let online: Bool
    let smoke: Bool
    let json: Bool
}
