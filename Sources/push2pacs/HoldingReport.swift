import Console
import DICOM
import Delivery
import JSON

/// What `verify --study` shows: each series that an archive holds, and whether it hangs together.
enum HoldingReport {
  static func lines(_ series: HeldSeries, width: Int) -> [String] {
    var lines = [
      "\(series.modality.padded(to: 4)) series \(series.number)  \(series.description)".printable
    ]
    lines.append("  --series \(series.series)")
    let told = series.told.map { $0 == series.listed ? "" : " (the archive counts \($0))" } ?? ""
    lines.append("  \(series.listed) instances listed\(told), \(series.returned) returned")
    if let stack = series.stack {
      let spacing = stack.spacing.map { ", \(rounded($0)) mm apart" } ?? ""
      let what = series.frames > series.returned ? "frames" : "slices"
      lines.append(
        "  \(stack.count) \(what)\(spacing), \(stack.sizes.sorted().joined(separator: "; "))")
    }
    if series.framesOfReference.count == 1, let frame = series.framesOfReference.first {
      lines.append("  frame of reference \(frame.printable)")
    }
    let classes = series.sopClasses.sorted().map { Dictionary.name(ofUID: $0) ?? $0 }
    let forms = series.transferSyntaxes.sorted().map { TransferSyntax(uid: $0).name }
    for line in CheckTable.wrapped(
      "\(classes.joined(separator: ", ")); came as \(forms.joined(separator: ", "))".printable,
      width: max(38, width - 2))
    { lines.append("  \(line)") }
    for objection in series.objections { lines.append("  NOT GOOD: \(objection)") }
    return lines
  }

  private static func rounded(_ value: Double) -> String {
    let text = String((value * 1000).rounded() / 1000)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  static func document(_ series: HeldSeries) -> JSON {
    [
      "studyInstanceUID": .string(series.study), "seriesInstanceUID": .string(series.series),
      "modality": .string(series.modality), "description": .string(series.description),
      "listed": .integer(series.listed), "told": JSON(series.told),
      "returned": .integer(series.returned), "frames": .integer(series.frames),
      "framesOfReference": JSON(series.framesOfReference.sorted()),
      "sopClasses": JSON(series.sopClasses.sorted()),
      "transferSyntaxes": JSON(series.transferSyntaxes.sorted()),
      "missingSources": JSON(series.missingSources),
      "slices": JSON(series.stack?.count),
      "spacing": JSON(series.stack?.spacing),
      "objections": JSON(series.objections),
      "findings": .array(
        series.findings.map {
          ["sopInstanceUID": .string($0.sopInstanceUID), "what": .string($0.what)]
        }),
    ]
  }
}
