extension CaseText {
    /// A session is taken up again after the connection was lost.
    static let resume = CaseText(
        "resume",
        #"""
        ## Whoever lost the connection resumes, and others see a logout and a login
        online yoda, luke extended, leia quiet, hans extended
        hans: drops -> nothing | yoda: hans logged out | luke: presence -hans
        hans: resume -> SUCCESS unread 0, presence is leia luke yoda | yoda: hans logged in | luke: presence +hans

        ## A resumed session goes on as before
        online yoda, hans extended
        hans: drops -> nothing | yoda: hans logged out
        hans: resume -> SUCCESS, presence is yoda | yoda: hans logged in
        hans: message yoda hi -> SUCCESS #1 | yoda: message hans #1 hi
        yoda: message hans ho -> SUCCESS #1 | hans: message yoda #1 ho
        hans: logout -> logged out, closed | yoda: hans logged out

        ## A resume over the old connection that is still up replaces it, and nobody else sees anything
        online yoda, luke extended, hans extended
        phone: resume of hans -> SUCCESS unread 0, presence is luke yoda | hans: bye REPLACED, closed
        yoda: whoelse -> names hans luke

        ## After a replacement messages reach the new connection
        online yoda, hans extended
        phone: resume of hans -> SUCCESS, presence is yoda | hans: bye REPLACED, closed
        yoda: message hans hi -> SUCCESS #1 | phone: message yoda #1 hi
        yoda: broadcast ho -> sent 1 #1 | phone: broadcast yoda #1 ho

        ## A session can be replaced again and again
        online yoda, hans extended
        two: resume of hans -> SUCCESS, presence is yoda | hans: bye REPLACED, closed
        three: resume of two -> SUCCESS, presence is yoda | two: bye REPLACED, closed
        three: drops -> nothing | yoda: hans logged out
        four: resume of three -> SUCCESS, presence is yoda | yoda: hans logged in

        ## A session can be lost and resumed again and again
        online yoda, hans extended quiet
        hans: drops -> nothing | yoda: hans logged out
        hans: resume quiet -> SUCCESS | yoda: hans logged in
        hans: drops -> nothing | yoda: hans logged out
        hans: resume quiet -> SUCCESS | yoda: hans logged in

        ## Presence is wanted or not anew at each resume
        online yoda, hans extended quiet
        hans: drops -> nothing | yoda: hans logged out
        hans: resume -> SUCCESS, presence is yoda | yoda: hans logged in
        yoda: logout -> logged out, closed | hans: presence -yoda
        hans: drops -> nothing
        hans: resume quiet -> SUCCESS
        yoda: login quiet -> SUCCESS

        ## What was sent meanwhile is shown at the resume
        online yoda quiet, hans extended quiet
        hans: drops -> nothing
        yoda: message hans one -> SUCCESS #1
        yoda: message hans two -> SUCCESS #2
        hans: resume quiet -> SUCCESS unread 2, message yoda #1 one, message yoda #2 two

        ## At a resume too the list comes before what waits
        online yoda quiet, hans extended
        hans: drops -> nothing
        yoda: message hans one -> SUCCESS #1
        hans: resume -> SUCCESS unread 1, presence is yoda, message yoda #1 one

        ## What was not acknowledged is shown again at the resume
        online yoda quiet, hans extended quiet
        yoda: message hans one -> SUCCESS #1 | hans: message yoda #1 one
        hans: drops -> nothing
        hans: resume quiet -> SUCCESS unread 1, message yoda #1 one

        ## What was acknowledged is not shown again at the resume
        online yoda quiet, hans extended quiet
        yoda: message hans one -> SUCCESS #1 | hans: message yoda #1 one
        yoda: message hans two -> SUCCESS #2 | hans: message yoda #2 two
        hans: ack 1 -> nothing
        hans: drops -> nothing
        hans: resume quiet -> SUCCESS unread 1, message yoda #2 two

        ## What the client says it has is not shown again
        online yoda quiet, hans extended quiet
        yoda: message hans one -> SUCCESS #1 | hans: message yoda #1 one
        yoda: message hans two -> SUCCESS #2 | hans: message yoda #2 two
        hans: drops -> nothing
        hans: resume after 2 quiet -> SUCCESS

        ## What came after the last that the client has is shown at the resume
        online yoda quiet, hans extended quiet
        yoda: message hans one -> SUCCESS #1 | hans: message yoda #1 one
        yoda: message hans two -> SUCCESS #2 | hans: message yoda #2 two
        hans: drops -> nothing
        yoda: message hans three -> SUCCESS #3
        hans: resume after 1 quiet -> SUCCESS, message yoda #2 two, message yoda #3 three

        ## At a replacement what was not acknowledged is shown on the new connection
        online yoda quiet, hans extended quiet
        yoda: message hans one -> SUCCESS #1 | hans: message yoda #1 one
        phone: resume of hans quiet -> SUCCESS unread 1, message yoda #1 one | hans: bye REPLACED, closed

        ## Broadcasts that were missed are no mail at a resume
        online yoda quiet, hans extended quiet
        hans: drops -> nothing
        yoda: broadcast missed -> sent 0 #1
        hans: resume quiet -> SUCCESS unread 0

        ## A token that nobody was given is expired
        for p = original | extended | quiet
        online yoda
        door: resume unknown $p -> EXPIRED

        ## Whoever was told that the token is expired can log in
        online yoda
        hans: resume unknown -> EXPIRED
        hans: login extended quiet -> SUCCESS | yoda: hans logged in

        ## After a logout the token is expired
        online hans extended
        hans: logout -> logged out, closed
        hans: resume -> EXPIRED

        ## After a logout for inactivity the token is expired
        settings timeout 10
        online hans extended
        after 10 -> hans: timeout, closed
        hans: resume -> EXPIRED

        ## After a new login with the password the old token is expired, and the new session is not disturbed
        online yoda quiet, hans extended quiet
        hans: drops -> nothing
        phone: login as hans falcon -> SUCCESS
        door: resume of hans -> EXPIRED
        yoda: message hans hi -> SUCCESS #1 | phone: message yoda #1 hi

        ## The window in which a session can be resumed has an end
        for window, inside, outside = 5, 4, 2 | 60, 59, 2 | 300, 299, 2
        settings window $window
        online hans extended quiet, luke extended quiet
        hans: drops -> nothing
        luke: drops -> nothing
        after $inside -> nothing
        hans: resume quiet -> SUCCESS
        after $outside -> nothing
        luke: resume quiet -> EXPIRED

        ## The window is five minutes if nothing else is set
        for seconds, reply = 299, SUCCESS | 301, EXPIRED
        online hans extended quiet
        hans: drops -> nothing
        after $seconds -> nothing
        hans: resume quiet -> $reply

        ## The window begins when the connection is lost, not at login
        settings window 10
        online hans extended quiet
        after 20 -> nothing
        hans: drops -> nothing
        after 9 -> nothing
        hans: resume quiet -> SUCCESS

        ## The window begins anew at each loss
        settings window 10
        online hans extended quiet
        hans: drops -> nothing
        after 8 -> nothing
        hans: resume quiet -> SUCCESS
        hans: drops -> nothing
        after 8 -> nothing
        hans: resume quiet -> SUCCESS

        ## Whoever is logged in on a connection cannot resume on it
        online hans extended, luke extended quiet
        hans: resume -> LOGGED_IN_ALREADY
        hans: resume of luke -> LOGGED_IN_ALREADY
        hans: resume unknown -> LOGGED_IN_ALREADY
        hans: whoelse -> names luke

        ## A session that waits to be resumed is not online
        online yoda, hans extended
        hans: drops -> nothing | yoda: hans logged out
        yoda: whoelse -> nobody
        yoda: broadcast hi -> sent 0 #1
        yoda: startprivate hans -> USER_OFFLINE

        ## A session that waits to be resumed can be logged in anew
        for p = original quiet | extended quiet
        online yoda, hans extended
        hans: drops -> nothing | yoda: hans logged out
        hans: login $p -> SUCCESS | yoda: hans logged in

        ## A resume shows only those who do not block the one who resumes
        online yoda quiet, luke quiet, hans extended
        yoda blocks hans
        hans: drops -> nothing
        hans: resume -> SUCCESS, presence is luke

        ## A block made meanwhile counts at the resume
        online yoda quiet, hans extended
        hans: drops -> nothing
        yoda: block hans -> SUCCESS
        hans: resume -> SUCCESS, presence is nobody
        hans: message yoda hi -> USER_BLOCKED

        ## One user's token resumes that user's session and no other
        online hans extended quiet, luke extended quiet, yoda quiet
        hans: drops -> nothing
        luke: drops -> nothing
        one: resume of luke quiet -> SUCCESS
        yoda: message luke hi -> SUCCESS #1 | one: message yoda #1 hi
        yoda: message hans ho -> SUCCESS #1
        two: resume of hans quiet -> SUCCESS unread 1, message yoda #1 ho
        """#)
}
