#!/usr/bin/env python3
"""Writes the courses under Fixtures/courses: small, complete, made up; the same bytes each run.

    .build-tools/venv/bin/python Scripts/make-fixtures.py [--output DIR] [COURSE...]

Beside each course lies COURSE.json: what a chart would say, the analytic dose (formula in
Scripts/fixtures/dose.py), the planes from the lowest along the normal upwards, and the targets.
"""

import argparse
import datetime
import json
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import numpy as np
from scipy.ndimage import gaussian_filter

from fixtures import brain, contours, neck, objects
from fixtures.dose import AnalyticDose, Blob, Grid, Group
from fixtures.objects import Course, Person, Study, item, numbers, uid
from fixtures.planes import Stack, box_mean

OVER = 2


def weekdays(first, count):
    day = datetime.datetime.strptime(first, "%Y%m%d").date()
    days = []
    while len(days) < count:
        if day.weekday() < 5:
            days.append(day.strftime("%Y%m%d"))
        day += datetime.timedelta(days=1)
    return days


def describe(course, stack, slices, dose, grid, gray, chart, targets, plan):
    """What tests compare with, from the formula rather than from any reader."""
    hottest, peaks = None, []
    for k in range(stack.count):
        values = dose(stack.points(k))
        peaks.append(round(float(values.max()), 6))
    hottest = int(np.argmax(peaks)) + 1
    f, r, c = np.unravel_index(int(np.argmax(gray)), gray.shape)
    x, y, z = grid.axes()
    return {
        "course": course.key,
        "chart": chart,
        "patientID": course.person.id,
        "studyInstanceUID": course.study.uid,
        "frameOfReferenceUID": course.frame,
        "planSOPInstanceUID": plan.SOPInstanceUID,
        "scanSeriesInstanceUID": slices[0].SeriesInstanceUID,
        "targets": targets,
        "dose": {
            **dose.to_json(),
            "grid": {"origin": grid.origin, "spacing": grid.spacing, "size": grid.size},
            "maximumAtVoxel": {"gray": float(gray[f, r, c]), "position": [float(x[c]), float(y[r]), float(z[f])]},
        },
        "hottestSlice": hottest,
        "slices": [
            {"number": k + 1, "sopInstanceUID": s.SOPInstanceUID, "instanceNumber": int(s.InstanceNumber),
             "position": [round(float(v), 6) for v in stack.origin(k)], "maximumGy": peaks[k]}
            for k, s in enumerate(slices)
        ],
    }


