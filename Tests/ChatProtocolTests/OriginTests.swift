import ChatProtocol
import Testing

@Suite struct OriginTests {
    @Test(arguments: [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"), ("2001:db8::", "2001:0db8:0:0:1::"), ("fe80::1%eth0", "fe80::2%eth0"),
    ])
    func addressesOfOneNetworkAreOne(_ one: String, _ other: String) {
        #expect(Origin(one) == Origin(other))
    }

    @Test(arguments: [
        ("2001:db8:1:2::1", "2001:db8:1:3::1"), ("2001:db8:12::", "2001:db8:1:2::"), ("fe80::1%eth0", "fe80::1%eth1"),
        ("192.0.2.1", "192.0.2.2"), ("192.0.2.1", "2001:db8::1"),
    ])
    func othersAreNot(_ one: String, _ other: String) {
        #expect(Origin(one) != Origin(other))
    }
}
