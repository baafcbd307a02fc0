extension CaseText {
    /// Who is online, as far as the asker may know.
    static let whoElse = CaseText(
        "whoelse",
        #"""
        ## Whoever is alone finds nobody
        for a = original | quiet | extended | extended quiet
        online yoda $a
        yoda: whoelse -> nobody

        ## Everyone else online is named, whatever they speak
        for a = original | quiet | extended | extended quiet
        online luke extended, yoda $a, hans, leia quiet, chewy extended quiet
        yoda: whoelse -> names chewy hans leia luke

        ## The names are sorted, however they came
        online yoda, vader, r2d2, palpatine, obiwan, luke, leia, hans, chewy, c3p0
        yoda: whoelse -> names c3p0 chewy hans leia luke obiwan palpatine r2d2 vader
        hans: whoelse -> names c3p0 chewy leia luke obiwan palpatine r2d2 vader yoda

        ## Who has gone is not named
        for goes = logout -> logged out, closed | drops -> nothing
        for b = original | extended
        online yoda quiet, hans $b, luke quiet
        hans: $goes
        yoda: whoelse -> names luke

        ## Who was logged out for inactivity is not named
        settings timeout 10
        online yoda, hans
        after 5 -> nothing
        yoda: whoelse -> names hans
        after 5 -> hans: timeout, closed | yoda: hans logged out
        yoda: whoelse -> nobody

        ## Who is at the door is not named
        online yoda
        door: login as hans wrong -> INVALID_PASSWORD
        yoda: whoelse -> nobody

        ## Who came back is named
        online yoda quiet, hans
        hans: logout -> logged out, closed
        yoda: whoelse -> nobody
        hans: login extended quiet -> SUCCESS
        yoda: whoelse -> names hans

        ## Who blocks the asker is not named
        for a = original | extended
        for b = original | extended | quiet
        online yoda $a, hans $b, luke
        hans blocks yoda
        yoda: whoelse -> names luke

        ## Whom the asker blocks is named
        for a = original | extended
        online yoda $a, hans, luke
        yoda blocks hans
        yoda: whoelse -> names hans luke

        ## Where both block each other neither is named to the other
        online yoda, hans, luke
        yoda blocks hans
        hans blocks yoda
        yoda: whoelse -> names luke
        hans: whoelse -> names luke
        luke: whoelse -> names hans yoda

        ## A block hides the blocker from the moment it is made until it is unmade
        online yoda quiet, hans
        yoda: whoelse -> names hans
        hans: block yoda -> SUCCESS
        yoda: whoelse -> nobody
        hans: unblock yoda -> SUCCESS
        yoda: whoelse -> names hans

        ## A block of others hides nobody from the asker
        online yoda, hans, luke
        hans blocks luke
        luke blocks hans
        yoda: whoelse -> names hans luke

        ## If everyone blocks the asker nobody is named
        online yoda, hans, luke, leia extended
        hans blocks yoda
        luke blocks yoda
        leia blocks yoda
        yoda: whoelse -> nobody

        ## A refused second login names nobody twice
        online yoda, hans
        door: login as hans falcon -> ALREADY_LOGGED_IN
        yoda: whoelse -> names hans
        """#)
}
