import Configuration
import Console
import DICOM
import DoseMap
import Quality
import Radiotherapy

/// What somebody typed about the course and its drawing, as checked values.
struct CourseArguments {
  let request: CourseRequest
  let settings: MapSettings

  init(_ arguments: ParsedArguments, site: Site) throws(CommandFailure) {
    var request = CourseRequest()
    request.image = arguments.string("image")
    request.dose = arguments.string("dose")
    request.plan = arguments.string("plan")
    request.registration = arguments.string("registration")
    request.sum = arguments.string("sum").flatMap(DoseSum.init(rawValue:))
    request.prescriptionGy = arguments.double("prescription")
    request.completed = arguments.string("completed").flatMap(CalendarDate.init(iso:))
    request.fractions = arguments.integer("fractions")
    request.isStoppedEarly = arguments.flag("stopped-early")
    if arguments.flag("prior") { request.isPrior = true }
    if arguments.flag("planning") { request.isPrior = false }
    request.dateFormat = site.label.date
    self.request = request

    var settings = MapSettings()
    settings.contact = site.contact
    settings.site = SiteLimits(plausibleMaximum: site.limits["dose.plausible"]?["max"])
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
      if let text = arguments.string("window") {
        settings.window = try Self.window(text)
        if settings.window == nil { settings.windowName = text }
      }
      settings.scale = arguments.integer("scale")
      settings.isMultiFrame = arguments.flag("multiframe")
      settings.isCompressed = arguments.flag("compress")
    }
    self.settings = settings
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
