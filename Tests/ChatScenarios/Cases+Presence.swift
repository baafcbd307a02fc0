extension CaseText {
    /// Who is told of comings and goings.
    static let presence = CaseText(
        "presence",
        #"""
        ## A login is told to everyone online in the words of their protocol
        for a = original | quiet | extended quiet
        online hans, luke extended, leia quiet, chewy extended quiet
        yoda: login $a -> SUCCESS | hans: yoda logged in | luke: presence +yoda

        ## A login of an extended client is told like any other
        online hans, luke extended, leia quiet, chewy extended quiet
        yoda: login extended -> SUCCESS, presence is chewy hans leia luke | hans: yoda logged in | luke: presence +yoda

        ## A logout is told to everyone online
        for a = original | quiet | extended | extended quiet
        online hans, yoda $a, luke extended, leia quiet, chewy extended quiet
        yoda: logout -> logged out, closed | hans: yoda logged out | luke: presence -yoda

        ## A lost connection is told to everyone online
        for a = original | quiet | extended | extended quiet
        online hans, yoda $a, luke extended, leia quiet, chewy extended quiet
        yoda: drops -> nothing | hans: yoda logged out | luke: presence -yoda

        ## A logout for inactivity is told to everyone online
        for a = original | quiet | extended | extended quiet
        settings timeout 10
        online hans, yoda $a, luke extended, leia quiet
        after 5 -> nothing
        hans: whoelse -> names leia luke yoda
        luke: whoelse -> names hans leia yoda
        leia: whoelse -> names hans luke yoda
        after 5 -> yoda: timeout, closed | hans: yoda logged out | luke: presence -yoda

        ## Whoever comes back is told of again
        for goes = logout -> logged out, closed | drops -> nothing
        online hans, yoda, luke extended
        yoda: $goes | hans: yoda logged out | luke: presence -yoda
        yoda: login -> SUCCESS | hans: yoda logged in | luke: presence +yoda

        ## The list at login names those with and without presence, and not oneself
        online hans, luke extended, leia quiet, chewy extended quiet
        visited vader
        yoda: login extended -> SUCCESS, presence is chewy hans leia luke | hans: yoda logged in | luke: presence +yoda

        ## The list at login leaves out who has gone
        for goes = logout -> logged out, closed | drops -> nothing
        online hans, luke quiet
        hans: $goes
        yoda: login extended -> SUCCESS, presence is luke

        ## Nine others make one list
        online hans, vader, r2d2 quiet, c3p0 quiet, leia quiet, obiwan quiet, luke extended, chewy extended quiet, palpatine quiet
        yoda: login extended -> SUCCESS, presence is c3p0 chewy hans leia luke obiwan palpatine r2d2 vader
        | hans: yoda logged in | vader: yoda logged in | luke: presence +yoda

        ## Nobody is told of a refused login
        online yoda, luke extended
        door: login as hans wrong -> INVALID_PASSWORD
        gate: login as nobody x -> INVALID_PASSWORD
        back: login as yoda wise -> ALREADY_LOGGED_IN

        ## Nobody is told of connections that come and go without a login
        for deed, reply = whoelse, NOT_LOGGED_IN | login as hans wrong, INVALID_PASSWORD | do dance, NOT_LOGGED_IN
        online yoda, luke extended
        door: $deed -> $reply
        door: drops -> nothing

        ## Nobody is told of a refused second client that goes away
        online yoda, hans, luke extended
        door: login as hans falcon -> ALREADY_LOGGED_IN
        door: drops -> nothing
        hans: whoelse -> names luke yoda

        ## A client may come without presence and later with it
        online hans, luke
        yoda: login quiet -> SUCCESS | hans: yoda logged in | luke: yoda logged in
        hans: logout -> logged out, closed | luke: hans logged out
        yoda: logout -> logged out, closed | luke: yoda logged out
        yoda: login -> SUCCESS | luke: yoda logged in
        hans: login -> SUCCESS | luke: hans logged in | yoda: hans logged in

        ## A client may come without presence and later with a list of it
        online hans, luke
        yoda: login extended quiet -> SUCCESS | hans: yoda logged in | luke: yoda logged in
        luke: logout -> logged out, closed | hans: luke logged out
        yoda: logout -> logged out, closed | hans: yoda logged out
        yoda: login extended -> SUCCESS, presence is hans | hans: yoda logged in

        ## Those who come one after the other see those who come later
        hans: login -> SUCCESS
        luke: login extended -> SUCCESS, presence is hans | hans: luke logged in
        leia: login -> SUCCESS | hans: leia logged in | luke: presence +leia
        chewy: login extended -> SUCCESS, presence is hans leia luke | hans: chewy logged in | luke: presence +chewy | leia: chewy logged in
        hans: logout -> logged out, closed | luke: presence -hans | leia: hans logged out | chewy: presence -hans
        luke: drops -> nothing | leia: luke logged out | chewy: presence -luke
        leia: logout -> logged out, closed | chewy: presence -leia
        chewy: logout -> logged out, closed

        ## Messages and broadcasts make nobody come or go
        online hans, luke extended, yoda
        yoda: message hans a -> SUCCESS | hans: message yoda a
        yoda: broadcast b -> sent 2 | hans: broadcast yoda b | luke: broadcast yoda b

        ## After a restart everyone comes anew
        online hans, luke extended
        restart -> nothing
        hans: login -> SUCCESS
        luke: login extended -> SUCCESS, presence is hans | hans: luke logged in
        """#)
}
