package import ChatProtocol
import Glibc

/// A time as people read it on a clock and a calendar.
package struct CivilTime: Hashable, Sendable {
    package var year: Int
    /// 1 to 12.
    package var month: Int
    package var day: Int
    package var hour: Int
    package var minute: Int
    /// 0 for Sunday.
    package var weekday: Int

    package init(year: Int, month: Int, day: Int, hour: Int, minute: Int, weekday: Int) {
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.weekday = weekday
    }

    /// `14:02`
    package var clock: String { Self.two(hour) + ":" + Self.two(minute) }

    /// `Tue 21 Nov`
    package var shortDay: String { "\(Self.weekdays[weekday].prefix(3)) \(day) \(Self.months[month - 1].prefix(3))" }

    /// `Tuesday 21 November 2023`
    package var longDay: String { "\(Self.weekdays[weekday]) \(day) \(Self.months[month - 1]) \(year)" }

    package func isSameDay(as other: CivilTime) -> Bool {
        day == other.day && month == other.month && year == other.year
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    private static let months = [
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ]
}

/// Where clocks show what: passed in, so that a test's screen is the same everywhere.
package enum TimeZone: Sendable {
    /// The machine's own.
    case local
    case utc

    package func civil(_ time: Timestamp) -> CivilTime {
        // A server may send any number; years beyond four digits are of no use to anybody.
        let milliseconds = max(-62_135_596_800_000, min(253_402_300_799_000, time.milliseconds))
        var seconds = time_t((Double(milliseconds) / 1000).rounded(.down))
        var parts = tm()
        switch self {
        case .local: localtime_r(&seconds, &parts)
        case .utc: gmtime_r(&seconds, &parts)
        }
        return CivilTime(
            year: Int(parts.tm_year) + 1900, month: max(1, min(12, Int(parts.tm_mon) + 1)), day: Int(parts.tm_mday),
            hour: Int(parts.tm_hour), minute: Int(parts.tm_min), weekday: max(0, min(6, Int(parts.tm_wday))))
    }
}

extension CivilTime {
    /// The second looked up last: lines that follow each other are mostly of the same one, and libc takes a lock for each.
    struct Memo: Sendable {
        private var last: (second: Int64, zone: TimeZone, civil: CivilTime)?

        mutating func civil(_ time: Timestamp, _ zone: TimeZone) -> CivilTime {
            let second = time.milliseconds / 1000
            if let last, last.second == second, last.zone == zone, second > 0 { return last.civil }
            let civil = zone.civil(time)
            last = (second, zone, civil)
            return civil
        }
    }
}
