"""Courses to measure with, seeded: the same bytes each time.

60 Gy in 30 fractions on a CT of 512 x 512 or an MR of 256 x 256 joined by a registration; dose
200 x 200 x 160 at 2.5 mm, 32 bit; structures, and a record of each fraction.
"""
import datetime, pathlib, sys

import numpy as np
from pydicom.sequence import Sequence

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from fixtures import objects
from fixtures.objects import Course, Person, Study, code, item, numbers, reference, uid

REGISTRATION = "1.2.840.10008.5.1.4.1.1.66.1"
HEIGHT = 400.0
MACHINE = dict(maker="Bench", model="Machine", serial="1", name="LINAC1")
COMMON = dict(maker="Bench", model="Model", serial="1", software="1", series_number=1)
TARGETS = [dict(name="PTV60", roi=1, gray=60)]
BEAMS = [
    dict(number=1, name="ARC1", gantry=(181, 179), jaws=((-80, 80), (-90, 90)), dose=1.1, meterset=260.0),
    dict(number=2, name="ARC2", gantry=(179, 181), jaws=((-80, 80), (-90, 90)), dose=0.9, meterset=240.0),
]


class Grid:
    size, spacing = (200, 200, 160), (2.5, 2.5, 2.5)
    origin = (-248.75, -248.75, -198.75)


def dose_field():
    """A target of 60 Gy with shoulders and streaks of beams, smooth on its grid."""
    x, y, z = (Grid.origin[a] + Grid.spacing[a] * np.arange(Grid.size[a]) for a in range(3))
    z, y, x = np.meshgrid(z, y, x, indexing="ij", sparse=True)
    r = np.sqrt((x / 60) ** 2 + ((y - 10) / 50) ** 2 + (z / 120) ** 2)
    target = 61.5 / (1 + np.exp((r - 1.3) * 9))
    angle = np.arctan2(y - 10, x)
    far = np.exp(-np.sqrt(x**2 + (y - 10) ** 2) / 90 - (z / 150) ** 4)
    return np.maximum(target, (22 + 6 * np.cos(6 * angle)) * far * 1.0)


def head(d, date, description, number):
    d.SeriesDate = d.AcquisitionDate = d.ContentDate = date
    d.SeriesDescription, d.SeriesNumber = description, number


def image(course, name, modality, plane, pixels, index, *, study=None, **common):
    sop = objects.CT if modality == "CT" else objects.MR
    d = course.new(sop, f"{name}-{index}", modality=modality, series=name, study=study, **common)
    d.AcquisitionDate = d.SeriesDate
    d.InstanceNumber = index + 1
    d.ImagePositionPatient, d.ImageOrientationPatient = numbers(plane["origin"], 6), numbers([1, 0, 0, 0, 1, 0])
    d.PixelSpacing, d.SliceThickness = numbers([plane["spacing"]] * 2), numbers([plane["step"]])[0]
    objects.add_pixels(d, pixels, bits_stored=16, signed=True)
    d.RescaleSlope, d.RescaleIntercept = 1, 0
    d.WindowCenter, d.WindowWidth = (40, 400) if modality == "CT" else (300, 600)
    return d


def body(z, size, spacing, random):
    c = (np.arange(size) - (size - 1) / 2) * spacing
    x, y = c[None, :], c[:, None]
    inside = (x / 200) ** 2 + (y / (125 + 0.05 * z)) ** 2 < 1
    spine = (x / 25) ** 2 + ((y - 70) / 22) ** 2 < 1
    value = np.where(spine, 700, np.where(inside, 40 + 30 * np.sin(x / 22 + z / 30), -1000))
    return (value + random.normal(0, 12, value.shape)).astype(np.int16)


