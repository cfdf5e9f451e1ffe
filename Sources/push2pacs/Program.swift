import Console

/// The command line as one table: parsing, help, manual page and completions are made from it.
enum Program {
  static let version = "0.1.0"

  static let specification = ProgramSpecification(
    name: "push2pacs", version: version,
    abstract:
      "Burns the dose of a completed radiotherapy course into its scan and puts it into the PACS",
    commands: [
      inspect, export, review, confirm, push, verify, retract,
      send, find, fetch, doctor, archive,
      dose, summary, audit,
      setup, config, conformance, completions, manual,
    ],
    essentials: [
      .init("push2pacs inspect FOLDER", "what is in these folders, and what stands in the way"),
      .init(
        "push2pacs export FOLDER --pacs ARCHIVE@pacs.example:104",
        "draw, review, confirm, send, verify"),
      .init("push2pacs verify STAGE --pacs ARCHIVE@pacs.example:104", "ask the PACS again"),
    ],
    nextStep: "Start with: push2pacs inspect FOLDER. For your own PACS: push2pacs setup",
    commandForPaths: "inspect", sections: manualSections)

  /// What a person is about, who looks for a command.
  enum Heading {
    static let map = "A dose map, from the course to the PACS"
    static let pacs = "Other images, and the PACS"
    static let record = "The course in numbers and words"
    static let machine = "This machine"
  }

  private static let paths = PositionalSpecification(
    "PATH", .path, repeatable: true,
    help: "Files and folders with scan, dose, plan, structures and treatment records.")

  private static let stage = PositionalSpecification(
    "STAGE", .folder, help: "The folder that export made.")

  private static let pacs = OptionSpecification(
    "pacs", value: "NAME", .listed(by: "config --list pacs"),
    help:
      "The PACS: a name of the configuration, AETITLE@host:port, or https://host/path (DICOMweb).")

  private static let noQuery = OptionSpecification(
    "no-query", help: "The PACS cannot be asked what it holds (a plain storage provider).")

  private static let associations = OptionSpecification(
    "associations", value: "N", .integer(1...16), default: "the configuration's, else 1",
    help: "How many associations share the sending: more, for a slow or distant PACS.")

  private static let choice = OptionGroup(
    "Choosing",
    [
      OptionSpecification("image", value: "UID", help: "Series Instance UID of the scan."),
      OptionSpecification(
        "dose", value: "UID", repeatable: true,
        help: "SOP Instance UID of the dose; with --sum those that are added up."),
      OptionSpecification(
        "plan", value: "UID", repeatable: true,
        help: "SOP Instance UID of the plan; with --sum those that are added up."),
      OptionSpecification(
        "registration", value: "UID", help: "SOP Instance UID of the registration."),
      sum,
    ])

  private static let sum = OptionSpecification(
    "sum", value: "WHAT", .oneOf(["sequential", "concurrent", "beams"]),
    help:
      "Add doses up: sequential, plans of one target one after the other (doses and fractions add up in the label); concurrent, plans of other targets or isocentres in the same sessions (nothing adds up in the label); beams, all beams or fraction groups of one plan."
  )

  private static let course = OptionGroup(
    "The course, where the files do not say it",
    [
      OptionSpecification(
        "completed", value: "DATE", .date,
        help: "Date of the last fraction, where there are no treatment records."),
      OptionSpecification(
        "fractions", value: "N", .integer(1...999),
        help:
          "Fractions delivered, where there are no treatment records; with --sum sequential those of all plans."
      ),
      OptionSpecification(
        "course-summary", value: "FILE",
        help:
          "Evidence that the course has ended: a Course Summary (CodeX RT) of the record system, from a file or at its https address (bearer token in FHIR_TOKEN)."
      ),
      OptionSpecification(
        "prescription", value: "GY", .number(0.01...1000),
        help:
          "Prescribed dose, where the plan prescribes none; with --sum sequential that of all plans."
      ),
      OptionSpecification(
        "stopped-early", help: "Fewer fractions than planned: the dose is scaled and says so."),
      OptionSpecification(
        "prior", help: "The scan has no date: it is a follow-up."),
      OptionSpecification(
        "planning", help: "The scan has no date: it was made for planning."),
    ])

