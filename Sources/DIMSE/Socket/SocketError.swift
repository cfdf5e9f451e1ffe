/// How a socket failed.
enum SocketError: Error, Equatable {
  case cannotResolve(String)
  case cannotOpen(String)
  case timeout
  case interrupted
  /// The other side closed, or the connection broke; the system's words.
  case lost(String)
}
