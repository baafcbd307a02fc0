import Testing

/// The tests with the real programs, real sockets and a real terminal. One at a time: they share two cores with nobody else then,
/// and what one measures is not another's load.
@Suite(.serialized, .onOwnThreads) enum EndToEnd {}
