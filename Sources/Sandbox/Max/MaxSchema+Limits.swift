import Basics

extension MaxSchema {
    func limits(_ number: Int, _ schema: JSONValue, at path: String, _ name: String) -> [Finding] {
        if let most = schema["max"]?.int64, number > most {
            let text = "Field '\(name)' value (\(number)) must be at most \(most)"
            return [Finding(path, "more than \(most)", refusal: text)]
        }
        if let least = schema["min"]?.int64, number < least {
            let text = "Field '\(name)' value (\(number)) must be at least \(least)"
            return [Finding(path, "less than \(least)", refusal: text)]
        }
        return []
    }

    func limits(_ text: String, _ schema: JSONValue, at path: String, _ name: String) -> [Finding] {
        // The service is written in a language whose strings are UTF-16; no other unit counts more characters.
        let size = text.utf16.count
        if let most = schema["max_chars"]?.int64, size > most {
            let refusal = "Field '\(name)' size (\(size)) must be at most \(most)"
            return [Finding(path, "longer than \(most)", refusal: refusal)]
        }
        if let least = schema["min_chars"]?.int64, size < least {
            let refusal = "Field '\(name)' size (\(size)) must be at least \(least)"
            return [Finding(path, "shorter than \(least)", refusal: refusal)]
        }
        if let pattern = schema["pattern"]?.string, let regex = try? Regex(pattern), text.firstMatch(of: regex) == nil {
            return [Finding(path, "does not match \(pattern)")]
        }
        return []
    }
}