  private static let drawing = OptionGroup(
    "Drawing",
    [
      OptionSpecification(
        "levels", value: "LIST", default: "by the number of fractions",
        help:
          "Isodoses, such as 18,12,8 or 100%,80%,50%; or the levels of one of the configuration's isodose schemes, by its name."
      ),
      OptionSpecification(
        "scheme", value: "NAME", .listed(by: "config --list schemes"),
        help: "Colours: standard, paper, or one of the configuration."),
      OptionSpecification(
        "window", value: "WINDOW", repeatable: true,
        help:
          "Centre and width, such as 40,400; or the name of one of the scan's own windows, or of a preset for CT: abdomen, bone, brain, lung, soft-tissue. The scan's first window otherwise. Each further one makes a series of its own."
      ),
      OptionSpecification(
        "scale", value: "N", .integer(1...16),
        help: "How many pixels each pixel of the scan becomes in each direction."),
      OptionSpecification(
        "structures", value: "NAME", repeatable: true,
        help: "Outline structures, thin and pale; * and ? stand for any letters: \"PTV*\"."),
      OptionSpecification(
        "wash", value: "PERCENT", .integer(0...50),
        help: "Tint the scan inside the isodoses with their colours, so strongly."),
      OptionSpecification(
        "mark-maximum", help: "Mark the place of the highest dose with a cross."),
    ])

  private static let kinds = OptionGroup(
    "Kinds of series",
    [
      OptionSpecification(
        "multiframe", help: "All slices in one multi-frame instance instead of one instance each."),
      OptionSpecification(
        "overlay",
        help:
          "One more series: the lines as vector graphics over the original scan (presentation state), for viewers that can switch them off."
      ),
      OptionSpecification(
        "compress", help: "Pack the pixels without loss (RLE); sent as the PACS takes them."),
      OptionSpecification(
        "plane", value: "LIST",
        help: "Series across the slices as well: axial, coronal, sagittal, with commas between."),
    ])

  static let inspect = CommandSpecification(
    "inspect",
    abstract: "Shows what folders hold and what stands in the way of an export",
    heading: Heading.map,
    positionals: [paths],
    groups: [
      choice, course,
      OptionGroup(
        "Showing",
        [
          OptionSpecification(
            "verbose", help: "Of several possible exports, list the checks that pass as well.")
        ]),
      OptionGroup(
        "Pixels",
        [
          OptionSpecification(
            "pixels",
            help:
              "Decode every frame: the lowest and highest stored value of each series, and what cannot be decoded."
          ),
          OptionSpecification(
            "digests",
            help:
              "For each frame of the files, the SHA-256 of its decoded stored values: 8-bit samples as bytes, wider ones as 16 or 32 bits little endian, sign extended; colours as RGB."
          ),
        ]),
    ],
    exclusive: [["prior", "planning"], ["pixels", "digests"]],
    examples: [
      .init("push2pacs inspect Fixtures/courses/brain-srs", "a course that can be exported"),
      .init("push2pacs inspect --pixels FOLDER", "whether all pixel data can be decoded"),
      .init(
        "push2pacs inspect --verbose PATIENT",
        "every dose on every scan that it can lie on, with all verdicts"),
      .init("push2pacs inspect --digests IMAGE.dcm", "compare decoders with another toolkit"),
    ],
    exitStatuses: [.done, .wrongInput, .noInput, .configuration])

