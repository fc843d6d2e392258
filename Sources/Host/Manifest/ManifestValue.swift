import Basics
import HTTP

/// A value of the manifest that has passed its form.
package indirect enum ManifestValue: Hashable, Sendable {
    /// Text, choice, address or absolute path.
    case text(String)
    case integer(Int)
    case number(Double)
    case boolean(Bool)
    case secret(Secret)
    /// A secret whose variable or file is missing, on a surface that is switched off.
    case missingSecret
    case listener(SocketAddress)
    case list([ManifestValue])
    case section(ManifestSection)
    /// Not checked yet.
    case raw(JSONValue)
}

/// The values of one object of the manifest, fallbacks filled in.
///
/// Without mistakes every key that is required or has a fallback is there; with mistakes nothing is made of the values.
package struct ManifestSection: Hashable, Sendable {
    package let values: [String: ManifestValue]

    package init(_ values: [String: ManifestValue] = [:]) { self.values = values }

    package func text(_ key: String) -> String? { if case .text(let value) = values[key] { value } else { nil } }
    package func number(_ key: String) -> Double? { if case .number(let value) = values[key] { value } else { nil } }
    package func secret(_ key: String) -> Secret? { if case .secret(let value) = values[key] { value } else { nil } }
    package func raw(_ key: String) -> JSONValue? { if case .raw(let value) = values[key] { value } else { nil } }
    package func integer(_ key: String) -> Int { if case .integer(let value) = values[key] { value } else { 0 } }
    package func boolean(_ key: String) -> Bool { if case .boolean(let value) = values[key] { value } else { false } }

    package func seconds(_ key: String) -> Duration { .seconds(integer(key)) }

    package func section(_ key: String) -> ManifestSection {
        if case .section(let value) = values[key] { value } else { ManifestSection() }
    }

    package func choice<Choice: RawRepresentable<String>>(_ key: String, or other: Choice) -> Choice {
        text(key).flatMap(Choice.init) ?? other
    }

    package func texts(_ key: String) -> [String] {
        guard case .list(let values) = values[key] else { return [] }
        return values.compactMap { if case .text(let value) = $0 { value } else { nil } }
    }

    package func listener(_ key: String) -> SocketAddress {
        if case .listener(let value) = values[key] { value } else { SocketAddress(host: "127.0.0.1", port: 0) }
    }
}
