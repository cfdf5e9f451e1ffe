import DICOM
import Foundation
import Radiotherapy
import Testing

@Suite("Ions, brachytherapy and the second generation") struct IonTests {
  @Test("an ion plan's beams, metersets and fractions")
  func plan() throws {
    let plan = try RTPlan(of: Fixture.file("ion-plan"))
    #expect(plan.isIon)
    #expect(plan.beams.map(\.number) == [1, 2, 3, 4])
    #expect(plan.beams.allSatisfy { $0.radiationType == "PROTON" && $0.isTreatment })
    #expect(plan.metersetUnit(ofBeam: 2) == "NP")
    #expect(plan.fractionGroups.first?.beams.map(\.meterset) == [1612.4, 1108.7, 1090.2, 1121.9])
    #expect(plan.fractionsPlanned == 1)
    #expect(!plan.hasBrachytherapy)
  }

  @Test(
    "metersets of an ion record from control points, and from scan spots alone",
    arguments: ["ion-record", "ion-spots-record"])
  func record(name: String) throws {
    let record = try TreatmentRecord(of: Fixture.file(name))
    #expect(record.date?.iso == "2020-04-23")
    #expect(record.beams.map(\.number) == [1, 2, 3, 4])
    let planned = [1612.4, 1108.7, 1090.2, 1121.9]
    for (beam, meterset) in zip(record.beams, planned) {
      // Spots are 32-bit floats.
      #expect(abs((beam.deliveredMeterset ?? 0) - meterset) < 0.001 * meterset)
    }
    let plan = try RTPlan(of: Fixture.file("ion-plan"))
    let delivered = DeliveredCourse(plan: plan, records: [record])
    #expect(delivered.wholeFractions == 1)
    #expect(delivered.unclear.isEmpty)
  }

  @Test("a brachytherapy record names its plan")
  func brachytherapy() throws {
    let inventory = try Inventory(paths: [Fixture.path("brachy-record")])
    #expect(
      inventory.brachyRecords.map { $0.referencedPlans.map(\.sopInstanceUID) } == [["2.25.1"]])
  }

  @Test("an object of the second generation is known as one")
  func secondGeneration() throws {
    let inventory = try Inventory(paths: [Fixture.path("physician-intent")])
    #expect(inventory.otherObjects.map { SOPClass.isSecondGeneration($0.sopClassUID) } == [true])
    for number in 1...9 {
      #expect(!SOPClass.isSecondGeneration("1.2.840.10008.5.1.4.1.1.481.\(number)"))
    }
    for number in 10...25 {
      #expect(SOPClass.isSecondGeneration("1.2.840.10008.5.1.4.1.1.481.\(number)"))
    }
    #expect(!SOPClass.isSecondGeneration(SOPClass.ctImage))
  }

  /// Values as pydicom shows them.
  @Test("real ion plans", .enabled(if: Fixture.realData != nil))
  func real() throws {
    let folder = try #require(Fixture.realData)
    let inventory = try Inventory(paths: [
      folder.appending(path: "aptg-raystation").path, folder.appending(path: "topas-rtip").path,
    ])
    #expect(inventory.plans.count == 3)
    #expect(inventory.plans.allSatisfy { $0.isIon })
    #expect(inventory.plans.allSatisfy { !$0.beams.isEmpty && !$0.fractionGroups.isEmpty })
  }
}
