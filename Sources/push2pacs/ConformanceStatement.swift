import Archive
import DICOM
import DIMSE
import Delivery

/// The conformance statement in the order of PS3.2 annex A, as Markdown that reads as plain text.
///
/// Sentences of their own stand on lines of their own; tables are as wide as they are.
struct ConformanceStatement {
  var text: String {
    let parts = [
      introduction, networking, media, characterSets, security, annexes,
    ]
    let headings = parts.flatMap { $0.split(separator: "\n") }.filter {
      $0.hasPrefix("## ") || $0.hasPrefix("### ")
    }
    let contents =
      "## 2 Table of contents\n\n"
      + headings.map { $0.hasPrefix("###") ? "  - \($0.dropFirst(4))" : "- \($0.dropFirst(3))" }
      .joined(separator: "\n")
    return ([overview, contents] + parts).joined(separator: "\n\n") + "\n"
  }

  private var overview: String {
    """
    # DICOM Conformance Statement: push2pacs \(Program.version)

    ## 1 Conformance statement overview

    push2pacs draws the dose of a completed radiotherapy course, as isodose lines, into copies of a
    CT, MR or PET series and stores them as Secondary Captures in the series' own study. It queries
    and retrieves, verifies what it stored, asks for storage commitment, and withdraws wrong maps
    with rejection notes (IHE IOCM). It is no medical device; its images are not for diagnosis.

    Made by the program from the tables that it negotiates with.

    \(networkServices)

    Besides DIMSE: DICOMweb user agent (STOW-RS, QIDO-RS, WADO-RS), section 4.2.3. Media storage: none.
    """
  }

  private var networkServices: String {
    let own = ConformanceTables.proposed
    let archive = ConformanceTables.acceptedByArchive
    var seen: Set<String> = []
    let rows = (own + archive).compactMap { context -> [String]? in
      let key = context.sopClassUID ?? ""
      guard seen.insert(key).inserted else { return nil }
      func isIn(_ contexts: [ConformanceTables.Context]) -> String {
        contexts.contains {
          $0.sopClassUID == context.sopClassUID
            || $0.sopClassUID == nil && ConformanceTables.storageClasses.contains(key)
        } ? "yes" : "no"
      }
      return [context.name, context.sopClassUID ?? "section 8.7", isIn(own), isIn(archive)]
    }
    return Self.table(["SOP class", "UID", "PUSH2PACS, as user", "ARCHIVE, as provider"], rows)
  }

  private var introduction: String {
    """
    ## 3 Introduction

    ### 3.1 Audience and remarks

    For administrators of PACS and integrators. Conformance does not by itself guarantee that two
    systems work together: try the connection with `push2pacs doctor`, which also writes the page that
    the PACS team needs.

    ### 3.2 Terms, and what it rests on

    Terms are those of the DICOM standard. AE: application entity; SCU: user of a service; SCP: provider;
    IOCM: Imaging Object Change Management. DICOM PS3.1 to PS3.22; IHE Radiology Technical Framework (IOCM).
    Revision: that of the program.
    """
  }

  private var media: String {
    """
    ## 5 Media interchange

    None. Files (PS3.10) are read from folders; a DICOMDIR is passed over. What is staged are PS3.10 files.
    """
  }

  private var characterSets: String {
    """
    ## 6 Support of character sets

    Read: the default repertoire, ISO_IR 100, 101, 109, 110, 126, 127, 138, 144, 148, 166, 203, 13, 192,
    GB18030 and GBK, and ISO 2022 with code extensions for these and for ISO 2022 IR 87, 149, 58, 159.
    Written: patient and study attributes byte for byte as in the scan, with its Specific Character
    Set; other texts within that set. Burned-in text is drawn in ASCII. Queries with text beyond ASCII
    go out in ISO_IR 192.
    """
  }

  private var security: String {
    """
    ## 7 Security

    ### 7.1 Security profiles

    DIMSE goes over plain TCP; Basic TLS by BCP 195 with a tunnel on the machine (the README has one).
    DICOMweb goes over TLS with the system's trusted certificates. Audit records are kept in a
    hash-chained file and can be written as DICOM audit messages (PS3.15 A.5).

    ### 7.2 Association level

    No user identity is negotiated. Access to ARCHIVE can be limited to AE titles; it listens on loopback
    unless told otherwise. A caller must call either AE by its own title.

    ### 7.3 Application level

    Nothing is sent before a person has confirmed it at a terminal; the confirmation is bound to the
    bytes that are sent. Stages and configuration are readable by their owner alone, or by a group
    that the site names. Tokens are taken from environment variables and stored nowhere.
    """
  }

  static func names(_ syntaxes: [TransferSyntax]) -> String {
    syntaxes.map { "\($0.name) (\($0.uid))" }.joined(separator: "; ")
  }

  static func contexts(_ contexts: [ConformanceTables.Context]) -> String {
    table(
      ["Abstract syntax", "UID", "Transfer syntaxes", "Role", "Extended negotiation"],
      contexts.map {
        [$0.name, $0.sopClassUID ?? "section 8.7", names($0.transferSyntaxes), $0.role, "none"]
      })
  }

  static func table(_ titles: [String], _ rows: [[String]]) -> String {
    ([titles, titles.map { _ in "---" }] + rows)
      .map { "| " + $0.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |" }
      .joined(separator: "\n")
  }
}
