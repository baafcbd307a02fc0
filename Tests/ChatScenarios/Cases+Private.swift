extension CaseText {
    /// Rendezvous for private sessions: where the other side listens, or why not.
    static let privateSessions = CaseText(
        "private",
        #"""
        ## Two original clients with ports find each other
        for port = 1 | 5001 | 65535
        online yoda port 4999, hans port $port, luke port 5003
        yoda: startprivate hans -> SUCCESS hans at 127.0.0.1 $port

        ## Either may ask, and each learns the other's port
        online yoda port 5001, hans port 5002
        yoda: startprivate hans -> SUCCESS hans at 127.0.0.1 5002
        hans: startprivate yoda -> SUCCESS yoda at 127.0.0.1 5001

        ## Asking twice gives the same answer
        online yoda port 5001, hans port 5002
        yoda: startprivate hans -> SUCCESS hans at 127.0.0.1 5002
        yoda: startprivate hans -> SUCCESS hans at 127.0.0.1 5002

        ## Clients without presence find each other too
        online yoda quiet port 5001, hans quiet port 5002
        yoda: startprivate hans -> SUCCESS hans at 127.0.0.1 5002

        ## The port is that of the latest login
        online yoda port 5001, hans port 5002
        hans: logout -> logged out, closed | yoda: hans logged out
        hans: login port 6002 -> SUCCESS | yoda: hans logged in
        yoda: startprivate hans -> SUCCESS hans at 127.0.0.1 6002

        ## Nobody opens a private session with themselves
        for a = original | original port 5001 | extended | quiet
        online yoda $a
        yoda: startprivate yoda -> USER_SELF

        ## There is no private session with nobody
        for name = nobody | Hans | "" | "hans " | a*33 | "hän"
        online yoda port 5001, hans port 5002
        yoda: startprivate $name -> USER_NOT_EXIST

        ## There is no private session with somebody offline
        for goes = logout -> logged out, closed | drops -> nothing
        online yoda quiet port 5001, hans port 5002
        hans: $goes
        yoda: startprivate hans -> USER_OFFLINE

        ## There is no private session with somebody who was never there
        for a = original | original port 5001 | extended
        online yoda $a
        yoda: startprivate hans -> USER_OFFLINE

        ## Whom the other side blocks is told so
        for a = original port 5001 | extended | original
        for b = original port 5002 | extended | quiet
        online yoda $a, hans $b
        hans blocks yoda
        yoda: startprivate hans -> USER_BLOCKED

        ## Whom an offline user blocks is told so
        hans blocks yoda
        online yoda port 5001
        yoda: startprivate hans -> USER_BLOCKED

        ## Whom the asker blocks can be asked for
        online yoda port 5001, hans port 5002
        yoda blocks hans
        yoda: startprivate hans -> SUCCESS hans at 127.0.0.1 5002

        ## After the block is lifted the session can be had
        online yoda port 5001, hans port 5002
        hans blocks yoda
        yoda: startprivate hans -> USER_BLOCKED
        hans: unblock yoda -> SUCCESS
        yoda: startprivate hans -> SUCCESS hans at 127.0.0.1 5002

        ## Where the other side has no port there is no private session
        for a = original | original port 5001
        online yoda $a, hans
        yoda: startprivate hans -> UNSUPPORTED

        ## Where a side speaks the extended protocol there is no private session over an address
        for a, b = original port 5001, extended port 5002 | extended port 5001, original port 5002 | extended port 5001, extended port 5002
        | original port 5001, extended | extended, extended quiet port 5002
        online yoda $a, hans $b
        yoda: startprivate hans -> UNSUPPORTED

        ## Nobody else sees that a private session is sought, not even the one sought
        online yoda port 5001, hans port 5002, luke extended, leia
        yoda: startprivate hans -> SUCCESS hans at 127.0.0.1 5002
        yoda: startprivate luke -> UNSUPPORTED

        ## A request for a private session with an id gets it back
        for id = 1 | "one"
        online yoda port 5001, hans port 5002
        yoda: startprivate hans id $id -> SUCCESS hans at 127.0.0.1 5002 id $id
        yoda: startprivate yoda id $id -> USER_SELF id $id

        ## Two clients that say how they are met learn of each other
        online yoda extended quiet peer, hans extended quiet peer
        yoda: startprivate hans -> peer hans | hans: asked by yoda
        yoda: startprivate hans for chat -> peer hans | hans: asked by yoda

        ## What a link is for is told to both, and does not change who may have one
        online yoda extended quiet peer, hans extended quiet peer, luke extended quiet, leia port 5001
        yoda: startprivate hans for bulk -> peer hans for bulk | hans: asked by yoda for bulk
        yoda: startprivate luke for bulk -> UNSUPPORTED
        yoda: startprivate leia for bulk -> UNSUPPORTED
        yoda: startprivate yoda for bulk -> USER_SELF
        yoda: startprivate obiwan for bulk -> USER_OFFLINE
        hans: block yoda -> SUCCESS
        yoda: startprivate hans for bulk -> USER_BLOCKED

        ## Between clients of the original no link is for bulk
        online yoda port 5001, hans port 5002
        yoda: startprivate hans for bulk -> UNSUPPORTED
        yoda: startprivate hans for chat -> SUCCESS hans at 127.0.0.1 5002

        ## A purpose that nobody knows is refused
        for purpose = "lunch" | 7 | null | ""
        online yoda extended quiet peer, hans extended quiet peer
        yoda: raw {"action":"startprivate","user":"hans","purpose":$purpose} -> BAD_REQUEST
        """#)
}
