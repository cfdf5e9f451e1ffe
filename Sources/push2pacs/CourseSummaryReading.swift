import Console
import DICOM
import Radiotherapy
import TreatmentSummary

/// A Course Summary of a file or server as evidence that a course has ended.
enum CourseSummaryReading {
  static func told(_ source: String) throws(CommandFailure) -> ToldCompletion {
    let isOnServer = source.hasPrefix("https://") || source.hasPrefix("http://")
    let index =
      isOnServer
      ? try SummaryServer.fetch(source, patient: nil, token: nil, seconds: 60)
      : ResourceIndex(try SummaryCommand.document(source))
    let summary: TreatmentSummary
    do { summary = try BundleReading.summary(in: index) } catch {
      throw CommandFailure(.wrongInput, "\(source): \(error)".printable)
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
