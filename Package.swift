// swift-tools-version: 6.2
import PackageDescription

/// What every module of this package is compiled with.
let house: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

/// A module and the modules it may know: the arrows of the house, which point one way only.
func module(_ name: String, knows: [Target.Dependency] = []) -> Target {
  .target(
    name: name, dependencies: knows, swiftSettings: house,
    linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))])
}

func tests(
  of name: String, with others: [Target.Dependency] = [], besides scripts: [String] = []
) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.byName(name: name)] + others, exclude: scripts,
    swiftSettings: house)
}

let package = Package(
  name: "push2pacs",
  platforms: [.macOS(.v26)],
  products: [.executable(name: "push2pacs", targets: ["push2pacs"])],
  targets: [
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    module("CLibrary"),
    module("Spelling"),
    module("JSON", knows: ["Spelling"]),
    module("Console", knows: ["CLibrary", "JSON", "Spelling"]),
    module("Workers", knows: ["CLibrary"]),
    module("Files", knows: ["CLibrary"]),
    module("Configuration", knows: ["Files", "JSON"]),
    module("HTTP", knows: ["CLibrary", "Files"]),
    module("Digest"),
    module("Audit", knows: ["Digest", "Files", "JSON"]),
    module("Geometry"),
    module("PixelCodecs"),
    module("Pictures", knows: ["CZlib"]),
    module("DICOM", knows: ["CLibrary", "CZlib", "PixelCodecs"]),
    module("Radiotherapy", knows: ["CLibrary", "DICOM", "Geometry", "Workers"]),
    module("TreatmentSummary", knows: ["DICOM", "Digest", "JSON", "Radiotherapy"]),
    module("FHIR", knows: ["HTTP", "JSON", "TreatmentSummary"]),
    module("DoseMap", knows: ["Geometry"]),
    module(
      "SecondaryCapture", knows: ["CLibrary", "DICOM", "Geometry", "Radiotherapy", "DoseMap"]),
    module("DIMSE", knows: ["CLibrary", "DICOM"]),
    module("Archive", knows: ["CLibrary", "DICOM", "DIMSE"]),
    module("DICOMweb", knows: ["DICOM", "Files", "HTTP", "JSON"]),
    module(
      "Quality",
      knows: [
        "CLibrary", "Workers", "Files", "JSON", "Digest", "Pictures", "DICOM", "Geometry",
        "Radiotherapy",
        "DoseMap",
        "SecondaryCapture",
      ]),
    module(
      "Delivery",
      knows: [
        "CLibrary", "DICOM", "DICOMweb", "DIMSE", "Digest", "Files", "HTTP", "JSON",
        "Radiotherapy",
        "SecondaryCapture", "Quality",
      ]),
    .executableTarget(
      name: "push2pacs",
      dependencies: [
        "Audit", "CLibrary", "Console", "Configuration", "Digest", "Files", "HTTP", "JSON", "DICOM",
        "Geometry",
        "Radiotherapy",
        "DoseMap", "SecondaryCapture", "DICOMweb", "DIMSE", "Archive", "Quality", "Delivery",
        "Workers",
        "Pictures", "TreatmentSummary", "FHIR",
      ], swiftSettings: house),
    // What tests of several modules share: nothing of the product knows it.
    .target(
      name: "TestSupport", dependencies: ["DICOM", "DIMSE"], path: "Tests/Support",
      swiftSettings: house),
    tests(of: "Files"),
    tests(of: "HTTP", with: ["Files", "TestSupport"], besides: ["server.py"]),
    tests(of: "JSON", with: ["TestSupport"]),
    tests(of: "Configuration", with: ["Files", "JSON"]),
    tests(of: "Console", with: ["JSON"]),
    tests(of: "Digest"),
    tests(of: "Audit", with: ["Digest", "Files", "JSON", "TestSupport"]),
    tests(of: "Geometry"),
    tests(of: "PixelCodecs", with: ["TestSupport"]),
    tests(of: "Pictures"),
    tests(of: "DICOM", with: ["Digest", "TestSupport"]),
    tests(of: "Radiotherapy", with: ["DICOM", "Geometry"]),
    tests(of: "TreatmentSummary", with: ["Files", "JSON", "Radiotherapy"]),
    tests(of: "DoseMap", with: ["Geometry", "Pictures", "TestSupport"]),
    tests(of: "DIMSE", with: ["CLibrary", "DICOM", "TestSupport"]),
    tests(of: "Archive", with: ["DICOM", "DIMSE", "TestSupport"]),
    tests(
      of: "Delivery",
      with: ["DICOM", "DICOMweb", "DIMSE", "HTTP", "Quality", "TestSupport"]),
    tests(of: "DICOMweb", with: ["DICOM", "HTTP", "JSON", "TestSupport"]),
    tests(
      of: "Quality",
      with: [
        "DICOM", "DoseMap", "Files", "Geometry", "JSON", "Radiotherapy", "SecondaryCapture",
        "TestSupport",
      ]),
  ],
  swiftLanguageModes: [.v6]
)

if Context.environment["PUSH2PACS_FUZZ"] != nil {
  // Needs the flags that Scripts/fuzz gives; no other build should stumble over it.
  package.targets.append(
    .executableTarget(
      name: "Fuzz", dependencies: ["DICOM", "DIMSE", "PixelCodecs"], path: "Tests/Fuzz",
      swiftSettings: house))
}