  static let export = CommandSpecification(
    "export",
    abstract: "Draws a course's dose map, has it confirmed by a person, sends it and verifies it",
    heading: Heading.map,
    discussion:
      "Everything is written into one folder first, the stage; nothing touches the network until a person at the terminal has confirmed it. Without --pacs it ends with the stage.",
    positionals: [paths],
    groups: [
      OptionGroup(
        "Where to",
        [
          pacs, noQuery, associations,
          OptionSpecification(
            "output", short: "o", value: "DIR", .folder, default: "the current folder",
            help: "The folder that the stage is made in."),
          OptionSpecification(
            "with-scan",
            help: "Send the scan first, where the PACS lacks it; it has a confirmation of its own."),
          OptionSpecification(
            "save-dose", value: "FILE", .file,
            help: "Write the dose as an RT Dose on the scan's own grid as well."),
          OptionSpecification("timings", help: "Say where the time went, on stderr."),
        ]), record, choice, course, drawing, kinds,
    ],
    exclusive: [["prior", "planning"]],
    examples: [
      .init(
        "push2pacs export Fixtures/courses/brain-srs --output .",
        "stage a map without sending it"),
      .init(
        "push2pacs export Fixtures/courses/brain-srs --structures \"GTV*\" --wash 20",
        "targets outlined, the dose tinted"),
      .init(
        "push2pacs export Fixtures/courses/head-neck --window soft-tissue --window bone",
        "the same map in two windows, as two series"),
      .init(
        "push2pacs export Fixtures/courses/brain-srs --multiframe --compress",
        "all slices in one instance, its pixels packed"),
      .init(
        "push2pacs export Fixtures/courses/brain-srs --plane coronal,sagittal",
        "with series across the slices beside the map"),
      .init(
        "push2pacs export Fixtures/courses/brain-srs --pacs ARCHIVE@127.0.0.1:11112",
        "stage, confirm, send, verify"),
      .init(
        "push2pacs export COURSE --with-scan --pacs main",
        "the scan as well, where the PACS lacks it"),
      .init(
        "push2pacs export COURSE --pacs main --fhir record --details course.json",
        "the map to the PACS and the treatment summary to the record, confirmed together"),
      .init(
        "push2pacs export COURSE --course-summary bundle.json",
        "the record system says that the course is completed"),
      .init(
        "push2pacs export COURSE --sum sequential",
        "50 Gy in 25 fractions and a boost of 16 Gy in 8: RT_66Gy_33Fx_..."),
    ],
    exitStatuses: [
      .done, .wrongInput, .noInput, .unavailable, .cannotCreate, .inputOutput, .tryAgain,
      .peerBrokeProtocol, .notConfirmed, .configuration,
    ])

  static let review = CommandSpecification(
    "review", abstract: "Shows a stage's review page and its checks again", heading: Heading.map,
    discussion:
      "The page opens in the browser where there is a display. A terminal that can show pictures (kitty, iTerm2, sixel) shows the contact sheet, too; elsewhere its path is printed.",
    positionals: [stage],
    examples: [.init("push2pacs review RT_18Gy_1Fx_04.23.2020", "look at a stage again")],
    exitStatuses: [.done, .wrongInput, .noInput])

  static let confirm = CommandSpecification(
    "confirm",
    abstract: "Asks for the QA confirmation of something that was staged earlier",
    heading: Heading.map,
    discussion:
      "A PRIOR, deformed or overridden map needs two people with different names; a fused one (PRIOR, or joined by a registration) a physicist and a physician. A treatment summary that goes with the map (export --fhir) is shown to each and confirmed by each. Who is still missing is said at the end.",
    positionals: [stage],
    examples: [
      .init("push2pacs confirm RT_18Gy_1Fx_04.23.2020", "confirm, as the first or second person")
    ],
    exitStatuses: [.done, .wrongInput, .noInput, .inputOutput, .notConfirmed, .configuration])

  static let push = CommandSpecification(
    "push",
    abstract: "Sends what is confirmed, or goes on with a transfer that was broken off",
    heading: Heading.map,
    discussion:
      "A treatment summary that was staged and confirmed with the map (export --fhir) goes to its FHIR server once the PACS has the map; where that server does not answer, neither is sent.",
    positionals: [stage],
    groups: [
      OptionGroup("Where to", [pacs, noQuery, associations]),
      summaryServer,
      OptionGroup(
        "Showing",
        [
          OptionSpecification(
            "timings", help: "Say how long digests, questions and sending took, on stderr.")
        ]),
    ],
    examples: [
      .init("push2pacs push RT_18Gy_1Fx_04.23.2020 --pacs main", "send, or send the rest"),
      .init(
        "push2pacs push RT_18Gy_1Fx_04.23.2020 --pacs main --associations 4 --timings",
        "over four associations, and say how long it took"),
    ],
    exitStatuses: [
      .done, .wrongInput, .noInput, .unavailable, .tryAgain, .peerBrokeProtocol, .notConfirmed,
      .configuration,
    ])