def make(folder, slices=200, follow_up=False):
    """Writes the course below a folder; a follow-up MR of 256 x 256 x 180 instead of the CT where asked."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True)
    random = np.random.default_rng(slices)
    name = f"bench-{slices}-{'mr' if follow_up else 'ct'}"
    course = Course(
        name, Person("Bench^Mark", f"BENCH{slices}", "BENCH", "19600101", "F"),
        Study(uid(name, "study"), "1", "20260105", "080000", "A1", "Planning", "Ref^Erring"),
        uid(name, "frame"), "Bench")
    common = dict(COMMON, description="Bench", date="20260105", time="080000")
    planning = 20 if follow_up else slices
    step, spacing = HEIGHT / planning, 500 / 512
    files = []
    for index in range(planning):
        z = (index - (planning - 1) / 2) * step
        plane = dict(origin=[-511 / 2 * spacing] * 2 + [z], spacing=spacing, step=step)
        d = image(course, "ct", "CT", plane, body(z, 512, spacing, random), index, **common)
        files.append(d)
    angles = np.linspace(0, 2 * np.pi, 73)[:-1]
    contours = []
    for d in files:
        z = float(d.ImagePositionPatient[2])
        r = np.sqrt(max(0.0, 0.72 - (z / 120) ** 2))
        if r > 0.05:
            contours.append((d, np.stack(
                [60 * r * np.cos(angles), 10 + 50 * r * np.sin(angles), np.full(angles.shape, z)], 1)))
    structures = objects.structures(
        course, label="BENCH", slices=files, common=common,
        rois=[dict(name="PTV60", type="PTV", color=(255, 0, 0), contours=contours)])
    plan = objects.plan(
        course, label="PLAN1", name="Plan 1", fractions=30, targets=TARGETS, beams=BEAMS, iso=(0, 10, 0),
        structures=structures, machine=MACHINE, common=common)
    dose = objects.dose(course, Grid, dose_field(), plan=plan, bits=32, label="BENCH", common=common)
    others = [structures, plan, dose]
    day = datetime.date(2026, 1, 12)
    for fraction in range(1, 31):
        others.append(objects.record(
            course, plan=plan, fraction=fraction, date=day.strftime("%Y%m%d"), time="090000", beams=BEAMS,
            machine=MACHINE, common=common))
        day += datetime.timedelta(days=1 if day.weekday() < 4 else 3)
    if follow_up:
        study = Study(uid(name, "study2"), "2", "20260610", "100000", "A2", "Follow-up", "Ref^Erring")
        later = Course(name, course.person, study, uid(name, "frame2"), "Bench")
        when = dict(COMMON, description="T1", date="20260610", time="100000", series_number=3)
        turn = np.deg2rad(4)
        matrix = np.array([[np.cos(turn), -np.sin(turn), 0, 3], [np.sin(turn), np.cos(turn), 0, -2],
                           [0, 0, 1, 5], [0, 0, 0, 1]])
        files = []
        for index in range(180):
            z = (index - 89.5) * 2.0
            plane = dict(origin=[-255 / 2 * 1.6] * 2 + [z], spacing=1.6, step=2.0)
            pixels = np.clip(body(z, 256, 1.6, random) + 1000, 0, 2000) // 3
            files.append(image(later, "mr", "MR", plane, pixels.astype(np.int16), index, **when))
        others.append(registration(later, course.frame, files, matrix, when))
    for d in files + others:
        d.save_as(folder / f"{d.Modality}{d.SOPInstanceUID[-12:]}.dcm", enforce_file_format=True)


def registration(course, frame, images, matrix, common):
    """From the planning frame to the images' own."""
    d = course.new(REGISTRATION, "registration", modality="REG", series="registration", **common)
    d.ContentDate, d.ContentTime, d.InstanceNumber = d.SeriesDate, d.SeriesTime, 1
    d.ContentLabel, d.ContentDescription, d.ContentCreatorName = "REGISTRATION", "", ""

    def one(frame, matrix, images=()):
        d = item(
            FrameOfReferenceUID=frame,
            MatrixRegistrationSequence=item(
                MatrixSequence=item(
                    FrameOfReferenceTransformationMatrixType="RIGID",
                    FrameOfReferenceTransformationMatrix=numbers(matrix)),
                RegistrationTypeCodeSequence=code("125025", "DCM", "Visual Alignment")))
        if images:
            d.ReferencedImageSequence = Sequence([reference(i) for i in images])
        return d

    d.RegistrationSequence = Sequence([one(course.frame, np.eye(4), images), one(frame, matrix)])
    return d


if __name__ == "__main__":
    make(sys.argv[1], int(sys.argv[2]), follow_up="mr" in sys.argv[3:])
