extension CaseText {
    /// What may be in a message: it arrives byte for byte, or not at all.
    static let messageTexts = CaseText(
        "messages",
        #"""
        ## A message of nothing, or of nothing but white space, is empty
        for text = "" | " " | "   " | "\t" | "\n" | "\r\n" | " \t\n\u000b\f\r "
        for there = online hans | visited hans
        $there
        online yoda
        yoda: message hans $text -> EMPTY

        ## A broadcast of nothing, or of nothing but white space, is empty
        for text = "" | " " | "     " | "\t" | "\n" | "\r\n" | " \t\n\u000b\f\r "
        online yoda, hans, luke extended
        yoda: broadcast $text -> EMPTY

        ## An empty message is refused to an extended client too
        online yoda extended, hans extended
        yoda: message hans "" -> EMPTY
        yoda: broadcast "" -> EMPTY

        ## A text of 16384 bytes is just short enough
        for text = a*16384 | é*8192 | 😀*4096
        online yoda, hans, luke extended
        yoda: message hans $text -> SUCCESS #1 | hans: message yoda #1 $text
        yoda: broadcast $text -> sent 2 #1 | hans: broadcast yoda #1 $text | luke: broadcast yoda #1 $text

        ## A text of more than 16384 bytes is too long, however few its characters
        for text = a*16385 | é*8193 | €*5462 | 😀*4097 | a*20000
        online yoda, hans, luke extended
        yoda: message hans $text -> TOO_LONG
        yoda: message leia $text -> TOO_LONG
        yoda: broadcast $text -> TOO_LONG

        ## So much white space is too long rather than empty, and what fits is empty
        online yoda, hans
        yoda: message hans "x" -> SUCCESS #1 | hans: message yoda #1 "x"
        yoda: message hans "\t\t" -> EMPTY

        ## A text arrives byte for byte
        for text = "Grüße, Łódź, Ελλάδα, Москва" | "日本語 中文 한국어" | "שלום مرحبا" | "e\u0301 is not \u00e9" | "👩‍👩‍👧‍👦 🇩🇪 👍🏽"
        | "a\u0000b" | "\u0001\u0002\u001b[31mred\u001b[0m\u0007" | "\u007f\u0080\u009b" | "line one\nline two\r\n\tindented"
        | "\"quoted\" and \\back\\slashed\\ and /" | "\u2028 and \u2029" | "\ud83d\ude00" | "\u202eright to left" | "\ufeffmark"
        | "{\"action\":\"logout\"}" | "}{" | "[[[[" | "\"}\n{\"action\":\"timeout\"}" | "null" | "0"
        | "  blanks at both ends  " | "\u00a0" | "\u3000" | "\u200b" | "\u0000" | "%s%n;`ls`" | "'; drop table users; --" | "<b>bold</b>"
        online yoda, hans, luke extended
        yoda: message hans $text -> SUCCESS #1 | hans: message yoda #1 $text
        yoda: broadcast $text -> sent 2 #1 | hans: broadcast yoda #1 $text | luke: broadcast yoda #1 $text

        ## A kept text arrives byte for byte
        for text = "Grüße" | "e\u0301 is not \u00e9" | "a\u0000b" | "\u001b[2J" | "line one\nline two" | "\"}\n{" | "👩‍👩‍👧‍👦" | a*16384
        online yoda quiet
        yoda: message hans $text -> SUCCESS #1
        hans: login -> SUCCESS, message yoda #1 $text

        ## Half of a surrogate pair becomes the replacement character
        for text, arrives = "\ud83d", "�" | "\ude00", "�" | "a\ud83db", "a�b" | "\ude00\ud83d", "��"
        online yoda, hans
        yoda: raw {"action":"message","user":"hans","message":$text} -> SUCCESS #1 | hans: message yoda #1 $arrives
        """#)
}
