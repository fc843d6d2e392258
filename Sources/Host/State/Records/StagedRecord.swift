import SurfaceKit

/// A file that waits for the next text of the same person.
package struct StagedRecord: Hashable, Sendable {
    package let id: StagedID
    package let file: InboundFile
    package let album: String?
}
