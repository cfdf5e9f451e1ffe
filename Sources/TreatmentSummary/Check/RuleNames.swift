/// What each rule demands, in a few words.
extension SummaryCheck {
  /// In the order of their numbers, from 1.
  package static let ruleNames = [
    "a transaction with entries", "every fullUrl a UUID of its own",
    "every request fits its resource",
    "conditions name the resource's own identifier", "no identifier twice", "one patient",
    "references lead to entries", "nothing empty", "the profile is claimed",
    "profile, code and intent agree", "known extensions only", "values of the right type",
    "dates, times and codings are whole", "usual and official identifiers", "DICOM UIDs are UIDs",
    "the code of one level", "one radiotherapy category", "references to the right types",
    "based on, part of and in place of the right profiles", "modality, technique and energy fit",
    "references to DICOM instances", "doses to volumes have their parts",
    "what stands once stands once", "motion management", "image guidance and verification",
    "a reason is given", "body sites are coded", "doses are centigray",
    "uniform fractionation is said", "the status of an order", "what an order may not hold",
    "fractions prescribed and planned", "the status of a delivery", "a period with a start",
    "a period that ends", "reasons of termination", "sessions and fractions at their level",
    "volumes", "patient, images and documents", "fraction dose times fractions is the total",
    "one patient throughout", "one Course Summary", "a completed course has no open part",
    "parts lie within the course", "the course is the sum of its phases",
    "no more fractions than planned",
  ]
}
