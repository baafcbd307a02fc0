extension CaseText {
    /// Who gets in, and what a login answers.
    static let login = CaseText(
        "login",
        #"""
        ## Every sample account opens with its password
        for name, password = hans, falcon | yoda, wise | vader, sithlord | r2d2, socute | c3p0, droid | leia, blasterpistol
        | obiwan, jedimaster | luke, lightsaber | chewy, wookie | palpatine, darkside
        door: login as $name $password -> SUCCESS

        ## An extended client that comes first learns that nobody is there
        hans: login extended -> SUCCESS unread 0, presence is nobody

        ## A client that wants no presence gets the bare reply
        for p = original quiet | extended quiet
        online yoda, luke extended
        hans: login $p -> SUCCESS | yoda: hans logged in | luke: presence +hans

        ## An extended client without presence still gets its welcome
        hans: login extended quiet -> SUCCESS unread 0

        ## An extended client gets the list of those who are there before it
        online yoda, luke extended, leia quiet
        hans: login extended -> SUCCESS, presence is leia luke yoda | yoda: hans logged in | luke: presence +hans

        ## A login with an id gets it back
        for id = 1 | 0 | -7 | "seven" | 9007199254740993
        hans: login id $id -> SUCCESS id $id

        ## A refused login with an id gets it back
        hans: login as hans wrong id 5 -> INVALID_PASSWORD id 5

        ## A password that is nearly right is wrong
        for password = "" | Falcon | FALCON | " falcon" | "falcon " | falco | falconn | "falcon\u0000" | wise | hans | "fálcon"
        online yoda
        door: login as hans $password -> INVALID_PASSWORD

        ## A name that nobody has is answered like a wrong password
        for name = nobody | Hans | HANS | hansi | han | x | a*32
        online yoda
        door: login as $name falcon -> INVALID_PASSWORD

        ## What cannot be a name is answered like a wrong password
        for name = "" | "hans " | " hans" | "hans\u0000" | a*33 | "hän" | "../hans" | "hans\nyoda" | "*" | "ｈans"
        door: login as $name falcon -> INVALID_PASSWORD

        ## A wrong password is told to nobody else
        for p = original | extended
        online yoda, luke extended
        door: login as hans wrong $p -> INVALID_PASSWORD

        ## A second login is refused and the first is not disturbed
        for first, second = original, original | original, extended | extended, original | extended, extended
        online yoda, hans $first
        door: login as hans falcon $second -> ALREADY_LOGGED_IN
        yoda: message hans "still there?" -> SUCCESS #1 | hans: message yoda #1 "still there?"

        ## A second login of a client that wants no presence is refused too
        for second = quiet | extended quiet
        online hans extended quiet, luke extended
        door: login as hans falcon $second -> ALREADY_LOGGED_IN
        hans: whoelse -> names luke

        ## Whoever tries a wrong password on a name that is online learns nothing of it
        for p = original | extended
        online hans $p, luke
        door: login as hans wrong -> INVALID_PASSWORD
        hans: whoelse -> names luke

        ## A second login that was refused can be had after the first logs out
        online hans
        door: login as hans falcon -> ALREADY_LOGGED_IN
        hans: logout -> logged out, closed
        door: login as hans falcon -> SUCCESS

        ## Whoever is logged in on a connection cannot log in on it again
        for p = original | extended
        for who = hans falcon | yoda wise | hans wrong | nobody falcon
        online hans $p, luke
        hans: login as $who -> LOGGED_IN_ALREADY
        hans: whoelse -> names luke

        ## Two wrong passwords on one connection do not spoil the third try
        for p = original | extended quiet
        door: login as hans wrong -> INVALID_PASSWORD
        door: login as hans wronger -> INVALID_PASSWORD
        door: login as hans falcon $p -> SUCCESS

        ## The third refused name on one connection is the last
        online luke
        door: login as hans wrong -> INVALID_PASSWORD
        door: login as yoda wrong -> INVALID_PASSWORD
        door: login as leia wrong -> INVALID_PASSWORD, closed

        ## The third unknown name on one connection is the last
        door: login as nobody a -> INVALID_PASSWORD
        door: login as noone b -> INVALID_PASSWORD
        door: login as nemo c -> INVALID_PASSWORD, closed

        ## The third wrong password on one connection closes it
        for name = hans | nobody
        online luke
        door: login as $name wrong -> INVALID_PASSWORD
        door: login as $name wronger -> INVALID_PASSWORD
        door: login as $name wrongest -> INVALID_PASSWORD_BLOCKED, closed

        ## A new connection has three tries of its own
        door: login as hans wrong -> INVALID_PASSWORD
        door: login as yoda wrong -> INVALID_PASSWORD
        door: login as leia wrong -> INVALID_PASSWORD, closed
        door: login as luke wrong -> INVALID_PASSWORD
        door: login as luke lightsaber -> SUCCESS

        ## Tries on one connection do not count on another
        one: login as hans wrong -> INVALID_PASSWORD
        one: login as yoda wrong -> INVALID_PASSWORD
        two: login as leia wrong -> INVALID_PASSWORD
        one: login as hans falcon -> SUCCESS
        two: login as yoda wise -> SUCCESS | one: yoda logged in

        ## Logging out answers and closes
        for p = original | quiet | extended | extended quiet
        online hans $p
        hans: logout -> logged out, closed

        ## A logout with an id gets it back
        online hans
        hans: logout id 12 -> logged out id 12, closed

        ## Whoever logged out can log in again, with another client
        for first, second = original, original | original, quiet | extended, original | extended, extended quiet
        online hans $first
        hans: logout -> logged out, closed
        hans: login $second -> SUCCESS

        ## Whoever lost the connection can log in at once
        for first, second = original, original | original, extended quiet | extended, original | extended quiet, quiet
        online hans $first
        hans: drops -> nothing
        hans: login $second -> SUCCESS

        ## The same user comes and goes many times
        hans: login -> SUCCESS
        hans: logout -> logged out, closed
        hans: login -> SUCCESS
        hans: drops -> nothing
        hans: login -> SUCCESS
        hans: logout -> logged out, closed
        hans: login extended -> SUCCESS unread 0, presence is nobody

        ## A login that names a port for private sessions is a login like others
        for port = 0 | 1 | 5001 | 65535
        hans: login port $port -> SUCCESS

        ## Two users can be on at once, and each is the one it says
        one: login as hans falcon -> SUCCESS
        two: login as yoda wise -> SUCCESS | one: yoda logged in
        one: message yoda hi -> SUCCESS #1 | two: message hans #1 hi
        two: message hans ho -> SUCCESS #1 | one: message yoda #1 ho
        """#)
}
