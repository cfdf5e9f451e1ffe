import Configuration
import Console
import DIMSE
import Quality
import TreatmentSummary

extension DoseMapLinks {
  /// The series of a stage, as an archive has them.
  ///
  /// - Parameter web: the DICOMweb address of that archive.
  init(_ manifest: Manifest, web: String?) {
    let date = manifest.studies.first?.date ?? ""
    self.init(
      studyUID: manifest.studyInstanceUID, started: date.isEmpty ? nil : date,
      series: manifest.series.map { series in
        let instances = manifest.instances.filter { $0.seriesInstanceUID == series.instanceUID }
        // Softcopy Presentation State Storage SOP Classes, PS3.4 B.5.
        let isState = instances.allSatisfy {
          $0.sopClassUID.hasPrefix("1.2.840.10008.5.1.4.1.1.11.")
        }
        return Series(
          uid: series.instanceUID, modality: isState ? "PR" : "OT",
          description: series.description,
          instances: instances.map { .init(uid: $0.sopInstanceUID, sopClass: $0.sopClassUID) })
      }, date: Surroundings.now(), web: web)
  }

  /// The series of a stage that some archive has taken whole, and still holds so far as is known.
  init(sent stage: Stage, site: Site) throws(CommandFailure) {
    let holder = try Self.holder(of: stage)
    guard let holder else {
      throw CommandFailure(
        .wrongInput,
        "no PACS is known to hold the map of \(stage.path); send it first: push2pacs push \(stage.path.shellQuoted) --pacs NAME"
      )
    }
    let configured = site.pacs.values.first {
      "\($0.aeTitle)@\($0.host):\($0.port)" == holder
    }
    self.init(
      stage.manifest, web: Context.isWebAddress(holder) ? holder : configured?.web?.url)
  }
  /// The archive that was the last to take all of a stage.
  private static func holder(of stage: Stage) throws(CommandFailure) -> String? {
    do {
      let journal = try Journal(of: stage, clock: Surroundings.now)
      let all = Set(stage.manifest.instances.map(\.sopInstanceUID))
      let withdrawn = Set(journal.events.filter { $0.kind == .retracted }.map(\.pacs))
      var asked = withdrawn
      for event in journal.events.reversed() where asked.insert(event.pacs).inserted {
        if journal.acknowledged(by: event.pacs).isSuperset(of: all) { return event.pacs }
      }
      return nil
    } catch {
      switch error {
      case .held:
        throw CommandFailure(.tryAgain, "a push of \(stage.path) is running; wait for it")
      case .file(let trouble): throw CommandFailure(.inputOutput, "\(trouble)")
      }
    }
  }
}
