/// What is said about a line that is no command: the same on the full screen, read aloud, and in line mode.
enum CommandAdvice {
    /// What other programs call the same.
    private static let elsewhere = [
        "query": "message", "tell": "message", "whisper": "message", "w": "message", "m": "message", "pm": "message", "dm": "message",
        "privmsg": "message", "say": "broadcast", "all": "broadcast", "wall": "broadcast", "shout": "broadcast", "names": "whoelse",
        "who": "whoelse", "users": "whoelse", "list": "whoelse", "online": "whoelse", "ignore": "block", "mute": "block",
        "unignore": "unblock", "part": "close", "leave": "close", "wc": "close", "find": "search", "grep": "search",
        "otr": "startprivate", "encrypt": "startprivate", "share": "register", "offer": "register", "send": "register",
        "upload": "register",
        "get": "download", "fetch": "download", "password": "passwd", "config": "set", "settings": "set", "options": "set",
        "commands": "help",
    ]

    /// - Parameters:
    ///   - names: of the commands that there are here.
    ///   - sign: what stands before a command here.
    static func words(_ fault: CommandFault, among names: [String], sign: String) -> String {
        switch fault {
        case .unknown(let name):
            let nearest = nearest(to: name, among: names)
            let what = "\(sign)\(DisplayWidth.truncated(Sanitizer.line(name), width: 20)): no such command"
            return nearest.isEmpty ? what : "\(what) · \(Nearest.question(nearest, sign: sign))"
        case .usage(let usage): return sign + usage
        }
    }

    /// Which commands were probably meant, the likeliest first.
    static func nearest(to name: String, among names: [String]) -> [String] {
        let plain = name.drop { $0 == "/" }
        if names.contains(String(plain)) { return [String(plain)] }
        if let ours = elsewhere[plain.lowercased()], names.contains(ours) { return [ours] }
        return Nearest.words(to: plain, in: names)
    }
}
