extension CaseText {
    /// Presence and blocks: who has blocked somebody comes and goes unseen by them.
    static let presenceBlocks = CaseText(
        "presence",
        #"""
        ## Whom a user has blocked is not told that the user comes
        for b = original | quiet | extended | extended quiet
        online hans $b, luke, leia extended
        yoda blocks hans
        yoda: login -> SUCCESS | luke: yoda logged in | leia: presence +yoda

        ## Whom a user has blocked is not told that the user goes
        for b = original | quiet | extended | extended quiet
        for goes = logout -> logged out, closed | drops -> nothing
        online hans $b, yoda, luke, leia extended
        yoda blocks hans
        yoda: $goes | luke: yoda logged out | leia: presence -yoda

        ## Whom a user has blocked is not told that the user was logged out for inactivity
        for b = original quiet | original | extended
        settings timeout 10
        online hans $b, yoda
        yoda blocks hans
        after 5 -> nothing
        hans: whoelse -> nobody
        after 5 -> yoda: timeout, closed
        hans: whoelse -> nobody

        ## Whoever blocks a user is still told that the user comes
        for b, sees = original, yoda logged in | extended, presence +yoda
        online hans $b
        hans blocks yoda
        yoda: login -> SUCCESS | hans: $sees

        ## Whoever blocks a user is still told that the user goes
        for b, sees = original, yoda logged out | extended, presence -yoda
        for goes = logout -> logged out, closed | drops -> nothing
        online hans $b, yoda
        hans blocks yoda
        yoda: $goes | hans: $sees

        ## Where both block each other neither is told
        for b = original | extended
        for goes = logout -> logged out, closed | drops -> nothing
        yoda blocks hans
        hans blocks yoda
        online hans $b, luke quiet
        yoda: login -> SUCCESS
        yoda: $goes
        yoda: login extended quiet -> SUCCESS

        ## The list at login leaves out those who block the newcomer
        online hans, luke, leia quiet
        hans blocks yoda
        yoda: login extended -> SUCCESS, presence is leia luke | hans: yoda logged in | luke: yoda logged in

        ## The list at login has those whom the newcomer blocks
        online hans, luke
        yoda blocks hans
        yoda: login extended -> SUCCESS, presence is hans luke | luke: yoda logged in

        ## Where both block each other the list at login leaves the other out
        online hans, luke
        yoda blocks hans
        hans blocks yoda
        yoda: login extended -> SUCCESS, presence is luke | luke: yoda logged in

        ## If everyone online blocks the newcomer the list is of nobody
        online hans quiet, luke quiet
        hans blocks yoda
        luke blocks yoda
        yoda: login extended -> SUCCESS, presence is nobody

        ## A block in mid-session makes the blocker vanish for an extended client
        online yoda, hans extended, luke extended, leia
        yoda: block hans -> SUCCESS | hans: presence -yoda

        ## An unblock in mid-session makes the blocker appear for an extended client
        online yoda, hans extended, luke extended, leia
        yoda blocks hans
        yoda: unblock hans -> SUCCESS | hans: presence +yoda

        ## A block in mid-session is not seen by a client without presence
        for b = quiet | extended quiet
        online yoda, hans $b, luke extended
        yoda: block hans -> SUCCESS
        yoda: unblock hans -> SUCCESS

        ## A block of somebody offline is seen by nobody
        for deed, reply = block hans, SUCCESS | unblock hans, NOT_BLOCKED
        online yoda, luke extended, leia
        yoda: $deed -> $reply

        ## A block that is refused is seen by nobody
        for deed, reply = block hans, ALREADY_BLOCKED | unblock luke, NOT_BLOCKED | block yoda, MESSAGE_SELF | block nobody, USER_NOT_EXIST
        online yoda, hans extended, luke extended
        yoda blocks hans
        yoda: $deed -> $reply

        ## After a block in mid-session the blocker goes unseen
        for b, sees = original, nothing | extended, presence -yoda
        for goes = logout -> logged out, closed | drops -> nothing
        online yoda, hans $b, luke quiet
        yoda: block hans -> SUCCESS | hans: $sees
        yoda: $goes

        ## After an unblock in mid-session the blocker goes seen
        for b, appears, leaves = original, nothing, yoda logged out | extended, presence +yoda, presence -yoda
        for goes = logout -> logged out, closed | drops -> nothing
        online yoda, hans $b
        yoda blocks hans
        yoda: unblock hans -> SUCCESS | hans: $appears
        yoda: $goes | hans: $leaves

        ## A block in mid-session leaves the blocked in the blocker's sight
        online yoda extended, hans
        yoda: block hans -> SUCCESS
        hans: logout -> logged out, closed | yoda: presence -hans
        hans: login -> SUCCESS | yoda: presence +hans

        ## Blocking and unblocking in turn makes an extended client see each change
        online yoda, hans extended
        yoda: block hans -> SUCCESS | hans: presence -yoda
        yoda: unblock hans -> SUCCESS | hans: presence +yoda
        yoda: block hans -> SUCCESS | hans: presence -yoda
        yoda: logout -> logged out, closed
        yoda: login -> SUCCESS
        yoda: unblock hans -> SUCCESS | hans: presence +yoda
        yoda: logout -> logged out, closed | hans: presence -yoda

        ## A mutual block in mid-session: each vanishes for the other
        online yoda extended, hans extended
        yoda: block hans -> SUCCESS | hans: presence -yoda
        hans: block yoda -> SUCCESS | yoda: presence -hans
        yoda: unblock hans -> SUCCESS | hans: presence +yoda
        hans: unblock yoda -> SUCCESS | yoda: presence +hans

        ## Who was blocked while offline does not find the blocker in the list
        online yoda, luke quiet
        yoda: block hans -> SUCCESS
        hans: login extended -> SUCCESS, presence is luke | yoda: hans logged in

        ## A blocked user's message tells the blocker nothing and changes no presence
        online yoda, hans extended
        yoda blocks hans
        hans: message yoda hi -> USER_BLOCKED
        hans: whoelse -> nobody

        ## A resume of a blocker is not told to the blocked
        online yoda extended quiet, hans, luke extended
        yoda blocks hans
        yoda: drops -> nothing | luke: presence -yoda
        yoda: resume quiet -> SUCCESS | luke: presence +yoda
        """#)
}
