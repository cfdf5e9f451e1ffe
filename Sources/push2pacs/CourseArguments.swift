import Configuration
import Console
import DICOM
import DoseMap
import Geometry
import Quality
import Radiotherapy

/// What somebody typed about the course and its drawing, as checked values.
struct CourseArguments {
  let request: CourseRequest
  let settings: MapSettings

  init(_ arguments: ParsedArguments, site: Site) throws(CommandFailure) {
    var request = CourseRequest()
    request.image = arguments.string("image")
    request.doses = arguments.strings("dose")
    request.plans = arguments.strings("plan")
    request.registration = arguments.string("registration")
    request.sum = arguments.string("sum").flatMap(DoseSum.init(rawValue:))
    request.prescriptionGy = arguments.double("prescription")
    request.completed = arguments.string("completed").flatMap(CalendarDate.init(iso:))
    request.fractions = arguments.integer("fractions")
    if let source = arguments.string("course-summary") {
      request.told = try CourseSummaryReading.told(source, site)
    }
    request.isStoppedEarly = arguments.flag("stopped-early")
    if arguments.flag("prior") { request.isPrior = true }
    if arguments.flag("planning") { request.isPrior = false }
    request.dateFormat = site.label.date
    request.labelTemplate = site.label.template ?? CourseLabel.standardTemplate
    if request.sum?.isOfPlans != true, request.plans.count > 1 {
      throw CommandFailure(
        .usage, "--plan is given more than once; several plans need --sum sequential|concurrent")
    }
    if request.sum == nil, request.doses.count > 1 {
      throw CommandFailure(
        .usage,
        "--dose is given more than once; to add doses up say --sum sequential, concurrent or beams")
    }
    self.request = request

    var settings = MapSettings()
    settings.contact = site.contact
    settings.site = SiteLimits(
      plausibleMaximum: site.limits["dose.plausible"]?["max"],
      expected: ConfirmationRules(site).expected)
    if arguments.command.options.contains(where: { $0.name == "levels" }) {
      do {
        if let text = arguments.string("levels") {
          let list = site.isodoses[text]?.levels.joined(separator: ",") ?? text
          settings.levels = try IsodoseRequest.list(parsing: list)
        }
      } catch { throw CommandFailure(.usage, "--levels: \(error)") }
      if let name = arguments.string("scheme") {
        settings.scheme = try Self.scheme(name, site)
        settings.schemeName = name
      }
      let windows = try Self.windows(arguments.strings("window"))
      settings.window = windows.first?.window
      settings.windowName = windows.first.flatMap { $0.window == nil ? $0.name : nil }
      settings.additional += windows.dropFirst().map { .window($0.window, name: $0.name) }
      settings.scale = arguments.integer("scale")
      settings.wash = arguments.integer("wash") ?? 0
      settings.marksMaximum = arguments.flag("mark-maximum")
      settings.structures = arguments.strings("structures")
      settings.isMultiFrame = arguments.flag("multiframe")
      settings.isCompressed = arguments.flag("compress")
      if arguments.flag("overlay") { settings.additional.append(.overlay) }
      if let text = arguments.string("plane") {
        settings.additional += try Self.planes(text).map { .reformat($0) }
      }
    }
    self.settings = settings
  }

  /// What `--window` asked for: two numbers, or a name that the scan has to know.
  private static func windows(
    _ texts: [String]
  ) throws(CommandFailure) -> [(window: DisplayWindow?, name: String)] {
    var windows: [(window: DisplayWindow?, name: String)] = []
    for text in texts {
      let window = try window(text)
      let name = window == nil ? text : "window \(text)"
      guard
        !windows.contains(where: {
          $0.window == window && $0.name.lowercased() == name.lowercased()
        })
      else {
        throw CommandFailure(.usage, "--window \(text) is asked for twice")
      }
      windows.append((window, name))
    }
    return windows
  }

  /// The window that two numbers make; `nil` for a name.
  private static func window(_ text: String) throws(CommandFailure) -> DisplayWindow? {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map {
      Double($0)
    }
    guard parts.count == 2, let center = parts[0], let width = parts[1] else { return nil }
    guard center.isFinite, width.isFinite, width >= 1 else {
      throw CommandFailure(.usage, "--window: a width of at least 1 expected")
    }
    return DisplayWindow(center: center, width: width, function: .linear, explanation: nil)
  }

  private static func planes(
    _ text: String
  ) throws(CommandFailure) -> [StackReformat.Direction] {
    var planes: [StackReformat.Direction] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let word = part.trimmingPrefix(" ")
      guard let plane = StackReformat.Direction(rawValue: String(word)) else {
        let names = StackReformat.Direction.allCases.map(\.rawValue).joined(separator: ", ")
        throw CommandFailure(.usage, "--plane: '\(word)' is no plane; there is \(names)")
      }
      guard !planes.contains(plane) else {
        throw CommandFailure(.usage, "--plane: \(word) stands there twice")
      }
      planes.append(plane)
    }
    return planes
  }

  private static func scheme(
    _ name: String, _ site: Site
  ) throws(CommandFailure) -> IsodoseScheme {
    if let known = IsodoseScheme.named(name) { return known }
    guard let own = site.isodoses[name] else {
      let names = (["standard", "paper"] + site.isodoses.keys.sorted()).joined(separator: ", ")
      throw CommandFailure(.usage, "unknown scheme '\(name)'; there is \(names)")
    }
    var colors: [RGBColor] = []
    for text in own.colors {
      guard let color = RGBColor(hex: text) else {
        throw CommandFailure(
          .configuration, "isodoses.\(name).colors: '\(text)' is no colour such as #dc3220")
      }
      colors.append(color)
    }
    return colors.isEmpty ? .standard : IsodoseScheme(colors: colors)
  }
}
