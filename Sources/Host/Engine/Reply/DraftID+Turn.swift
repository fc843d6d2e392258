import State
import SurfaceKit

extension DraftID {
    /// The draft that shows the answer of `turn`: a positive number of 31 bits, since nobody says that more are taken.
    ///
    /// Two turns that run in one chat at one time have different ones.
    init(_ turn: TurnID) { self.init(String(turn.number.magnitude % 2_147_483_646 + 1)) }
}
