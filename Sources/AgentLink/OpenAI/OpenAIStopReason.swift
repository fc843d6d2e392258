import Basics

/// What a `finish_reason` means, in the words of the interface and of the servers behind gateways.
enum OpenAIStopReason {
    /// The ending; `nil` when the server gave no reason, though it sent the member.
    static func ending(_ reason: String) -> AgentOutcome.Ending? {
        switch reason.lowercased() {
        case "", "null", "none": nil
        case "stop", "end_turn", "stop_sequence", "eos", "eos_token", "complete", "completed": .finished
        case "tool_calls", "function_call", "tool_use": .waitsForConfirmation
        case "content_filter", "content-filter", "safety", "refusal", "recitation", "blocklist", "prohibited_content":
            .failed(code: AgentErrorCode.filtered)
        case "abort", "cancelled", "canceled": .cancelled
        case let word where word.contains("error") || word == "insufficient_system_resource":
            .failed(code: AgentErrorCode.short(.string(reason)))
        // The length, or a word that nobody knows: it may not be whole.
        default: .truncated
        }
    }
}
