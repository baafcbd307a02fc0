import Foundation

/// By how many bytes a program may grow more than it otherwise may: the address sanitizer keeps 256 MiB of what was freed from use, and a
/// margin around all that is allocated.
let sanitizedMemory = ProcessInfo.processInfo.environment["ASAN_OPTIONS"] == nil ? 0 : 384 << 20
