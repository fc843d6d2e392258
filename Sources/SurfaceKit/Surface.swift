/// A messenger that the host can hear from and speak to.
///
/// A surface translates. It turns what its messenger says into ``InboundEvent``s and turns ``OutboundOperation``s into
/// calls to its messenger. It keeps nothing on disk itself, never repeats an operation, and knows neither the agent nor
/// another surface.
///
/// The host creates a surface once, calls ``receive(from:into:)`` again after every failure, and may call the other
/// verbs at any time, also while nothing is being received.
package protocol Surface: Sendable {
    associatedtype Options: SurfaceOptions

    /// The name that selects this surface in the manifest.
    static var kind: SurfaceKind { get }

    /// Creates the surface. Must not touch the network or wait for anything.
    init(options: Options, context: SurfaceContext)

    /// What this surface can do. Constant for the life of the surface.
    var capabilities: Capabilities { get }

    /// Asks the messenger who the bot is.
    func identify() async throws(SurfaceError) -> Identity

    /// Receives events until the task is cancelled or the connection is lost.
    ///
    /// A lost connection throws. To return means that nothing can ever come again (a pipe that was read to its end): the
    /// surface is then `stopped`, and what is still to be answered goes out.
    ///
    /// Acknowledge events to the messenger only after `inbox` accepted them: acceptance is what makes them durable. The
    /// first receive call of a start must return at once (a poll with timeout 0).
    ///
    /// - Parameters:
    ///   - checkpoint: The checkpoint accepted last, or `nil` on the first run.
    ///   - inbox: Where events go.
    func receive(from checkpoint: Checkpoint?, into inbox: some Inbox) async throws(SurfaceError)

    /// Performs one operation once.
    ///
    /// - Parameter id: The same for every attempt at this operation. A messenger with idempotent calls gets it as its
    ///   transaction identifier.
    func perform(_ operation: OutboundOperation, as id: OperationID) async throws(SurfaceError) -> Receipt

    /// Streams a file that a person sent.
    ///
    /// - Parameters:
    ///   - limit: Refuse (`tooLarge`) what claims to be larger before reading, and stop at it while reading. In bytes.
    ///   - sink: Called with each piece, in order.
    func fetch(
        _ file: FileReference,
        limit: Int,
        into sink: @Sendable ([UInt8]) async throws(SurfaceError) -> Void
    ) async throws(SurfaceError)
}

/// The bot’s own account.
package struct Identity: Hashable, Sendable {
    package let id: PersonID
    package let name: String
    /// What an operator should know, such as a privacy mode that hides group messages; empty when nothing.
    package let remarks: [String]

    package init(id: PersonID, name: String, remarks: [String] = []) {
        self.id = id
        self.name = name
        self.remarks = remarks
    }
}
