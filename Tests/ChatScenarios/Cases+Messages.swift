extension CaseText {
    /// Direct messages: who may write to whom, and who sees it.
    static let messages = CaseText(
        "messages",
        #"""
        ## A message reaches a user who is online, and nobody else
        for a = original | quiet | extended | extended quiet
        for b = original | quiet | extended | extended quiet
        online yoda $a, hans $b, luke, leia extended
        yoda: message hans "hey dude" -> SUCCESS #1 | hans: message yoda #1 "hey dude"

        ## A message to a user who is offline is kept
        for a = original | quiet | extended | extended quiet
        online yoda $a, luke
        yoda: message hans "hey dude" -> SUCCESS #1

        ## A message to oneself is refused
        for a = original | quiet | extended | extended quiet
        online yoda $a, luke
        yoda: message yoda "note to self" -> MESSAGE_SELF

        ## A message to nobody's name is refused
        for name = nobody | Hans | HANS | han | hansi | door | everyone | a*32
        online yoda, hans extended
        yoda: message $name hi -> USER_NOT_EXIST

        ## A message to what cannot be a name is refused like one to nobody
        for name = "" | "hans " | " hans" | a*33 | "hän" | "hans,luke" | "*" | "hans\u0000" | "hans luke" | "{\"user\":\"hans\"}"
        online yoda, hans
        yoda: message $name hi -> USER_NOT_EXIST

        ## A message to nobody is refused to an extended client too
        for name = nobody | "no name"
        online yoda extended, hans extended
        yoda: message $name hi -> USER_NOT_EXIST

        ## Whom the recipient blocks is refused, with the reason
        for a = original | extended | extended quiet
        for b = original | extended | quiet
        online yoda $a, hans $b, luke
        hans blocks yoda
        yoda: message hans hi -> USER_BLOCKED

        ## Whom an offline recipient blocks is refused
        for a = original | extended
        online yoda $a, luke
        hans blocks yoda
        yoda: message hans hi -> USER_BLOCKED

        ## A message to someone whom the sender blocks is delivered
        for a = original | extended
        for b = original | extended
        online yoda $a, hans $b, luke
        yoda blocks hans
        yoda: message hans hi -> SUCCESS #1 | hans: message yoda #1 hi

        ## A message to someone offline whom the sender blocks is kept
        online yoda
        yoda blocks hans
        yoda: message hans hi -> SUCCESS #1
        hans: login quiet -> SUCCESS, message yoda #1 hi | yoda: hans logged in

        ## Where both block each other neither reaches the other
        for b = original | extended
        online yoda, hans $b, luke
        yoda blocks hans
        hans blocks yoda
        yoda: message hans hi -> USER_BLOCKED
        hans: message yoda ho -> USER_BLOCKED

        ## A block by others does not touch a message
        online yoda, hans, luke
        luke blocks yoda, hans
        yoda: message hans hi -> SUCCESS #1 | hans: message yoda #1 hi

        ## To oneself it is refused as such whatever the text
        for text = "" | " " | a*16384 | a*16385
        online yoda
        yoda: message yoda $text -> MESSAGE_SELF

        ## To nobody it is refused as such whatever the text
        for text = "" | "\t" | a*16385
        online yoda
        yoda: message nobody $text -> USER_NOT_EXIST

        ## Whom the recipient blocks is told so whatever the text
        for text = "" | " " | a*16385
        for b = online hans | visited hans
        $b
        online yoda
        hans blocks yoda
        yoda: message hans $text -> USER_BLOCKED

        ## Messages to one recipient are numbered in one row, whoever sends them
        online yoda, hans, luke extended
        yoda: message hans one -> SUCCESS #1 | hans: message yoda #1 one
        luke: message hans two -> SUCCESS #2 | hans: message luke #2 two
        yoda: message hans three -> SUCCESS #3 | hans: message yoda #3 three

        ## Each recipient has a row of numbers of its own
        online yoda, hans, luke
        yoda: message hans a -> SUCCESS #1 | hans: message yoda #1 a
        yoda: message luke b -> SUCCESS #1 | luke: message yoda #1 b
        yoda: message hans c -> SUCCESS #2 | hans: message yoda #2 c
        luke: message yoda d -> SUCCESS #1 | yoda: message luke #1 d

        ## A message that is refused takes no number
        online yoda, hans, luke
        hans blocks luke
        yoda: message hans a -> SUCCESS #1 | hans: message yoda #1 a
        luke: message hans b -> USER_BLOCKED
        yoda: message hans "" -> EMPTY
        yoda: message hans a*16385 -> TOO_LONG
        yoda: message hans c -> SUCCESS #2 | hans: message yoda #2 c

        ## Two people talk to each other
        for a = original | extended
        for b = original | extended
        online yoda $a, hans $b
        yoda: message hans "how are you?" -> SUCCESS #1 | hans: message yoda #1 "how are you?"
        hans: message yoda "well, thanks" -> SUCCESS #1 | yoda: message hans #1 "well, thanks"

        ## The same text twice without a key is two messages
        online yoda, hans
        yoda: message hans again -> SUCCESS #1 | hans: message yoda #1 again
        yoda: message hans again -> SUCCESS #2 | hans: message yoda #2 again

        ## A message to a user who lost the connection is kept
        for b = original | extended
        online hans $b, yoda quiet
        hans: drops -> nothing
        yoda: message hans hello -> SUCCESS #1
        hans: login quiet -> SUCCESS, message yoda #1 hello

        ## A message to a user who logged out is kept
        for b = original | extended
        online hans $b, yoda quiet
        hans: logout -> logged out, closed
        yoda: message hans hello -> SUCCESS #1
        hans: login quiet -> SUCCESS, message yoda #1 hello

        ## Whoever is not logged in receives no message
        online yoda, hans
        door: opens -> nothing
        yoda: message hans hi -> SUCCESS #1 | hans: message yoda #1 hi

        ## Whoever was refused at the door receives no message
        online yoda
        door: login as hans wrong -> INVALID_PASSWORD
        yoda: message hans hi -> SUCCESS #1

        ## A second client that was refused receives no message
        online yoda, hans
        door: login as hans falcon -> ALREADY_LOGGED_IN
        yoda: message hans hi -> SUCCESS #1 | hans: message yoda #1 hi

        ## A message reaches the connection on which the recipient is now
        online yoda quiet, hans
        hans: logout -> logged out, closed
        phone: login as hans falcon -> SUCCESS
        yoda: message hans hi -> SUCCESS #1 | phone: message yoda #1 hi

        ## Ten users: a message concerns two of them
        online hans, yoda, vader, r2d2, c3p0, leia extended, obiwan extended, luke quiet, chewy extended quiet, palpatine
        palpatine: message luke "join me" -> SUCCESS #1 | luke: message palpatine #1 "join me"
        """#)
}
