/// The state’s contract is kept by the extensions of ``Database``, one for each kind of thing.
extension Database: StateChanging {}
