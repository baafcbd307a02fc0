import ChatProtocol
import Dispatch

/// Maps `elements` on all cores; the results are in the order of the elements.
func concurrentMap<Element: Sendable, Result: Sendable>(
    _ elements: [Element], _ transform: @Sendable (Element) -> Result
) -> [Result] {
    let results = Locked<[Int: Result]>([:])
    DispatchQueue.concurrentPerform(iterations: elements.count) { index in
        let result = transform(elements[index])
        results.withLock { $0[index] = result }
    }
    return results.withLock { results in elements.indices.compactMap { results[$0] } }
}
