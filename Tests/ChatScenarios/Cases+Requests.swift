extension CaseText {
    /// What is no request, what is not known, what comes before login; and the marks that replies carry.
    static let requests = CaseText(
        "requests",
        #"""
        ## Before login nothing is done
        for deed = message hans hi | message nobody hi | broadcast hi | block hans | unblock hans | whoelse | whoelsesince 10
        | startprivate hans | history | history with hans | passwd a b | logout
        online hans, yoda extended
        door: $deed -> NOT_LOGGED_IN

        ## Before login an action that nobody knows is refused like the others
        for action = dance | Message | LOGIN | ""
        online hans
        door: do $action -> NOT_LOGGED_IN

        ## A refusal before login carries the id
        door: whoelse id 3 -> NOT_LOGGED_IN id 3

        ## Whoever asked too early can still log in
        door: whoelse -> NOT_LOGGED_IN
        door: login as hans falcon -> SUCCESS
        door: whoelse -> nobody

        ## Asking too early is no try to log in
        door: whoelse -> NOT_LOGGED_IN
        door: whoelse -> NOT_LOGGED_IN
        door: whoelse -> NOT_LOGGED_IN
        door: whoelse -> NOT_LOGGED_IN
        door: login as hans falcon -> SUCCESS

        ## After a logout the next connection begins at the door
        online hans, luke
        hans: logout -> logged out, closed | luke: hans logged out
        hans: whoelse -> NOT_LOGGED_IN

        ## An unknown action is named as such, and the session goes on
        for p = original | extended
        for action = dance | Message | WHOELSE | "message " | "" | "broad\ncast" | "прощай" | a*64
        online hans $p, luke
        hans: do $action -> unknown action
        hans: whoelse -> names luke

        ## An unknown action carries the id
        online hans
        hans: do dance id "x" -> unknown action id "x"

        ## A command of the client is no action of the wire
        for action = help | stopprivate | private | verify | transfers | download
        online hans, luke
        hans: do $action -> unknown action

        ## An event is no action of a client
        for action = receive_message | receive_broadcast | login_broadcast | logout_broadcast | timeout
        online hans, luke
        hans: raw {"action":"$action","from":"yoda","message":"boo"} -> unknown action

        ## A field that is missing or of the wrong type is a bad request, and the session goes on
        for frame = {"action":"message","user":"luke"} | {"action":"message","message":"hi"} | {"action":"message"}
        | {"action":"message","user":7,"message":"hi"} | {"action":"message","user":"luke","message":7}
        | {"action":"message","user":null,"message":"hi"} | {"action":"message","user":"luke","message":["hi"]}
        | {"action":"broadcast"} | {"action":"broadcast","message":null} | {"action":"broadcast","message":{"text":"hi"}}
        | {"action":"block"} | {"action":"block","user":true} | {"action":"unblock"} | {"action":"unblock","user":["luke"]}
        | {"action":"startprivate"} | {"action":"startprivate","user":{}} | {"action":"whoelsesince"}
        | {"action":"ack"} | {"action":"ack","seq":"1"} | {"action":"ack","seq":-1} | {"action":"ack","seq":1.5}
        | {"action":"message","user":"luke","message":"hi","key":""} | {"action":"message","user":"luke","message":"hi","key":7}
        | {"action":"message","user":"luke","message":"hi","key":"two words"} | {"action":"broadcast","message":"hi","key":"ü"}
        | {"action":"passwd"} | {"action":"passwd","old":"falcon"} | {"action":"passwd","old":"falcon","new":1}
        | {"action":"history","limit":0} | {"action":"history","limit":201} | {"action":"history","limit":"ten"}
        | {"action":"history","with":"no name"} | {"action":"history","before":3} | {"action":"history","before":{"received":1}}
        online hans, luke
        hans: raw $frame -> BAD_REQUEST
        hans: whoelse -> names luke

        ## A number of seconds that is none, or not positive, is a bad request
        for since = 0 | -1 | -0.5 | "0" | "-3" | "ten" | "" | null | true | [10] | {"seconds":10} | "1e999"
        online hans
        hans: raw {"action":"whoelsesince","since":$since} -> BAD_REQUEST

        ## What has no action that is a text is a bad request
        for frame = {} | {"Action":"whoelse"} | {"action":null} | {"action":7} | {"action":["whoelse"]} | {"action":{"action":"whoelse"}}
        | {"message":"whoelse"}
        online hans, luke
        hans: raw $frame -> BAD_REQUEST
        hans: whoelse -> names luke

        ## An action longer than 64 bytes is a bad request
        online hans
        hans: do a*65 -> BAD_REQUEST

        ## What has the braces of JSON but is not JSON is a bad request
        for frame = {action:"whoelse"} | {'action':'whoelse'} | {"action":"whoelse",} | {"action" "whoelse"}
        | {"action":whoelse} | {"action":"who\qelse"} | {"action":"whoelse","n":01} | {"action":"whoelse","n":1.} | {,}
        | {"action":"whoelse","n":+1} | {"action":"whoelse","n":NaN} | {"action":"whoelse","n":1e999} | {"action":"\u00zz"}
        online hans, luke
        hans: raw $frame -> BAD_REQUEST
        hans: whoelse -> names luke

        ## A login with a field missing or of the wrong type is a bad request, and no try
        for frame = {"action":"login"} | {"action":"login","username":"hans"} | {"action":"login","password":"falcon"}
        | {"action":"login","username":7,"password":"falcon"} | {"action":"login","username":"hans","password":null}
        | {"action":"login","username":"hans","password":"falcon","private_port":65536}
        | {"action":"login","username":"hans","password":"falcon","private_port":-1}
        | {"action":"login","username":"hans","password":"falcon","private_port":"5001"}
        | {"action":"login","username":"hans","password":"falcon","protocol":2}
        | {"action":"login","username":"hans","password":"falcon","protocol":"1"}
        | {"action":"login","username":"hans","password":"falcon","presence":"some"}
        | {"action":"login","username":"hans","password":"falcon","presence":false}
        online luke
        door: raw $frame -> BAD_REQUEST
        door: login as hans falcon -> SUCCESS | luke: hans logged in

        ## A resume without a token that could be one is a bad request
        for frame = {"action":"resume"} | {"action":"resume","token":7} | {"action":"resume","token":"abc"}
        | {"action":"resume","token":"0000000000000000000000000000000g","protocol":1}
        door: raw $frame -> BAD_REQUEST

        ## A login without a port is a login
        online luke
        door: raw {"action":"login","username":"hans","password":"falcon"} -> SUCCESS | luke: hans logged in

        ## A login that asks for all presence is the usual one
        online luke
        door: raw {"action":"login","username":"hans","password":"falcon","presence":"all"} -> SUCCESS | luke: hans logged in

        ## White space, order, escapes, repeated and unknown fields do not matter
        for frame = {"message":"hi","user":"luke","action":"message"} | { "action" : "message" , "user" : "luke" , "message" : "hi" }
        | {"\u0061ction":"mess\u0061ge","user":"l\u0075ke","message":"\u0068i"}
        | {"action":"message","user":"yoda","user":"luke","message":"hi"}
        | {"action":"message","user":"luke","message":"hi","extra":[1,{"deep":[null,true]}]}
        | {"action":"message","user":"luke","message":"hi","id":null}
        online hans, luke, yoda
        hans: raw $frame -> SUCCESS #1 | luke: message hans #1 hi

        ## A number of seconds may be written in many ways
        for since = 10 | 10.0 | 1e1 | "10" | " 10" | "10.0" | 0.001 | 9000000000000000000
        online hans, luke
        hans: raw {"action":"whoelsesince","since":$since} -> names luke

        ## Every reply carries the id of its request
        for deed, reply = message obiwan hi, SUCCESS #1 | message leia hi, MESSAGE_SELF | message nobody hi, USER_NOT_EXIST
        online hans, luke quiet, leia
        hans: broadcast warm-up -> sent 2 #1 | luke: broadcast hans #1 warm-up | leia: broadcast hans #1 warm-up
        leia: whoelse id 1 -> names hans luke id 1
        leia: whoelsesince 5 id 2 -> names hans luke id 2
        leia: block luke id 3 -> SUCCESS id 3
        leia: unblock luke id 4 -> SUCCESS id 4
        leia: startprivate nobody id 5 -> USER_NOT_EXIST id 5
        leia: ping id 6 -> pong id 6
        leia: $deed id "m" -> $reply id "m"

        ## An id may be any number or a short text
        for id = 0 | -1 | 1.5 | 123456789012345678 | "" | "a b" | "ü" | a*64
        online hans
        hans: whoelse id $id -> nobody id $id

        ## An id that is neither number nor short text is a bad request
        for id = true | [1] | {"n":1} | "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        online hans, luke
        hans: raw {"action":"broadcast","message":"hi","id":$id} -> BAD_REQUEST

        ## An event carries no id though the request that caused it has one
        online hans, luke
        hans: broadcast hi id 9 -> sent 1 #1 id 9 | luke: broadcast hans #1 hi

        ## The session goes on after a few bad requests
        online hans, luke
        hans: raw {} -> BAD_REQUEST
        hans: raw {"action":1} -> BAD_REQUEST
        hans: broadcast "here I am" -> sent 1 #1 | luke: broadcast hans #1 "here I am"
        """#)
}
