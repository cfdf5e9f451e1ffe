import DoseMap
import Testing

@Suite("Isodose levels and colours") struct IsodoseSchemeTests {
  static func levels(_ gray: Double, _ fractions: Int) throws -> [Double] {
    try IsodoseScheme.standard.levels(
      nil, for: MapPrescription(targets: [.init(name: "", gray: gray)], fractions: fractions)
    ).map(\.gray)
  }

  @Test("one fraction: the prescription, 12 and 8 Gy below it, filled up with half")
  func oneFraction() throws {
    #expect(try Self.levels(18, 1) == [18, 12, 8])
    #expect(try Self.levels(24, 1) == [24, 12, 8])
    #expect(try Self.levels(12, 1) == [12, 8, 6])
    #expect(try Self.levels(10, 1) == [10, 8, 5])
    #expect(try Self.levels(16, 1) == [16, 12, 8])
    #expect(try Self.levels(8, 1) == [8, 4])
  }

  @Test("two to five fractions: 100, 50, 30 %; more: 100, 95, 80, 50, 30 %")
  func moreFractions() throws {
    #expect(try Self.levels(30, 5) == [30, 15, 9])
    #expect(try Self.levels(20, 2) == [20, 10, 6])
    let many = try Self.levels(60, 30)
    #expect(many.map(DoseText.gray) == ["60", "57", "48", "30", "18"])
  }

  @Test("targets with prescriptions of their own each get a level, six at most")
  func severalTargets() throws {
    let prescription = MapPrescription(
      targets: [
        .init(name: "A", gray: 66), .init(name: "B", gray: 60), .init(name: "C", gray: 54),
      ],
      fractions: 33)
    let levels = try IsodoseScheme.standard.levels(nil, for: prescription)
    #expect(levels.count == 6)
    #expect(levels.filter(\.isPrescription).map(\.gray) == [66, 60, 54])
    #expect(
      levels.map(\.color.hex) == [
        "#dc3220", "#e69f00", "#ffff00", "#009e73", "#00ffff", "#965aff",
      ])
  }

  @Test("colours by the number of levels, highest dose first")
  func colours() throws {
    let three = try IsodoseScheme.standard.levels(
      nil, for: MapPrescription(targets: [.init(name: "", gray: 18)], fractions: 1))
    #expect(three.map(\.color.hex) == ["#dc3220", "#f0e442", "#00ffff"])
    let paper = try IsodoseScheme.paper.levels(
      nil, for: MapPrescription(targets: [.init(name: "", gray: 18)], fractions: 1))
    #expect(paper.map(\.color.hex) == ["#ff0000", "#00ff00", "#0000ff"])
  }

  @Test("levels are read as doses or per cent")
  func parsing() throws {
    let list = try IsodoseRequest.list(parsing: "18, 12Gy,50 %")
    #expect(list == [.gray(18), .gray(12), .share(0.5)])
    for bad in ["", "18,", "-3", "nan", "1e3", "12 mGy", "0", "0x10", "%"] {
      #expect(throws: DoseMapError.self) { _ = try IsodoseRequest.list(parsing: bad) }
    }
    let none = MapPrescription(targets: [], fractions: 1)
    #expect(throws: DoseMapError.noPrescription) {
      _ = try IsodoseScheme.standard.levels([.share(0.5)], for: none)
    }
    #expect(throws: DoseMapError.noPrescription) {
      _ = try IsodoseScheme.standard.levels(nil, for: none)
    }
    #expect(throws: DoseMapError.sameLevel(9)) {
      let some = MapPrescription(targets: [.init(name: "", gray: 18)], fractions: 1)
      _ = try IsodoseScheme.standard.levels([.gray(9), .share(0.5)], for: some)
    }
    #expect(throws: DoseMapError.levelCount(7)) {
      _ = try IsodoseScheme.standard.levels((1...7).map { .gray(Double($0)) }, for: none)
    }
  }

  @Test("doses have two decimals at most, rounded half up, no trailing zeros, a point")
  func doseText() {
    for (value, text) in [
      (18, "18"), (59.4, "59.4"), (17.82, "17.82"), (0.125, "0.13"), (2.675, "2.68"),
      (1.005, "1.01"), (0.05, "0.05"), (0.004, "0"), (59.999, "60"), (-0.001, "0"), (-1.5, "-1.5"),
    ] as [(Double, String)] { #expect(DoseText.gray(value) == text) }
    #expect(DoseText.percent(2.0 / 3) == "67")
  }

  @Test("the legend says what was never reached, what is not drawn, and whose a line is")
  func legend() throws {
    let text = MapText(title: "", fractions: 33)
    let levels = try IsodoseScheme.standard.levels(
      nil,
      for: MapPrescription(
        targets: [.init(name: "GTV_A", gray: 24), .init(name: "GTV_B", gray: 20)], fractions: 1))
    let legend = MapLegend(
      of: try MapDesign(levels: levels, scale: 1, text: text, maximum: 22))
    #expect(
      legend.rows.map(\.text) == [
        "24 Gy in 33 fx Rx: GTV_A not reached", "20 Gy Rx: GTV_B", "12 Gy (50 % of Rx)",
        "8 Gy (33 % of Rx)",
      ])
    #expect(
      legend.remarks == [
        "below 8 Gy not drawn; no line is not no dose", "physical dose, not EQD2",
      ])
    #expect(MapText.ended(year: 2020, month: 4, day: 23) == "ended 2020-04-23 (23 Apr 2020)")
  }
}
