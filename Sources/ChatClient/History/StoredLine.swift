package import ChatProtocol

/// One line as the local history keeps it, with its text safe to draw.
package struct StoredLine: Equatable, Sendable {
    /// What is known to have become of an own line.
    package enum Delivery: Equatable, Sendable {
        case sent, delivered
        /// A broadcast, and how many were online to get it.
        case reached(Int, isPartial: Bool)
    }

    /// Where a line stands among all, given by the store: its time, and in the last ten bits its turn within that millisecond.
    package typealias Place = Int64

    package static let turnBits: Int64 = 10

    package var place: Place
    package var channel: Channel
    /// `nil` for the user.
    package var sender: UserName?
    package var text: String
    /// By which lines are in order.
    package var time: Timestamp
    /// What tells the line from all others of its conversation; what came over a private session has none.
    package var receipt: Reply.Receipt?
    /// Of own lines.
    package var delivery: Delivery?

    package init(
        place: Place = 0, channel: Channel, sender: UserName?, text: String, time: Timestamp, receipt: Reply.Receipt? = nil,
        delivery: Delivery? = nil
    ) {
        self.place = place
        self.channel = channel
        self.sender = sender
        self.text = text
        self.time = time
        self.receipt = receipt
        self.delivery = delivery
    }
}

extension StoredLine {
    /// Outside of this no line can be, so no place overflows.
    private static let times = -(Int64.max >> (turnBits + 1))...(Int64.max >> (turnBits + 1))

    /// The first place of this time.
    package static func place(of time: Timestamp) -> Place { min(max(time.milliseconds, times.lowerBound), times.upperBound) << turnBits }

    package static func time(of place: Place) -> Timestamp { Timestamp(milliseconds: place >> turnBits) }
}
