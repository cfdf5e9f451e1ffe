import Radiotherapy

/// The machines that treated, from records; before there are any, from the plan.
enum DeviceReading {
  static func devices(
    of plan: PlanCourse, _ details: SummaryDetails
  ) -> [TreatmentSummary.Device] {
    let recorded = plan.sessions.compactMap(\.machine)
    var devices: [TreatmentSummary.Device] = []
    for machine in recorded.isEmpty ? plan.plan.machines : recorded {
      guard let device = device(machine, details), !devices.contains(device) else { continue }
      devices.append(device)
    }
    return devices
  }

  static func merged(_ parts: [[TreatmentSummary.Device]]) -> [TreatmentSummary.Device] {
    var seen: Set<TreatmentSummary.Device> = []
    return parts.flatMap(\.self).filter { seen.insert($0).inserted }
  }

  private static func device(
    _ machine: TreatmentMachine, _ details: SummaryDetails
  ) -> TreatmentSummary.Device? {
    guard let name = machine.name ?? machine.model ?? machine.serial else { return nil }
    var device = TreatmentSummary.Device(name: name)
    device.manufacturer = machine.manufacturer
    device.model = machine.model
    device.serial = machine.serial
    // The profile wants maker and model, and a second run has to find it again.
    if let system = details.systems.device, machine.manufacturer != nil, machine.model != nil {
      device.reference = SummaryName("device", system, machine.serial ?? name).fullURL
    }
    return device
  }
}
