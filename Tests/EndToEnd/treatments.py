"""Courses of several plans, made of the fixtures' plan and record by pydicom."""

import copy
import datetime
import json
import uuid
from decimal import Decimal

from fixtures.objects import code, item, numbers, reference
from pydicom.sequence import Sequence

CX = "http://hl7.org/fhir/us/codex-radiation-therapy/StructureDefinition/"
MC = "http://hl7.org/fhir/us/mcode/StructureDefinition/"
SUMMARY_RECORD = "1.2.840.10008.5.1.4.1.1.481.7"
SYSTEMS = {name: f"https://hospital.example/ids/{name}" for name in (
    "patient", "course", "phase", "plan", "prescription", "volume")}


def uid():
    return f"2.25.{uuid.uuid4().int}"


def days(first, count, step=1):
    start = datetime.date.fromisoformat(first)
    return [(start + datetime.timedelta(step * n)).strftime("%Y%m%d") for n in range(count)]


class Treatments:
    """Plans, records and structure sets of one patient, written into a folder."""

    def __init__(self, folder, course):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        [self.base] = course.datasets("RTPLAN")
        self.record_base = course.datasets("RTRECORD")[0]
        self.details = {
            "identifierSystems": dict(SYSTEMS), "timezone": "+01:00", "technique": "3D",
            "course": {"id": "C1", "name": "C1", "status": "completed"},
            "diagnosis": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "C10.9", "display": "Oropharynx"}]}

    def save(self, dataset):
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
        dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
        dataset.save_as(self.folder / f"{dataset.SOPInstanceUID}.dcm")

    def plan(self, label, fractions, **gray):
        """`gray`: the plan's dose to each target, by its name; a target is the same volume everywhere."""
        d = copy.deepcopy(self.base)
        d.SOPInstanceUID, d.RTPlanLabel = uid(), label
        d.FractionGroupSequence[0].NumberOfFractionsPlanned = fractions
        d.DoseReferenceSequence = Sequence([
            item(DoseReferenceNumber=n, DoseReferenceUID=f"2.25.{int.from_bytes(name.encode(), 'big')}",
                 DoseReferenceStructureType="VOLUME", DoseReferenceDescription=name, DoseReferenceType="TARGET",
                 TargetPrescriptionDose=numbers([dose])[0])
            for n, (name, dose) in enumerate(gray.items(), 1)])
        if "ReferencedStructureSetSequence" in d:
            del d.ReferencedStructureSetSequence
        self.save(d)
        return d

    def treat(self, plan, dates, first=1, share=1.0, gray=None, **attributes):
        """A record for each day, of all beams with their metersets.

        `gray`: by the fraction's number, the doses that the record calculates, by dose references' numbers.
        """
        planned = {b.ReferencedBeamNumber: b for b in plan.FractionGroupSequence[0].ReferencedBeamSequence}
        for number, date in enumerate(dates, first):
            d = copy.deepcopy(self.record_base)
            d.SOPInstanceUID, d.TreatmentDate = uid(), date
            d.ReferencedRTPlanSequence = Sequence([reference(plan)])
            for beam in d.TreatmentSessionBeamSequence:
                beam.CurrentFractionNumber = number
                meterset = planned[beam.ReferencedBeamNumber].get("BeamMeterset")
                if meterset is not None:
                    beam.SpecifiedPrimaryMeterset = meterset
                    beam.DeliveredPrimaryMeterset = numbers([float(meterset) * share], 3)[0]
                for point in beam.ControlPointDeliverySequence:
                    point.TreatmentControlPointDate = date
            if gray is not None and gray(number):
                d.CalculatedDoseReferenceSequence = Sequence([
                    item(ReferencedDoseReferenceNumber=n, CalculatedDoseReferenceDoseValue=numbers([dose])[0])
                    for n, dose in gray(number).items()])
            for name, value in attributes.items():
                setattr(d, name, value)
            self.save(d)

    def summary_record(self, plan, delivered, first, last, status="COMPLETED", gray=None, listed=()):
        d = copy.deepcopy(self.record_base)
        for name in ("TreatmentSessionBeamSequence", "TreatmentMachineSequence", "ReferencedFractionGroupNumber",
                     "PrimaryDosimeterUnit", "NumberOfFractionsPlanned"):
            if name in d:
                delattr(d, name)
        d.SOPClassUID, d.SOPInstanceUID = SUMMARY_RECORD, uid()
        d.TreatmentDate = last
        d.ReferencedRTPlanSequence = Sequence([reference(plan)])
        d.CurrentTreatmentStatus = status
        d.FirstTreatmentDate, d.MostRecentTreatmentDate = first, last
        group = item(
            ReferencedFractionGroupNumber=1, FractionGroupType="EXTERNAL_BEAM",
            NumberOfFractionsPlanned=plan.FractionGroupSequence[0].NumberOfFractionsPlanned,
            NumberOfFractionsDelivered=delivered)
        if listed:
            group.FractionStatusSummarySequence = Sequence([
                item(ReferencedFractionNumber=n, TreatmentDate=date, TreatmentTime="120000",
                     TreatmentTerminationStatus="NORMAL") for n, date in enumerate(listed, 1)])
        d.FractionGroupSummarySequence = Sequence([group])
        if gray is not None:
            d.TreatmentSummaryCalculatedDoseReferenceSequence = Sequence([
                item(ReferencedDoseReferenceNumber=1, CumulativeDoseToDoseReference=numbers([gray])[0])])
        self.save(d)
        return d

    def structures(self, plan, names, **codes):
        """A structure set with a region for each target; `codes`: region name to code item and its modifiers."""
        d = copy.deepcopy(plan)
        for element in list(d):
            if element.tag.group in (0x300A, 0x300C, 0x300E):
                del d[element.tag]
        d.SOPClassUID, d.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.481.3", uid()
        d.Modality, d.StructureSetLabel = "RTSTRUCT", "S"
        d.StructureSetROISequence = Sequence([
            item(ROINumber=n, ReferencedFrameOfReferenceUID="1.2.3", ROIName=name, ROIDescription=f"what {name} is",
                 ROIGenerationAlgorithm="MANUAL") for n, name in enumerate(names, 1)])
        d.RTROIObservationsSequence = Sequence([
            item(ObservationNumber=n, ReferencedROINumber=n, RTROIInterpretedType="PTV",
                 **({"RTROIIdentificationCodeSequence": codes[name]} if name in codes else {}))
            for n, name in enumerate(names, 1)])
        self.save(d)
        plan.ReferencedStructureSetSequence = Sequence([reference(d)])
        for n, target in enumerate(plan.DoseReferenceSequence, 1):
            target.ReferencedROINumber = n
        self.save(plan)
        return d

    def run(self, run, *more):
        path = self.folder / "details.json"
        path.write_text(json.dumps(self.details))
        return run("summary", self.folder, "--details", path, "--json", *more)

    def made(self, run, *more):
        """The resources by profile, after the rules and fhir.resources have seen the Bundle."""
        from fhir.resources.R4B.bundle import Bundle

        done = self.run(run, *more)
        assert done.code == 0, done.err
        bundle = json.loads(done.out)
        Bundle.model_validate(bundle)
        path = self.folder / "bundle.txt"
        path.write_text(done.out)
        checked = run("summary", "--check", path, "--json")
        assert checked.code == 0, checked.err
        self.notes = " ".join(done.err.split())
        self.bundle = bundle
        self.table = json.loads(run("summary", "--read", path, "--json").out)
        return Resources(bundle)


