import Basics
import HTTP
import SurfaceKit

/// Gives files to MAX, which returns tokens to send them by.
struct Uploader: Sendable {
    /// What became of an upload.
    enum Outcome: Hashable, Sendable {
        case token(String)
        /// The service does not take the file in this form.
        case declined(reason: String)
    }

    private struct Place {
        let url: String
        /// Of sounds and videos it is told before their bytes are there.
        let token: String?
    }

    let api: MaxAPI

    func upload(_ file: OutboundFile, as form: MediaForm) async throws(SurfaceError) -> Outcome {
        var reason = ""
        for field in form.fields {
            // An address is good for one upload.
            let place = try await place(for: form)
            let part = MultipartFile(part: field, path: file.path, name: file.name, mimeType: file.mimeType)
            let reply: HTTPReply
            do throws(MaxAPIError) {
                reply = try await api.post(MultipartForm(JSONObject(), [part]), to: place.url)
            } catch {
                // Nobody sees an upload: whatever became of it, the next attempt starts over.
                if case .lost(let reason) = error { throw .unavailable(reason: reason) }
                throw SurfaceError(error)
            }
            if reply.status == 415 {
                reason = "HTTP status 415 for \(file.mimeType)"
                continue
            }
            return try outcome(of: reply, place)
        }
        return .declined(reason: reason)
    }

    private func place(for form: MediaForm) async throws(SurfaceError) -> Place {
        let answer: JSONValue
        do throws(MaxAPIError) {
            answer = try await api.call("POST", "/uploads", query: [("type", form.rawValue)])
        } catch {
            if case .lost(let reason) = error { throw .unavailable(reason: reason) }
            throw SurfaceError(error)
        }
        guard let url = answer["url"]?.string else { throw .unavailable(reason: "no address was given for an upload") }
        return Place(url: url, token: answer["token"]?.string)
    }

    /// JSON, or for sounds and videos XML that says nothing.
    private func outcome(of reply: HTTPReply, _ place: Place) throws(SurfaceError) -> Outcome {
        let answer = try? JSONValue(parsing: reply.body)
        switch reply.status {
        case 200..<300: break
        case 413: throw .refused(.tooLarge, reason: "the file is too large for MAX")
        case 400..<500 where reply.status != 429:
            return .declined(reason: "HTTP status \(reply.status) \(answer?["message"]?.string ?? "")")
        default: throw .unavailable(reason: "HTTP status \(reply.status) for an upload")
        }
        if let problem = answer?["error_data"]?.string ?? answer?["error_code"]?.string {
            return .declined(reason: problem)
        }
        let photo = answer?["photos"]?.object?.members.first?.value["token"]?.string
        guard let token = photo ?? answer?["token"]?.string ?? place.token else {
            throw .unavailable(reason: "an upload was answered without a token")
        }
        return .token(token)
    }
}
