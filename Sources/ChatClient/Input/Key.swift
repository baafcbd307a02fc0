/// One key press, or another thing that a terminal reports on the same line, with the terminal's spelling of it gone.
package enum Key: Hashable, Sendable {
    case character(Character)
    case enter, tab, backtab, backspace, delete, insert
    case left, right, up, down, home, end, pageUp, pageDown, escape
    /// F1 and up.
    case function(Int)
    /// A lowercase letter, or one of `_ / @ \ ] ^`.
    case control(Character)
    indirect case alt(Key)
    /// Two, one after the other; only in key maps.
    indirect case sequence(Key, Key)
    /// A bracketed paste, with its newlines.
    case paste(String)
    case focusIn, focusOut
    /// The answer to the question what the terminal draws on.
    case background(Background)
    case mouse(MouseEvent)
}
