import ChatProtocol
import Testing

@testable import ChatTransport

@Suite struct AdmissionTests {
    private func id(_ number: UInt64) -> ConnectionID { ConnectionID(rawValue: number) }

    @Test func whoHasSpokenOutlivesTheSilent() {
        var admission = Admission(total: 100, perAddress: 3)
        for number in 1...3 { #expect(admission.admit(id(UInt64(number)), from: Origin("a")) == .welcome) }
        admission.spoke(id(1))
        // However many come after it.
        #expect(admission.admit(id(4), from: Origin("a")) == .welcomeInstead(of: id(2)))
        #expect(admission.admit(id(5), from: Origin("a")) == .welcomeInstead(of: id(3)))
        #expect(admission.admit(id(6), from: Origin("a")) == .welcomeInstead(of: id(4)))
        for number in 5...6 { admission.spoke(id(UInt64(number))) }
        #expect(admission.admit(id(7), from: Origin("a")) == .welcomeInstead(of: id(1)), "all have: the one that spoke first")
    }

    @Test func newcomersHaveTimeToSpeakAmongThoseWhoHave() {
        var admission = Admission(total: 100, perAddress: 8)
        for number in 1...8 {
            #expect(admission.admit(id(UInt64(number)), from: Origin("a")) == .welcome)
            admission.spoke(id(UInt64(number)))
        }
        // A quarter of the places is for the silent.
        for number in 1...3 as ClosedRange<UInt64> {
            #expect(admission.admit(id(8 + number), from: Origin("a")) == .welcomeInstead(of: id(number)))
        }
        #expect(admission.admit(id(12), from: Origin("a")) == .welcomeInstead(of: id(9)))
    }

    @Test func inAllTheSilentOfAnyAddressGoFirst() {
        var admission = Admission(total: 2, perAddress: 10)
        #expect(admission.admit(id(1), from: Origin("a")) == .welcome)
        #expect(admission.admit(id(2), from: Origin("b")) == .welcome)
        admission.spoke(id(1))
        #expect(admission.admit(id(3), from: Origin("c")) == .welcomeInstead(of: id(2)))
        admission.loggedIn(id(1))
        admission.loggedIn(id(3))
        #expect(admission.admit(id(4), from: Origin("d")) == .refused)
        admission.remove(id(1))
        #expect(admission.admit(id(5), from: Origin("d")) == .welcome)
    }
}
