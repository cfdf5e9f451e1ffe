#!/usr/bin/env python3
"""Makes small enhanced multi-frame images, and says which volumes they hold and what they show.

    python3 Scripts/references/enhanced.py

Needs pydicom and numpy; nothing of ours. Writes Fixtures/dicom/enhanced. Display values follow
PS3.3 C.11.2.1.2 in numpy, frame by frame: the frame's own groups before the shared ones.
"""
import json
import pathlib

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

target = pathlib.Path(__file__).resolve().parents[2] / "Fixtures" / "dicom" / "enhanced"
target.mkdir(parents=True, exist_ok=True)
expected = {}
AXIAL, SAGITTAL = [1, 0, 0, 0, 1, 0], [0, 1, 0, 0, 0, -1]
CT, MR, PET = ("1.2.840.10008.5.1.4.1.1.2.1", "1.2.840.10008.5.1.4.1.1.4.1",
               "1.2.840.10008.5.1.4.1.1.130")


def item(**attributes):
    d = Dataset()
    for keyword, value in attributes.items():
        setattr(d, keyword, value)
    return d


def image(name, sop_class, modality, stored, bits=16, signed=False):
    d = Dataset()
    number = int.from_bytes(name.encode(), "big") % 10 ** 12
    d.SOPClassUID, d.SOPInstanceUID, d.Modality = sop_class, f"2.25.{number}.1", modality
    d.ImageType = ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"]
    d.PatientID, d.PatientName, d.FrameOfReferenceUID = "E1", "Enhanced^Example", f"2.25.{number}.2"
    d.StudyInstanceUID, d.SeriesInstanceUID = f"2.25.{number}.3", f"2.25.{number}.4"
    d.Rows, d.Columns, d.NumberOfFrames = stored.shape[1], stored.shape[2], stored.shape[0]
    d.SamplesPerPixel, d.PhotometricInterpretation = 1, "MONOCHROME2"
    d.BitsAllocated = 16 if bits <= 16 else 32
    d.BitsStored, d.HighBit, d.PixelRepresentation = bits, bits - 1, int(signed)
    d.PixelData = stored.astype(("<i" if signed else "<u") + str(d.BitsAllocated // 8)).tobytes()
    d["PixelData"].VR = "OW"
    return d


def orientation(directions):
    return [item(ImageOrientationPatient=directions)]


def position(*p):
    return [item(ImagePositionPatient=list(p))]


def values(slope, intercept):
    return [item(RescaleSlope=slope, RescaleIntercept=intercept, RescaleType="US")]


def voi(centers, widths, names=None, function=None):
    d = item(WindowCenter=centers, WindowWidth=widths)
    if names:
        d.WindowCenterWidthExplanation = names
    if function:
        d.VOILUTFunction = function
    return [d]


def shown(stored, slope, intercept, center, width, function="LINEAR"):
    v = stored.astype(float) * slope + intercept
    if function == "LINEAR":
        y = (v - (center - 0.5)) / (width - 1) + 0.5
        y = np.where(v <= center - 0.5 - (width - 1) / 2, 0, y)
        y = np.where(v > center - 0.5 + (width - 1) / 2, 1, y)
    elif function == "LINEAR_EXACT":
        y = np.clip((v - center) / width + 0.5, 0, 1)
    else:
        y = 1 / (1 + np.exp(-4 * (v - center) / width))
    return np.floor(np.clip(y, 0, 1) * 255 + 0.5).astype(int).ravel().tolist()


def save(name, d, scans, display=None):
    d.file_meta = FileMetaDataset()
    d.file_meta.MediaStorageSOPClassUID, d.file_meta.MediaStorageSOPInstanceUID = d.SOPClassUID, d.SOPInstanceUID
    d.file_meta.TransferSyntaxUID, d.file_meta.ImplementationClassUID = ExplicitVRLittleEndian, "2.25.99"
    pydicom.dcmwrite(target / f"{name}.dcm", d, enforce_file_format=True)
    expected[name] = {"scans": scans, "display": display or {}}


def enhanced_ct():
    """A line and two named windows for each frame, others beside the groups that must not count."""
    stored = np.arange(4 * 4 * 5).reshape(4, 4, 5) * 25
    d = image("ct-windows", CT, "CT", stored)
    d.WindowCenter, d.WindowWidth = "9", "9"
    d.RescaleSlope, d.RescaleIntercept = "7", "7"
    d.SharedFunctionalGroupsSequence = [item(
        PixelMeasuresSequence=[item(PixelSpacing=[0.5, 0.75], SliceThickness=2)],
        PlaneOrientationSequence=orientation(AXIAL),
        PixelValueTransformationSequence=values(1, -1024),
        FrameVOILUTSequence=voi([40, -600], [400, 1500], ["SOFT", "LUNG"]))]
    frames, first, lung = [], [], []
    for k in range(4):
        # In no order of space.
        own = item(FrameContentSequence=[item(StackID="1", InStackPositionNumber=(k * 3) % 4 + 1)],
                   PlanePositionSequence=position(-10, -20, 2.0 * ((k * 3) % 4)))
        slope, intercept, windows = 1, -1024, ((40, 400), (-600, 1500))
        if k == 1:
            own.PixelValueTransformationSequence = values(2, -1000)
            slope, intercept = 2, -1000
        if k == 2:
            own.FrameVOILUTSequence = voi([50, -500], [350, 1400], ["soft ", "Lung"], "LINEAR_EXACT")
            windows = ((50, 350), (-500, 1400))
        function = "LINEAR_EXACT" if k == 2 else "LINEAR"
        first.append(shown(stored[k], slope, intercept, *windows[0], function))
        lung.append(shown(stored[k], slope, intercept, *windows[1], function))
        frames.append(own)
    d.PerFrameFunctionalGroupsSequence = frames
    save("ct-windows", d, [{"part": None, "frames": [0, 3, 2, 1]}], {"first": first, "lung": lung})


def enhanced_mr():
    """Two stacks, the first in two phases: three volumes that share places or directions."""
    plan = [(s, p, t) for t in (1, 2) for s in (1, 2) for p in (1, 2, 3) if s == 1 or t == 1]
    stored = np.stack([np.full((3, 4), 100 * s + 10 * p + t) for s, p, t in plan])
    d = image("mr-stacks", MR, "MR", stored)
    d.DimensionOrganizationSequence = [item(DimensionOrganizationUID="2.25.77")]
    d.DimensionIndexSequence = [
        item(DimensionIndexPointer=pointer, FunctionalGroupPointer=0x00209111, DimensionOrganizationUID="2.25.77")
        for pointer in (0x00209056, 0x00209057, 0x00209128)]
    d.SharedFunctionalGroupsSequence = [item(
        PixelMeasuresSequence=[item(PixelSpacing=[1, 1], SliceThickness=3)],
        PixelValueTransformationSequence=values(1, 0), FrameVOILUTSequence=voi([150], [300]))]
    d.PerFrameFunctionalGroupsSequence = [item(
        FrameContentSequence=[item(StackID=str(s), InStackPositionNumber=p, TemporalPositionIndex=t,
                                   DimensionIndexValues=[s, p, t])],
        PlanePositionSequence=position(0, 0, 3.0 * p) if s == 1 else position(3.0 * p, 0, 0),
        PlaneOrientationSequence=orientation(AXIAL if s == 1 else SAGITTAL)) for s, p, t in plan]
    number = {f: i for i, f in enumerate(plan)}
    volume = lambda s, t, order: [number[(s, p, t)] for p in order]
    save("mr-stacks", d, [
        {"part": "stack 1, Temporal Position Index 1", "frames": volume(1, 1, (1, 2, 3))},
        {"part": "stack 1, Temporal Position Index 2", "frames": volume(1, 2, (1, 2, 3))},
        # The normal of this stack points to the right: ascending means descending x.
        {"part": "stack 2", "frames": volume(2, 1, (3, 2, 1))}])


def enhanced_pet():
    """32 bits, unsigned and signed, one frame whose groups are all shared."""
    for name, signed, frames in (("pet-32", False, 2), ("pet-32-signed", True, 1)):
        ramp = np.linspace(-2 ** 30 if signed else 0, 2 ** 30 + 12345, frames * 12)
        stored = ramp.astype(np.int64).reshape(frames, 3, 4)
        d = image(name, PET, "PT", stored, 32, signed)
        slope = 1 / 4096
        groups = item(
            PixelMeasuresSequence=[item(PixelSpacing=[2, 2], SliceThickness=2)],
            PlaneOrientationSequence=orientation(AXIAL),
            PixelValueTransformationSequence=values(str(slope), 0),
            FrameVOILUTSequence=voi([120000], [200000], None, "SIGMOID"))
        d.SharedFunctionalGroupsSequence = [groups]
        if frames == 1:
            groups.PlanePositionSequence = position(0, 0, 5)
        else:
            d.PerFrameFunctionalGroupsSequence = [
                item(PlanePositionSequence=position(0, 0, 2.0 * k)) for k in range(frames)]
        display = [shown(s, slope, 0, 120000, 200000, "SIGMOID") for s in stored]
        save(name, d, [{"part": None, "frames": list(range(frames))}], {"first": display})


enhanced_ct()
enhanced_mr()
enhanced_pet()
(target / "expected.json").write_text(json.dumps(expected) + "\n")
