extension CaseText {
    /// What was said before, page by page.
    static let history = CaseText(
        "history",
        #"""
        ## What was received can be read again
        online yoda quiet, hans extended quiet
        yoda: message hans one -> SUCCESS #1 | hans: message yoda #1 one
        yoda: message hans two -> SUCCESS #2 | hans: message yoda #2 two
        hans: ack 2 -> nothing
        hans: history with yoda -> page with yoda ; yoda #1 one ; yoda #2 two

        ## What was sent can be read again
        online yoda extended quiet, hans quiet
        yoda: message hans one -> SUCCESS #1 | hans: message yoda #1 one
        yoda: message hans two -> SUCCESS #2 | hans: message yoda #2 two
        yoda: history with hans -> page with hans ; yoda #1 one ; yoda #2 two

        ## Both sides of a conversation are in the order in which they were said
        online yoda extended quiet, hans extended quiet
        yoda: message hans question -> SUCCESS #1 | hans: message yoda #1 question
        after 1 -> nothing
        hans: message yoda answer -> SUCCESS #1 | yoda: message hans #1 answer
        after 1 -> nothing
        yoda: message hans thanks -> SUCCESS #2 | hans: message yoda #2 thanks
        hans: history with yoda -> page with yoda ; yoda #1 question ; hans #1 answer ; yoda #2 thanks
        yoda: history with hans -> page with hans ; yoda #1 question ; hans #1 answer ; yoda #2 thanks

        ## A conversation has nothing of others
        online yoda quiet, luke quiet, hans extended quiet
        yoda: message hans a -> SUCCESS #1 | hans: message yoda #1 a
        luke: message hans b -> SUCCESS #2 | hans: message luke #2 b
        yoda: message luke c -> SUCCESS #1 | luke: message yoda #1 c
        yoda: message hans d -> SUCCESS #3 | hans: message yoda #3 d
        hans: history with yoda -> page with yoda ; yoda #1 a ; yoda #3 d
        hans: history with luke -> page with luke ; luke #2 b

        ## Where nothing was said there is nothing to read
        online hans extended, yoda
        hans: history with yoda -> page with yoda
        hans: history -> page

        ## A long conversation is read page by page
        online yoda quiet, hans extended quiet
        yoda: message hans one -> SUCCESS #1 | hans: message yoda #1 one
        yoda: message hans two -> SUCCESS #2 | hans: message yoda #2 two
        yoda: message hans three -> SUCCESS #3 | hans: message yoda #3 three
        yoda: message hans four -> SUCCESS #4 | hans: message yoda #4 four
        yoda: message hans five -> SUCCESS #5 | hans: message yoda #5 five
        hans: history with yoda limit 2 -> page with yoda ; yoda #4 four ; yoda #5 five ; more
        hans: history with yoda limit 2 earlier -> page with yoda ; yoda #2 two ; yoda #3 three ; more
        hans: history with yoda limit 2 earlier -> page with yoda ; yoda #1 one

        ## A page is of the size asked for
        for limit, page = 1, yoda #3 three ; more | 2, yoda #2 two ; yoda #3 three ; more
        | 4, yoda #1 one ; yoda #2 two ; yoda #3 three | 200, yoda #1 one ; yoda #2 two ; yoda #3 three
        online yoda quiet, hans extended quiet
        yoda: message hans one -> SUCCESS #1 | hans: message yoda #1 one
        yoda: message hans two -> SUCCESS #2 | hans: message yoda #2 two
        yoda: message hans three -> SUCCESS #3 | hans: message yoda #3 three
        hans: history with yoda limit $limit -> page with yoda ; $page

        ## Pages go through both sides of a conversation
        online yoda extended quiet, hans extended quiet
        yoda: message hans a -> SUCCESS #1 | hans: message yoda #1 a
        after 1 -> nothing
        hans: message yoda b -> SUCCESS #1 | yoda: message hans #1 b
        after 1 -> nothing
        hans: message yoda c -> SUCCESS #2 | yoda: message hans #2 c
        after 1 -> nothing
        yoda: message hans d -> SUCCESS #2 | hans: message yoda #2 d
        yoda: history with hans limit 3 -> page with hans ; hans #1 b ; hans #2 c ; yoda #2 d ; more
        yoda: history with hans limit 3 earlier -> page with hans ; yoda #1 a

        ## Broadcasts can be read again, whoever spoke
        online yoda extended, hans
        yoda: broadcast one -> sent 1 #1 | hans: broadcast yoda #1 one
        hans: broadcast two -> sent 1 #2 | yoda: broadcast hans #2 two
        yoda: history -> page ; yoda #1 one ; hans #2 two

        ## A client that comes later may read the broadcasts that it missed
        online yoda quiet
        yoda: broadcast one -> sent 0 #1
        yoda: broadcast two -> sent 0 #2
        hans: login extended quiet -> SUCCESS unread 0
        hans: history -> page ; yoda #1 one ; yoda #2 two
        hans: history limit 1 -> page ; yoda #2 two ; more
        hans: history limit 1 earlier -> page ; yoda #1 one

        ## Direct messages are not among the broadcasts, nor broadcasts among them
        online yoda quiet, hans extended quiet
        yoda: broadcast a -> sent 1 #1 | hans: broadcast yoda #1 a
        yoda: message hans b -> SUCCESS #1 | hans: message yoda #1 b
        hans: history -> page ; yoda #1 a
        hans: history with yoda -> page with yoda ; yoda #1 b

        ## Nobody reads the conversation of others
        online yoda quiet, hans quiet, luke extended quiet
        yoda: message hans secret -> SUCCESS #1 | hans: message yoda #1 secret
        luke: history with yoda -> page with yoda
        luke: history with hans -> page with hans

        ## What was refused is in no history
        online yoda extended, hans
        hans blocks yoda
        yoda: message hans no -> USER_BLOCKED
        yoda: message hans "" -> USER_BLOCKED
        yoda: history with hans -> page with hans

        ## What was sent again under its key is in the history once
        online yoda extended, hans
        yoda: message hans hi key k1 -> SUCCESS #1 | hans: message yoda #1 hi
        yoda: message hans hi key k1 -> SUCCESS #1
        yoda: history with hans -> page with hans ; yoda #1 hi

        ## Messages are in the history after they were read, through logout and login
        yoda wrote hans one
        hans: login -> SUCCESS, message yoda #1 one
        hans: logout -> logged out, closed
        hans: login extended quiet -> SUCCESS unread 0
        hans: history with yoda -> page with yoda ; yoda #1 one

        ## The history outlives the server
        online yoda quiet, hans quiet
        yoda: message hans one -> SUCCESS #1 | hans: message yoda #1 one
        yoda: broadcast two -> sent 1 #1 | hans: broadcast yoda #1 two
        restart -> nothing
        hans: login extended quiet -> SUCCESS unread 0
        hans: history with yoda -> page with yoda ; yoda #1 one
        hans: history -> page ; yoda #1 two

        ## A history is seen by the asker alone
        online yoda extended, hans extended, luke
        yoda: history with hans -> page with hans
        yoda: history limit 5 -> page
        """#)
}
