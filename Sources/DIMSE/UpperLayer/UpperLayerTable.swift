extension UpperLayerAction {
  /// The action that an event asks for in a state; `nil` where the event cannot happen.
  ///
  /// PS3.8 Table 9-10.
  package static func taken(
    on event: UpperLayerEvent, in state: UpperLayerState
  ) -> UpperLayerAction? {
    let row = table[event.rawValue - 1]
    return row[state.rawValue - 1]
  }

  private typealias Row = [UpperLayerAction?]

  // The columns are those of the standard.
  // swift-format-ignore
  private static let table: [Row] = [
    // Sta1 Sta2  Sta3  Sta4  Sta5  Sta6  Sta7  Sta8  Sta9  Sta10 Sta11 Sta12 Sta13
    [.ae1,  nil,  nil,  nil,  nil,  nil,  nil,  nil,  nil,  nil,  nil,  nil,  nil],
    [ nil,  nil,  nil, .ae2,  nil,  nil,  nil,  nil,  nil,  nil,  nil,  nil,  nil],
    [ nil, .aa1, .aa8,  nil, .ae3, .aa8, .aa8, .aa8, .aa8, .aa8, .aa8, .aa8, .aa6],
    [ nil, .aa1, .aa8,  nil, .ae4, .aa8, .aa8, .aa8, .aa8, .aa8, .aa8, .aa8, .aa6],
    [.ae5,  nil,  nil,  nil,  nil,  nil,  nil,  nil,  nil,  nil,  nil,  nil,  nil],
    [ nil, .ae6, .aa8,  nil, .aa8, .aa8, .aa8, .aa8, .aa8, .aa8, .aa8, .aa8, .aa7],
    [ nil,  nil, .ae7,  nil,  nil,  nil,  nil,  nil,  nil,  nil,  nil,  nil,  nil],
    [ nil,  nil, .ae8,  nil,  nil,  nil,  nil,  nil,  nil,  nil,  nil,  nil,  nil],
    [ nil,  nil,  nil,  nil,  nil, .dt1,  nil, .ar7,  nil,  nil,  nil,  nil,  nil],
    [ nil, .aa1, .aa8,  nil, .aa8, .dt2, .ar6, .aa8, .aa8, .aa8, .aa8, .aa8, .aa6],
    [ nil,  nil,  nil,  nil,  nil, .ar1,  nil,  nil,  nil,  nil,  nil,  nil,  nil],
    [ nil, .aa1, .aa8,  nil, .aa8, .ar2, .ar8, .aa8, .aa8, .aa8, .aa8, .aa8, .aa6],
    [ nil, .aa1, .aa8,  nil, .aa8, .aa8, .ar3, .aa8, .aa8, .ar10, .ar3, .aa8, .aa6],
    [ nil,  nil,  nil,  nil,  nil,  nil,  nil, .ar4, .ar9,  nil,  nil, .ar4,  nil],
    [ nil,  nil, .aa1, .aa2, .aa1, .aa1, .aa1, .aa1, .aa1, .aa1, .aa1, .aa1,  nil],
    [ nil, .aa2, .aa3,  nil, .aa3, .aa3, .aa3, .aa3, .aa3, .aa3, .aa3, .aa3, .aa2],
    [ nil, .aa5, .aa4, .aa4, .aa4, .aa4, .aa4, .aa4, .aa4, .aa4, .aa4, .aa4, .ar5],
    [ nil, .aa2,  nil,  nil,  nil,  nil,  nil,  nil,  nil,  nil,  nil,  nil, .aa2],
    [ nil, .aa1, .aa8,  nil, .aa8, .aa8, .aa8, .aa8, .aa8, .aa8, .aa8, .aa8, .aa7],
  ]
}
