import CCurl

extension HTTPError {
    /// - Parameters:
    ///   - code: What libcurl says of a transfer that failed.
    ///   - detail: The text of its error buffer.
    ///   - requestBegan: Bytes of the request may have reached the server.
    ///   - usesProxy: The first connection goes to a proxy.
    init(_ code: CURLcode, detail: String, requestBegan: Bool, usesProxy: Bool) {
        let reason = Self.reason(code, detail: detail)
        if code == CURLE_SSL_CACERT_BADFILE {
            self = .invalidRequest(reason: "the trusted certificates are not a PEM file")
        } else if requestBegan {
            self = code == CURLE_OPERATION_TIMEDOUT ? .timedOut(reason: reason) : .interrupted(reason: reason)
        } else if [CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL].contains(code) {
            self = .invalidRequest(reason: reason)
        } else {
            self = .notSent(Obstacle(code, usesProxy: usesProxy), reason: reason)
        }
    }

    private static func reason(_ code: CURLcode, detail: String) -> String {
        // Only these are known to name hosts, ports and system errors, and never a URL or a proxy's password.
        let harmless = [
            CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT, CURLE_SSL_CONNECT_ERROR,
            CURLE_PEER_FAILED_VERIFICATION, CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR,
            CURLE_PARTIAL_FILE, CURLE_OPERATION_TIMEDOUT, CURLE_PROXY,
        ]
        return harmless.contains(code) && !detail.isEmpty ? detail : String(cString: curl_easy_strerror(code))
    }
}

extension HTTPError.Obstacle {
    fileprivate init(_ code: CURLcode, usesProxy: Bool) {
        self =
            switch code {
            case CURLE_COULDNT_RESOLVE_HOST: .nameResolution
            case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY: .proxy
            case CURLE_PEER_FAILED_VERIFICATION: .certificate
            case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR: .tls
            case CURLE_OPERATION_TIMEDOUT: .timeout
            default: usesProxy ? .proxy : .connection
            }
    }
}
