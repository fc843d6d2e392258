import Settings
import SurfaceKit

extension SurfaceSettings {
    /// Who can reach the agent here, in one sentence.
    var reach: CheckReport.Reach {
        guard isEnabled else {
            return CheckReport.Reach(surface: id.rawValue, who: "nobody: the surface is switched off")
        }
        guard let people else { return CheckReport.Reach(surface: id.rawValue, who: "nobody: \"users\" is empty") }
        let groups =
            switch respond {
            case .mention: "in groups when the bot is addressed"
            case .always: "in groups with every message"
            case .never: "not in groups"
            }
        return CheckReport.Reach(surface: id.rawValue, who: "\(people); \(groups)")
    }

    private var people: String? {
        let listed = access.users.map(\.rawValue).joined(separator: ", ")
        return switch access.policy {
        case .open: "anyone"
        case .allowlist: access.users.isEmpty ? nil : "only \(listed)"
        case .pairing: "people whom you approve\(access.users.isEmpty ? "" : ", and \(listed)")"
        }
    }
}
