import Commands
import Manifest
import Matrix
import Max
import Telegram
import Terminal

/// The surfaces that this program is built with.
///
/// A new one is one line here, and one in `Package.swift`.
enum Catalog {
    static let surfaces = SurfaceCatalog([
        TerminalSurface.self,
        MatrixSurface.self,
        TelegramSurface.self,
        MaxSurface.self,
    ])
}
