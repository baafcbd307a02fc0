import ChatCore
import ChatScenarios
import Testing

/// Every case of the table, played against the rules.
struct ScenarioTests {
    @Test func everyCaseCanBeReadAndThereAreManyOfThem() {
        #expect(ScenarioTable.faults.map(\.description) == [])
        #expect(ScenarioTable.all.count >= 500)
    }

    @Test(arguments: ScenarioTable.all)
    func ruleHolds(_ scenario: Scenario) async throws {
        var world = try HubWorld(scenario.settings, store: MemoryStore())
        let mismatches = try await scenario.play(in: &world)
        #expect(mismatches.map(\.description) == [])
    }
}
