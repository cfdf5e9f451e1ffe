/// What all the captures of a map's series say.
package struct CaptureSeries: Sendable {
  package let seriesInstanceUID: String
  package let number: Int
  /// The label: `RT_18Gy_1Fx_04.23.2020`.
  package let description: String
  /// How the pixels came about, in words.
  package let derivation: String
  package let software: Software

  package struct Software: Hashable, Sendable {
    package let name: String
    package let version: String

    package init(name: String, version: String) {
      self.name = name
      self.version = version
    }
  }

  package init(
    seriesInstanceUID: String, number: Int, description: String, derivation: String,
    software: Software
  ) {
    self.seriesInstanceUID = seriesInstanceUID
    self.number = number
    self.description = description
    self.derivation = derivation
    self.software = software
  }
}
