/// What has been learned about the errors in one kind of neighbourhood.
///
/// T.87 A.2.1.
struct JPEGLSContext {
  /// Sum of the absolute errors.
  var a: Int32
  /// Sum of the errors; in run interruption, how many were negative.
  var b: Int32 = 0
  /// Correction of the prediction.
  var c: Int32 = 0
  /// How many errors were counted.
  var n: Int32 = 1
}

/// The learning part of a scan, and how its codes are read.
///
/// T.87 Annex A.
///
/// Sums of hostile errors may wrap: that changes samples, not what is read or written.
struct JPEGLSState {
  static let runInterruption = 365
  /// How many bits the length of a run takes, J.
  ///
  /// T.87 A.2.1.
  static let runBits: [Int] = [
    0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13,
    14, 15,
  ]

  let parameters: JPEGLSParameters
  /// 0 to 364 regular, 365 and 366 run interruption.
  let contexts: UnsafeMutablePointer<JPEGLSContext>
  /// The quantised gradients from -threshold 3 to threshold 3; points at that of 0.
  let gradients: UnsafePointer<Int8>

  /// Decodes with a fresh state, whose memory ends with `body`.
  static func with<Result>(
    _ parameters: JPEGLSParameters,
    _ body: (JPEGLSState) throws(CodecError) -> Result
  ) throws(CodecError) -> Result {
    let contexts = UnsafeMutablePointer<JPEGLSContext>.allocate(capacity: 367)
    let t3 = parameters.threshold3
    let gradients = UnsafeMutablePointer<Int8>.allocate(capacity: 2 * t3 + 1)
    defer {
      contexts.deallocate()
      gradients.deallocate()
    }
    for gradient in -t3...t3 {
      (gradients + t3 + gradient).initialize(to: quantised(gradient, parameters))
    }
    let state = JPEGLSState(
      parameters: parameters, contexts: contexts, gradients: UnsafePointer(gradients + t3))
    state.restart()
    return try body(state)
  }

  /// T.87 A.3.3.
  private static func quantised(_ gradient: Int, _ parameters: JPEGLSParameters) -> Int8 {
    let size = abs(gradient)
    let steps = [
      size > parameters.tolerance, size >= parameters.threshold1, size >= parameters.threshold2,
      size >= parameters.threshold3,
    ]
    let step = Int8(steps.count { $0 })
    return gradient < 0 ? -step : step
  }

  /// Forgets all, at the start and after a restart marker.
  func restart() {
    let a = Int32(max(2, (parameters.range + 32) / 64))
    contexts.initialize(repeating: JPEGLSContext(a: a), count: 367)
  }

  /// Reads a limited Golomb code.
  ///
  /// T.87 A.5.3.
  ///
  /// - Returns: `nil` where the code is longer than any can be.
  @inline(__always)
  static func golomb(
    _ reader: inout JPEGLSBitReader, _ k: Int, limit: Int, plainBits: Int
  ) -> Int? {
    let longest = limit &- plainBits &- 1
    guard let zeros = reader.takeZeros(longest) else { return nil }
    if zeros < longest { return zeros &<< k | reader.take(k) }
    return reader.take(plainBits) &+ 1
  }

  /// The least `k` with `n * 2^k >= a`.
  @inline(__always)
  static func golombParameter(_ n: Int32, _ a: Int32) -> Int {
    if a <= n { return 0 }
    // Shifted so far, n is as long as a: that is it, or one more.
    let k = n.leadingZeroBitCount &- a.leadingZeroBitCount
    return Int(n) &<< k < Int(a) ? k &+ 1 : k
  }

  /// Brings a reconstructed value into the range of samples.
  ///
  /// T.87 A.4.5, A.8.
  @inline(__always)
  static func sample(_ value: Int, _ parameters: JPEGLSParameters) -> Int {
    var value = value
    let span = parameters.range &* (2 &* parameters.tolerance &+ 1)
    if value < -parameters.tolerance {
      value &+= span
    } else if value > parameters.maximum &+ parameters.tolerance {
      value &-= span
    }
    return max(0, min(parameters.maximum, value))
  }

