import Basics
import Sandbox

/// What a simulated server makes of a text.
enum ServerReading {
    struct Refused: Error {}

    static func plain(_ html: String) async throws -> String {
        let simulator = TelegramSimulator(schema: nil)
        await simulator.addDirectChat(with: SimulatedUser(id: 1, firstName: "A"))
        let sent = await simulator.send(html: html, to: 1)
        guard let sent else { throw Refused() }
        return sent
    }
}
