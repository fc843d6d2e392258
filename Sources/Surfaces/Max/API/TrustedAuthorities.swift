import Basics

/// The certificate authorities that the service’s chain ends in, which no system knows.
///
/// They are trusted by this surface only, beside the system’s own; nothing is ever left unchecked.
enum TrustedAuthorities {
    /// Larger than any bundle of authorities, in bytes.
    private static let mostBytes = 4 << 20
    private static let rootFingerprint = """
        D2:6D:2D:02:31:B7:C3:9F:92:CC:73:85:12:BA:54:10:35:19:E4:40:5D:68:B5:BD:70:3E:97:88:CA:8E:CF:31
        """

    /// What is wrong with a file of certificates; `nil` when it holds at least one.
    static func problem(withFile path: String) -> String? {
        do throws(FileFault) {
            let text = String(decoding: try contents(ofSmallFile: path, limit: mostBytes), as: UTF8.self)
            return text.contains("-----BEGIN CERTIFICATE-----") ? nil : "holds no certificate in PEM form"
        } catch {
            return "cannot be used: \(error)"
        }
    }

    /// What a person can do when a server’s certificate was not accepted.
    ///
    /// - Parameter file: The file that the surface trusts already.
    static func advice(after reason: String, file: String?) -> String {
        guard let file else {
            return """
                the server's certificate is not trusted (\(reason)). MAX uses the Russian Trusted Root CA, which no \
                system knows: get it from gosuslugi.ru/tls, check its SHA-256 fingerprint \(rootFingerprint), and name \
                its PEM file in options.trustedCertificates
                """
        }
        return """
            the server's certificate is not trusted (\(reason)), neither by the system nor by \(file): its chain must end \
            in an authority of that file; MAX's root has the SHA-256 fingerprint \(rootFingerprint)
            """
    }
}
