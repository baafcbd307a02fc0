extension CaseText {
    /// A word to everyone: who hears it, and what the speaker learns.
    static let broadcast = CaseText(
        "broadcast",
        #"""
        ## A broadcast reaches everyone else online, whatever they speak
        for a = original | quiet | extended | extended quiet
        online yoda $a, hans, luke quiet, leia extended, chewy extended quiet
        yoda: broadcast "vader sucks" -> sent 4 #1 | hans: broadcast yoda #1 "vader sucks" | luke: broadcast yoda #1 "vader sucks"
        | leia: broadcast yoda #1 "vader sucks" | chewy: broadcast yoda #1 "vader sucks"

        ## A broadcast to an empty room is sent to nobody
        for a = original | quiet | extended | extended quiet
        online yoda $a
        yoda: broadcast "anybody here?" -> sent 0 #1

        ## A broadcast does not reach those who block the speaker
        for a = original | extended
        for b = original | quiet | extended | extended quiet
        online yoda $a, hans $b, luke
        hans blocks yoda
        yoda: broadcast hi -> sent 1 blocked 1 #1 | luke: broadcast yoda #1 hi

        ## A broadcast reaches those whom the speaker blocks
        for a = original | extended
        for b = original | extended | quiet
        online yoda $a, hans $b
        yoda blocks hans
        yoda: broadcast hi -> sent 1 #1 | hans: broadcast yoda #1 hi

        ## Where both block each other a broadcast is stopped by the block of the listener
        online yoda, hans, luke
        yoda blocks hans
        hans blocks yoda
        yoda: broadcast hi -> sent 1 blocked 1 #1 | luke: broadcast yoda #1 hi
        hans: broadcast ho -> sent 1 blocked 1 #2 | luke: broadcast hans #2 ho

        ## Those who block the speaker and are offline are not counted
        hans blocks yoda
        online yoda, luke
        yoda: broadcast hi -> sent 1 #1 | luke: broadcast yoda #1 hi

        ## If everyone blocks the speaker nobody hears
        for who = hans | hans quiet | hans extended | hans extended quiet
        online yoda, $who, luke, leia extended
        hans blocks yoda
        luke blocks yoda
        leia blocks yoda
        yoda: broadcast "anybody?" -> sent 0 blocked 3 #1

        ## Blocks between listeners do not touch a broadcast
        online yoda, hans, luke
        hans blocks luke
        luke blocks hans
        yoda: broadcast hi -> sent 2 #1 | hans: broadcast yoda #1 hi | luke: broadcast yoda #1 hi

        ## After unblocking the broadcasts come again
        for b = original quiet | extended quiet
        online yoda, hans $b
        hans blocks yoda
        yoda: broadcast one -> sent 0 blocked 1 #1
        hans: unblock yoda -> SUCCESS
        yoda: broadcast two -> sent 1 #2 | hans: broadcast yoda #2 two

        ## A broadcast is not kept for those who are offline
        for b = original quiet | extended quiet
        online yoda, luke
        yoda: broadcast "you missed it" -> sent 1 #1 | luke: broadcast yoda #1 "you missed it"
        hans: login $b -> SUCCESS | yoda: hans logged in | luke: hans logged in

        ## A broadcast is not unread mail
        online yoda
        yoda: broadcast "you missed it" -> sent 0 #1
        hans: login extended quiet -> SUCCESS unread 0 | yoda: hans logged in

        ## Broadcasts are numbered in one row, whoever speaks
        online yoda, hans, luke extended
        yoda: broadcast one -> sent 2 #1 | hans: broadcast yoda #1 one | luke: broadcast yoda #1 one
        hans: broadcast two -> sent 2 #2 | yoda: broadcast hans #2 two | luke: broadcast hans #2 two
        luke: broadcast three -> sent 2 #3 | yoda: broadcast luke #3 three | hans: broadcast luke #3 three

        ## Broadcasts and direct messages are numbered apart
        online yoda, hans
        yoda: broadcast a -> sent 1 #1 | hans: broadcast yoda #1 a
        yoda: message hans b -> SUCCESS #1 | hans: message yoda #1 b
        yoda: broadcast c -> sent 1 #2 | hans: broadcast yoda #2 c
        yoda: message hans d -> SUCCESS #2 | hans: message yoda #2 d

        ## A refused broadcast takes no number
        online yoda, hans
        yoda: broadcast "" -> EMPTY
        yoda: broadcast a*16385 -> TOO_LONG
        yoda: broadcast a -> sent 1 #1 | hans: broadcast yoda #1 a

        ## An empty or too long broadcast is sent to nobody and blocked by nobody
        for text, fault = "", EMPTY | " ", EMPTY | a*16385, TOO_LONG
        for a = original | extended
        online yoda $a, hans, luke
        luke blocks yoda
        yoda: broadcast $text -> $fault

        ## A broadcast reaches only those who are online at the time
        for goes = logout -> logged out, closed | drops -> nothing
        online luke, hans, yoda
        hans: $goes | luke: hans logged out | yoda: hans logged out
        yoda: broadcast one -> sent 1 #1 | luke: broadcast yoda #1 one
        hans: login -> SUCCESS | luke: hans logged in | yoda: hans logged in
        yoda: broadcast two -> sent 2 #2 | luke: broadcast yoda #2 two | hans: broadcast yoda #2 two

        ## A broadcast does not reach the door
        online yoda, hans
        door: opens -> nothing
        yoda: broadcast hi -> sent 1 #1 | hans: broadcast yoda #1 hi

        ## A broadcast of the blocked reaches the others with its place in the row
        online yoda, hans, luke
        hans blocks yoda
        yoda: broadcast one -> sent 1 blocked 1 #1 | luke: broadcast yoda #1 one
        luke: broadcast two -> sent 2 #2 | yoda: broadcast luke #2 two | hans: broadcast luke #2 two

        ## Ten users hear each other
        online hans, yoda, vader, r2d2, c3p0, leia extended, obiwan extended, luke quiet, chewy extended quiet, palpatine
        vader blocks luke
        luke: broadcast all -> sent 8 blocked 1 #1 | hans: broadcast luke #1 all | yoda: broadcast luke #1 all | r2d2: broadcast luke #1 all
        | c3p0: broadcast luke #1 all | leia: broadcast luke #1 all | obiwan: broadcast luke #1 all | chewy: broadcast luke #1 all
        | palpatine: broadcast luke #1 all

        ## A number given to a broadcast is not given again after a restart
        online yoda, hans
        yoda: broadcast one -> sent 1 #1 | hans: broadcast yoda #1 one
        restart -> nothing
        yoda: login -> SUCCESS
        yoda: broadcast two -> sent 0 #2
        """#)
}
