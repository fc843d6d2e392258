import Basics
import CCurl
import Glibc

extension PreparedRequest {
    /// Sets everything about the request on a new handle of libcurl; false when it refuses one.
    func apply(to handle: UnsafeMutableRawPointer) -> Bool {
        var options = Options(handle: handle)
        options.set(CURLOPT_URL, url)
        // The path is sent as it was written.
        options.set(CURLOPT_PATH_AS_IS, 1)
        options.set(CURLOPT_PROTOCOLS_STR, "http,https")
        options.set(CURLOPT_FOLLOWLOCATION, 0)
        options.set(CURLOPT_USERAGENT, configuration.userAgent)
        options.set(CURLOPT_NOSIGNAL, 1)
        // Else removing the handle during a DNS look-up waits for the resolver.
        options.set(CURLOPT_QUICK_EXIT, 1)
        options.set(CURLOPT_TCP_KEEPALIVE, 1)
        applyMethod(to: &options)
        applyConnection(to: &options)
        applyTrust(to: &options)
        applyTimeouts(to: &options)
        return options.isAccepted
    }

    private func applyMethod(to options: inout Options) {
        switch body {
        case .none where method == "HEAD": options.set(CURLOPT_NOBODY, 1)
        case .none where ["POST", "PUT", "PATCH"].contains(method): options.setPost([])
        case .none: options.set(CURLOPT_HTTPGET, 1)
        case .bytes(let bytes): options.setPost(bytes)
        case .parts(let parts): options.setPost(length: parts.length)
        case .stream(let length): options.setPost(length: length ?? -1)
        }
        if method != "HEAD" { options.set(CURLOPT_CUSTOMREQUEST, method) }
    }

    private func applyConnection(to options: inout Options) {
        // Both always set: libcurl obeys the environment where one is not.
        options.set(CURLOPT_PROXY, configuration.proxy?.exposed ?? "")
        options.set(CURLOPT_NOPROXY, "")
        options.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        options.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        if configuration.freshConnections {
            options.set(CURLOPT_FRESH_CONNECT, 1)
            options.set(CURLOPT_FORBID_REUSE, 1)
        }
    }

    private func applyTrust(to options: inout Options) {
        options.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let path = configuration.trustedCertificates {
            options.set(CURLOPT_CAINFO, path)
            options.set(CURLOPT_CAPATH, SystemCertificates.folder)
        } else if SystemCertificates.isIndexed {
            // OpenSSL then reads only the roots that a chain needs, not all of them for each connection.
            options.set(CURLOPT_CAINFO, nil)
            options.set(CURLOPT_CAPATH, SystemCertificates.folder)
        }
    }

    private func applyTimeouts(to options: inout Options) {
        // libcurl takes 0 for its own default of five minutes.
        options.set(CURLOPT_CONNECTTIMEOUT_MS, timeouts.connect?.wholeMilliseconds ?? Int(Int32.max))
        if let total = timeouts.total { options.set(CURLOPT_TIMEOUT_MS, total.wholeMilliseconds) }
    }
}

/// Collects whether all settings were accepted.
private struct Options {
    let handle: UnsafeMutableRawPointer
    private(set) var isAccepted = true

    init(handle: UnsafeMutableRawPointer) { self.handle = handle }

    mutating func set(_ option: CURLoption, _ value: Int) { check(surfaces_curl_set_long(handle, option, value)) }

    mutating func set(_ option: CURLoption, _ value: String?) { check(surfaces_curl_set_string(handle, option, value)) }

    /// A body that libcurl copies.
    mutating func setPost(_ bytes: [UInt8]) {
        setPost(length: bytes.count)
        // Not even an empty body may be a null pointer: that would ask the read callback.
        check(surfaces_curl_set_bytes(handle, CURLOPT_COPYPOSTFIELDS, bytes.isEmpty ? [0] : bytes))
    }

    /// A body that the read callback gives; -1 when its length is unknown.
    mutating func setPost(length: Int) {
        set(CURLOPT_POST, 1)
        check(surfaces_curl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(length)))
    }

    private mutating func check(_ code: CURLcode) { isAccepted = isAccepted && code == CURLE_OK }
}

/// The certificates that the system trusts.
private enum SystemCertificates {
    static let folder = "/etc/ssl/certs"

    /// Whether the folder has the links by which OpenSSL finds a certificate.
    static let isIndexed: Bool = {
        guard let folder = opendir(folder) else { return false }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.utf8.count == 10, name.hasSuffix(".0") { return true }
        }
        return false
    }()
}

extension Duration {
    /// At least 1, rounded up.
    var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        guard seconds < Int64(Int32.max) / 1000 else { return Int(Int32.max) }
        return max(1, Int(seconds) * 1000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000))
    }
}
