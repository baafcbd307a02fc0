extension CaseText {
    /// Three failures lock a name, from whatever connection, for the time that is set.
    static let lockout = CaseText(
        "lockout",
        #"""
        ## The third failure in a row locks the name
        for name = hans | nobody
        one: login as $name a -> INVALID_PASSWORD
        two: login as $name b -> INVALID_PASSWORD
        three: login as $name c -> INVALID_PASSWORD_BLOCKED

        ## The right password is refused while the name is locked
        for p = original | extended | extended quiet
        locked hans
        online yoda
        door: login as hans falcon $p -> BLOCKED

        ## A wrong password for a locked name is answered the same
        locked hans
        door: login as hans wrong -> BLOCKED

        ## An unknown name that is locked stays locked
        locked hans
        one: login as nobody a -> INVALID_PASSWORD
        two: login as nobody b -> INVALID_PASSWORD
        three: login as nobody c -> INVALID_PASSWORD_BLOCKED
        four: login as nobody d -> BLOCKED

        ## One locked name does not lock another
        locked hans
        yoda: login -> SUCCESS
        door: login as luke wrong -> INVALID_PASSWORD

        ## Names are locked by their case
        locked hans
        door: login as Hans falcon -> INVALID_PASSWORD

        ## Two failures do not lock
        one: login as hans a -> INVALID_PASSWORD
        two: login as hans b -> INVALID_PASSWORD
        hans: login -> SUCCESS

        ## A success in between starts the count again
        one: login as hans a -> INVALID_PASSWORD
        two: login as hans b -> INVALID_PASSWORD
        hans: login -> SUCCESS
        hans: logout -> logged out, closed
        three: login as hans c -> INVALID_PASSWORD
        four: login as hans d -> INVALID_PASSWORD
        five: login as hans e -> INVALID_PASSWORD_BLOCKED

        ## A success of somebody else in between does not start the count again
        one: login as hans a -> INVALID_PASSWORD
        two: login as hans b -> INVALID_PASSWORD
        yoda: login -> SUCCESS
        three: login as hans c -> INVALID_PASSWORD_BLOCKED

        ## Failures of several names are counted apart
        one: login as hans a -> INVALID_PASSWORD
        two: login as yoda a -> INVALID_PASSWORD
        three: login as hans b -> INVALID_PASSWORD
        four: login as yoda b -> INVALID_PASSWORD
        five: login as hans c -> INVALID_PASSWORD_BLOCKED
        six: login as yoda wise -> SUCCESS

        ## Failures far apart in time are still in a row
        one: login as hans a -> INVALID_PASSWORD
        two: login as hans b -> INVALID_PASSWORD
        after 3 -> nothing
        three: login as hans c -> INVALID_PASSWORD_BLOCKED

        ## The lock ends exactly when its time is over
        for duration, before = 1, 0.999 | 10, 9.999 | 60, 59.999
        settings block $duration
        locked hans
        after $before -> nothing
        door: login as hans falcon -> BLOCKED
        after 0.001 -> nothing
        hans: login -> SUCCESS

        ## The lock lasts a minute if nothing else is set
        locked hans
        after 59.999 -> nothing
        one: login as hans falcon -> BLOCKED
        after 0.001 -> nothing
        two: login as hans falcon -> SUCCESS

        ## Tries during the lock do not make it longer
        settings block 10
        locked hans
        after 5 -> nothing
        one: login as hans wrong -> BLOCKED
        after 4 -> nothing
        two: login as hans falcon -> BLOCKED
        after 1 -> nothing
        hans: login -> SUCCESS

        ## After the lock the count starts again
        settings block 10
        locked hans
        after 10 -> nothing
        one: login as hans a -> INVALID_PASSWORD
        two: login as hans b -> INVALID_PASSWORD
        three: login as hans c -> INVALID_PASSWORD_BLOCKED

        ## A second lock lasts as long as the first
        settings block 10
        locked hans
        later 10
        locked hans
        after 9.999 -> nothing
        one: login as hans falcon -> BLOCKED
        after 0.001 -> nothing
        two: login as hans falcon -> SUCCESS

        ## An unknown name is unlocked like others, and still unknown
        settings block 10
        one: login as nobody a -> INVALID_PASSWORD
        two: login as nobody b -> INVALID_PASSWORD
        three: login as nobody c -> INVALID_PASSWORD_BLOCKED
        after 9.999 -> nothing
        one: login as nobody a -> BLOCKED
        after 0.001 -> nothing
        one: login as nobody a -> INVALID_PASSWORD

        ## Locks that began apart end apart
        settings block 10
        locked hans
        later 4
        locked yoda
        after 6 -> nothing
        hans: login -> SUCCESS
        one: login as yoda wise -> BLOCKED
        after 4 -> nothing
        yoda: login -> SUCCESS | hans: yoda logged in

        ## Failures lock a name that is online without disturbing its session
        for p = original | extended
        online hans $p, luke
        locked hans
        hans: broadcast "I am here" -> sent 1 #1 | luke: broadcast hans #1 "I am here"
        door: login as hans falcon -> BLOCKED

        ## A session that ends during the lock cannot be begun again
        online hans, luke
        locked hans
        hans: logout -> logged out, closed | luke: hans logged out
        door: login as hans falcon -> BLOCKED

        ## A lock is told to nobody
        online yoda, luke extended
        one: login as hans a -> INVALID_PASSWORD
        two: login as hans b -> INVALID_PASSWORD
        three: login as hans c -> INVALID_PASSWORD_BLOCKED
        four: login as hans falcon -> BLOCKED

        ## Messages for a locked name are kept
        settings block 10
        online yoda
        locked hans
        yoda: message hans "are you locked out?" -> SUCCESS #1
        after 10 -> nothing
        hans: login -> SUCCESS, message yoda #1 "are you locked out?" | yoda: hans logged in

        ## A lock survives the end of the server
        settings block 10
        one: login as hans a -> INVALID_PASSWORD
        two: login as hans b -> INVALID_PASSWORD
        three: login as hans c -> INVALID_PASSWORD_BLOCKED
        restart -> nothing
        four: login as hans falcon -> BLOCKED

        ## A lock that survived the end of the server ends when it would have
        settings block 10
        locked hans
        after 4 -> nothing
        restart -> nothing
        after 5.999 -> nothing
        one: login as hans falcon -> BLOCKED
        after 0.001 -> nothing
        two: login as hans falcon -> SUCCESS

        ## The connection of the third failure may be a new one each time or one for all
        one: login as hans a -> INVALID_PASSWORD
        one: login as hans b -> INVALID_PASSWORD
        two: login as hans c -> INVALID_PASSWORD_BLOCKED
        three: login as hans falcon -> BLOCKED

        ## Failures with either protocol count together
        one: login as hans a original -> INVALID_PASSWORD
        two: login as hans b extended -> INVALID_PASSWORD
        three: login as hans c quiet -> INVALID_PASSWORD_BLOCKED
        four: login as hans falcon extended -> BLOCKED
        """#)
}
