import Console

/// A program to test with: each kind of option and argument once.
let example = ProgramSpecification(
  name: "push2pacs", version: "1.2", abstract: "Burns dose into a copy of the scan",
  commands: [
    CommandSpecification(
      "export", abstract: "Draw the dose of a course and send it to a PACS",
      discussion: """
        Reads everything under the paths.
        Asks before it sends.

        Without --pacs it ends at the stage.
        """,
      positionals: [
        PositionalSpecification("PATH", .path, repeatable: true, help: "Files and folders.")
      ],
      groups: [
        OptionGroup(
          "What is drawn",
          [
            OptionSpecification("isodoses", value: "LIST", help: "Levels, as 18,12,8."),
            OptionSpecification(
              "window", value: "C,W", .numbers(count: 2), help: "The window of the scan."),
            OptionSpecification(
              "scale", value: "N", .integer(1...8), default: "at least 512 pixels",
              help: "How much larger."),
            OptionSpecification(
              "sum", value: "HOW", .oneOf(["sequential", "concurrent", "beams"]),
              help: "How doses are added."),
            OptionSpecification(
              "structures", value: "NAME", repeatable: true, help: "Structures to draw."),
          ]),
        OptionGroup(
          "Where it goes",
          [
            OptionSpecification(
              "pacs", value: "NAME", .listed(by: "config --list pacs"), help: "The PACS."),
            OptionSpecification(
              "output", short: "o", value: "DIR", .folder, help: "Where the stage is made."),
            OptionSpecification("multiframe", short: "m", help: "One multi-frame image."),
            OptionSpecification("prior", help: "It is a follow-up scan."),
            OptionSpecification("planning", help: "It is the planning scan."),
            OptionSpecification(
              "completed", value: "DATE", .date, help: "The date of the last fraction."),
            OptionSpecification(
              "limit", value: "GY", .number(0 ... .infinity), help: "A dose."),
          ]),
      ],
      exclusive: [["prior", "planning"]],
      examples: [
        .init("push2pacs export Fixtures/srs --pacs main", "one course to the PACS")
      ],
      exitStatuses: [.done, .usage, .wrongInput, .notConfirmed]),
    CommandSpecification(
      "dose", abstract: "Say the dose at a point.", heading: "Single steps",
      positionals: [
        PositionalSpecification("PATH", .path, repeatable: true, help: "Files and folders.")
      ],
      groups: [
        OptionGroup(
          "Where",
          [
            OptionSpecification(
              "at", value: "X,Y,Z", .numbers(count: 3), required: true, help: "The point.")
          ])
      ]),
    CommandSpecification(
      "verify", abstract: "Compare the PACS with the stage", heading: "Single steps",
      positionals: [
        PositionalSpecification("STAGE", .folder, required: false, help: "The stage.")
      ],
      groups: [
        OptionGroup("What", [OptionSpecification("looked", help: "Record who looked.")])
      ]),
    CommandSpecification(
      "completions", abstract: "Write a completion script",
      positionals: [
        PositionalSpecification("SHELL", .oneOf(["bash", "zsh", "fish"]), help: "The shell.")
      ]),
  ],
  essentials: [
    .init("push2pacs inspect PATH", "what is in these folders?"),
    .init("push2pacs export PATH --pacs NAME", "the dose into the PACS"),
  ],
  nextStep: "Try: push2pacs inspect Fixtures", commandForPaths: "inspect")
