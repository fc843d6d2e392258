/// What `work` gives or throws, or `nil` when it takes longer than `patience`; it is then cancelled.
package func within<Value: Sendable, Failure: Error>(
    _ patience: Duration,
    on system: any System = OperatingSystem(),
    _ work: @escaping @Sendable () async throws(Failure) -> Value
) async -> Result<Value, Failure>? {
    await withTaskGroup(of: Result<Value, Failure>?.self) { group in
        group.addTask {
            do throws(Failure) { return .success(try await work()) } catch { return .failure(error) }
        }
        group.addTask {
            try? await system.sleep(for: patience)
            return nil
        }
        defer { group.cancelAll() }
        return await group.next() ?? nil
    }
}
