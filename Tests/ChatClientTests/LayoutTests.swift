import Testing

@testable import ChatClient

@Suite struct LayoutTests {
    @Test func everythingIsOnAWideScreen() {
        let layout = Layout(width: 80, height: 24)
        #expect(layout.shape == .full)
        #expect(layout.everyone != nil)
        #expect(layout.conversation != nil)
        #expect(layout.users != nil)
    }

    @Test func belowEightyColumnsUsersShowWhileFocused() {
        #expect(Layout(width: 79, height: 24).users == nil)
        #expect(Layout(width: 79, height: 24, focus: .users).users != nil)
    }

    @Test func aLowScreenShowsTheFocusedPaneAlone() {
        for focus in Pane.allCases {
            let layout = Layout(width: 80, height: 8, focus: focus)
            #expect(layout.shape == .single)
            #expect((layout.everyone != nil) == (focus == .everyone))
            #expect((layout.conversation != nil) == (focus == .conversations))
            #expect((layout.users != nil) == (focus == .users))
        }
    }

    @Test func belowTheLeastSizeNothingIsLaidOut() {
        #expect(Layout(width: 19, height: 24).shape == .unusable)
        #expect(Layout(width: 80, height: 4).shape == .unusable)
        #expect(Layout(width: 20, height: 5).shape == .single)
        #expect(Layout(width: 0, height: 0).shape == .unusable)
    }

    @Test func placesNeverOverlapAndNeverLeaveTheScreen() {
        for width in 20...130 {
            for height in 5...45 {
                for focus in Pane.allCases {
                    for (hasConversations, extra) in [(true, 0), (false, 0), (true, 3), (false, 40)] {
                        let layout = Layout(
                            width: width, height: height, focus: focus, hasConversations: hasConversations, transfers: extra,
                            inputRows: extra + 1)
                        #expect(layout.transfers.height >= 0)
                        let places = [layout.everyone, layout.conversation, layout.users, layout.status, layout.input].compactMap(\.self)
                        var taken: Set<Int> = []
                        for place in places {
                            #expect(place.width > 0)
                            #expect(place.height > 0)
                            for row in place.rows {
                                for column in place.columns {
                                    guard (0..<width).contains(column), (0..<height).contains(row) else {
                                        Issue.record("\(width)×\(height): outside")
                                        return
                                    }
                                    if !taken.insert(row * width + column).inserted {
                                        Issue.record("\(width)×\(height): overlap")
                                        return
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
