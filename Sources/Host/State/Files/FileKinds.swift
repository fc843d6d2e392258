import AgentLink
import SurfaceKit

extension AgentFile.Kind {
    package init(_ kind: FileKind) {
        self =
            switch kind {
            case .image: .image
            case .audio: .audio
            case .video: .video
            case .document: .document
            }
    }
}

extension FileKind {
    package init(_ kind: AgentFile.Kind) {
        self =
            switch kind {
            case .image: .image
            case .audio: .audio
            case .video: .video
            case .document: .document
            }
    }
}