class Resources:
    def __init__(self, bundle):
        self.entries = bundle["entry"]
        self.of = {}
        self.url = {}
        for entry in self.entries:
            resource = entry["resource"]
            self.url[entry["fullUrl"]] = resource
            for profile in resource.get("meta", {}).get("profile", []):
                self.of.setdefault(profile.rsplit("/", 1)[-1].removeprefix("codexrt-radiotherapy-"), []).append(resource)

    def named(self, profile, name):
        [found] = [r for r in self.of[profile] if r["identifier"][0]["value"] == name]
        return found

    def dose(self, resource, volume=None):
        """Total, each fraction's and number of fractions of a resource's dose to a volume, in cGy."""
        found = []
        for e in resource.get("extension", []):
            if e["url"].rsplit("-", 2)[-2:] != ["to", "volume"]:
                continue
            parts = {p["url"]: p for p in e["extension"]}
            body = self.url[parts["volume"]["valueReference"]["reference"]]
            if volume not in (None, body["identifier"][0]["value"]):
                continue

            def quantity(*names):
                return next((Decimal(str(parts[n]["valueQuantity"]["value"])) for n in names if n in parts), None)

            def count(*names):
                return next((parts[n].get("valuePositiveInt", parts[n].get("valueUnsignedInt")) for n in names
                             if n in parts), None)

            found.append((quantity("totalDose", "totalDoseDelivered"), quantity("fractionDose"),
                          count("fractions", "fractionsDelivered")))
        assert len(found) == 1, found
        return found[0]

    @staticmethod
    def values(resource, url):
        """What the extensions with an address hold."""
        return [next(v for k, v in e.items() if k.startswith("value") or k == "extension")
                for e in resource.get("extension", []) if e["url"] == url]

    def fractions(self, resource):
        for name in ("prescribed", "planned", "delivered"):
            for value in self.values(resource, f"{CX}codexrt-radiotherapy-fractions-{name}"):
                return value
        return None

    def uniform(self, volume):
        [course] = self.of["course-summary"]
        for e in course["extension"]:
            parts = {p["url"]: p for p in e.get("extension", [])}
            if "volume" in parts and self.url[parts["volume"]["valueReference"]["reference"]]["identifier"][0][
                    "value"] == volume:
                return parts[f"{CX}codexrt-radiotherapy-uniform-fractionation"]["valueBoolean"]
        raise AssertionError(volume)

    def codes(self, concept):
        return [c["code"] for c in concept.get("coding", [])]


__all__ = ["CX", "MC", "Resources", "Treatments", "code", "days", "item", "uid"]
