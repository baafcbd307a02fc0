#pragma once

/// Allocations of this process so far, whoever made them.
///
/// A program that contains this target has its own `malloc` and the like, which count and then do what glibc's do.
unsigned long allocationCount(void);
