import Foundation

/// A number in three digits, as people read them.
func figure(_ value: Double) -> String {
    switch abs(value) {
    case 0: "0"
    case 10_000...: "\(Int((value / 1000).rounded())) k"
    case 100...: String(format: "%.0f", value)
    case 10...: String(format: "%.1f", value)
    default: String(format: "%.3g", value)
    }
}
