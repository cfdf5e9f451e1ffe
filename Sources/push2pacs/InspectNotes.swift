import DICOM
import Radiotherapy

/// What was forgiven, passed over or cannot be read, one note each.
struct InspectNotes {
  let inventory: Inventory
  /// Why a broken file does not matter to a course that was made, by path.
  let passedOver: [String: String]
  /// Whether every broken file has a note of its own.
  var isVerbose = false

  func lines(width: Int) -> [String] {
    notes.flatMap { InspectText.note($0, width: width) }
  }

  /// An SOP class in words, without the word that all of them end with.
  static func name(of sopClass: String) -> String {
    let name = Dictionary.name(ofUID: sopClass) ?? sopClass
    return name.hasSuffix(" Storage") ? String(name.dropLast(" Storage".count)) : name
  }

  private var notes: [String] {
    var notes: [String] = []
    let second = inventory.otherObjects.filter { SOPClass.isSecondGeneration($0.sopClassUID) }
    if !second.isEmpty {
      let kinds = Set(second.map { Self.name(of: $0.sopClassUID) }).sorted()
      notes.append(
        "Not supported: \(InspectText.counted(second.count, "second-generation RT object")) (\(kinds.joined(separator: ", "))). Export plan, dose, structures and records as first-generation objects (RT Plan, RT Dose, RT Structure Set, RT Beams Treatment Record) from the planning and record systems."
      )
    }
    let brachy = inventory.brachyRecords.count
    let plans = inventory.plans.filter(\.hasBrachytherapy).count
    if brachy + plans > 0 {
      notes.append(
        "Not supported: brachytherapy (\(InspectText.counted(plans, "plan")), \(InspectText.counted(brachy, "treatment record"))). No map shows that dose."
      )
    }
    if inventory.skipped > 0 {
      notes.append("Skipped, no DICOM: \(InspectText.counted(inventory.skipped, "file")).")
    }
    if let first = inventory.repeated.first {
      notes.append(
        "Repeated, left out: \(InspectText.counted(inventory.repeated.count, "file")) of instances that were there already (\(Self.fileName(first))\(inventory.repeated.count > 1 ? ", ..." : ""))."
      )
    }
    notes += forgiven.map { "Forgiven in \($0.files): \($0.what)." }
    return notes + broken
  }

  /// What cannot be used, file by file; many with one reason in one note, unless all are asked for.
  private var broken: [String] {
    var order: [String] = []
    var files: [String: [String]] = [:]
    for file in inventory.broken {
      let text = "\(file.error)"
      let reason =
        text.hasPrefix(file.path + ": ") ? text.dropFirst(file.path.count + 2) : text[...]
      let passed = passedOver[file.path].map { "; passed over: \($0)" } ?? ""
      let key = "\(reason)\(Self.remains(file))\(passed)"
      if files[key] == nil { order.append(key) }
      files[key, default: []].append(file.path)
    }
    return order.flatMap { key -> [String] in
      let paths = files[key] ?? []
      guard paths.count > 3, !isVerbose else {
        return paths.map { "Cannot be used: \($0): \(key)" }
      }
      return [
        "Cannot be used: \(paths.count) files (\(paths[0]), \(Self.fileName(paths[1])), ...; --verbose names all): \(key)"
      ]
    }
  }

  /// What can still be told of a broken file.
  static func remains(_ file: BrokenFile) -> String {
    if let sopClass = file.remains?.sopClassUID { return " [\(name(of: sopClass))]" }
    if let modality = file.remains?.modality { return " [\(modality)]" }
    return ""
  }

  struct Forgiven {
    /// A file, or how many of which modality.
    let files: String
    let what: String
  }

  /// The same forgiveness in many files is one note.
  var forgiven: [Forgiven] {
    struct Key: Hashable {
      let modality: String
      let what: String
    }
    var order: [Key] = []
    var files: [Key: [String]] = [:]
    for file in inventory.forgiven {
      let irregular = Set(file.what.compactMap(\.irregularTag)).sorted()
      var texts = Set(file.what.filter { $0.irregularTag == nil }.map(\.description)).sorted()
      if !irregular.isEmpty {
        texts.append(
          "a value that its VR does not permit: "
            + irregular.map { "\($0)" }.joined(separator: ", "))
      }
      for text in texts {
        let key = Key(modality: file.modality, what: text)
        if files[key] == nil { order.append(key) }
        files[key, default: []].append(file.path)
      }
    }
    return order.map { key in
      let paths = files[key] ?? []
      let modality = key.modality.isEmpty ? "" : "\(key.modality) "
      let text =
        paths.count == 1
        ? Self.fileName(paths[0])
        : "\(paths.count) \(modality)files (\(Self.fileName(paths[0])), ...)"
      return Forgiven(files: text, what: key.what)
    }
  }

  static func fileName(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}

extension Forgiveness {
  /// The attribute whose value breaks its VR's rules.
  var irregularTag: Tag? {
    if case .valueIrregular(let tag) = self { tag } else { nil }
  }
}
