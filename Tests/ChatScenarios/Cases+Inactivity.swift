extension CaseText {
    /// A session without a command for the time that is set is logged out and told so.
    static let inactivity = CaseText(
        "inactivity",
        #"""
        ## A session ends exactly when its time without a command is over
        for a = original | quiet | extended quiet
        for seconds, before = 1, 0.999 | 10, 9.999 | 60, 59.999
        settings timeout $seconds
        hans: login $a -> SUCCESS
        after $before -> nothing
        after 0.001 -> hans: timeout, closed

        ## An extended session with presence ends like others
        settings timeout 10
        hans: login extended -> SUCCESS unread 0, presence is nobody
        after 9.999 -> nothing
        after 0.001 -> hans: timeout, closed

        ## Without a time set no session ends
        for a, seconds = original, 1000000 | quiet, 31536000 | extended, 200 | extended quiet, 200
        online hans $a
        after $seconds -> nothing
        hans: whoelse -> nobody

        ## Every command, refused or not, begins the time anew
        for deed, reply = message luke hi, SUCCESS | message hans hi, MESSAGE_SELF | message nobody hi, USER_NOT_EXIST
        | message luke "", EMPTY | message luke a*16385, TOO_LONG | message leia hi, USER_BLOCKED | broadcast hi, sent 0
        | broadcast "", EMPTY
        | block luke, SUCCESS | block hans, MESSAGE_SELF | block nobody, USER_NOT_EXIST | unblock luke, NOT_BLOCKED
        | whoelse, nobody | whoelsesince 5, nobody | startprivate luke, USER_OFFLINE | startprivate hans, USER_SELF
        settings timeout 10
        leia blocks hans
        later 60
        online hans
        after 9.999 -> nothing
        hans: $deed -> $reply
        after 9.999 -> nothing
        after 0.001 -> hans: timeout, closed

        ## Commands of an extended client begin the time anew
        for deed, reply = message luke hi, SUCCESS | broadcast hi, sent 0 | whoelse, nobody | block luke, SUCCESS
        settings timeout 10
        online hans extended
        after 9 -> nothing
        hans: $deed -> $reply
        after 9.999 -> nothing
        after 0.001 -> hans: timeout, closed

        ## What is no command does not begin the time anew
        for deed, reply = ping, pong | pong, nothing | ack 0, nothing | ack 0 id 1, ok id 1 | history, page
        | do dance, unknown action | do "", unknown action
        settings timeout 10
        online hans extended
        after 9 -> nothing
        hans: $deed -> $reply
        after 0.999 -> nothing
        after 0.001 -> hans: timeout, closed

        ## What a client does by itself for files does not begin the time anew
        for deed, sees = register film.mkv, SUCCESS | have 1, FILE_NOT_EXIST | withdraw, FILE_NOT_EXIST
        | searchfile film.mkv, FILE_NOT_EXIST | searchchunk film.mkv 0, FILE_NOT_EXIST | startprivate luke for bulk, USER_OFFLINE
        settings timeout 10
        online hans extended quiet peer
        after 9 -> nothing
        hans: $deed -> $sees
        after 0.999 -> nothing
        after 0.001 -> hans: timeout, closed

        ## What is no request does not begin the time anew
        for frame = {} | {"action":7} | {"action":"message"} | {"action":"whoelse",} | {"action":"whoelsesince","since":0}
        settings timeout 10
        online hans
        after 9 -> nothing
        hans: raw $frame -> BAD_REQUEST
        after 0.999 -> nothing
        after 0.001 -> hans: timeout, closed

        ## Receiving a message does not count
        for b = original | extended
        settings timeout 10
        online hans $b
        later 5
        online yoda quiet
        after 4 -> nothing
        yoda: message hans "wake up" -> SUCCESS #1 | hans: message yoda #1 "wake up"
        after 1 -> hans: timeout, closed

        ## Receiving a broadcast does not count
        for b = original | extended
        settings timeout 10
        online hans $b
        later 5
        online yoda quiet
        after 4 -> nothing
        yoda: broadcast "wake up" -> sent 1 #1 | hans: broadcast yoda #1 "wake up"
        after 1 -> hans: timeout, closed

        ## Being told of presence does not count
        for b, sees = original, yoda logged in | extended, presence +yoda
        settings timeout 10
        online hans $b
        after 9 -> nothing
        yoda: login quiet -> SUCCESS | hans: $sees
        after 1 -> hans: timeout, closed

        ## Acknowledging a message does not count
        settings timeout 10
        online hans extended quiet
        later 5
        online yoda quiet
        yoda: message hans hi -> SUCCESS #1 | hans: message yoda #1 hi
        after 4 -> nothing
        hans: ack 1 -> nothing
        after 1 -> hans: timeout, closed

        ## Being tried at the door does not count
        settings timeout 10
        online hans
        after 9 -> nothing
        door: login as hans wrong -> INVALID_PASSWORD
        door: login as hans falcon -> ALREADY_LOGGED_IN
        after 1 -> hans: timeout, closed

        ## Each session has a time of its own
        settings timeout 10
        online hans quiet
        later 3
        online yoda quiet
        later 3
        online luke quiet
        after 4 -> hans: timeout, closed
        after 3 -> yoda: timeout, closed
        after 3 -> luke: timeout, closed

        ## Those whose time is over together end together
        settings timeout 10
        online hans quiet, yoda extended quiet, luke quiet
        after 9.999 -> nothing
        after 0.001 -> hans: timeout, closed | yoda: timeout, closed | luke: timeout, closed

        ## A command of one is no command of another
        settings timeout 10
        online hans, yoda
        after 6 -> nothing
        yoda: message hans hi -> SUCCESS #1 | hans: message yoda #1 hi
        after 4 -> hans: timeout, closed | yoda: hans logged out
        after 6 -> yoda: timeout, closed

        ## Whoever was logged out for inactivity can log in at once
        for a = original | extended quiet
        settings timeout 10
        online hans $a
        after 10 -> hans: timeout, closed
        hans: login $a -> SUCCESS
        after 9.999 -> nothing
        after 0.001 -> hans: timeout, closed

        ## Messages for whoever was logged out for inactivity are kept
        settings timeout 10
        online hans
        later 5
        online yoda quiet
        after 5 -> hans: timeout, closed
        yoda: message hans hi -> SUCCESS #1
        hans: login -> SUCCESS, message yoda #1 hi

        ## The time of a session that ended does not end the next
        for goes = logout -> logged out, closed | drops -> nothing
        settings timeout 10
        online hans
        after 6 -> nothing
        hans: $goes
        hans: login -> SUCCESS
        after 9.999 -> nothing
        after 0.001 -> hans: timeout, closed

        ## Whoever is gone is not logged out again
        for goes = logout -> logged out, closed | drops -> nothing
        settings timeout 10
        online hans
        later 6
        online yoda
        hans: $goes | yoda: hans logged out
        after 5 -> nothing
        yoda: whoelse -> nobody

        ## A session that is kept busy never ends
        settings timeout 2
        online hans
        after 1.5 -> nothing
        hans: whoelse -> nobody
        after 1.5 -> nothing
        hans: whoelse -> nobody
        after 1.999 -> nothing
        hans: whoelse -> nobody
        after 1.999 -> nothing
        hans: broadcast "" -> EMPTY
        after 2 -> hans: timeout, closed

        ## Seven days are counted like seconds
        settings timeout 604800
        online hans
        after 604799.999 -> nothing
        after 0.001 -> hans: timeout, closed
        """#)
}
