import CCrypto

/// SHA-256 (FIPS 180-4): 32 bytes.
package func sha256(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    let length = EVP_Q_digest(nil, "SHA256", nil, bytes, bytes.count, &digest, nil)
    precondition(length == 1, "libcrypto without SHA-256")
    return digest
}

/// HMAC-SHA256 (RFC 2104): 32 bytes.
package func hmacSHA256(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
    var code = [UInt8](repeating: 0, count: 32)
    // An empty array’s address may be null, which here means “the key set before”.
    let key = key.isEmpty ? [0] : key
    let made = HMAC(EVP_sha256(), key, Int32(key.count), bytes, bytes.count, &code, nil)
    precondition(made != nil, "libcrypto without HMAC")
    return code
}

/// Whether two secrets are equal, in a time that depends only on their lengths.
package func equalInConstantTime(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
}

/// Bytes that nobody can predict.
package func randomBytes(_ count: Int) -> [UInt8] {
    // The system’s generator (getrandom): cannot fail, needs no seeding.
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
}

/// `length` characters of `alphabet`, each equally likely, that nobody can predict.
///
/// - Parameter alphabet: ASCII; the default is safe in URLs, headers and file names, 6 bits a character.
package func randomToken(
    length: Int,
    alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
) -> String {
    var generator = SystemRandomNumberGenerator()
    return randomToken(length: length, alphabet: alphabet, using: &generator)
}

/// As ``randomToken(length:alphabet:)``, by the chance of `generator`.
package func randomToken(
    length: Int,
    alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
    using generator: inout some RandomNumberGenerator
) -> String {
    let letters = alphabet.withUTF8Buffer { Array($0) }
    precondition(!letters.isEmpty)
    let token = (0..<length).map { _ in letters[Int.random(in: letters.indices, using: &generator)] }
    return String(decoding: token, as: UTF8.self)
}
