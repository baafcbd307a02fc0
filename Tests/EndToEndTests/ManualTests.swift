import ChatClient
import Foundation
import Testing

@testable import ManualPage

/// The manual pages are what the programs know of themselves, and roff that no formatter complains about.
extension EndToEnd {
    @Suite struct ManualTests {
        private func page(of program: String) throws -> String {
            try withTemporaryFolder { folder in
                let run = try CommandRun(program, ["--generate-manual"], folder: folder)
                #expect(run.exit == .status(0), "\(run.errors)")
                return run.output
            }
        }

        private func term(_ text: String) -> String {
            var roff = Roff()
            roff.term(text)
            return ".TP\n" + roff.output
        }

        @Test func everyKeyCommandAndSettingIsInTheManual() throws {
            let page = try page(of: Binaries.banter())
            let tables = [
                ManualTables.keys, ManualTables.editingKeys, ManualTables.commands, ManualTables.screenCommands, ManualTables.settings,
            ]
            for table in tables {
                #expect(!table.isEmpty)
                for entry in table { #expect(page.contains(term(entry.term)), "\(entry.term)") }
            }
            for action in ManualTables.actions { #expect(page.contains(Roff.escaped(action))) }
            for option in [
                "--plain", "--user NAME", "--lines", "--server HOST[:PORT]", "--timeout SECONDS", "-n COUNT", "--json", "--ack",
                "--version",
            ] {
                #expect(page.contains(term(option)), "\(option)")
            }
            for status in ["0", "1", "3", "4", "5", "6", "64"] { #expect(page.contains(term(status))) }
            for tool in ["send [OPTIONS] USER [TEXT...]", "broadcast [OPTIONS] [TEXT...]", "who [OPTIONS]", "tail [OPTIONS]"] {
                #expect(page.contains(".SS \"" + Roff.escaped("banter " + tool) + "\""), "\(tool)")
            }
        }

        @Test func theServersPageHasItsOptionsAndAccounts() throws {
            let page = try page(of: Binaries.banterd())
            #expect(page.contains(".TH \"BANTERD\" \"8\""))
            for option in ["--credentials CREDENTIALS", "--host HOST", "--store STORE", "[PORT]"] { #expect(page.contains(term(option))) }
            for command in ["add", "remove", "passwd", "list"] { #expect(page.contains("\"banterd user \(command) ")) }
        }

        @Test(.enabled(if: hasProgram("groff")))
        func noFormatterComplains() throws {
            for program in [try Binaries.banter(), try Binaries.banterd()] {
                let page = try page(of: program)
                #expect(page.utf8.allSatisfy { $0 < 0x7F })
                #expect(page.split(separator: "\n").allSatisfy { !$0.contains("\t") })
                try withTemporaryFolder { folder in
                    let run = try CommandRun("groff", ["-man", "-Tutf8", "-ww", "-P-cbou"], input: page, folder: folder)
                    #expect(run.exit == .status(0))
                    #expect(run.errors == "")
                    #expect(run.output.contains("EXAMPLES"))
                }
            }
        }

        @Test func whatWouldBeARequestOrAnEscapeIsText() {
            var roff = Roff()
            roff.write(.paragraph(".SH a\\b"))
            roff.write(.example(["'x", "", "-1"]))
            roff.macro("SH", "a \"b\"")
            #expect(
                roff.output == #"""
                    .PP
                    \&.SH a\eb
                    .PP
                    .RS "4"
                    .nf
                    \(aqx
                    \&
                    \-1
                    .fi
                    .RE
                    .SH "a \(dqb\(dq"

                    """#)
        }
    }
}

private func hasProgram(_ name: String) -> Bool {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains { access("\($0)/\(name)", X_OK) == 0 }
}
