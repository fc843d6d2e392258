/// How the program ends (sysexits.h).
package enum ExitCode: Int32, Sendable {
    case fine = 0
    /// Wrong usage (EX_USAGE).
    case usage = 64
    /// Something needed cannot be reached (EX_UNAVAILABLE).
    case unavailable = 69
    /// An error of this program (EX_SOFTWARE).
    case software = 70
    /// The manifest is invalid, or nothing gives the agent’s address (EX_CONFIG).
    case configuration = 78
}
