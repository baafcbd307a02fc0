extension CaseText {
    /// A key makes it harmless to send a message again.
    static let keys = CaseText(
        "keys",
        #"""
        ## The same message again under its key is answered alike and shown to nobody
        for a = original | quiet | extended | extended quiet
        for b = original | extended | extended quiet
        online hans $b, yoda $a, luke
        yoda: message hans hi key k1 -> SUCCESS #1 | hans: message yoda #1 hi
        yoda: message hans hi key k1 -> SUCCESS #1

        ## A message to somebody offline is kept once however often it is sent
        for a = original quiet | extended quiet
        online yoda $a
        yoda: message hans hi key k1 -> SUCCESS #1
        yoda: message hans hi key k1 -> SUCCESS #1
        yoda: message hans hi key k1 -> SUCCESS #1
        hans: login quiet -> SUCCESS, message yoda #1 hi

        ## A broadcast again under its key is answered alike and heard by nobody
        for a = original | extended
        online yoda $a, hans, luke extended
        yoda: broadcast hi key k1 -> sent 2 #1 | hans: broadcast yoda #1 hi | luke: broadcast yoda #1 hi
        yoda: broadcast hi key k1 -> sent 2 #1
        yoda: broadcast hi key k2 -> sent 2 #2 | hans: broadcast yoda #2 hi | luke: broadcast yoda #2 hi

        ## Another key is another message
        online yoda, hans
        yoda: message hans hi key k1 -> SUCCESS #1 | hans: message yoda #1 hi
        yoda: message hans hi key k2 -> SUCCESS #2 | hans: message yoda #2 hi
        yoda: message hans hi -> SUCCESS #3 | hans: message yoda #3 hi

        ## Keys differ by case
        online yoda, hans
        yoda: message hans hi key k -> SUCCESS #1 | hans: message yoda #1 hi
        yoda: message hans hi key K -> SUCCESS #2 | hans: message yoda #2 hi

        ## A key is of the sender's own: another may use the same
        online yoda, luke, hans
        yoda: message hans a key k1 -> SUCCESS #1 | hans: message yoda #1 a
        luke: message hans b key k1 -> SUCCESS #2 | hans: message luke #2 b
        yoda: message hans a key k1 -> SUCCESS #1
        luke: message hans b key k1 -> SUCCESS #2

        ## What comes again under a key need not be the same to be answered the same
        online yoda, hans
        yoda: message hans one key k1 -> SUCCESS #1 | hans: message yoda #1 one
        yoda: message hans two key k1 -> SUCCESS #1

        ## After others have written the key still gives the first number
        online yoda, luke, hans
        yoda: message hans one key k1 -> SUCCESS #1 | hans: message yoda #1 one
        luke: message hans two -> SUCCESS #2 | hans: message luke #2 two
        yoda: message hans one key k1 -> SUCCESS #1
        yoda: message hans three key k3 -> SUCCESS #3 | hans: message yoda #3 three

        ## A key outlives the session of its sender
        for goes = logout -> logged out, closed | drops -> nothing
        for second = original quiet | extended quiet
        online yoda quiet, hans quiet
        yoda: message hans hi key k1 -> SUCCESS #1 | hans: message yoda #1 hi
        yoda: $goes
        yoda: login $second -> SUCCESS
        yoda: message hans hi key k1 -> SUCCESS #1

        ## A key outlives a resume
        online yoda extended quiet, hans quiet
        yoda: message hans hi key k1 -> SUCCESS #1 | hans: message yoda #1 hi
        yoda: drops -> nothing
        yoda: resume quiet -> SUCCESS
        yoda: message hans hi key k1 -> SUCCESS #1
        yoda: message hans ho key k2 -> SUCCESS #2 | hans: message yoda #2 ho

        ## A key outlives the server
        online yoda quiet, hans quiet
        yoda: message hans hi key k1 -> SUCCESS #1 | hans: message yoda #1 hi
        restart -> nothing
        yoda: login -> SUCCESS
        yoda: message hans hi key k1 -> SUCCESS #1
        hans: login quiet -> SUCCESS | yoda: hans logged in

        ## A message sent again after it was read is not shown again
        online yoda extended quiet
        yoda: message hans hi key k1 -> SUCCESS #1
        hans: login quiet -> SUCCESS, message yoda #1 hi
        yoda: message hans hi key k1 -> SUCCESS #1
        hans: logout -> logged out, closed
        hans: login quiet -> SUCCESS

        ## A refusal does not use up the key
        online yoda, hans
        hans blocks yoda
        yoda: message hans hi key k1 -> USER_BLOCKED
        hans: unblock yoda -> SUCCESS
        yoda: message hans hi key k1 -> SUCCESS #1 | hans: message yoda #1 hi

        ## A refusal for want of room does not use up the key
        settings mailbox 1
        yoda wrote hans 1
        online yoda quiet
        yoda: message hans 2 key k1 -> MAILBOX_FULL
        hans: login quiet -> SUCCESS, message yoda #1 1
        yoda: message hans 2 key k1 -> SUCCESS #2 | hans: message yoda #2 2

        ## What was accepted is answered alike though the mailbox has become full
        settings mailbox 1
        online yoda quiet
        yoda: message hans 1 key k1 -> SUCCESS #1
        yoda: message hans 2 key k2 -> MAILBOX_FULL
        yoda: message hans 1 key k1 -> SUCCESS #1

        ## A key may be anything printable of up to 64 characters
        for key = a | 0123456789abcdef0123456789abcdef | a*64 | "!#%&/()=?" | "{}" | "~"
        online yoda, hans
        yoda: message hans hi key $key -> SUCCESS #1 | hans: message yoda #1 hi
        yoda: message hans hi key $key -> SUCCESS #1

        ## What cannot be a key is a bad request, and nothing is sent
        for key = "" | a*65 | "a b" | "ü" | "\u0000" | "a\n"
        online yoda, hans
        yoda: message hans hi key $key -> BAD_REQUEST

        ## Each retry carries the id of its own request
        online yoda extended, hans
        yoda: message hans hi key k1 id 1 -> SUCCESS #1 id 1 | hans: message yoda #1 hi
        yoda: message hans hi key k1 id 2 -> SUCCESS #1 id 2
        """#)
}
