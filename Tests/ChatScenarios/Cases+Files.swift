extension CaseText {
    /// The index of files: who offers what, and who finds it.
    static let files = CaseText(
        "files",
        #"""
        ## A file that somebody offers is found
        online hans extended quiet peer, yoda extended quiet
        yoda: searchfile film.mkv -> FILE_NOT_EXIST
        hans: register film.mkv -> SUCCESS
        yoda: searchfile film.mkv -> found film.mkv ; hans 4
        yoda: searchfile film.avi -> FILE_NOT_EXIST

        ## Clients of the original may search too
        online hans extended quiet peer, yoda
        hans: register film.mkv -> SUCCESS
        yoda: searchfile film.mkv -> found film.mkv ; hans 4
        yoda: searchchunk film.mkv 1 -> found film.mkv ; hans 4 has 1

        ## Nobody finds what is one's own
        online hans extended quiet peer, yoda extended quiet peer
        hans: register film.mkv -> SUCCESS
        hans: searchfile film.mkv -> FILE_NOT_EXIST
        hans: searchchunk film.mkv 0 -> FILE_NOT_EXIST
        yoda: register film.mkv -> SUCCESS
        hans: searchfile film.mkv -> found film.mkv ; yoda 4

        ## Whoever cannot be met offers nothing
        for a = extended quiet | quiet | quiet port 5001 | quiet port 5001 peer
        online hans $a, yoda extended quiet
        hans: register film.mkv -> UNSUPPORTED
        hans: have 0 -> FILE_NOT_EXIST
        hans: withdraw -> FILE_NOT_EXIST
        yoda: searchfile film.mkv -> FILE_NOT_EXIST

        ## Those with the most pieces come first
        online hans extended quiet peer, leia extended quiet peer, luke extended quiet peer, yoda extended quiet
        hans: register film.mkv pieces 0 -> SUCCESS
        leia: register film.mkv pieces 1 2 3 -> SUCCESS
        luke: register film.mkv -> SUCCESS
        yoda: searchfile film.mkv -> found film.mkv ; luke 4 ; leia 3 ; hans 1

        ## Pieces are found where they are
        online hans extended quiet peer, leia extended quiet peer, yoda extended quiet
        hans: register film.mkv pieces 0 1 -> SUCCESS
        leia: register film.mkv pieces 1 2 -> SUCCESS
        yoda: searchchunk film.mkv 1 -> found film.mkv ; hans 2 has 1 ; leia 2 has 1
        yoda: searchchunk film.mkv 1 2 -> found film.mkv ; leia 2 has 1 2 ; hans 2 has 1
        yoda: searchchunk film.mkv 3 -> CHUNK_NOT_EXIST
        yoda: searchchunk film.mkv 60000 -> CHUNK_NOT_EXIST
        yoda: searchchunk film.avi 0 -> FILE_NOT_EXIST

        ## What was fetched is offered on
        online hans extended quiet peer, yoda extended quiet
        hans: register film.mkv pieces 0 -> SUCCESS
        hans: have 1 3 -> SUCCESS
        yoda: searchchunk film.mkv 0 1 2 3 -> found film.mkv ; hans 3 has 0 1 3
        hans: have 2 -> SUCCESS
        yoda: searchfile film.mkv -> found film.mkv ; hans 4

        ## Pieces of a file that was not registered are of no use
        online hans extended quiet peer
        hans: have 1 -> FILE_NOT_EXIST

        ## What was withdrawn is not found
        online hans extended quiet peer, yoda extended quiet
        hans: register film.mkv -> SUCCESS
        hans: withdraw -> SUCCESS
        yoda: searchfile film.mkv -> FILE_NOT_EXIST
        hans: withdraw -> FILE_NOT_EXIST

        ## Whoever registers again means what was said last
        online hans extended quiet peer, yoda extended quiet
        hans: register film.mkv -> SUCCESS
        hans: register film.avi pieces 2 -> SUCCESS
        yoda: searchfile film.mkv -> FILE_NOT_EXIST
        yoda: searchfile film.avi -> found film.avi ; hans 1

        ## With its owner a file is gone
        for goes = logout -> logged out, closed | drops -> nothing
        online hans extended quiet peer, yoda extended quiet
        hans: register film.mkv -> SUCCESS
        hans: $goes
        yoda: searchfile film.mkv -> FILE_NOT_EXIST
        yoda: searchchunk film.mkv 0 -> FILE_NOT_EXIST

        ## With an owner who falls asleep a file is gone
        settings timeout 10
        online hans extended quiet peer
        later 5
        online yoda extended quiet
        hans: register film.mkv -> SUCCESS
        after 5 -> hans: timeout, closed
        yoda: searchfile film.mkv -> FILE_NOT_EXIST

        ## Whoever comes back has nothing on offer until it is said again
        for back = login extended quiet peer -> SUCCESS | resume quiet -> SUCCESS
        online hans extended quiet peer, yoda extended quiet
        hans: register film.mkv -> SUCCESS
        hans: drops -> nothing
        hans: $back
        yoda: searchfile film.mkv -> FILE_NOT_EXIST
        hans: have 0 -> FILE_NOT_EXIST

        ## An owner who goes on over another connection has nothing on offer until it is said again
        online hans extended quiet peer, yoda extended quiet
        hans: register film.mkv -> SUCCESS
        door: resume of hans quiet -> SUCCESS | hans: bye REPLACED, closed
        yoda: searchfile film.mkv -> FILE_NOT_EXIST

        ## Nothing is on offer after a restart
        online hans extended quiet peer
        hans: register film.mkv -> SUCCESS
        restart -> nothing
        yoda: login extended quiet -> SUCCESS
        yoda: searchfile film.mkv -> FILE_NOT_EXIST

        ## Owners who block the asker are not shown, those whom the asker blocks are
        online hans extended quiet peer, leia extended quiet peer, yoda extended quiet
        hans: register film.mkv -> SUCCESS
        leia: register film.mkv -> SUCCESS
        hans: block yoda -> SUCCESS
        yoda: block leia -> SUCCESS
        yoda: searchfile film.mkv -> found film.mkv ; leia 4
        yoda: searchchunk film.mkv 0 -> found film.mkv ; leia 4 has 0
        leia: block yoda -> SUCCESS
        yoda: searchfile film.mkv -> FILE_NOT_EXIST
        yoda: searchchunk film.mkv 0 -> FILE_NOT_EXIST
        hans: unblock yoda -> SUCCESS
        yoda: searchfile film.mkv -> found film.mkv ; hans 4

        ## What cannot be a file's name is found nowhere
        for name = "" | "../film.mkv" | ".film" | "a/b" | "fi\u202elm"
        online yoda extended quiet
        yoda: searchfile $name -> FILE_NOT_EXIST
        yoda: searchchunk $name 0 -> FILE_NOT_EXIST

        ## A request about files that makes no sense is refused
        for frame = {"action":"register"} | {"action":"register","name":"a","root":"x","size":1,"pieces":"all"}
        | {"action":"have","root":"x","size":1,"pieces":[0]} | {"action":"withdraw"} | {"action":"searchfile"}
        | {"action":"searchfile","name":7} | {"action":"searchchunk","name":"a"} | {"action":"searchchunk","name":"a","chunks":[]}
        | {"action":"searchchunk","name":"a","chunks":[-1]} | {"action":"searchchunk","name":"a","chunks":[65536]}
        online yoda extended quiet peer
        yoda: raw $frame -> BAD_REQUEST
        yoda: whoelse -> nobody

        ## Before login there are no files
        for deed = register film.mkv | have 0 | withdraw | searchfile film.mkv | searchchunk film.mkv 0
        door: $deed -> NOT_LOGGED_IN

        ## A request about files with an id gets it back
        online hans extended quiet peer, yoda extended quiet
        hans: register film.mkv id 1 -> SUCCESS id 1
        yoda: searchfile film.mkv id "two" -> found film.mkv ; hans 4 id "two"
        yoda: searchchunk film.mkv 0 1 id 3 -> found film.mkv ; hans 4 has 0 1 id 3
        """#)
}
