extension CaseText {
    /// Messages for those who are away: all, in order, once, with the time they were sent.
    static let offline = CaseText(
        "offline",
        #"""
        ## What waits is shown at login, after the reply
        for p, unread = original, SUCCESS | quiet, SUCCESS | extended quiet, SUCCESS unread 1
        yoda wrote hans "hey dude"
        hans: login $p -> $unread, message yoda #1 "hey dude"

        ## An extended client sees who is there before what waits
        online luke quiet
        yoda wrote hans "hey dude"
        hans: login extended -> SUCCESS unread 1, presence is luke, message yoda #1 "hey dude"

        ## What waits comes in the order sent, whoever sent it
        for p = original | extended quiet
        yoda wrote hans one
        luke wrote hans two
        yoda wrote hans three
        leia wrote hans four
        hans: login $p -> SUCCESS, message yoda #1 one, message luke #2 two, message yoda #3 three, message leia #4 four

        ## What waits keeps the time at which it was sent
        for p = original | extended quiet
        online yoda quiet, luke quiet
        yoda: message hans one -> SUCCESS #1
        after 100 -> nothing
        luke: message hans two -> SUCCESS #2
        after 5000 -> nothing
        hans: login $p -> SUCCESS, message yoda #1 one, message luke #2 two

        ## What waits is for one user alone
        yoda wrote hans "for hans"
        yoda wrote luke "for luke"
        hans: login quiet -> SUCCESS, message yoda #1 "for hans"
        leia: login quiet -> SUCCESS
        luke: login quiet -> SUCCESS, message yoda #1 "for luke"

        ## What an original client has been shown is not shown again
        for goes = logout -> logged out, closed | drops -> nothing
        for p = original | extended quiet
        yoda wrote hans one
        hans: login -> SUCCESS, message yoda #1 one
        hans: $goes
        hans: login $p -> SUCCESS

        ## What an original client received online is not shown at its next login
        for goes = logout -> logged out, closed | drops -> nothing
        online yoda quiet, hans
        yoda: message hans one -> SUCCESS #1 | hans: message yoda #1 one
        hans: $goes
        hans: login -> SUCCESS

        ## What an extended client acknowledged is not shown again
        for goes = logout -> logged out, closed | drops -> nothing
        for p = original | extended quiet
        yoda wrote hans one
        hans: login extended quiet -> SUCCESS unread 1, message yoda #1 one
        hans: ack 1 -> nothing
        hans: $goes
        hans: login $p -> SUCCESS

        ## What an extended client did not acknowledge is shown again under the same number
        for goes = logout -> logged out, closed | drops -> nothing
        for p = original | extended quiet
        yoda wrote hans one
        yoda wrote hans two
        hans: login extended quiet -> SUCCESS unread 2, message yoda #1 one, message yoda #2 two
        hans: $goes
        hans: login $p -> SUCCESS, message yoda #1 one, message yoda #2 two

        ## What an extended client acknowledged in part is shown again in part
        yoda wrote hans one
        yoda wrote hans two
        yoda wrote hans three
        hans: login extended quiet -> SUCCESS unread 3, message yoda #1 one, message yoda #2 two, message yoda #3 three
        hans: ack 2 -> nothing
        hans: drops -> nothing
        hans: login extended quiet -> SUCCESS unread 1, message yoda #3 three

        ## A new message follows what waited
        yoda wrote hans one
        online yoda
        hans: login -> SUCCESS, message yoda #1 one | yoda: hans logged in
        yoda: message hans two -> SUCCESS #2 | hans: message yoda #2 two

        ## Numbers go on after all was shown
        yoda wrote hans one
        hans: login quiet -> SUCCESS, message yoda #1 one
        hans: logout -> logged out, closed
        luke: login quiet -> SUCCESS
        luke: message hans two -> SUCCESS #2
        hans: login quiet -> SUCCESS, message luke #2 two

        ## A block made after the message was kept does not take it away
        for p = original | extended quiet
        yoda wrote hans "before the block"
        hans blocks yoda
        hans: login $p -> SUCCESS, message yoda #1 "before the block"

        ## A block made after the message was kept stops the next
        yoda wrote hans one
        hans blocks yoda
        online yoda quiet
        yoda: message hans two -> USER_BLOCKED
        luke: login quiet -> SUCCESS
        luke: message hans three -> SUCCESS #2
        hans: login -> SUCCESS, message yoda #1 one, message luke #2 three | yoda: nothing | luke: nothing

        ## A block by the sender made after the message was kept does not take it away
        yoda wrote hans one
        yoda blocks hans
        hans: login -> SUCCESS, message yoda #1 one

        ## What waits comes though the sender is away, or has gone meanwhile
        online yoda
        yoda: message hans one -> SUCCESS #1
        yoda: logout -> logged out, closed
        hans: login -> SUCCESS, message yoda #1 one

        ## What waits survives the end of the server
        for p = original | extended quiet
        yoda wrote hans one
        online luke quiet
        luke: message hans two -> SUCCESS #2
        restart -> nothing
        hans: login $p -> SUCCESS, message yoda #1 one, message luke #2 two

        ## What an original client was shown is not shown again after the end of the server
        yoda wrote hans one
        hans: login -> SUCCESS, message yoda #1 one
        hans: logout -> logged out, closed
        restart -> nothing
        hans: login -> SUCCESS

        ## What an extended client acknowledged is not shown again after the end of the server
        online hans extended quiet, yoda quiet
        yoda: message hans one -> SUCCESS #1 | hans: message yoda #1 one
        yoda: message hans two -> SUCCESS #2 | hans: message yoda #2 two
        hans: ack 1 id 1 -> ok id 1
        restart -> nothing
        hans: login extended quiet -> SUCCESS unread 1, message yoda #2 two

        ## Numbers go on after the end of the server
        yoda wrote hans one
        online yoda
        restart -> nothing
        yoda: login quiet -> SUCCESS
        yoda: message hans two -> SUCCESS #2

        ## Ten messages come in their order
        for p = original | extended quiet
        yoda wrote hans 1
        yoda wrote hans 2
        luke wrote hans 3
        yoda wrote hans 4
        leia wrote hans 5
        yoda wrote hans 6
        chewy wrote hans 7
        yoda wrote hans 8
        luke wrote hans 9
        yoda wrote hans 10
        hans: login $p -> SUCCESS, message yoda #1 1, message yoda #2 2, message luke #3 3, message yoda #4 4, message leia #5 5,
          message yoda #6 6, message chewy #7 7, message yoda #8 8, message luke #9 9, message yoda #10 10

        ## What waits is not shown to a failed login
        yoda wrote hans secret
        door: login as hans wrong -> INVALID_PASSWORD
        hans: login -> SUCCESS, message yoda #1 secret

        ## When so many messages wait the next sender is told so
        for a = original | extended
        settings mailbox 3
        yoda wrote hans 1
        luke wrote hans 2
        yoda wrote hans 3
        online yoda $a, leia quiet
        yoda: message hans 4 -> MAILBOX_FULL
        leia: message hans 4 -> MAILBOX_FULL

        ## A message refused for want of room takes no number and is not shown
        settings mailbox 2
        yoda wrote hans 1
        yoda wrote hans 2
        online yoda quiet
        yoda: message hans 3 -> MAILBOX_FULL
        hans: login -> SUCCESS, message yoda #1 1, message yoda #2 2
        yoda: message hans 4 -> SUCCESS #3 | hans: message yoda #3 4

        ## A full mailbox is full for one recipient alone
        settings mailbox 1
        yoda wrote hans 1
        online yoda
        yoda: message hans 2 -> MAILBOX_FULL
        yoda: message luke 2 -> SUCCESS #1

        ## Reading makes room
        settings mailbox 1
        online yoda quiet
        yoda: message hans 1 -> SUCCESS #1
        yoda: message hans 2 -> MAILBOX_FULL
        hans: login -> SUCCESS, message yoda #1 1
        hans: logout -> logged out, closed
        yoda: message hans 3 -> SUCCESS #2
        yoda: message hans 4 -> MAILBOX_FULL

        ## Acknowledging makes room
        settings mailbox 2
        online yoda quiet, hans extended quiet
        yoda: message hans 1 -> SUCCESS #1 | hans: message yoda #1 1
        yoda: message hans 2 -> SUCCESS #2 | hans: message yoda #2 2
        yoda: message hans 3 -> MAILBOX_FULL
        hans: ack 1 -> nothing
        yoda: message hans 4 -> SUCCESS #3 | hans: message yoda #3 4

        ## A reader online fills no mailbox
        settings mailbox 1
        online yoda, hans
        yoda: message hans 1 -> SUCCESS #1 | hans: message yoda #1 1
        yoda: message hans 2 -> SUCCESS #2 | hans: message yoda #2 2
        yoda: message hans 3 -> SUCCESS #3 | hans: message yoda #3 3

        ## Broadcasts fill no mailbox
        settings mailbox 1
        online yoda, hans extended
        yoda: broadcast 1 -> sent 1 #1 | hans: broadcast yoda #1 1
        yoda: broadcast 2 -> sent 1 #2 | hans: broadcast yoda #2 2
        yoda: message hans 3 -> SUCCESS #1 | hans: message yoda #1 3

        ## Other refusals come before that of a full mailbox
        for text, reply = "", EMPTY | a*16385, TOO_LONG
        settings mailbox 1
        yoda wrote hans 1
        online yoda
        yoda: message hans $text -> $reply
        yoda: message hans 2 -> MAILBOX_FULL

        ## A blocked sender is told of the block, not of the full mailbox
        settings mailbox 1
        yoda wrote hans 1
        hans blocks yoda
        online yoda
        yoda: message hans 2 -> USER_BLOCKED

        ## A full mailbox is still full after a restart
        settings mailbox 1
        yoda wrote hans 1
        online yoda
        restart -> nothing
        yoda: login -> SUCCESS
        yoda: message hans 2 -> MAILBOX_FULL
        """#)
}
