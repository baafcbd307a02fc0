import ChatScenarios
import ChatStoreSQLite
import Testing

/// The cases of the table that stop and start the server, over the durable store.
struct ScenarioTests {
    @Test(arguments: ScenarioTable.all.filter(\.needsRestart))
    func ruleHoldsOverRestarts(_ scenario: Scenario) async throws {
        try await withTemporaryFolder { folder in
            var world = try HubWorld(scenario.settings, store: SQLiteStore(path: folder + "/banter.sqlite"))
            let mismatches = try await scenario.play(in: &world)
            #expect(mismatches.map(\.description) == [])
        }
    }
}
