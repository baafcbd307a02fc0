import Glibc

extension Moment {
    /// What the system's clocks say.
    package static func now() -> Moment {
        var uptime = timespec()
        var wall = timespec()
        clock_gettime(CLOCK_MONOTONIC, &uptime)
        clock_gettime(CLOCK_REALTIME, &wall)
        return Moment(
            uptime: UInt64(uptime.tv_sec) * second + UInt64(uptime.tv_nsec),
            wall: Timestamp(milliseconds: Int64(wall.tv_sec) * 1000 + Int64(wall.tv_nsec) / 1_000_000))
    }
}