  static let verify = CommandSpecification(
    "verify",
    abstract: "Asks the PACS what it holds of a stage, fetches it back and compares",
    heading: Heading.map,
    discussion:
      "It ends in one line for the chart. The line says `viewer look: pending` until somebody has looked at the series in the PACS viewer and said so with --looked. After retract it says whether the PACS still gives the map out, and fails where it does. With --study there is nothing to compare with: every instance is fetched and looked at, counts and geometry are shown.",
    positionals: [
      PositionalSpecification(
        "STAGE", .folder, required: false, help: "The folder that export made.")
    ],
    groups: [
      OptionGroup(
        "Where",
        [
          pacs,
          OptionSpecification(
            "study", value: "UID", help: "In place of a stage: a study, by Study Instance UID."),
          OptionSpecification(
            "series", value: "UID", help: "Of that study one series, by Series Instance UID."),
        ]),
      OptionGroup(
        "Proof",
        [
          OptionSpecification(
            "commit",
            help:
              "Ask for storage commitment as well, and wait for the PACS's word; without it the verification is not complete."
          ),
          OptionSpecification(
            "looked", help: "Record who looked at the series in the PACS viewer (asks for it)."),
        ]),
    ],
    exclusive: [["study", "commit"], ["study", "looked"]],
    examples: [
      .init(
        "push2pacs verify RT_18Gy_1Fx_04.23.2020 --pacs main", "is everything there, unaltered?"),
      .init(
        "push2pacs verify RT_18Gy_1Fx_04.23.2020 --pacs main --commit",
        "and does the PACS promise to keep it?"),
      .init(
        "push2pacs verify RT_18Gy_1Fx_04.23.2020 --pacs main --looked",
        "somebody has looked at it in the viewer"),
      .init(
        "push2pacs verify --pacs main --study 1.2.826.0.1.3680043.9.9999.1",
        "what does the PACS hold of a study, and does it hang together?"),
    ],
    exitStatuses: [
      .done, .wrongInput, .noInput, .unavailable, .tryAgain, .peerBrokeProtocol, .notConfirmed,
      .configuration,
    ])

  static let retract = CommandSpecification(
    "retract",
    abstract: "Withdraws a wrong map from a PACS with a rejection note (IHE IOCM)",
    heading: Heading.map,
    discussion:
      "Sends a Key Object Selection that rejects exactly the instances that were sent, or that the PACS says it holds: those of a map, or the images of send. Whether the PACS hides them is its own affair: ask the PACS team, and tell those who may have seen the map.",
    positionals: [stage],
    groups: [
      OptionGroup(
        "Withdrawal",
        [
          pacs,
          OptionSpecification(
            "for", value: "REASON", .oneOf(["safety", "quality"]), default: "safety",
            help: "Rejected for patient safety, or for quality reasons."),
        ])
    ],
    examples: [
      .init("push2pacs retract RT_18Gy_1Fx_04.23.2020 --pacs main", "withdraw a wrong map"),
      .init(
        "push2pacs retract RT_18Gy_1Fx_04.23.2020 --pacs main --for quality",
        "withdraw one that is merely poor"),
    ],
    exitStatuses: [
      .done, .wrongInput, .noInput, .unavailable, .inputOutput, .tryAgain, .notConfirmed,
      .configuration,
    ])

  static let send = CommandSpecification(
    "send",
    abstract: "Sends other images as they are: confirmed, journaled and verified",
    heading: Heading.pacs,
    discussion:
      "Cone-beam CT, kV and MV images, RT images, the planning CT, series of an MR-linac. They are copied into a stage of their own, byte for byte. The PACS's study must be of the same patient; a person at the terminal says whose they are and why they are sent. No pixel and no attribute is changed: pixels that the PACS does not take packed go out unpacked where nothing is lost, else the file is named. `push` goes on with a broken transfer.",
    positionals: [
      PositionalSpecification(
        "PATH", .path, repeatable: true, help: "Files and folders with images of one patient.")
    ],
    groups: [
      OptionGroup(
        "Where to",
        [
          pacs, noQuery,
          OptionSpecification(
            "output", short: "o", value: "DIR", .folder, default: "the current folder",
            help: "The folder that the stage is made in."),
        ])
    ],
    examples: [
      .init("push2pacs send CBCT --pacs main", "the cone-beam CTs of a course"),
      .init(
        "push2pacs push IMAGES_CT_04.23.2020 --pacs main", "go on with what was broken off"),
      .init("push2pacs verify IMAGES_CT_04.23.2020 --pacs main", "is everything there, unaltered?"),
    ],
    exitStatuses: [
      .done, .wrongInput, .noInput, .unavailable, .cannotCreate, .inputOutput, .tryAgain,
      .notConfirmed, .configuration,
    ])