  /// Decodes a sample whose neighbours differ.
  ///
  /// T.87 A.4 to A.6.
  ///
  /// - Parameter quantised: 81 * Q1 + 9 * Q2 + Q3, not 0, -364 to 364.
  @inline(__always)
  func regular(
    _ reader: inout JPEGLSBitReader, quantised: Int, _ a: Int, _ b: Int, _ c: Int
  ) -> Int? {
    let sign = quantised < 0 ? -1 : 1
    let context = contexts + abs(quantised)
    let larger = max(a, b)
    let smaller = min(a, b)
    var prediction = c >= larger ? smaller : c <= smaller ? larger : a &+ b &- c
    prediction &+= sign &* Int(context.pointee.c)
    prediction = max(0, min(parameters.maximum, prediction))
    let n = context.pointee.n
    let k = Self.golombParameter(n, context.pointee.a)
    guard
      let mapped = Self.golomb(
        &reader, k, limit: parameters.limit, plainBits: parameters.plainBits)
    else { return nil }
    var error = (mapped &>> 1) ^ -(mapped & 1)
    if k == 0, parameters.tolerance == 0, 2 &* context.pointee.b <= -n { error = ~error }
    Self.update(context, error, parameters)
    let step = 2 &* parameters.tolerance &+ 1
    return Self.sample(prediction &+ sign &* error &* step, parameters)
  }

  /// Counts an error.
  ///
  /// T.87 A.6.
  @inline(__always)
  private static func update(
    _ context: UnsafeMutablePointer<JPEGLSContext>, _ error: Int, _ parameters: JPEGLSParameters
  ) {
    var state = context.pointee
    let step = 2 &* parameters.tolerance &+ 1
    state.b &+= Int32(truncatingIfNeeded: error &* step)
    state.a &+= Int32(truncatingIfNeeded: abs(error))
    if Int(state.n) == parameters.reset {
      state.a &>>= 1
      state.b = state.b >= 0 ? state.b &>> 1 : 0 &- ((1 &- state.b) &>> 1)
      state.n &>>= 1
    }
    state.n &+= 1
    if state.b <= 0 &- state.n {
      state.b &+= state.n
      if state.c > -128 { state.c &-= 1 }
      if state.b <= 0 &- state.n { state.b = 1 &- state.n }
    } else if state.b > 0 {
      state.b &-= state.n
      if state.c < 127 { state.c &+= 1 }
      if state.b > 0 { state.b = 0 }
    }
    context.pointee = state
  }

  /// Decodes the sample that ends a run.
  ///
  /// T.87 A.7.2.
  ///
  /// - Parameters:
  ///   - runBits: J of the run that it ends.
  ///   - isAlike: RItype, whether the neighbours `a` and `b` are alike.
  func interruption(
    _ reader: inout JPEGLSBitReader, runBits: Int, isAlike: Bool, _ a: Int, _ b: Int
  ) -> Int? {
    let kind = isAlike ? 1 : 0
    var context = contexts[Self.runInterruption + kind]
    let k = Self.golombParameter(
      context.n, isAlike ? context.a &+ (context.n &>> 1) : context.a)
    guard
      let mapped = Self.golomb(
        &reader, k, limit: parameters.limit - runBits - 1, plainBits: parameters.plainBits)
    else { return nil }
    let total = mapped &+ kind
    let isOdd = total & 1 == 1
    let size = (total &+ 1) &>> 1
    let error = (k != 0 || 2 &* context.b >= context.n) == isOdd ? -size : size
    if error < 0 { context.b &+= 1 }
    context.a &+= Int32(truncatingIfNeeded: (mapped &+ 1 &- kind) &>> 1)
    if Int(context.n) == parameters.reset {
      context.a &>>= 1
      context.b &>>= 1
      context.n &>>= 1
    }
    context.n &+= 1
    contexts[Self.runInterruption + kind] = context
    let sign = !isAlike && a > b ? -1 : 1
    let step = 2 &* parameters.tolerance &+ 1
    return Self.sample((isAlike ? a : b) &+ sign &* error &* step, parameters)
  }
}
