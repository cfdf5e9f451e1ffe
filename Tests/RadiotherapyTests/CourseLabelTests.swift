import DICOM
import Radiotherapy
import Testing

@Suite("Course label") struct CourseLabelTests {
  /// The names of the published practice, and doses at the edge of rounding.
  @Test(
    "labels",
    arguments: [
      (18.0, 1, "20200423", false, "RT_18Gy_1Fx_04.23.2020"),
      (59.4, 33, "20170302", false, "RT_59.4Gy_33Fx_03.02.2017"),
      (18.0, 1, "20200423", true, "PRIOR_RT_18Gy_1Fx_04.23.2020"),
      (27.005, 3, "20211231", false, "RT_27.01Gy_3Fx_12.31.2021"),
      (50.40, 28, "20210105", false, "RT_50.4Gy_28Fx_01.05.2021"),
    ])
  func labels(dose: Double, fractions: Int, date: String, prior: Bool, expected: String) throws {
    let completed = try #require(CalendarDate(dicom: date))
    let label = CourseLabel(
      doseGy: dose, fractions: fractions, completed: completed, isPrior: prior)
    #expect(label.text == expected)
  }

  @Test("weighted doses say so")
  func weighted() throws {
    let completed = try #require(CalendarDate(dicom: "20210105"))
    let label = CourseLabel(
      doseGy: 50.4, isRBE: true, fractions: 28, completed: completed, isPrior: false)
    #expect(label.text == "RT_50.4GyRBE_28Fx_01.05.2021")
  }

  @Test("a site may write dates its own way")
  func dateFormat() throws {
    let completed = try #require(CalendarDate(dicom: "20210105"))
    let label = CourseLabel(
      doseGy: 8, fractions: 1, completed: completed, isPrior: false, dateFormat: "yyyy-MM-dd")
    #expect(label.text == "RT_8Gy_1Fx_2021-01-05")
  }

  @Test("a site may write labels its own way, and what is essential is known")
  func template() throws {
    let completed = try #require(CalendarDate(dicom: "20210105"))
    let label = CourseLabel(
      doseGy: 8, fractions: 1, completed: completed, isPrior: true,
      template: "DOSE_{date}_{fractions}x_{dose}{unit}_END")
    #expect(label.text == "PRIOR_DOSE_01.05.2021_1x_8Gy_END")
    #expect(label.essential == "PRIOR_DOSE_01.05.2021_1x_8Gy")
    let standard = CourseLabel(doseGy: 59.4, fractions: 33, completed: completed, isPrior: true)
    #expect(standard.essential == "PRIOR_RT_59.4Gy_33")
  }
}
