import Glibc

/// What Ctrl-Z does where the terminal leaves it to the program.
package enum JobControl {
    /// Stops every process of the group, as the terminal would, and returns when this one goes on. Without the others a script that
    /// started this program would wait for ever, and the shell would not know that the job has stopped.
    package static func stop() {
        var before = sigaction()
        sigaction(SIGTSTP, nil, &before)
        // This process goes last, by a signal to this very thread: one sent to the group could meet another thread after the handler
        // is back in its place.
        signal(SIGTSTP, SIG_IGN)
        kill(0, SIGTSTP)
        signal(SIGTSTP, SIG_DFL)
        raise(SIGTSTP)
        sigaction(SIGTSTP, &before, nil)
    }
}
