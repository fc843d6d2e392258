import SurfaceKit

/// How people call a context.
extension ContextRecord {
    private static let longestName = 64

    /// Whether people call it `name`: names are compared without case.
    package func isCalled(_ name: String) -> Bool { self.name?.lowercased() == name.lowercased() }

    /// Whether `word` is its name or its number.
    package func isMeant(by word: String) -> Bool { isCalled(word) || "\(id)" == word }

    /// `name` with the smallest number from 2 behind it that makes it none of `names`.
    package static func freeName(like name: String, among names: [String]) -> String {
        let taken = Set(names.map { $0.lowercased() })
        var number = 2
        while true {
            let suffix = " (\(number))"
            let candidate = name.prefix(longestName - suffix.count) + suffix
            if !taken.contains(candidate.lowercased()) { return String(candidate) }
            number += 1
        }
    }

    /// 1 to 64 characters, not only digits: those are numbers.
    package static func isFit(name: String) -> Bool {
        (1...longestName).contains(name.count) && !name.allSatisfy(\.isNumber) && !name.contains(where: \.isNewline)
    }
}
