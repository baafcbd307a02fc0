extension CaseText {
    /// What is nobody else's business: refusals and private words stay between two.
    static let messageSilence = CaseText(
        "messages",
        #"""
        ## A refusal is seen by the sender alone
        for deed, reply = message yoda x, MESSAGE_SELF | message nobody x, USER_NOT_EXIST | message luke x, USER_BLOCKED
        | message hans "", EMPTY | message hans a*16385, TOO_LONG
        for a = original | extended
        online yoda $a, hans, luke extended, leia quiet, chewy extended quiet
        luke blocks yoda
        yoda: $deed -> $reply

        ## A question is seen by the asker alone
        for deed, reply = whoelse, names chewy hans leia luke | whoelsesince 60, names chewy hans leia luke | startprivate hans, UNSUPPORTED
        | block hans, SUCCESS | unblock hans, NOT_BLOCKED | ping, pong | do dance, unknown action | startprivate obiwan, USER_OFFLINE
        online yoda, hans, luke extended quiet, leia quiet, chewy
        yoda: $deed -> $reply
        """#)
}
