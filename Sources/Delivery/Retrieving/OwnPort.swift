/// Whether archives could call back at our own port.
package enum OwnPort {
  /// Why we cannot listen there; `nil` where we can.
  package static func objection(of destination: Destination) -> String? {
    do throws(DeliveryError) {
      try OwnNode(for: destination, spool: nil).stop()
      return nil
    } catch .cannotListen(let reason) {
      return reason
    } catch { return "\(error)" }
  }
}
