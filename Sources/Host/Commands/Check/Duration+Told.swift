extension Duration {
    /// Whole seconds, in words.
    var told: String { "\(components.seconds) s" }
}
