package import DICOM
import Workers

/// Everything that some folders hold, sorted into the objects of a course.
package struct Inventory: Sendable {
  package private(set) var scans: [ScanSeries] = []
  package private(set) var doses: [RTDose] = []
  package private(set) var plans: [RTPlan] = []
  package private(set) var structureSets: [StructureSet] = []
  package private(set) var records: [TreatmentRecord] = []
  package private(set) var registrations: [SpatialRegistration] = []
  /// Objects that belong to nothing here: their SOP classes and how many of each.
  package private(set) var others: [String: Int] = [:]
  package private(set) var otherObjects: [ObjectIdentity] = []
  /// Files that are no DICOM.
  package private(set) var skipped = 0
  /// Files that are DICOM, or may be, and cannot be read or used.
  package private(set) var unreadable: [FileError] = []
  /// Files that break the standard in ways that do not matter here, by path.
  package private(set) var forgiven: [(path: String, what: [Forgiveness])] = []
  package private(set) var fileCount = 0
  /// A second file of an instance that was there already.
  package private(set) var repeated: [String] = []

  private enum Found: Sendable {
    case scan(DICOMFile, [ScanSlice])
    case dose(RTDose)
    case plan(RTPlan)
    case structureSet(StructureSet)
    case record(TreatmentRecord)
    case registration(SpatialRegistration)
    case other(ObjectIdentity)
    case notDICOM
    case unreadable(FileError)
  }

  /// Reads all files below some paths.
  ///
  /// - Parameter progress: told how many files of how many are read; called on any thread.
  /// - Throws: where a path is not there. A file that cannot be read is listed, not thrown.
  package init(
    paths: [String], progress: (@Sendable (Int, Int) -> Void)? = nil
  ) throws(FileError) {
    let walk = try FileWalk(paths: paths)
    let files = walk.files
    fileCount = files.count
    unreadable = walk.unreadable
    let found = inParallel(files.count) { index in
      let result = Self.read(files[index])
      progress?(index, files.count)
      return result
    }
    var slices: [String: [(DICOMFile, ScanSlice)]] = [:]
    var seen: Set<String> = []
    for (path, result) in zip(files, found) {
      if let instance = result.identity?.sopInstanceUID, !seen.insert(instance).inserted {
        repeated.append(path)
        continue
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
      case .registration(let registration): registrations.append(registration)
      case .other(let identity):
        others[identity.sopClassUID, default: 0] += 1
        otherObjects.append(identity)
      case .notDICOM: skipped += 1
      case .unreadable(let error): unreadable.append(error)
      }
      if !result.forgiven.isEmpty { forgiven.append((path, result.forgiven)) }
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

  private static func read(_ path: String) -> Reading {
    do {
      var file = try DICOMFile.read(path: path)
      if let damage = file.damage {
        return Reading(
          found: .unreadable(.damaged(path: path, damage)), identity: nil, forgiven: file.forgiven)
      }
      let identity = try ObjectIdentity(of: file)
      switch identity.sopClassUID {
      case let uid where SOPClass.isScan(uid):
        return Reading(
          found: .scan(file, try ScanSlice.all(in: file)), identity: identity,
          forgiven: file.forgiven)
      case SOPClass.rtDose:
        return Reading(
          found: .dose(try RTDose(of: file)), identity: identity, forgiven: file.forgiven)
      case SOPClass.rtPlan, SOPClass.rtIonPlan:
        return Reading(
          found: .plan(try RTPlan(of: file)), identity: identity, forgiven: file.forgiven)
      case SOPClass.rtStructureSet:
        file = try DICOMFile.read(path: path, extent: .everything)
        return Reading(
          found: .structureSet(try StructureSet(of: file)), identity: identity,
          forgiven: file.forgiven)
      case SOPClass.rtBeamsTreatmentRecord, SOPClass.rtIonBeamsTreatmentRecord:
        return Reading(
          found: .record(try TreatmentRecord(of: file)), identity: identity,
          forgiven: file.forgiven)
      case SOPClass.spatialRegistration, SOPClass.deformableSpatialRegistration:
        file = try DICOMFile.read(path: path, extent: .everything)
        return Reading(
          found: .registration(try SpatialRegistration(of: file)), identity: identity,
          forgiven: file.forgiven)
      default:
        return Reading(found: .other(identity), identity: identity, forgiven: file.forgiven)
      }
    } catch .notDICOM, .notRegular {
      return Reading(found: .notDICOM, identity: nil, forgiven: [])
    } catch {
      return Reading(found: .unreadable(error), identity: nil, forgiven: [])
    }
  }
}
