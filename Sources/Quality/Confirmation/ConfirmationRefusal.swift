import DICOM

/// Why a dialogue ended without a confirmation.
package enum ConfirmationRefusal: Error, Equatable {
  case ended
  case chartDose(entered: String, computed: String)
  case chartFractions(entered: String, computed: String)
  case chartDate(entered: String, computed: String)
  case furtherPlan
  case hottestSlice(entered: String)
  case notRight
  case warningNotAccepted(String)
  case noReason(String)
  case overrideNeedsSecondPerson
  case notConfirmed
  case samePerson(String)
  case sameAccount(String, people: [String])
  case nobodyOnList(account: String)
  case patientID(entered: String)
  case companion
}

extension ConfirmationRefusal {
  /// Whether the same stage may be asked for again: nothing in it was found to be wrong.
  package var mayBeAskedAgain: Bool {
    switch self {
    case .hottestSlice, .warningNotAccepted, .noReason, .overrideNeedsSecondPerson, .notConfirmed,
      .samePerson, .sameAccount, .ended:
      true
    case .chartDose, .chartFractions, .chartDate, .furtherPlan, .notRight, .nobodyOnList,
      .patientID, .companion:
      false
    }
  }
}

extension ConfirmationRefusal: CustomStringConvertible {
  package var description: String {
    switch self {
    case .ended: "not confirmed: the terminal was closed; run confirm again"
    case .chartDose(let entered, let computed):
      "not confirmed: the chart says \(entered) Gy, the files say \(computed) Gy; find out which is right before anything is sent"
    case .chartFractions(let entered, let computed):
      "not confirmed: the chart says \(entered) fractions, the files say \(computed); find out which is right before anything is sent"
    case .chartDate(let entered, let computed):
      "not confirmed: the chart says the last fraction was on \(entered), the files say \(computed); find out which is right before anything is sent"
    case .furtherPlan:
      "not confirmed: a further plan or boost is to come; export when the course has ended"
    case .hottestSlice(let entered):
      "not confirmed: slice \(entered) is not the one with the highest dose; look at the review page and run confirm again"
    case .notRight:
      "not confirmed: the dose does not lie right on the anatomy; nothing is sent"
    case .warningNotAccepted(let id): "not confirmed: \(id) was not accepted"
    case .noReason(let id): "not confirmed: no reason was given for overriding \(id)"
    case .overrideNeedsSecondPerson:
      "not confirmed: what is overridden needs a second person with another name; let them run confirm"
    case .companion:
      "not confirmed: the summary does not say what happened; neither the map nor the summary is sent"
    case .notConfirmed: "not confirmed; nothing is sent"
    case .sameAccount(let account, let people):
      "not confirmed: this site wants two people under accounts of their own, and \(people.joined(separator: ", ")) confirmed as '\(account)'; run confirm under the account of the second one"
    case .nobodyOnList(let account):
      "not confirmed: of the people in confirmation.people nobody is left who may confirm under the account '\(account)'"
    case .patientID(let entered):
      "not confirmed: the images are not of patient ID \(entered); find out which is right before anything is sent"
    case .samePerson(let name):
      "not confirmed: \(name) has confirmed already; a second person with another name is needed"
    }
  }
}
