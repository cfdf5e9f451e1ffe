#if os(Linux)
  extension Socket {
    /// Asks the system to acknowledge what arrives at once.
    ///
    /// Many servers write an answer in two pieces and do not switch Nagle's algorithm off: the
    /// second piece then waits until the first is acknowledged, which takes 40 ms unless asked for.
    /// The system forgets this wish after a while, so it is repeated around every read.
    func acknowledgeAtOnce() {
      let tcp: Int32 = 6
      let quickAcknowledgement: Int32 = 12
      SystemCalls.setOption(descriptor, level: tcp, name: quickAcknowledgement, 1)
    }
  }
#else
  extension Socket {
    /// Nothing to ask for: this system has no such wish.
    func acknowledgeAtOnce() {}
  }
#endif
