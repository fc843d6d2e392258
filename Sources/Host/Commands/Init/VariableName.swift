/// Names of environment variables that hold secrets.
enum VariableName {
    private static let longest = 64

    /// What is wrong with `text` as a name, without repeating it: somebody may have put the secret itself there.
    ///
    /// Small letters are refused, though a shell takes them: tokens have them, names by custom have none.
    static func problem(_ text: String) -> String? {
        let isName =
            text.utf8.count <= longest
            && text.utf8.first.map { !(0x30...0x39).contains($0) } == true
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
        if isName { return nil }
        return "give the name of a variable, of A-Z, 0-9 and _, never the secret itself"
    }
}
