import Basics
import AgentLink
import Foundation
import HTTP
import SurfaceKit
import Testing

@testable import Commands

/// What the doctor concludes, without a network.
@Suite("Doctor")
struct DoctorTests {
    static let readings: [([Int], Bool?, String)] = [
        ([], nil, ""), ([0], true, "agrees with s0"), ([60], true, "agrees"), ([-60], true, "agrees"),
        ([61], false, "61 s ahead of s0"), ([-7200], false, "7200 s behind s0"),
        ([100, 90], false, "90 s ahead of s1"), ([3000, 2], true, "agrees with s1 within 60 s; s0 is 3000 s off"),
    ]

    @Test(arguments: readings)
    func `blames the clock of this machine only when every server does`(
        ahead: [Int],
        ok: Bool?,
        detail: String
    ) {
        let trial = ClockReading.judged(ahead.enumerated().map { ClockReading(server: "s\($0)", ahead: $1) })

        #expect(trial?.ok == ok)
        #expect(trial?.detail.contains(detail) ?? (ok == nil))
    }

    @Test func `reads the clock of a server from its answer`() throws {
        let headers = [HTTPHeader("date", "Sun, 06 Nov 1994 08:49:37 GMT")]
        let now = Timestamp(milliseconds: (784_111_777 + 75) * 1000)

        #expect(ClockReading(server: "s", headers, now: now) == ClockReading(server: "s", ahead: 75))
        #expect(ClockReading(server: "s", [HTTPHeader("Date", "yesterday")], now: now) == nil)
        #expect(ClockReading(server: "s", [], now: now) == nil)
    }

    static let webhookAnswers: [(Int, Bool, Bool, String)] = [
        (401, true, true, "leads to the host"), (503, true, true, "does not receive yet"),
        (404, true, false, "webhooks.listen"), (502, true, false, "webhooks.listen"),
        (404, false, true, "no host runs"),
        (503, false, true, "no host runs"), (401, false, false, "no login"), (403, true, false, "no login"),
        (302, true, false, "redirected"), (405, true, false, "takes no POST"), (200, true, false, "not the host"),
    ]

    @Test(arguments: webhookAnswers)
    func `knows the host’s refusal from anybody else’s answer`(
        status: Int,
        isRunning: Bool,
        ok: Bool,
        detail: String
    ) {
        let verdict = WebhookCheck.verdict(status, isRunning: isRunning)

        #expect(verdict.ok == ok)
        #expect(verdict.detail.contains(detail))
    }

    static let certificates = [
        ("SSL certificate problem: certificate has expired", "run out"),
        ("SSL certificate problem: certificate is not yet valid", "this machine’s clock"),
        ("SSL: no alternative certificate subject name matches target host name 'a'", "another name"),
        ("SSL certificate problem: self-signed certificate", "signed its own"),
        ("SSL certificate problem: self-signed certificate in certificate chain", "does not know signed it"),
        ("SSL certificate problem: unable to get local issuer certificate", "no whole chain"),
        ("something new", "check the name, its date"),
    ]

    @Test(arguments: certificates)
    func `explains what is wrong with a certificate`(reason: String, advice: String) {
        #expect(Advice.told(HTTPError.notSent(.certificate, reason: reason)).contains(advice))
        #expect(Advice.told(SurfaceError.unavailable(reason: "certificate: \(reason)")).contains(advice))
    }

    static let agents: [(Int, String, AgentConfiguration.Codec, String?)] = [
        (404, "http://a/v1", .agUI, "set agent.protocol"),
        (405, "http://a/v1/chat/completions/", .agUI, "set agent.protocol"),
        (405, "http://a/run", .agUI, nil), (404, "http://a/api", .openAI(model: "m"), "ends in /v1"),
        (404, "http://a/v1/chat/completions", .openAI(model: "m"), "leave it out"),
        (405, "http://a/v1", .openAI(model: "m"), nil),
    ]

    @Test(arguments: agents)
    func `sees when an agent’s address is that of the other protocol`(
        status: Int,
        url: String,
        codec: AgentConfiguration.Codec,
        remark: String?
    ) {
        let (ok, detail) = Advice.told(agentStatus: status, AgentConfiguration(url: url, codec: codec))

        #expect(ok)
        #expect(detail.contains(remark ?? "status \(status)"))
        #expect(detail.contains("; ") == (remark != nil || status == 405))
    }
}
