import ChatClient

/// The tables of the local history, and how older files become it.
enum HistorySchema {
    static let version: Int64 = 4

    /// What a new connection needs before anything else. With the log ahead of it a commit costs no wait for the disk: what the machine loses
    /// when its power goes are the last lines, and those the server still has.
    static let settings = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = NORMAL;
        PRAGMA secure_delete = ON;
        PRAGMA temp_store = MEMORY;
        PRAGMA cache_size = -2048;
        PRAGMA journal_size_limit = 4194304;
        """

    /// The index of words learns what is removed.
    static let removal = """
        CREATE TRIGGER line_removed AFTER DELETE ON line BEGIN
            INSERT INTO words (words, rowid, text, room) VALUES ('delete', old.id, old.text, old.room);
        END;
        """

    /// From the version of its place to the next.
    static let migrations = [
        """
        CREATE TABLE room (
            id INTEGER PRIMARY KEY AUTOINCREMENT, -- Never given twice: another program may still know a room that was removed.
            kind INTEGER NOT NULL,
            name TEXT NOT NULL,
            UNIQUE (kind, name)
        ) STRICT;
        CREATE TABLE line (
            id INTEGER PRIMARY KEY,
            room INTEGER NOT NULL,
            sender TEXT,
            seq INTEGER,
            sent INTEGER,
            delivery INTEGER,
            text TEXT NOT NULL
        ) STRICT;
        CREATE INDEX line_room ON line (room, id);
        CREATE UNIQUE INDEX line_once ON line (room, sender IS NULL, seq, sent) WHERE seq IS NOT NULL;
        CREATE TABLE forgotten (room INTEGER PRIMARY KEY, through INTEGER NOT NULL) STRICT;
        CREATE VIRTUAL TABLE words USING fts5 (
            text, room,
            content = 'line', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2',
            detail = 'column', columnsize = 0, prefix = '1 2'
        );
        CREATE TRIGGER line_added AFTER INSERT ON line BEGIN
            INSERT INTO words (rowid, text, room) VALUES (new.id, new.text, new.room);
        END;
        \(removal)
        """,
        """
        DROP TRIGGER line_added; -- The words of a whole transaction are indexed at once.
        CREATE INDEX line_undelivered ON line (room, seq) WHERE delivery = 0;
        """,
        """
        CREATE TABLE gap (
            room INTEGER PRIMARY KEY, since INTEGER NOT NULL, through INTEGER NOT NULL, received INTEGER NOT NULL, sent INTEGER NOT NULL
        ) STRICT;
        ALTER TABLE forgotten RENAME TO forgotten_room;
        CREATE TABLE forgotten (mark INTEGER PRIMARY KEY, through INTEGER NOT NULL) STRICT; -- Marks are ForgetMark's.
        """,
        """
        ALTER TABLE forgotten RENAME TO forgotten_mark;
        CREATE TABLE forgotten (mark INTEGER NOT NULL, through INTEGER NOT NULL, rooms INTEGER NOT NULL, PRIMARY KEY (mark, rooms)) STRICT;
        """,
    ]

    /// Makes the file one of the present version.
    ///
    /// - Returns: `false` if it was made by a newer program.
    static func prepare(_ database: Database) throws(Database.Failure) -> Bool {
        guard try current(database) <= version else { return false }
        // A value that the file has already is not written, so that a mere start does not touch it.
        try database.script(settings)
        guard try current(database) < version else { return true }
        try database.transaction { () throws(Database.Failure) in
            // Another program may have been quicker.
            let current = try current(database)
            for (place, migration) in migrations.enumerated() where place >= current {
                try database.script(migration)
                if place == 2 { try moveMarks(database) }
            }
            // Which rooms these let alone is not known any more.
            try database.script("INSERT INTO forgotten SELECT mark, through, 0 FROM forgotten_mark; DROP TABLE forgotten_mark")
            try database.script("PRAGMA user_version = \(version)")
        }
        return true
    }

    /// Until version 3 it was by its room that the file knew what was forgotten, and the room stayed for that.
    private static func moveMarks(_ database: Database) throws(Database.Failure) {
        let known = try database.rows(
            "SELECT room, kind, name, through FROM forgotten_room LEFT JOIN room ON room.id = forgotten_room.room"
        ) { row in
            let channel = row.isNull(1) ? nil : Channel(kind: row.integer(1), name: row.text(2))
            return (mark: row.integer(0) == 0 ? ForgetMark.all : channel.flatMap { ForgetMark.number(of: $0) }, through: row.integer(3))
        }
        for (mark, through) in known {
            guard let mark else { continue }
            try database.run(
                "INSERT INTO forgotten VALUES (?, ?) ON CONFLICT (mark) DO UPDATE SET through = max(through, excluded.through)",
                .integer(mark), .integer(through))
        }
        try database.script("DROP TABLE forgotten_room; DELETE FROM room WHERE id NOT IN (SELECT room FROM line);")
    }

    private static func current(_ database: Database) throws(Database.Failure) -> Int64 {
        try database.rows("PRAGMA user_version") { $0.integer(0) }.first ?? 0
    }
}
