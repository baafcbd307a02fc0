extension CaseText {
    /// Blocks are one way, durable, and silent towards the blocked.
    static let blocking = CaseText(
        "blocking",
        #"""
        ## Blocking and unblocking are confirmed, and an original client that is blocked learns nothing
        for a = original | quiet | extended | extended quiet
        online yoda $a, hans, luke
        yoda: block hans -> SUCCESS
        yoda: unblock hans -> SUCCESS

        ## A user who is offline can be blocked and unblocked
        for a = original | extended
        online yoda $a
        yoda: block hans -> SUCCESS
        yoda: unblock hans -> SUCCESS

        ## Nobody can block or unblock themselves
        for deed = block | unblock
        for a = original | extended
        online yoda $a, hans
        yoda: $deed yoda -> MESSAGE_SELF

        ## Nobody's name can be blocked or unblocked
        for deed = block | unblock
        for name = nobody | Hans | HANS | "" | "hans " | a*33 | "*" | "ｈans"
        online yoda, hans
        yoda: $deed $name -> USER_NOT_EXIST

        ## Who is blocked already is not blocked again
        for b = online hans | online hans extended quiet | visited hans
        $b
        online yoda, luke
        yoda blocks hans
        yoda: block hans -> ALREADY_BLOCKED

        ## Who is not blocked cannot be unblocked
        for b = online hans | online hans extended | visited hans
        $b
        online yoda
        yoda: unblock hans -> NOT_BLOCKED

        ## Being blocked by a user is no block of that user
        for a = original | extended
        online yoda $a, hans
        hans blocks yoda
        yoda: unblock hans -> NOT_BLOCKED
        yoda: block hans -> SUCCESS
        yoda: block hans -> ALREADY_BLOCKED

        ## Unblocking is not blocking less: once is enough
        online yoda, hans
        yoda blocks hans
        yoda: unblock hans -> SUCCESS
        yoda: unblock hans -> NOT_BLOCKED
        hans: message yoda hi -> SUCCESS #1 | yoda: message hans #1 hi

        ## Blocks of several users are kept apart
        online yoda, hans, luke, leia
        yoda: block hans -> SUCCESS
        yoda: block luke -> SUCCESS
        yoda: unblock hans -> SUCCESS
        hans: message yoda a -> SUCCESS #1 | yoda: message hans #1 a
        luke: message yoda b -> USER_BLOCKED
        leia: message yoda c -> SUCCESS #2 | yoda: message leia #2 c

        ## A block is the blocker's own: others still hear the blocked
        online yoda, hans, luke
        yoda: block hans -> SUCCESS
        hans: message luke a -> SUCCESS #1 | luke: message hans #1 a
        hans: message yoda b -> USER_BLOCKED

        ## A block stops messages from the moment it is made
        for b, sees = original, nothing | quiet, nothing | extended, presence -yoda | extended quiet, nothing
        online yoda, hans $b
        hans: message yoda one -> SUCCESS #1 | yoda: message hans #1 one
        yoda: block hans -> SUCCESS | hans: $sees
        hans: message yoda two -> USER_BLOCKED

        ## A block is lifted from the moment it is unmade
        for b, sees = original, nothing | quiet, nothing | extended, presence +yoda | extended quiet, nothing
        online yoda, hans $b
        yoda blocks hans
        hans: message yoda one -> USER_BLOCKED
        yoda: unblock hans -> SUCCESS | hans: $sees
        hans: message yoda two -> SUCCESS #1 | yoda: message hans #1 two

        ## A refused message does not come after all when the block is lifted
        online yoda, hans
        yoda blocks hans
        hans: message yoda "let me in" -> USER_BLOCKED
        yoda: unblock hans -> SUCCESS
        yoda: logout -> logged out, closed | hans: yoda logged out
        yoda: login -> SUCCESS | hans: yoda logged in

        ## A block outlives the session in which it was made
        for goes = logout -> logged out, closed | drops -> nothing
        online yoda, hans quiet
        yoda: block hans -> SUCCESS
        yoda: $goes
        hans: message yoda one -> USER_BLOCKED
        yoda: login -> SUCCESS
        hans: message yoda two -> USER_BLOCKED
        yoda: block hans -> ALREADY_BLOCKED

        ## A block outlives the session of the blocked
        for goes = logout -> logged out, closed | drops -> nothing
        online yoda quiet, hans
        yoda: block hans -> SUCCESS
        hans: $goes
        hans: login -> SUCCESS
        hans: message yoda one -> USER_BLOCKED

        ## A block outlives the server
        online yoda, hans
        yoda: block hans -> SUCCESS
        restart -> nothing
        yoda: login quiet -> SUCCESS
        hans: login -> SUCCESS
        hans: message yoda one -> USER_BLOCKED
        yoda: block hans -> ALREADY_BLOCKED

        ## That a block was lifted outlives the server
        online yoda, hans
        yoda: block hans -> SUCCESS
        yoda: unblock hans -> SUCCESS
        restart -> nothing
        hans: login -> SUCCESS
        hans: message yoda one -> SUCCESS #1

        ## Each effect of a block from the side of the blocked, one after the other
        for b = original | extended
        online hans $b port 5001, yoda port 5002, luke quiet
        yoda blocks hans
        hans: message yoda x -> USER_BLOCKED
        hans: broadcast x -> sent 1 blocked 1 #1 | luke: broadcast hans #1 x
        hans: whoelse -> names luke
        hans: whoelsesince 60 -> names luke
        hans: startprivate yoda -> USER_BLOCKED

        ## A blocker is not kept from the blocked
        for b = original | extended
        online hans $b, yoda, luke quiet
        yoda blocks hans
        yoda: message hans x -> SUCCESS #1 | hans: message yoda #1 x
        yoda: broadcast x -> sent 2 #1 | hans: broadcast yoda #1 x | luke: broadcast yoda #1 x
        yoda: whoelse -> names hans luke
        yoda: whoelsesince 60 -> names hans luke

        ## Everyone can block everyone else
        online yoda, hans, luke
        yoda: block hans -> SUCCESS
        yoda: block luke -> SUCCESS
        hans: block yoda -> SUCCESS
        hans: block luke -> SUCCESS
        luke: block yoda -> SUCCESS
        luke: block hans -> SUCCESS
        luke: broadcast alone -> sent 0 blocked 2 #1
        luke: whoelse -> nobody

        ## A user can block all nine others, and none of them can write
        for who = hans | palpatine
        online $who, yoda
        yoda blocks hans, vader, r2d2, c3p0, leia, obiwan, luke, chewy, palpatine
        $who: message yoda hi -> USER_BLOCKED
        yoda: message $who hi -> SUCCESS #1 | $who: message yoda #1 hi
        """#)
}
