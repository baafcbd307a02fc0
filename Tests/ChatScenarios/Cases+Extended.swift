extension CaseText {
    /// The extended protocol: acknowledgements, what senders learn of them, passwords, signs of life.
    static let extended = CaseText(
        "extended",
        #"""
        ## What the recipient acknowledges the sender learns of
        for a = extended | extended quiet
        for b = extended | extended quiet
        online yoda $a, hans $b, luke extended
        yoda: message hans hi -> SUCCESS #1 | hans: message yoda #1 hi
        hans: ack 1 -> nothing | yoda: delivered hans #1

        ## An original sender learns nothing of it
        for a = original | quiet
        online yoda $a, hans extended
        yoda: message hans hi -> SUCCESS #1 | hans: message yoda #1 hi
        hans: ack 1 -> nothing

        ## An acknowledgement stands for all before it
        online yoda extended, hans extended
        yoda: message hans one -> SUCCESS #1 | hans: message yoda #1 one
        yoda: message hans two -> SUCCESS #2 | hans: message yoda #2 two
        yoda: message hans three -> SUCCESS #3 | hans: message yoda #3 three
        hans: ack 3 -> nothing | yoda: delivered hans #3

        ## Acknowledgements may come one by one
        online yoda extended, hans extended
        yoda: message hans one -> SUCCESS #1 | hans: message yoda #1 one
        yoda: message hans two -> SUCCESS #2 | hans: message yoda #2 two
        hans: ack 1 -> nothing | yoda: delivered hans #1
        hans: ack 2 -> nothing | yoda: delivered hans #2

        ## An acknowledgement that adds nothing is told to nobody
        for n = 0 | 1 | 2
        online yoda extended, hans extended
        yoda: message hans one -> SUCCESS #1 | hans: message yoda #1 one
        yoda: message hans two -> SUCCESS #2 | hans: message yoda #2 two
        hans: ack 2 -> nothing | yoda: delivered hans #2
        hans: ack $n -> nothing
        hans: drops -> nothing | yoda: presence -hans
        hans: login extended quiet -> SUCCESS unread 0 | yoda: presence +hans

        ## Only those whose messages are acknowledged learn of it
        online yoda extended, luke extended, leia extended, hans extended
        yoda: message hans one -> SUCCESS #1 | hans: message yoda #1 one
        luke: message hans two -> SUCCESS #2 | hans: message luke #2 two
        hans: ack 1 -> nothing | yoda: delivered hans #1
        hans: ack 2 -> nothing | luke: delivered hans #2

        ## An acknowledgement with an id is answered
        for id = 4 | "four"
        online yoda extended, hans extended
        yoda: message hans hi -> SUCCESS #1 | hans: message yoda #1 hi
        hans: ack 1 id $id -> ok id $id | yoda: delivered hans #1
        hans: ack 0 id 5 -> ok id 5

        ## Nothing is acknowledged that was never sent
        for n = 2 | 99 | 9223372036854775807
        online yoda quiet, hans extended quiet
        yoda: message hans one -> SUCCESS #1 | hans: message yoda #1 one
        hans: ack $n -> nothing
        hans: logout -> logged out, closed
        yoda: message hans two -> SUCCESS #2
        hans: login extended quiet -> SUCCESS unread 1, message yoda #2 two

        ## With nothing received there is nothing to acknowledge
        online hans extended quiet, yoda quiet
        hans: ack 7 -> nothing
        yoda: message hans one -> SUCCESS #1 | hans: message yoda #1 one

        ## An acknowledgement is for the messages of the one who sends it
        online yoda extended, hans extended, luke extended
        yoda: message hans one -> SUCCESS #1 | hans: message yoda #1 one
        luke: ack 1 -> nothing
        hans: ack 1 -> nothing | yoda: delivered hans #1

        ## The sender of a kept message learns when the recipient has it
        online yoda extended quiet
        yoda: message hans one -> SUCCESS #1
        hans: login extended quiet -> SUCCESS unread 1, message yoda #1 one
        hans: ack 1 -> nothing | yoda: delivered hans #1

        ## Receiving is not acknowledging
        online yoda extended, hans extended
        yoda: message hans one -> SUCCESS #1 | hans: message yoda #1 one
        hans: whoelse -> names yoda
        hans: message yoda back -> SUCCESS #1 | yoda: message hans #1 back

        ## A sender who has gone misses nothing that a session needs
        online yoda extended quiet, hans extended quiet
        yoda: message hans one -> SUCCESS #1 | hans: message yoda #1 one
        yoda: logout -> logged out, closed
        hans: ack 1 -> nothing

        ## Broadcasts are not acknowledged
        online yoda extended, hans extended
        yoda: broadcast one -> sent 1 #1 | hans: broadcast yoda #1 one
        hans: ack 1 -> nothing

        ## A ping is answered, a pong is not
        for p = original | extended
        online hans $p, luke
        hans: ping -> pong
        hans: ping id 3 -> pong id 3
        hans: pong -> nothing

        ## A password is changed by whoever knows it
        for second = original quiet | extended quiet
        online hans extended, luke extended quiet
        hans: passwd falcon millennium -> SUCCESS
        hans: logout -> logged out, closed
        one: login as hans falcon -> INVALID_PASSWORD
        two: login as hans millennium $second -> SUCCESS

        ## A changed password does not end the session
        online hans extended, luke
        hans: passwd falcon millennium id 1 -> SUCCESS id 1
        hans: broadcast hi -> sent 1 #1 | luke: broadcast hans #1 hi

        ## A wrong old password changes nothing
        for old = wrong | "" | Falcon | wise
        online hans extended
        hans: passwd $old millennium -> INVALID_PASSWORD
        hans: logout -> logged out, closed
        one: login as hans millennium -> INVALID_PASSWORD
        two: login as hans falcon -> SUCCESS

        ## A new password must be something
        online hans extended
        hans: passwd falcon "" -> UNACCEPTABLE
        hans: logout -> logged out, closed
        hans: login -> SUCCESS

        ## A password may have any characters
        for new = "two words" | "пароль" | "😀" | "\"quoted\""
        online hans extended
        hans: passwd falcon $new -> SUCCESS
        hans: logout -> logged out, closed
        one: login as hans $new -> SUCCESS

        ## A changed password outlives the server
        online hans extended
        hans: passwd falcon millennium -> SUCCESS
        restart -> nothing
        one: login as hans falcon -> INVALID_PASSWORD
        two: login as hans millennium -> SUCCESS

        ## One user's changed password is nobody else's
        online hans extended
        hans: passwd falcon wise -> SUCCESS
        yoda: login quiet -> SUCCESS | hans: presence +yoda
        one: login as luke wise -> INVALID_PASSWORD
        """#)
}
