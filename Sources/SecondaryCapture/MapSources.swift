import DICOM
package import Radiotherapy

/// The objects that a map was made from, as the map names them.
package struct MapSources: Sendable {
  package struct Object: Hashable, Sendable {
    package let reference: ObjectReference
    package let studyInstanceUID: String
    package let seriesInstanceUID: String
    package let role: Role
  }

  package enum Role: String, Sendable {
    case dose
    case plan
    case registration
  }

  /// Doses, plans and registrations.
  package let objects: [Object]

  package init(of course: Course) {
    func object(_ identity: ObjectIdentity, _ role: Role) -> Object {
      Object(
        reference: ObjectReference(
          sopClassUID: identity.sopClassUID, sopInstanceUID: identity.sopInstanceUID),
        studyInstanceUID: identity.studyInstanceUID,
        seriesInstanceUID: identity.seriesInstanceUID, role: role)
    }
    var objects = course.doseParts.map { object($0.identity, .dose) }
    for plan in course.plans.compactMap(\.plan) { objects.append(object(plan.identity, .plan)) }
    for registration in course.registrations {
      objects.append(object(registration.identity, .registration))
    }
    self.objects = objects
  }
}
