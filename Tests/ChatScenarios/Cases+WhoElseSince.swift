extension CaseText {
    /// Who was online lately; it is remembered for as long as the store is.
    static let whoElseSince = CaseText(
        "whoelsesince",
        #"""
        ## Who is online is named, however short the time
        for since = 0.001 | 1 | 60 | 1000000000
        for a = original | extended
        online yoda $a, hans, luke extended
        yoda: whoelsesince $since -> names hans luke

        ## Who was never online is not named
        for since = 1 | 60 | 1000000000
        online yoda
        yoda: whoelsesince $since -> nobody

        ## Who has just gone is named
        for goes = logout -> logged out, closed | drops -> nothing
        for b = original | extended
        online yoda quiet, hans $b
        hans: $goes
        yoda: whoelsesince 1 -> names hans

        ## Who went is named up to so many seconds after
        for goes = logout -> logged out, closed | drops -> nothing
        for seconds, more = 10, 11 | 1, 1.5 | 2.5, 3 | 86400, 86401
        online yoda quiet, hans
        hans: $goes
        after $seconds -> nothing
        yoda: whoelsesince $seconds -> names hans
        after 0.001 -> nothing
        yoda: whoelsesince $seconds -> nobody
        yoda: whoelsesince $more -> names hans

        ## Who was logged out for inactivity went at that time
        settings timeout 10
        online yoda, hans
        after 5 -> nothing
        yoda: whoelse -> names hans
        after 5 -> hans: timeout, closed | yoda: hans logged out
        yoda: whoelsesince 1 -> names hans
        after 5 -> nothing
        yoda: whoelsesince 4.999 -> nobody
        yoda: whoelsesince 5 -> names hans

        ## When somebody came does not matter, only when they went
        online hans
        later 100
        online yoda quiet
        hans: logout -> logged out, closed
        after 5 -> nothing
        yoda: whoelsesince 5 -> names hans

        ## Who is online again is named, however long ago they went
        online yoda quiet, hans
        hans: logout -> logged out, closed
        after 1000 -> nothing
        hans: login -> SUCCESS
        after 1000 -> nothing
        yoda: whoelsesince 1 -> names hans

        ## The last going counts
        visited hans
        later 50
        visited hans
        online yoda
        after 10 -> nothing
        yoda: whoelsesince 9.999 -> nobody
        yoda: whoelsesince 10 -> names hans

        ## The names are sorted, those online and those gone together
        visited vader, chewy
        online yoda, luke, hans
        visited obiwan, c3p0
        yoda: whoelsesince 60 -> names c3p0 chewy hans luke obiwan vader

        ## Each is named by the time of their own going
        visited hans
        later 10
        visited luke
        later 10
        visited leia
        online yoda
        yoda: whoelsesince 9 -> names leia
        yoda: whoelsesince 10 -> names leia luke
        yoda: whoelsesince 19 -> names leia luke
        yoda: whoelsesince 20 -> names hans leia luke

        ## The asker is not named, however often they came and went
        visited yoda
        online yoda
        yoda: whoelsesince 60 -> nobody

        ## Who blocks the asker is not named, online or gone
        for there = online hans | visited hans
        $there
        online luke
        hans blocks yoda
        online yoda
        yoda: whoelsesince 60 -> names luke

        ## Whom the asker blocks is named, online or gone
        for there = online hans | visited hans
        $there
        online yoda, luke
        yoda blocks hans
        yoda: whoelsesince 60 -> names hans luke

        ## Where both block each other neither is said to have been there
        online hans, luke, yoda
        yoda blocks hans
        hans blocks yoda
        yoda: whoelsesince 60 -> names luke
        hans: whoelsesince 60 -> names luke

        ## Who lifts the block is named again
        online hans, yoda
        hans blocks yoda
        yoda: whoelsesince 60 -> nobody
        hans: unblock yoda -> SUCCESS
        yoda: whoelsesince 60 -> names hans

        ## A failed login is no time online
        online yoda
        door: login as hans wrong -> INVALID_PASSWORD
        yoda: whoelsesince 60 -> nobody

        ## A time longer than there has been time is all of it
        visited hans
        online yoda
        yoda: whoelsesince 100000000000000000000 -> names hans

        ## When somebody went is remembered through a restart
        for goes = logout -> logged out, closed
        for seconds = 10 | 3600
        online hans
        hans: $goes
        restart -> nothing
        after $seconds -> nothing
        yoda: login -> SUCCESS
        yoda: whoelsesince $seconds -> names hans
        after 0.001 -> nothing
        yoda: whoelsesince $seconds -> nobody

        ## Who lost the connection before a restart is remembered
        online hans
        hans: drops -> nothing
        after 10 -> nothing
        restart -> nothing
        yoda: login -> SUCCESS
        yoda: whoelsesince 9 -> nobody
        yoda: whoelsesince 10 -> names hans

        ## Ten users, some gone and some there
        visited hans, vader, r2d2
        online yoda, c3p0, leia extended
        visited obiwan
        yoda: whoelsesince 5 -> names c3p0 hans leia obiwan r2d2 vader
        """#)
}