def brain_srs():
    tilt = np.radians(7)
    stack = Stack(rows=208, columns=176, count=36, row_spacing=1.0, column_spacing=1.0, slice_spacing=3.0,
                  along_row=(1.0, 0.0, 0.0), along_column=(0.0, float(np.cos(tilt)), float(np.sin(tilt))),
                  centre=(0.0, -4.0, 10.0))
    course = Course(
        "brain-srs",
        Person("Example^Brain", "P2P-0001", "PUSH2PACS", "19580314", "F"),
        Study(uid("brain-srs", "study"), "4711", "20200420", "091500", "A2020042001", "MR brain, radiosurgery planning",
              "Referrer^Example"),
        uid("brain-srs", "frame"), "Example Hospital")
    common = dict(series_number=3, description="T1 3D gadolinium axial oblique", date="20200420", time="093210",
                  maker="Example Imaging", model="Tesla 3", serial="MR-0003", software="1.0")

    head, rng = brain.Head(), np.random.default_rng(20200423)
    slices = []
    for k in range(stack.count):
        signal = np.mean([box_mean(head.signal(p) * head.coil(p), OVER)
                          for p in (stack.points(k, OVER, s) for s in (-0.75, 0.75))], axis=0)
        signal = np.hypot(signal + rng.normal(0, 18, signal.shape), rng.normal(0, 18, signal.shape))
        d = course.new(objects.MR, f"mr-{k}", modality="MR", series="mr", **common)
        d.ImageType = ["ORIGINAL", "PRIMARY", "M", "NORM"]
        d.AcquisitionDate, d.AcquisitionTime = "20200420", "093215"
        d.ContentDate, d.ContentTime = "20200420", f"0932{15 + k % 40:02d}"
        d.ScanningSequence, d.SequenceVariant, d.ScanOptions, d.MRAcquisitionType = ["GR", "IR"], ["SP", "MP"], "", "3D"
        d.BodyPartExamined = "BRAIN"
        d.RepetitionTime, d.EchoTime, d.InversionTime, d.FlipAngle = "2200", "2.6", "900", "8"
        d.EchoTrainLength, d.MagneticFieldStrength, d.ImagedNucleus = 1, "3", "1H"
        d.ContrastBolusAgent = "Gadolinium"
        d.PatientPosition = "HFS"
        d.AcquisitionNumber = 1
        # Interleaved as acquired, from the top: the order of instances is not the order in space.
        d.InstanceNumber = (stack.count - k + 1) // 2 + (0 if (stack.count - k) % 2 else stack.count // 2)
        objects.add_plane(d, stack, k)
        d.SliceThickness = d.SpacingBetweenSlices = "3"
        objects.add_pixels(d, np.clip(np.rint(signal), 0, 4095).astype(np.uint16), bits_stored=12)
        d.WindowCenter, d.WindowWidth = "800", "1600"
        slices.append(course.keep("MR", d))

    a, b = brain.LESIONS["GTV_A"], brain.LESIONS["GTV_B"]
    dose = AnalyticDose([
        Group(23.4, [Blob(a["centre"], (9.2,) * 3, 4)]),
        Group(22.6, [Blob(b["centre"], (7.2,) * 3, 4)]),
    ])
    grid = Grid((-63.25, -58.5, -15.0), (1.5, 1.5, 2.0), (78, 84, 34))
    gray = grid.sample(dose)

    machine = dict(maker="Example Linac", model="Stereo 6", serial="LN-0002", name="LINAC2")
    tps = dict(maker="Example Planning", model="Planner", serial="TPS-01", software="7.2", date="20200421", time="141000")
    discs = lambda lesion: [
        (slices[k], line) for k in range(stack.count)
        for line in contours.outlines(
            stack, k, lambda p: np.sqrt(sum((v - u) ** 2 for v, u in zip(p, lesion["centre"]))) - lesion["radius"],
            refine=4, tolerance=0.03)]
    whole = lambda solid, tolerance: [
        (slices[k], line) for k in range(stack.count)
        for line in contours.outlines(stack, k, solid, step=2, tolerance=tolerance, largest_only=True)]
    rois = [
        dict(name="External", type="EXTERNAL", color=(0, 200, 0), contours=whole(brain.scalp, 0.5), algorithm="AUTOMATIC"),
        dict(name="Brain", type="ORGAN", color=(255, 160, 200), contours=whole(lambda p: brain.cranium(p) + 2.3, 0.5),
             algorithm="SEMIAUTOMATIC"),
        dict(name="GTV_A", type="GTV", color=(255, 0, 0), contours=discs(a)),
        dict(name="GTV_B", type="GTV", color=(255, 128, 0), contours=discs(b)),
    ]
    rtstruct = objects.structures(course, label="RS_BRAIN", rois=rois, slices=slices,
                                  common=dict(tps, series_number=10, description="Structures"))
    iso = (-1.0, 6.5, 16.5)
    beams = [
        dict(number=1, name="ARC1 T0", gantry=(181, 539), points=4, dose=6.0, meterset=1612.4, jaws=((-45, 45), (-40, 40)), collimator="30"),
        dict(number=2, name="ARC2 T45", gantry=(30, 179), points=3, dose=4.0, meterset=1108.7, jaws=((-44, 42), (-40, 40)), couch="45", collimator="45"),
        dict(number=3, name="ARC3 T90", gantry=(179, 30), points=3, dose=4.0, meterset=1090.2, jaws=((-44, 42), (-40, 40)), couch="90", collimator="60"),
        dict(number=4, name="ARC4 T315", gantry=(330, 181), points=3, dose=4.0, meterset=1121.9, jaws=((-44, 42), (-40, 40)), couch="315", collimator="15"),
    ]
    targets = [dict(name="GTV_A", roi=3, gray=18.0, fractions=1, **a), dict(name="GTV_B", roi=4, gray=18.0, fractions=1, **b)]
    plan = objects.plan(course, label="SRS_2METS", name="Radiosurgery, two metastases", fractions=1, targets=targets,
                        beams=beams, iso=iso, structures=rtstruct, machine=machine,
                        common=dict(tps, series_number=11, description="Plan"), intent="PALLIATIVE")
    rtdose = objects.dose(course, grid, gray, plan=plan, bits=32, label="Plan dose",
                          common=dict(tps, series_number=12, description="Plan dose"))
    record = objects.record(course, plan=plan, fraction=1, date="20200423", time="103000", beams=beams, machine=machine,
                            common=dict(maker=machine["maker"], model=machine["model"], serial=machine["serial"],
                                        software="3.1", series_number=13, description="Treatment records"))
    for prefix, d in (("RS", rtstruct), ("RP", plan), ("RD", rtdose), ("RT", record)):
        course.keep(prefix, d)
    chart = {"doseGy": 18.0, "fractions": 1, "lastFraction": "2020-04-23", "label": "RT_18Gy_1Fx_04.23.2020",
             "levelsGy": [18.0, 12.0, 8.0]}
    return course, describe(course, stack, slices, dose, grid, gray, chart, targets, plan)


