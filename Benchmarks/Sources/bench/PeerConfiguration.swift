/// The files that the peers are started with: loopback, no limit on floods, nothing that is not measured.
enum PeerConfiguration {
    static func inspircd(port: Int, folder: String) -> String {
        """
        <config format="xml">
        <server name="irc.example.net" description="bench" network="bench" id="97K">
        <admin name="x" nick="x" email="x@example.net">
        <bind address="127.0.0.1" port="\(port)" type="clients">
        <connect allow="*" timeout="60" maxchans="20" hardsendq="104857600" softsendq="10485760" recvq="1048576"
            commandrate="100000000" threshold="1000000" fakelag="no" localmax="20000" globalmax="20000" useident="no"
            resolvehostnames="no" pingfreq="600">
        <performance netbuffersize="10240" somaxconn="1024" softlimit="20000" quietbursts="yes">
        <security maxtargets="20">
        <limits maxnick="31" maxchan="64" maxident="11" maxhost="64" maxline="512">
        <log method="file" type="* -USERINPUT -USEROUTPUT" level="default" target="\(folder)/log">
        <pid file="\(folder)/pid">

        """
    }

    static func ngircd(port: Int) -> String {
        """
        [Global]
        Name = irc.example.net
        Info = bench
        Listen = 127.0.0.1
        Ports = \(port)
        ServerUID = nobody
        ServerGID = nogroup
        [Limits]
        MaxConnections = 0
        MaxConnectionsIP = 0
        MaxJoins = 0
        MaxPenaltyTime = 0
        MaxListSize = 0
        PingTimeout = 600
        [Options]
        DNS = no
        Ident = no
        PAM = no

        """
    }

    /// Anyone may log in; each message is archived for both sides before it is passed on, as the Debian package would do it.
    static func prosody(port: Int, folder: String) -> String {
        """
        run_as_root = true
        pidfile = "\(folder)/pid"
        data_path = "\(folder)"
        modules_enabled = { "saslauth", "mam" }
        modules_disabled = { "s2s", "offline", "tls", "posix" }
        c2s_require_encryption = false
        allow_unencrypted_plain_auth = true
        authentication = "insecure"
        insecure_open_authentication = "Yes please, I know what I'm doing!"
        storage = { archive = "sql" }
        default_archive_policy = true
        sql = { driver = "SQLite3", database = "archive.sqlite" }
        interfaces = { "127.0.0.1" }
        c2s_ports = { \(port) }
        log = { { levels = { min = "error" }, to = "console" } }
        VirtualHost "localhost"

        """
    }
}
