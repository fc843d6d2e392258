extension PostForm: CustomStringConvertible {
    /// For the operator’s log.
    package var description: String {
        switch self {
        case .whole: "whole"
        case .simple: "simple"
        case .notice: "notice"
        }
    }
}
