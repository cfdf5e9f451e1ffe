/// How far a retrieval is: the counts that the peer gives.
///
/// PS3.4 C.4.2.1.6. Peers may leave them out.
package struct RetrieveProgress: Hashable, Sendable {
  package var remaining: Int?
  package var completed: Int?
  package var failed: Int?
  package var warning: Int?

  init(_ command: Command) {
    remaining = command.remainingCount.map(Int.init)
    completed = command.completedCount.map(Int.init)
    failed = command.failedCount.map(Int.init)
    warning = command.warningCount.map(Int.init)
  }
}

/// How a retrieval ended.
package struct RetrieveOutcome: Hashable, Sendable {
  package var answer: Answer
  package var progress: RetrieveProgress
  /// The instances that the peer could not send, where it lists them.
  package var failedInstanceUIDs: [String]
}