def head_neck():
    stack = Stack(rows=192, columns=192, count=38, row_spacing=1.4, column_spacing=1.4, slice_spacing=5.0,
                  along_row=(1.0, 0.0, 0.0), along_column=(0.0, 1.0, 0.0), centre=(0.0, 10.0, -6.5))
    course = Course(
        "head-neck",
        Person("Example^Neck", "P2P-0002", "PUSH2PACS", "19510922", "M"),
        Study(uid("head-neck", "study"), "815", "20170106", "134000", "A2017010601", "CT head and neck, RT planning",
              "Referrer^Example"),
        uid("head-neck", "frame"), "Example Hospital")
    common = dict(series_number=2, description="CT planning 5 mm contrast", date="20170106", time="134512",
                  maker="Example Imaging", model="Big Bore", serial="CT-0001", software="4.1",
                  syntax=objects.ImplicitVRLittleEndian)
    body, rng = neck.Neck(), np.random.default_rng(20170302)
    slices = []
    for k in range(stack.count):
        hu = np.mean([box_mean(body.hounsfield(p), OVER) for p in (stack.points(k, OVER, s) for s in (-1.2, 1.2))], axis=0)
        noise = gaussian_filter(rng.normal(size=hu.shape), 0.7)
        z = stack.origin(k)[2]
        hu = gaussian_filter(hu, 0.42) + noise / noise.std() * (8 + 9 * (z < -70))
        r, c = np.indices(hu.shape)
        hu[np.hypot(r - 95.5, c - 95.5) > 96.5] = -1024  # outside the reconstructed circle
        d = course.new(objects.CT, f"ct-{k}", modality="CT", series="ct", **common)
        d.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
        d.AcquisitionDate, d.AcquisitionTime = "20170106", "134530"
        d.ContentDate, d.ContentTime = "20170106", f"1345{30 + k % 30:02d}"
        d.BodyPartExamined = "HEADNECK"
        d.ScanOptions, d.KVP, d.DataCollectionDiameter = "HELICAL MODE", "120", "600"
        d.ReconstructionDiameter, d.GantryDetectorTilt, d.TableHeight = "268.8", "0", "148"
        d.RotationDirection, d.ExposureTime, d.XRayTubeCurrent, d.Exposure = "CW", 1000, 280, 280
        d.ConvolutionKernel, d.PatientPosition = "STANDARD", "HFS"
        d.ContrastBolusAgent = "Iodine 300"
        d.AcquisitionNumber = 1
        d.InstanceNumber = stack.count - k  # from head to foot
        objects.add_plane(d, stack, k)
        d.SliceThickness = "5"
        d.SliceLocation = numbers([-z])[0]
        objects.add_pixels(d, np.clip(np.rint(hu + 1024), 0, 4095).astype(np.uint16), bits_stored=12)
        d.RescaleIntercept, d.RescaleSlope, d.RescaleType = "-1024", "1", "HU"
        d.WindowCenter, d.WindowWidth = ["40", "400"], ["400", "2000"]
        d.WindowCenterWidthExplanation = ["SOFT TISSUE", "BONE"]
        slices.append(course.keep("IM_", d, suffix=""))

    high = Blob(neck.TUMOUR["centre"], neck.TUMOUR["axes"], 8)
    node = Blob(neck.NODE["centre"], neck.NODE["axes"], 8)
    wide = [Blob((20.0, -14.0, 2.0), (20.0, 22.0, 30.0), 12), Blob((37.0, 4.0, -22.0), (14.0, 20.0, 36.0), 12),
            Blob((-35.0, 4.0, -20.0), (13.0, 18.0, 32.0), 12), Blob((0.0, -8.0, -8.0), (34.0, 14.0, 20.0), 12)]
    grown = lambda blob, factor: Blob(blob.centre, tuple(round(a * factor, 4) for a in blob.axes), blob.power)
    dose = AnalyticDose(
        [Group(55.8, [grown(w, 1.36) for w in wide]), Group(7.6, [grown(high, 1.26), grown(node, 1.26)]),
         Group(1.6, [Blob(neck.TUMOUR["centre"], (8.0, 8.0, 9.0), 4)])],
        Blob((0.0, 2.0, 0.0), (67.0, 78.0, 140.0), 16))
    grid = Grid((-97.5, -88.5, -93.0), (3.0, 3.0, 3.0), (66, 58, 52))
    gray = grid.sample(dose)

    machine = dict(maker="Example Linac", model="Rotary 6", serial="LN-0001", name="LINAC1")
    tps = dict(maker="Example Planning", model="Planner", serial="TPS-01", software="6.0", date="20170112", time="160500")
    inside = lambda blobs: lambda p: np.min([np.sqrt(sum(((v - c) / a) ** 2 for v, c, a in zip(p, b.centre, b.axes))) - 1
                                             for b in blobs], axis=0)
    drawn = lambda solid, tolerance, **how: [
        (slices[k], line) for k in range(stack.count) for line in contours.outlines(stack, k, solid, tolerance=tolerance, **how)]
    rois = [
        dict(name="External", type="EXTERNAL", color=(0, 200, 0), contours=drawn(neck.skin, 0.6, largest_only=True), algorithm="AUTOMATIC"),
        dict(name="SpinalCord", type="ORGAN", color=(0, 120, 255), algorithm="SEMIAUTOMATIC", contours=drawn(
            lambda p: np.hypot(p[0] / 7, (p[1] + 3.5 * np.cos((p[2] + 25) / 55) - 42) / 5.2) - 1 + np.maximum(p[2] - 42, 0), 0.15, largest_only=True, refine=2)),
        dict(name="PTV60", type="PTV", color=(255, 0, 0), contours=drawn(inside([high, node]), 0.1, refine=2)),
        dict(name="PTV54", type="PTV", color=(255, 128, 0), contours=drawn(inside(wide), 0.1, refine=2)),
    ]
    rtstruct = objects.structures(course, label="RS_HN", rois=rois, slices=slices,
                                  common=dict(tps, series_number=20, description="Structures"))
    iso = (10.0, -5.0, -10.0)
    beams = [
        dict(number=1, name="ARC CW", gantry=(181, 539), points=5, dose=1.02, meterset=302.6, jaws=((-70, 70), (-85, 85)), collimator="15"),
        dict(number=2, name="ARC CCW", gantry=(539, 181), points=5, dose=0.98, meterset=287.3, jaws=((-70, 70), (-85, 85)), collimator="345"),
        dict(number=3, name="CBCT", gantry=(0, 0), jaws=((-100, 100), (-100, 100)), setup=True),
    ]
    targets = [dict(name="PTV60", roi=3, gray=60.0, fractions=30, blobs=[vars(high), vars(node)]),
               dict(name="PTV54", roi=4, gray=54.0, fractions=30, blobs=[vars(w) for w in wide])]
    plan = objects.plan(course, label="HN_SIB", name="Oropharynx, simultaneous boost", fractions=30, targets=targets,
                        beams=beams, iso=iso, structures=rtstruct, machine=machine,
                        common=dict(tps, series_number=21, description="Plan"))
    rtdose = objects.dose(course, grid, gray, plan=plan, bits=16, label="Plan dose",
                          common=dict(tps, series_number=22, description="Plan dose"))
    for prefix, d in (("RS_", rtstruct), ("RP_", plan), ("RD_", rtdose)):
        course.keep(prefix, d, suffix="")
    # The record-and-verify system opens a study of its own.
    days = weekdays("20170120", 30)
    records_study = Study(uid("head-neck", "records study"), "816", "20170120", "080000", "", "RT treatment", "")
    for n, day in enumerate(days, 1):
        delivered = [b for b in beams if not b.get("setup") or n == 1]
        record = objects.record(course, plan=plan, fraction=n, date=day, time=f"{8 + n % 9:02d}1500", beams=delivered,
                                machine=machine, study=records_study,
                                common=dict(maker=machine["maker"], model=machine["model"], serial=machine["serial"],
                                            software="2.7", series_number=1, description="Treatment records"))
        course.keep("RT_", record, suffix="")
    chart = {"doseGy": 60.0, "fractions": 30, "lastFraction": "2017-03-02", "label": "RT_60Gy_30Fx_03.02.2017",
             "levelsGy": [60.0, 57.0, 54.0, 48.0, 30.0, 18.0]}
    assert days[-1] == "20170302"
    return course, describe(course, stack, slices, dose, grid, gray, chart, targets, plan)


COURSES = {"brain-srs": brain_srs, "head-neck": head_neck}


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("courses", nargs="*", metavar="COURSE", help=f"one of {', '.join(COURSES)}; all if none is named")
    parser.add_argument("--output", type=pathlib.Path, default=root / "Fixtures" / "courses")
    arguments = parser.parse_args()
    for name in arguments.courses or COURSES:
        if name not in COURSES:
            parser.error(f"no course is called {name}; there are {', '.join(COURSES)}")
        course, facts = COURSES[name]()
        folder = arguments.output / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for file, d in course.files.items():
            d.save_as(folder / file, enforce_file_format=True)
        text = json.dumps(facts, indent=1)
        (arguments.output / f"{name}.json").write_text(text + "\n")
        print(f"{name}: {len(course.files)} files, hottest slice {facts['hottestSlice']} of {len(facts['slices'])}")


if __name__ == "__main__":
    main()
