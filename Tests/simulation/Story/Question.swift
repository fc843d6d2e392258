import SurfaceKit

/// Something that a person asked in a scene.
struct Question: Sendable {
    let number: Int
    let chat: Int
    let person: PersonID
    let message: MessageID
    /// When, since the beginning.
    let saidAt: Duration
    var withFile: Bool
    /// A person took it back, stopped it, or began anew after it: it needs no answer.
    var isExcused = false
}
