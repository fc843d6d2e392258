import Manifest

@testable import surfaces

/// The kinds of surfaces that the program is built with.
let knownSurfaces = Catalog.surfaces
