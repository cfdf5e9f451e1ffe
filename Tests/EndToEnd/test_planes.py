"""Series across the slices: where they lie, what they show, and when they are refused."""

import json
import subprocess
import sys

import numpy as np
import pydicom
import pytest
import SimpleITK as sitk

import course as course_module
import reviewer
from course import BRAIN, NECK, ROOT, Course, orientation, pixel_points, position, windowed
from servers import tool

sys.path.insert(0, str(ROOT / "Scripts"))

from fixtures import accuracy, variants  # noqa: E402

WANTED = {"coronal": "COR", "sagittal": "SAG"}


@pytest.fixture(scope="module", params=[BRAIN, NECK], ids=["brain-srs", "head-neck"])
def across(request, binary, tmp_path_factory):
    """A course, its manifest, its stage, and for each plane its captures."""
    folder = tmp_path_factory.mktemp("planes")
    (folder / "home").mkdir()
    done = subprocess.run(
        [str(binary), "export", str(request.param), "--output", str(folder), "--plane", "coronal,sagittal"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, env=reviewer.environment(folder / "home"), timeout=600)
    assert done.returncode == 0, done.stderr
    stage = folder / done.stdout.splitlines()[-1]
    manifest = json.loads((stage / "manifest.json").read_text())
    series = {s["instanceUID"]: s["kind"] for s in manifest["additionalSeries"]}
    captures = {kind: [] for kind in WANTED}
    for entry in manifest["instances"]:
        if entry["seriesInstanceUID"] in series:
            captures[series[entry["seriesInstanceUID"]]].append(pydicom.dcmread(stage / entry["file"]))
    return Course(request.param), manifest, stage, captures


def scale_of(capture, scan):
    """Pixels are squares of the smaller side of the scan's pixels, made smaller by a whole number."""
    scale = min(map(float, scan[0].PixelSpacing)) / float(capture.PixelSpacing[0])
    assert scale == pytest.approx(round(scale), abs=1e-6)
    return round(scale)


def block_centres(capture, scale):
    """Where the pixels lie before they are made smaller."""
    middle = (scale - 1) / 2
    return pixel_points(capture, np.arange(capture.Rows // scale) * scale + middle,
                        np.arange(capture.Columns // scale) * scale + middle)


def test_the_manifest_names_them(across):
    course, manifest, _, captures = across
    assert [(s["kind"], s["description"]) for s in manifest["additionalSeries"]] == [
        (kind, f"{course.label} {suffix}") for kind, suffix in WANTED.items()]
    numbers = [manifest["series"]["number"], *(s["number"] for s in manifest["additionalSeries"])]
    assert len(set(numbers)) == 3
    assert manifest["rendering"]["plane"] == "acquired"
    assert all(captures.values())
    assert [c for c in manifest["checks"] if c["status"] != "pass"] == []


def test_they_lie_across_the_scan(across):
    course, _, _, captures = across
    scan = course.slices()
    first, last = scan[0], scan[-1]
    row, column = orientation(first)
    normal = np.cross(row, column)
    height = float(np.dot(position(last) - position(first), normal))
    step = height / (len(scan) - 1)
    between_rows, between_columns = map(float, first.PixelSpacing)
    assert row[0] > 0.9 and column[1] > 0.9, "the courses' scans are axial, or nearly so"
    for kind, suffix in WANTED.items():
        series = captures[kind]
        # Left or back at the right, head up; along the scan's own axes.
        directions = [*(row if kind == "coronal" else column), *-normal]
        assert len({c.SeriesInstanceUID for c in series}) == 1
        own = np.cross(directions[:3], directions[3:])
        places = []
        for number, c in enumerate(series, 1):
            assert int(c.InstanceNumber) == number
            assert np.allclose(np.array(c.ImageOrientationPatient, float), directions, atol=1e-9)
            assert float(c.PixelSpacing[0]) == float(c.PixelSpacing[1])
            assert c.FrameOfReferenceUID == first.FrameOfReferenceUID
            assert (c.StudyInstanceUID, c.PatientID) == (first.StudyInstanceUID, first.PatientID)
            assert c.SeriesDescription == f"{course.label} {suffix}" and c.Modality == "OT"
            assert {i.ReferencedSOPInstanceUID for i in c.SourceImageSequence} == {d.SOPInstanceUID for d in scan}
            places.append(float(np.dot(position(c), own)))
            # The cut goes through the middle of a row or a column of the scan's pixels.
            local = np.array(position(c)) - position(first)
            index = np.dot(local, column) / between_rows if kind == "coronal" else np.dot(local, row) / between_columns
            assert index == pytest.approx(round(index), abs=1e-4)
            assert 0 <= round(index) < (first.Rows if kind == "coronal" else first.Columns)
            # The whole stack is there, from the first slice to the last.
            scale = scale_of(c, scan)
            points = block_centres(c, scale)
            depth = (points - position(first)) @ normal
            pixel = min(between_rows, between_columns)
            assert depth.min() < pixel and depth.max() > height - pixel
        distances = np.diff(places)
        assert distances == pytest.approx(float(series[0].SliceThickness), abs=1e-4)
        pixel = between_rows if kind == "coronal" else between_columns
        assert step - 1e-6 <= distances[0] < step + pixel
        # As many as there is room for.
        count = first.Rows if kind == "coronal" else first.Columns
        assert len(series) == (count - 1) // round(distances[0] / pixel) + 1


def test_they_show_the_scan_as_simple_itk_resamples_it(across):
    course, _, _, captures = across
    scan = course.slices()
    row, column = orientation(scan[0])
    normal = np.cross(row, column)
    volume = sitk.GetImageFromArray(np.stack([np.rint(windowed(d)) for d in scan]))
    volume.SetOrigin(position(scan[0]).tolist())
    step = float(np.dot(position(scan[-1]) - position(scan[0]), normal)) / (len(scan) - 1)
    between_rows, between_columns = map(float, scan[0].PixelSpacing)
    volume.SetSpacing([between_columns, between_rows, step])
    volume.SetDirection(np.column_stack([row, column, normal]).ravel().tolist())
    for kind, series in captures.items():
        for c in series[len(series) // 3::max(1, len(series) // 3)]:
            scale = scale_of(c, scan)
            points = block_centres(c, scale)
            # One plane of a volume, in ITK's own terms.
            plane = sitk.Image(points.shape[1], points.shape[0], 1, sitk.sitkFloat64)
            r, d = orientation(c)
            plane.SetOrigin(points[0, 0].tolist())
            plane.SetSpacing([float(c.PixelSpacing[1]) * scale, float(c.PixelSpacing[0]) * scale, 1])
            plane.SetDirection(np.column_stack([r, d, np.cross(r, d)]).ravel().tolist())
            expected = sitk.GetArrayFromImage(sitk.Resample(volume, plane, sitk.Transform(), sitk.sitkLinear, -1.0))[0]
            inside = expected >= 0
            assert inside.any()
            pixels = c.pixel_array[::scale, ::scale].astype(float)
            plain = (np.abs(pixels - expected[..., None]) <= 1).all(-1)
            # Half a grey value of rounding here and there; the rest is lines and lettering.
            assert plain[inside].mean() > 0.75, (kind, int(c.InstanceNumber), plain[inside].mean())
            blocks = np.kron(c.pixel_array[scale // 2::scale, scale // 2::scale], np.ones((scale, scale, 1)))
            whole = (c.pixel_array == blocks).all(-1)
            assert whole.mean() > 0.75


def test_their_lines_are_the_doses_own(across):
    course, manifest, _, captures = across
    dose = course.dose()
    levels = [(i["doseGy"], tuple(bytes.fromhex(i["color"][1:]))) for i in manifest["isodoses"]]
    wide = {t["doseGy"] for t in manifest["prescription"]["targets"]}
    for kind, series in captures.items():
        offsets = []
        for c in series:
            field = dose.at(pixel_points(c))
            for level, color in levels:
                others = [other for other, _ in levels if other != level]
                width = 3 if any(abs(level - w) < 1e-6 for w in wide) else 2
                offsets.append(accuracy.line_offsets(c.pixel_array, color, width, field, level, others)[0])
                assert accuracy.strays(c.pixel_array, color, field, level) == 0
        offsets = np.concatenate(offsets)
        assert len(offsets) > 500, kind
        assert np.percentile(offsets, 95) <= 0.1 and offsets.max() <= 0.5, (kind, np.percentile(offsets, 95), offsets.max())


def test_dciodvfy_finds_no_error(across):
    _, manifest, stage, captures = across
    series = {s["instanceUID"] for s in manifest["additionalSeries"]}
    files = [i["file"] for i in manifest["instances"] if i["seriesInstanceUID"] in series]
    for file in files[::10]:
        done = subprocess.run([tool("dciodvfy"), str(stage / file)], capture_output=True, text=True)
        assert [line for line in (done.stdout + done.stderr).splitlines() if line.startswith("Error")] == [], file


def test_the_map_itself_does_not_change(across, binary, tmp_path):
    course, manifest, _, _ = across
    (tmp_path / "home").mkdir()
    done = subprocess.run([str(binary), "export", str(course.folder), "--output", str(tmp_path)], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, env=reviewer.environment(tmp_path / "home"), timeout=300)
    alone = json.loads((tmp_path / done.stdout.splitlines()[-1] / "manifest.json").read_text())
    assert [i["sha256"] for i in alone["instances"]] == [
        i["sha256"] for i in manifest["instances"] if i["seriesInstanceUID"] == manifest["series"]["instanceUID"]]
    assert alone["additionalSeries"] == []


def changed(folder, change):
    case = variants.load(BRAIN, json.loads(BRAIN.with_suffix(".json").read_text()))
    change(case)
    variants.write(case, folder, "planes", keep_uids=True)
    return folder


def lean(case):
    for k, d in enumerate(case.slices):
        d.ImagePositionPatient = [v + shift for v, shift in zip(d.ImagePositionPatient, (0, 0.4 * k, 0))]


def keep_two(case):
    hottest = np.array(case.facts["dose"]["maximumAtVoxel"]["position"])
    normal = np.cross(*orientation(case.slices[0]))
    order = sorted(case.slices, key=lambda d: abs(np.dot(position(d) - hottest, normal)))
    case.drop(*order[2:])


@pytest.mark.parametrize("change, said", [
    (lean, "lean"),
    (lambda case: case.drop(case.slices[3]), "missing"),
    (keep_two, "2 slices"),
], ids=["tilted", "gap", "two slices"])
def test_a_stack_that_cannot_be_cut_is_refused(run, tmp_path, change, said):
    done = run("export", changed(tmp_path / "in", change), "--output", tmp_path / "out", "--plane", "coronal")
    assert done.code == 65 and said in done.err and "coronal" in done.err, done.err
    assert not list((tmp_path / "out").glob("*"))


@pytest.mark.parametrize("planes, said", [("axial", "axial"), ("frontal", "frontal"), ("coronal,coronal", "twice"), ("", "plane")])
def test_a_plane_that_is_none_is_refused(run, tmp_path, planes, said):
    done = run("export", BRAIN, "--output", tmp_path / "out", "--plane", planes)
    assert done.code == 64 and said in done.err, done.err
