import SurfaceKit

/// What `surfaces pair` was asked to do.
enum PairRequest: Hashable, Sendable {
    case list
    case approve(code: String)
    case revoke(SurfaceID, PersonID)

    /// `nil` when the words mean nothing.
    init?(_ words: [String]) {
        switch (words.first, words.count) {
        case ("list", 1): self = .list
        case ("approve", 2): self = .approve(code: words[1])
        case ("revoke", 3): self = .revoke(SurfaceID(words[1]), PersonID(words[2]))
        default: return nil
        }
    }
}
