import Glibc

/// Makes sure that descriptors 0, 1 and 2 are open, on `/dev/null` if nobody gave them: otherwise the next pipe or socket that is
/// opened takes their place, and what is meant for a person goes there. Call before anything else opens a descriptor.
package func openStandardDescriptors() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) == -1 {
        // The lowest free descriptor is the one that is missing, as those below it are open by now.
        _ = open("/dev/null", O_RDWR)
    }
}
