/// What a connection brings: a request, or something that is none.
package enum ConnectionInput: Equatable, Sendable {
    case request(RequestFrame)
    case bad(BadRequest)
}
