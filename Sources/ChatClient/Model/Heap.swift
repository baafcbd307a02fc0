/// The C library's heap, which keeps what was freed: after a flood that is many times what is in use.
package enum Heap {
    /// Gives what is free back to the system. Takes some milliseconds after a flood, so it is done when nothing else is.
    package static func giveBack() { _ = trim(0) }
}

// The header it is in is no part of the Glibc module.
@_silgen_name("malloc_trim")
private func trim(_ pad: Int) -> Int32