  private static let search = OptionGroup(
    "What to look for",
    [
      OptionSpecification("patient-id", value: "ID", help: "Patient ID."),
      OptionSpecification(
        "patient-name", value: "NAME",
        help: "How the name begins: Doe, or Doe^Jane; * and ? stand for any letters."),
      OptionSpecification(
        "date", value: "DAYS",
        help: "Study date: 2020-04-23, 2020-04-01..2020-04-30, 2020-04-01.. or ..2020-04-30."),
      OptionSpecification("modality", value: "KIND", help: "Such as CT, MR, PT, OT, RTDOSE."),
      OptionSpecification(
        "description", value: "TEXT", help: "Part of the study's description."),
      OptionSpecification(
        "series-description", value: "TEXT", help: "Part of the series' description."),
      OptionSpecification("accession", value: "NUMBER", help: "Accession number."),
      OptionSpecification("study", value: "UID", help: "Study Instance UID."),
      OptionSpecification("series", value: "UID", help: "Series Instance UID."),
      OptionSpecification("instance", value: "UID", help: "SOP Instance UID."),
    ])

  static let find = CommandSpecification(
    "find",
    abstract: "Asks a PACS what it holds of a patient, a study or a series", heading: Heading.pacs,
    discussion:
      "The UID below each line is what fetch and verify take. Without --level it shows series where a study or series was named, else studies.",
    groups: [
      OptionGroup(
        "Where",
        [
          pacs,
          OptionSpecification(
            "level", value: "LEVEL", .oneOf(["patient", "study", "series", "image"]),
            help: "What is listed."),
        ]), search,
    ],
    examples: [
      .init(
        "push2pacs find --pacs main --patient-id 4711 --modality MR --date 2020-05-01..",
        "the MR studies of a patient after the treatment"),
      .init(
        "push2pacs find --pacs main --study 1.2.826.0.1.3680043.9.9999.1",
        "the series of a study"),
    ],
    exitStatuses: [.done, .unavailable, .tryAgain, .peerBrokeProtocol, .configuration])

  static let fetch = CommandSpecification(
    "fetch",
    abstract: "Fetches series of one patient from a PACS into a folder", heading: Heading.pacs,
    discussion:
      "Each instance is looked at before it gets its name: patient, study, series and instance must be what was asked for, and all that the PACS lists must be there. What is there already is not fetched again, so a broken-off run goes on. Such a folder is what export takes: the follow-up scan for a PRIOR map beside the course of then, and the registration between them.",
    groups: [
      OptionGroup(
        "Where",
        [
          pacs,
          OptionSpecification(
            "output", short: "o", value: "DIR", .folder, default: "the current folder",
            help: "Where the folders of study and series are made."),
          OptionSpecification(
            "all", help: "All studies that were found; otherwise there must be one."),
        ]), search,
    ],
    examples: [
      .init(
        "push2pacs fetch --pacs main --patient-id 4711 --date 2020-08-01 -o followup",
        "the follow-up scan of one day"),
      .init(
        "push2pacs export COURSE followup REGISTRATION.dcm --pacs main",
        "then draw the prior dose on it: PRIOR_RT_18Gy_1Fx_04.23.2020"),
      .init(
        "push2pacs fetch --pacs main --series 1.2.826.0.1.3680043.9.9999.2 -o followup",
        "one series by its UID"),
    ],
    exitStatuses: [
      .done, .wrongInput, .noInput, .unavailable, .cannotCreate, .inputOutput, .tryAgain,
      .peerBrokeProtocol, .configuration,
    ])

  static let audit = CommandSpecification(
    "audit",
    abstract: "Shows the audit log and checks its chain", heading: Heading.record,
    discussion:
      "Every staging, confirmation, sending, verification and withdrawal, every find and fetch stands in it, each line bound to the one before it.",
    groups: [
      OptionGroup(
        "Form",
        [
          OptionSpecification(
            "xml", help: "Write DICOM audit messages (PS3.15 A.5) for an audit repository.")
        ])
    ],
    exclusive: [["xml", "json"]],
    examples: [
      .init("push2pacs audit", "who did what, and whether the log is whole"),
      .init("push2pacs audit --xml", "the same as DICOM audit messages"),
    ],
    exitStatuses: [.done, .wrongInput, .inputOutput, .configuration])

  static let dose = CommandSpecification(
    "dose",
    abstract: "Prints the dose at a point of the patient, and the voxels it comes from.",
    heading: Heading.record,
    discussion:
      "For spot checks against the planning system: the dose as the file holds it, trilinear, not scaled to delivered fractions.",
    positionals: [paths],
    groups: [
      OptionGroup(
        "Where",
        [
          OptionSpecification(
            "at", value: "X,Y,Z", .numbers(count: 3), required: true,
            help: "The point, in mm: to the patient's left, to the back, to the head."),
          OptionSpecification(
            "frame", value: "UID", default: "the dose's",
            help: "The frame of reference that the point is given in."),
          OptionSpecification(
            "dose", value: "UID", repeatable: true,
            help: "SOP Instance UID of the dose; with --sum those that are added up."),
          OptionSpecification(
            "registration", value: "UID", help: "SOP Instance UID of the registration."),
          sum,
        ])
    ],
    examples: [
      .init(
        "push2pacs dose Fixtures/courses/brain-srs --at 28,-12,41", "the dose at a point"),
      .init(
        "push2pacs dose COURSE --sum sequential --at 28,-12,41",
        "each plan's dose at a point, and their sum"),
    ],
    exitStatuses: [.done, .wrongInput, .noInput])

