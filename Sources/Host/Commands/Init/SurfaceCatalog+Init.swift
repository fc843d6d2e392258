import Manifest
import SurfaceKit

/// What the catalog knows that helps to write a manifest.
extension SurfaceCatalog {
    /// A kind to show in texts: the first that needs credentials.
    var example: Entry? { entries.first { $0.fields.contains(where: \.isSecret) } ?? entries.first }

    /// The addresses that some kind cannot do without; each has an option of its own, `--KEY URL`.
    var neededAddresses: [ManifestField] {
        var seen: Set<String> = []
        return entries.flatMap(\.neededAddresses).filter { seen.insert($0.key).inserted }
    }
}

extension SurfaceCatalog.Entry {
    var neededAddresses: [ManifestField] { fields.filter(\.isNeededAddress) }

    /// One of its accounts, as `--user` takes it.
    var accountExample: String { "\(kind):\(accounts.example)" }

    /// One of its secrets, as `--option` takes it.
    var secretExample: String? {
        fields.first(where: \.isSecret).map { field in
            "\(kind).\(field.key)=\(ManifestDraft.variable(for: field.key, of: self))"
        }
    }
}

extension ManifestField {
    var isSecret: Bool { if case .secret = form { true } else { false } }

    fileprivate var isNeededAddress: Bool {
        guard case .address = form else { return false }
        return required && fallback == nil
    }
}
