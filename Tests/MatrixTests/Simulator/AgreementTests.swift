import Basics
import Sandbox
import Testing

@Suite("A simulated homeserver and a real Synapse", .enabled(if: Synapse.isWanted), .timeLimit(.minutes(2)))
struct AgreementTests {
    @Test(arguments: try Fixture.scenes())
    func `answer alike`(_ scene: String) async throws {
        var settings = MatrixSimulatorSettings()
        settings.limits = .none
        let steps = try #require(try Fixture.json("agreement/\(scene)").array)
        let synapse = try Synapse()

        try await MatrixSimulatorServer(MatrixSimulator(settings: settings)).serve { [settings] address in
            let server = Synapse(url: address, secret: settings.registrationSecret)
            var real = try await Performance(on: synapse)
            var simulated = try await Performance(on: server)
            for step in steps {
                let (expected, said) = (try await real.play(step), try await simulated.play(step))
                #expect(said == expected, "\(step["as"]?.string ?? "") \(step["do"]?.string ?? "")")
            }
        }
    }
}