  static let archive = CommandSpecification(
    "archive",
    abstract: "Runs an embedded archive for trying things out", heading: Heading.pacs,
    discussion: "It listens on loopback unless --host says otherwise, and runs until Ctrl-C.",
    groups: [
      OptionGroup(
        "Archive",
        [
          OptionSpecification(
            "directory", value: "DIR", .folder, required: true,
            help: "Where the instances are kept; made if it is not there."),
          OptionSpecification(
            "port", value: "N", .integer(0...65535), default: "11112",
            help: "The port to listen on; 0 takes any free one."),
          OptionSpecification(
            "host", value: "ADDRESS", default: "127.0.0.1", help: "The address to listen on."),
          OptionSpecification(
            "ae-title", value: "TITLE", default: "ARCHIVE", help: "What the archive calls itself."),
          OptionSpecification(
            "allow", value: "TITLE", repeatable: true,
            help: "An AE title that may call; everybody where none is named."),
          OptionSpecification(
            "peer", value: "AETITLE@host:port", repeatable: true,
            help: "Where instances can be moved to, and promises of storage are sent."),
          OptionSpecification(
            "associations", value: "N", .integer(1...256), default: "16",
            help: "How many may be open at once; more are told to come back later."),
        ])
    ],
    examples: [
      .init("push2pacs archive --directory archive --port 11112", "an archive on this machine"),
      .init(
        "push2pacs archive --directory DIR --peer PUSH2PACS@127.0.0.1:11104",
        "one that can move instances to push2pacs"),
    ],
    exitStatuses: [.done, .unavailable, .cannotCreate, .interrupted])

  static let doctor = CommandSpecification(
    "doctor",
    abstract: "Tries the connection to a PACS and says in words what is wrong",
    heading: Heading.pacs,
    discussion:
      "It goes step by step: resolve, connect, associate, C-ECHO, each kind of object that exports send, query, retrieval, storage commitment. Retrieval is asked for a study, commitment for an instance that does not exist: nothing is stored, nobody's images are moved. At the end stands what the PACS team needs to know to grant access.",
    groups: [
      OptionGroup(
        "Where",
        [
          pacs,
          OptionSpecification(
            "fhir", value: "URL", .listed(by: "config --list fhir"),
            help:
              "A FHIR R4 server as well, or alone: its address or its name in the configuration."
          ),
          OptionSpecification(
            "token", value: "VARIABLE", default: "the configuration's, else FHIR_TOKEN",
            help: "The environment variable that holds the FHIR server's bearer token."),
          OptionSpecification(
            "timeout", value: "SECONDS", .integer(1...3600), default: "60",
            help: "How long the FHIR server may be silent."),
        ])
    ],
    examples: [
      .init("push2pacs doctor --pacs ARCHIVE@127.0.0.1:11112", "can we send there?"),
      .init(
        "push2pacs doctor --pacs https://pacs.example/dicom-web", "the same over DICOMweb"),
      .init("push2pacs doctor --pacs main --fhir record", "PACS and FHIR server"),
    ],
    exitStatuses: [.done, .unavailable, .tryAgain, .peerBrokeProtocol, .configuration])

  static let completions = CommandSpecification(
    "completions", abstract: "Writes the completion script of a shell", heading: Heading.machine,
    positionals: [
      PositionalSpecification("SHELL", .oneOf(["bash", "zsh", "fish"]), help: "bash, zsh or fish.")
    ],
    examples: [
      .init(
        "push2pacs completions bash > ~/.local/share/bash-completion/completions/push2pacs",
        "complete commands and options in bash")
    ],
    exitStatuses: [.done])

  static let manual = CommandSpecification(
    "manual", abstract: "Writes the manual page", heading: Heading.machine,
    examples: [.init("push2pacs manual | man -l -", "read it")], exitStatuses: [.done])
}
