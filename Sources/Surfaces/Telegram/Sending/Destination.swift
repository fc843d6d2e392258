import Basics
import SurfaceKit

/// A conversation as the parameters that name it.
struct Destination {
    private let address: ConversationAddress

    init(_ address: ConversationAddress) { self.address = address }

    /// - Parameter topic: Whether the method makes something new, which belongs into the topic.
    func parameters(topic: Bool) -> JSONObject {
        var parameters = JSONObject()
        parameters["chat_id"] = Int64(address.chat.rawValue).map { JSONValue($0) } ?? .string(address.chat.rawValue)
        if topic {
            parameters["message_thread_id"] = address.thread.flatMap { Int64($0.rawValue) }.map { JSONValue($0) }
        }
        return parameters
    }
}
