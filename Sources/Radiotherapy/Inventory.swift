package import DICOM
import Workers

/// Everything that some folders hold, sorted into the objects of a course.
package struct Inventory: Sendable {
  package private(set) var scans: [ScanSeries] = []
  package private(set) var doses: [RTDose] = []
  package private(set) var plans: [RTPlan] = []
  package private(set) var structureSets: [StructureSet] = []
  package private(set) var records: [TreatmentRecord] = []
  package private(set) var summaries: [SummaryRecord] = []
  package private(set) var brachyRecords: [BrachyRecord] = []
  package private(set) var registrations: [SpatialRegistration] = []
  /// Objects that belong to nothing here: their SOP classes and how many of each.
  package private(set) var others: [String: Int] = [:]
  package private(set) var otherObjects: [ObjectIdentity] = []
  /// Files that are no DICOM.
  package private(set) var skipped = 0
  /// Files that are DICOM, or may be, and cannot be read or used.
  package private(set) var broken: [BrokenFile] = []
  /// Files that break the standard in ways that do not matter here.
  package private(set) var forgiven: [ForgivenFile] = []
  /// How many objects of which series each folder holds.
  package private(set) var neighbours: [String: [String: Int]] = [:]
  package private(set) var fileCount = 0
  /// A second file of an instance that was there already.
  package private(set) var repeated: [String] = []

  private enum Found: Sendable {
    case scan(DICOMFile, [ScanSlice])
    case dose(RTDose)
    case plan(RTPlan)
    case structureSet(StructureSet)
    case record(TreatmentRecord)
    case summary(SummaryRecord)
    case brachyRecord(BrachyRecord)
    case registration(SpatialRegistration)
    case other(ObjectIdentity)
    case notDICOM
    case broken(BrokenFile)
  }

  /// Reads all files below some paths.
  ///
  /// - Parameters:
  ///   - looksAtValues: whether every value is held against the rules of its VR, so that ``forgiven``
  ///     tells of those as well.
  ///   - progress: told how many files of how many are read; called on any thread.
  /// - Throws: where a path is not there. A file that cannot be read is listed, not thrown.
  package init(
    paths: [String], looksAtValues: Bool = false, progress: (@Sendable (Int, Int) -> Void)? = nil
  ) throws(FileError) {
    let walk = try FileWalk(paths: paths)
    let files = walk.files
    fileCount = files.count
    broken = walk.unreadable.map { BrokenFile($0) }
    let found = inParallel(files.count) { index in
      let result = Self.read(files[index], looksAtValues: looksAtValues)
      progress?(index, files.count)
      return result
    }
    var slices: [String: [(DICOMFile, ScanSlice)]] = [:]
    var seen: [String: String] = [:]
    for (path, result) in zip(files, found) {
      if let identity = result.identity {
        if let first = seen[identity.sopInstanceUID] {
          repeated.append(path)
          if SOPClass.isOfCourse(identity.sopClassUID), !DICOMFile.holdTheSame(first, path) {
            broken.append(BrokenFile(twin: identity, of: first))
          }
          continue
        }
        seen[identity.sopInstanceUID] = path
      }
      if let identity = result.identity {
        neighbours[BrokenFile.folder(of: path), default: [:]][
          identity.seriesInstanceUID, default: 0] += 1
      }
      switch result.found {
      case .scan(let file, let images):
        for image in images {
          slices[image.identity.seriesInstanceUID, default: []].append((file, image))
        }
      case .dose(let dose): doses.append(dose)
      case .plan(let plan): plans.append(plan)
      case .structureSet(let set): structureSets.append(set)
      case .record(let record): records.append(record)
      case .summary(let summary): summaries.append(summary)
      case .brachyRecord(let record): brachyRecords.append(record)
      case .registration(let registration): registrations.append(registration)
      case .other(let identity):
        others[identity.sopClassUID, default: 0] += 1
        otherObjects.append(identity)
      case .notDICOM: skipped += 1
      case .broken(let file): broken.append(file)
      }
      if !result.forgiven.isEmpty {
        forgiven.append(
          ForgivenFile(
            path: path, modality: result.identity?.modality ?? "",
            seriesInstanceUID: result.identity?.seriesInstanceUID, what: result.forgiven))
      }
    }
    for (_, images) in slices.sorted(by: { $0.key < $1.key }) {
      if let first = images.first {
        scans += ScanSeries.all(in: images.map(\.1), first: first.0)
      }
    }
  }

  /// Every patient that occurs, by ID, in the order of the objects.
  package var patients: [PatientIdentity] {
    var found: [PatientIdentity] = []
    let all =
      scans.map(\.patient) + doses.map(\.identity.patient) + plans.map(\.identity.patient)
      + structureSets.map(\.identity.patient) + records.map(\.identity.patient)
      + summaries.map(\.identity.patient) + brachyRecords.map(\.identity.patient)
      + registrations.map(\.identity.patient)
    for patient in all where !found.contains(where: { $0.id == patient.id }) {
      found.append(patient)
    }
    return found
  }

  private struct Reading: Sendable {
    let found: Found
    let identity: ObjectIdentity?
    let forgiven: [Forgiveness]
  }

  private static func read(_ path: String, looksAtValues: Bool) -> Reading {
    var file: DICOMFile
    do { file = try DICOMFile.read(path: path) } catch .notDICOM, .notRegular {
      return Reading(found: .notDICOM, identity: nil, forgiven: [])
    } catch {
      return Reading(found: .broken(BrokenFile(error)), identity: nil, forgiven: [])
    }
    let remains = BrokenFile.Remains(of: file)
    if let damage = file.damage {
      return Reading(
        found: .broken(BrokenFile(.damaged(path: path, damage), remains: remains)), identity: nil,
        forgiven: file.forgiven)
    }
    do {
      let identity = try ObjectIdentity(of: file)
      let found = try found(in: &file, identity)
      let irregular = looksAtValues ? file.dataSet.irregularValues : []
      return Reading(found: found, identity: identity, forgiven: file.forgiven + irregular)
    } catch {
      return Reading(
        found: .broken(BrokenFile(error, remains: remains)), identity: nil,
        forgiven: file.forgiven)
    }
  }

  /// The object that a sound file holds.
  private static func found(
    in file: inout DICOMFile, _ identity: ObjectIdentity
  ) throws(FileError) -> Found {
    switch identity.sopClassUID {
    case let uid where SOPClass.isScan(uid): return .scan(file, try ScanSlice.all(in: file))
    case SOPClass.rtDose: return .dose(try RTDose(of: file))
    case SOPClass.rtPlan, SOPClass.rtIonPlan: return .plan(try RTPlan(of: file))
    case SOPClass.rtStructureSet:
      file = try DICOMFile.read(path: file.path, extent: .everything)
      return .structureSet(try StructureSet(of: file))
    case SOPClass.rtBeamsTreatmentRecord, SOPClass.rtIonBeamsTreatmentRecord:
      return .record(try TreatmentRecord(of: file))
    case SOPClass.rtTreatmentSummaryRecord: return .summary(try SummaryRecord(of: file))
    case SOPClass.rtBrachyTreatmentRecord: return .brachyRecord(try BrachyRecord(of: file))
    case SOPClass.spatialRegistration, SOPClass.deformableSpatialRegistration:
      file = try DICOMFile.read(path: file.path, extent: .everything)
      return .registration(try SpatialRegistration(of: file))
    default: return .other(identity)
    }
  }
}
