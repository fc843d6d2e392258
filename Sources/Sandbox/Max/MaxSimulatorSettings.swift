import Basics

/// How the simulated service behaves; each can be changed while it runs.
package struct MaxSimulatorSettings: Sendable {
    /// Limit on sends, edits and deletions in one chat; `nil` is none.
    package var perChat: TokenBudget?
    /// Limit on all calls.
    package var overall: TokenBudget?
    /// Limit on polls.
    package var polls: TokenBudget? = TokenBudget(burst: 2, perSecond: 2)
    /// Whether the token is good.
    package var knowsToken = true
    /// How often a file that was uploaded is not ready yet when it is sent.
    package var notReady = 0
    /// Whether sounds and videos are taken only in the field `file`, as was seen live.
    package var wantsFileField = false
    /// Kinds of upload that are refused with 415.
    package var unsupportedUploads: Set<String> = []
    /// Whether a text with `format` is refused.
    package var refusesFormat = false
    /// Whether an answer without updates leaves its marker out.
    package var omitsMarker = false
    /// Status of a poll while a subscription exists.
    package var conflictStatus = 405
    /// Whether the same address subscribed again is a second subscription.
    package var duplicatesSubscriptions = false
    /// Whether webhooks are held to what the service accepts: https and port 443.
    package var isCloud = false
    /// Wait before the first retry of a webhook; each further one is 2.5 times as long.
    package var webhookRetry = Duration.seconds(60)
    /// Whether dialogs tell the person’s language.
    package var tellsLocale = true

    package init() {}

    /// The limits that were seen live or are documented.
    package static var limited: MaxSimulatorSettings {
        var settings = MaxSimulatorSettings()
        settings.perChat = TokenBudget(burst: 2, perSecond: 2)
        settings.overall = TokenBudget(burst: 10, perSecond: 10)
        return settings
    }
}

extension MaxSimulatorSettings {
    mutating func apply(_ body: JSONValue) {
        perChat = TokenBudget(body["per_chat"]) ?? perChat
        overall = TokenBudget(body["overall"]) ?? overall
        polls = TokenBudget(body["polls"]) ?? polls
        knowsToken = body["knows_token"]?.bool ?? knowsToken
        notReady = body["not_ready"]?.int64.map(Int.init) ?? notReady
        wantsFileField = body["wants_file_field"]?.bool ?? wantsFileField
        refusesFormat = body["refuses_format"]?.bool ?? refusesFormat
        omitsMarker = body["omits_marker"]?.bool ?? omitsMarker
        conflictStatus = body["conflict_status"]?.int64.map(Int.init) ?? conflictStatus
        duplicatesSubscriptions = body["duplicates_subscriptions"]?.bool ?? duplicatesSubscriptions
        isCloud = body["is_cloud"]?.bool ?? isCloud
        webhookRetry = body["webhook_retry_seconds"]?.double.map { .seconds($0) } ?? webhookRetry
        tellsLocale = body["tells_locale"]?.bool ?? tellsLocale
        if let kinds = body["unsupported_uploads"]?.array { unsupportedUploads = Set(kinds.compactMap(\.string)) }
        if body["limited"]?.bool == true { (perChat, overall) = (Self.limited.perChat, Self.limited.overall) }
    }
}
