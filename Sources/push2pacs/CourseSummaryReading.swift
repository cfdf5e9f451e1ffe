import Configuration
import Console
import DICOM
import Radiotherapy
import TreatmentSummary

/// A Course Summary of a file or server as evidence that a course has ended.
enum CourseSummaryReading {
  /// - Parameter source: a file, an address, or a configured server's name with the path behind it.
  static func told(_ source: String, _ site: Site) throws(CommandFailure) -> ToldCompletion {
    let name = String(source.prefix { $0 != "/" })
    let index: ResourceIndex
    if Context.isWebAddress(source) {
      index = try SummaryServer.fetch(source, patient: nil, token: nil, seconds: 60)
    } else if let known = site.fhir[name], !Surroundings.exists(source) {
      index = try SummaryServer.fetch(
        known.url + source.dropFirst(name.count), patient: nil, token: known.tokenVariable,
        seconds: 60)
    } else {
      index = ResourceIndex(try SummaryCommand.document(source))
    }
    let summary: TreatmentSummary
    do { summary = try BundleReading.summary(in: index) } catch {
      throw CommandFailure(.wrongInput, "\(source): \(error)".printable)
    }
    // Days, doses and fractions of the plans are held against plan and records by the checks.
    if let contradiction = SummaryCommand.contradiction(in: index, of: [28, 43, 45]) {
      throw CommandFailure(
        .wrongInput, "\(source): what is told contradicts itself: \(contradiction)".printable)
    }
    func day(_ text: String?) -> CalendarDate? {
      text.flatMap { CalendarDate(iso: String($0.prefix(10))) }
    }
    return ToldCompletion(
      source: source, status: summary.course.treated?.status ?? "nothing",
      patientID: summary.patient.id,
      plans: summary.plans.compactMap { part in
        guard let treated = part.treated, let plan = part.plan else { return nil }
        return ToldCompletion.Plan(
          uid: plan.uid, fractions: treated.fractions, first: day(treated.start),
          last: day(treated.end), doseGy: treated.doses.compactMap(\.total?.gray).max())
      })
  }
}
