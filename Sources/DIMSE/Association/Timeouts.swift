/// How long each part of an association may take.
package struct Timeouts: Hashable, Sendable {
  /// To find the host and open the connection.
  package var connect: Duration = .seconds(10)
  /// For the answer to the request for an association.
  package var associate: Duration = .seconds(15)
  /// For each answer to a request; a retrieval may answer many times.
  package var response: Duration = .seconds(60)
  /// For the rest of a message that has begun to arrive.
  package var read: Duration = .seconds(60)
  /// For the peer to take any of what is being sent.
  package var write: Duration = .seconds(60)
  /// For the answer to the request for release, and for the peer to close.
  package var release: Duration = .seconds(5)

  package init() {}

  /// The same limit for everything.
  package init(all limit: Duration) {
    (connect, associate, response) = (limit, limit, limit)
    (read, write, release) = (limit, limit, limit)
  }
}
