import Console

extension Program {
  /// The summary that goes out beside a map.
  static let record = OptionGroup(
    "The record beside the picture",
    [
      OptionSpecification(
        "fhir", value: "URL", .listed(by: "config --list fhir"),
        help:
          "Send the treatment summary as well, with links to the map: a FHIR R4 server by address or by its name in the configuration. It is confirmed with the map and sent once the PACS has it; where it cannot be made, nothing is staged."
      ),
      OptionSpecification(
        "details", value: "FILE", .file,
        help: "With --fhir: what DICOM does not say (push2pacs summary --template prints one)."),
      OptionSpecification(
        "token", value: "VARIABLE", default: "the configuration's, else FHIR_TOKEN",
        help: "The environment variable that holds the FHIR server's bearer token."),
      OptionSpecification(
        "timeout", value: "SECONDS", .integer(1...3600), default: "60",
        help: "How long the FHIR server may be silent."),
    ])

  /// How the server of a summary is talked to that goes with a stage.
  static let summaryServer = OptionGroup(
    "The record beside the picture",
    [
      OptionSpecification(
        "token", value: "VARIABLE", default: "the export's, else FHIR_TOKEN",
        help: "The environment variable that holds the FHIR server's bearer token."),
      OptionSpecification(
        "timeout", value: "SECONDS", .integer(1...3600), default: "60",
        help: "How long the FHIR server may be silent."),
    ])

  static let summary = CommandSpecification(
    "summary",
    abstract: "Tells a course as a treatment summary (HL7 CodeX Radiation Therapy, FHIR R4)",
    heading: Heading.record,
    discussion:
      "From plans, structure sets and treatment records, and from a small JSON file for what DICOM lacks: ten kinds of resources in one transaction Bundle, which a second run updates. Whether a course has ended is said in the details and held against the records. Brachytherapy is not supported.\n\nWithout --output or --json it shows the summary as a table.",
    positionals: [
      PositionalSpecification(
        "PATH", .path, repeatable: true, required: false,
        help: "Files and folders with plans, structure sets and treatment records.")
    ],
    groups: [
      OptionGroup(
        "The course",
        [
          OptionSpecification(
            "details", value: "FILE", .file,
            help: "What DICOM does not say: identifiers, status, diagnosis, prescription."),
          OptionSpecification(
            "template", help: "Print a details file to fill in, and what each key means."),
          OptionSpecification(
            "plan", value: "UID", repeatable: true,
            help: "SOP Instance UID of a plan of the course; all that treat where none is named."),
          OptionSpecification(
            "stage", value: "STAGE", .folder,
            help:
              "A stage whose map a PACS holds: the summary refers to its series (ImagingStudy, DocumentReference)."
          ),
          OptionSpecification(
            "output", short: "o", value: "FILE", .file, help: "Write the Bundle into a file."),
        ]),
      OptionGroup(
        "A server",
        [
          OptionSpecification(
            "fhir", value: "URL", .listed(by: "config --list fhir"),
            help:
              "Send the summary to a FHIR R4 server (its address, or its name in the configuration), once a person at the terminal has confirmed it; a second run updates it."
          ),
          OptionSpecification(
            "token", value: "VARIABLE", default: "the configuration's, else FHIR_TOKEN",
            help: "The environment variable that holds the server's bearer token."),
          OptionSpecification(
            "timeout", value: "SECONDS", .integer(1...3600), default: "60",
            help: "How long the server may be silent."),
        ]),
      OptionGroup(
        "Looking",
        [
          OptionSpecification(
            "read", value: "FILE",
            help:
              "Show a summary, planned against delivered: of a file, of a server (address or name) with --patient, or at the address of a Course Summary."
          ),
          OptionSpecification(
            "patient", value: "ID", help: "With --read URL: the patient's ID, or SYSTEM|ID."),
          OptionSpecification(
            "course", value: "NAME", help: "With --read, of several courses: name or UID."),
          OptionSpecification(
            "check", value: "FILE", .file,
            help: "Hold a Bundle against the rules of the profiles; each finding has a number."),
        ]),
    ],
    exclusive: [["template", "read", "check", "fhir"], ["output", "read"], ["output", "check"]],
    examples: [
      .init("push2pacs summary --template > course.json", "a details file to fill in"),
      .init("push2pacs summary FOLDER --details course.json", "the summary as a table"),
      .init(
        "push2pacs summary FOLDER --details course.json -o bundle.json",
        "the Bundle, to be sent by somebody else"),
      .init("push2pacs summary --check bundle.json", "does it keep the profiles' rules?"),
      .init("push2pacs summary --read bundle.json", "what does it say?"),
      .init(
        "push2pacs summary FOLDER --details course.json --fhir https://fhir.example/r4",
        "confirm it and send it"),
      .init(
        "push2pacs summary FOLDER --details course.json --stage STAGE --fhir record",
        "the same with links to a map that is in the PACS"),
      .init(
        "push2pacs summary --read https://fhir.example/r4 --patient 4711",
        "what does the server say of a patient?"),
    ],
    exitStatuses: [
      .done, .wrongInput, .noInput, .unavailable, .cannotCreate, .inputOutput, .tryAgain,
      .peerBrokeProtocol, .notConfirmed, .configuration,
    ])
}
