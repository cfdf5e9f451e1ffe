"""What an export writes: the stage, its manifest, its slices."""

import hashlib
import json
import os
import shutil
import stat
import subprocess

import numpy as np
import pydicom
import pytest

from course import orientation, position
from servers import tool


@pytest.fixture(scope="session")
def manifest(exported):
    return json.loads((exported[1] / "manifest.json").read_text())


@pytest.fixture(scope="session")
def captures(exported, manifest):
    return [pydicom.dcmread(exported[1] / i["file"]) for i in manifest["instances"]]


def test_the_folder_is_named_after_the_label(exported, manifest):
    course, stage = exported
    assert stage.name == manifest["label"] == course.label
    assert {p.name for p in stage.iterdir()} == {"manifest.json", "slices", "review", "contact-sheet.png"} | (
        {"journal.jsonl"} if (stage / "journal.jsonl").exists() else set())


def test_nobody_else_may_read_it(exported):
    _, stage = exported
    for path in [stage, *stage.rglob("*")]:
        mode = stat.S_IMODE(os.lstat(path).st_mode)
        assert not path.is_symlink()
        assert mode == (0o700 if path.is_dir() else 0o600), path


def test_the_manifest_says_what_the_chart_says(exported, manifest):
    course, _ = exported
    assert manifest["format"] == "push2pacs-stage/1"
    assert manifest["patient"]["id"] == course.facts["patientID"]
    assert manifest["study"]["instanceUID"] == course.facts["studyInstanceUID"]
    assert manifest["source"]["frameOfReferenceUID"] == course.facts["frameOfReferenceUID"]
    assert manifest["source"]["slices"] == len(course.facts["slices"])
    p = manifest["prescription"]
    assert p["doseGy"] == pytest.approx(course.chart["doseGy"])
    assert p["fractionsPlanned"] == p["fractionsDelivered"] == course.chart["fractions"]
    assert [t["doseGy"] for t in p["targets"]] == pytest.approx([t["gray"] for t in course.facts["targets"]])
    assert [i["doseGy"] for i in manifest["isodoses"]] == pytest.approx(course.levels)
    assert manifest["registration"] is None


def test_the_maximum_is_the_grids(exported, manifest):
    course, _ = exported
    best = course.facts["dose"]["maximumAtVoxel"]
    dose = manifest["doses"][0]
    assert dose["maximumGy"] == pytest.approx(best["gray"], rel=1e-6)
    assert np.allclose(dose["maximumAt"], best["position"], atol=1e-6)


def test_isodose_volumes_agree_with_the_trilinear_level_set(exported, manifest):
    course, _ = exported
    dose = course.dose()
    fine = 3
    axes = [np.linspace(0, n - 1, (n - 1) * fine + 1) for n in dose.gray.shape]
    axes = [(a[:-1] + a[1:]) / 2 for a in axes]
    from scipy.ndimage import map_coordinates

    cell = abs((dose.offsets[1] - dose.offsets[0]) * dose.spacing[0] * dose.spacing[1]) / fine**3 / 1000
    values = map_coordinates(dose.gray, np.meshgrid(*axes, indexing="ij"), order=1)
    for isodose in manifest["isodoses"]:
        assert isodose["volumeCm3"] == pytest.approx((values >= isodose["doseGy"]).sum() * cell, rel=0.01, abs=0.02)


def test_what_the_grids_coarseness_takes_from_a_volume_is_estimated(exported, manifest):
    """Against the volume of the formula that the grid samples; smooth spots of a few voxels."""
    course, _ = exported
    if course.folder.name != "brain-srs":
        assert all("coarsenessCm3" in i for i in manifest["isodoses"])
        return
    dose = course.dose()
    fine = 3
    axes = [np.linspace(0, n - 1, (n - 1) * fine + 1) for n in dose.gray.shape]
    frames, rows, columns = np.meshgrid(*((a[:-1] + a[1:]) / 2 for a in axes), indexing="ij")
    offsets = np.interp(frames, np.arange(len(dose.offsets)), dose.offsets)
    points = (dose.origin + offsets[..., None] * dose.axes[0] + (rows * dose.spacing[0])[..., None] * dose.axes[1]
              + (columns * dose.spacing[1])[..., None] * dose.axes[2])
    formula = course.analytic((points[..., 0], points[..., 1], points[..., 2]))
    cell = abs((dose.offsets[1] - dose.offsets[0]) * dose.spacing[0] * dose.spacing[1]) / fine**3 / 1000
    taken = []
    for isodose in manifest["isodoses"]:
        volume = (formula >= isodose["doseGy"]).sum() * cell
        taken.append((volume - isodose["volumeCm3"]) / volume)
        assert isodose["coarsenessCm3"] == pytest.approx(volume - isodose["volumeCm3"], abs=0.02), isodose
    assert max(taken) > 0.05, "the smallest volume lacks so much that it has to be said"


def test_no_check_speaks_on_a_clean_course(manifest):
    assert [c for c in manifest["checks"] if c["status"] != "pass"] == []


def test_digests_are_those_of_the_files(exported, manifest):
    _, stage = exported
    listed = {i["file"] for i in manifest["instances"]}
    assert listed == {str(p.relative_to(stage)) for p in (stage / "slices").iterdir()}
    for i in [*manifest["instances"], *manifest["review"]]:
        assert hashlib.sha256((stage / i["file"]).read_bytes()).hexdigest() == i["sha256"], i["file"]


def test_each_slice_lies_on_its_source(exported, manifest, captures):
    course, _ = exported
    slices = course.slices()
    assert len(captures) == len(slices)
    for number, (capture, source, entry) in enumerate(zip(captures, slices, manifest["instances"]), 1):
        scale = capture.Rows // source.Rows
        assert (capture.Rows, capture.Columns) == (source.Rows * scale, source.Columns * scale)
        assert min(capture.Rows, capture.Columns) >= 512 > min(source.Rows, source.Columns) * (scale - 1)
        spacing = np.array(source.PixelSpacing, float)
        assert np.allclose(np.array(capture.PixelSpacing, float), spacing / scale, atol=1e-9)
        row, column = orientation(source)
        assert np.allclose([*orientation(capture)], [row, column], atol=1e-9)
        # Each pixel is a block: the first block's middle is the source pixel's middle.
        middle = position(capture) + (scale - 1) / 2 * (row * spacing[1] + column * spacing[0]) / scale
        assert np.allclose(middle, position(source), atol=1e-4)
        assert capture.FrameOfReferenceUID == source.FrameOfReferenceUID
        assert entry["sourceSOPInstanceUID"] == source.SOPInstanceUID
        assert entry["instanceNumber"] == int(capture.InstanceNumber) == number
        assert np.allclose(entry["position"], position(capture), atol=1e-4)


def test_each_slice_is_a_capture_in_the_scans_study(exported, captures):
    course, _ = exported
    source = course.slices()[0]
    series = {c.SeriesInstanceUID for c in captures}
    assert len(series) == 1 and source.SeriesInstanceUID not in series
    assert len({c.SOPInstanceUID for c in captures}) == len(captures)
    for c in captures:
        assert c.SOPClassUID == "1.2.840.10008.5.1.4.1.1.7"
        for name in ("PatientName", "PatientID", "IssuerOfPatientID", "PatientBirthDate", "PatientSex",
                     "StudyInstanceUID", "StudyID", "StudyDate", "StudyTime", "AccessionNumber",
                     "ReferringPhysicianName", "PatientPosition"):
            assert c.get(name) == source.get(name), name
        assert c.Modality == "OT" and c.SeriesDescription == course.label
        assert c.ConversionType == "WSD" and c.BurnedInAnnotation == "YES" and c.ImageType[:2] == ["DERIVED", "SECONDARY"]
        assert (c.PhotometricInterpretation, c.SamplesPerPixel, c.BitsAllocated, c.PlanarConfiguration) == ("RGB", 3, 8, 0)
        assert c.DerivationDescription
        assert "WindowCenter" not in c and "RescaleSlope" not in c and "PixelAspectRatio" not in c
        assert len(c.PixelData) == c.Rows * c.Columns * 3 + c.Rows * c.Columns * 3 % 2


def test_each_slice_names_its_sources(exported, captures):
    course, _ = exported
    others = {d.SOPInstanceUID for d in course.datasets("RTDOSE", "RTPLAN")}
    for c, source in zip(captures, course.slices()):
        assert [i.ReferencedSOPInstanceUID for i in c.SourceImageSequence] == [source.SOPInstanceUID]
        assert others <= {i.ReferencedSOPInstanceUID for i in c.ReferencedInstanceSequence}
        named = {i.ReferencedSOPInstanceUID for s in c.ReferencedSeriesSequence for i in s.ReferencedInstanceSequence}
        assert others | {source.SOPInstanceUID} <= named


def test_dciodvfy_finds_no_error(exported, manifest):
    _, stage = exported
    for i in manifest["instances"]:
        done = subprocess.run([tool("dciodvfy"), str(stage / i["file"])], capture_output=True, text=True)
        assert [line for line in (done.stdout + done.stderr).splitlines() if line.startswith("Error")] == [], i["file"]


def test_the_review_page_needs_nothing_from_elsewhere(exported):
    _, stage = exported
    page = (stage / "review" / "index.html").read_text()
    assert "http://" not in page.replace("http://www.w3.org/", "") and "https://" not in page
    assert (stage / "contact-sheet.png").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")


def test_the_same_export_twice_is_the_same_bytes(exported, binary, tmp_path):
    from conftest import staged

    course, stage = exported
    again = staged(binary, course, tmp_path)
    for path in sorted((stage / "slices").iterdir()):
        assert path.read_bytes() == (again / "slices" / path.name).read_bytes(), path.name


def test_other_pixels_never_bear_the_same_uids(neck, run, tmp_path):
    """The legend names the targets as the structure set does, which is none of the drawn files."""
    shutil.copytree(neck.folder, tmp_path / "renamed")
    for path in (tmp_path / "renamed").iterdir():
        d = pydicom.dcmread(path)
        if d.Modality == "RTSTRUCT":
            for region in d.StructureSetROISequence:
                region.ROIName = f"NEW_{region.ROIName}"
            d.save_as(path)
    made = []
    for folder in (neck.folder, tmp_path / "renamed"):
        done = run("export", folder, "--output", tmp_path / "out" / folder.name)
        assert done.code == 0, done.err
        stage, = (tmp_path / "out" / folder.name).iterdir()
        made.append([pydicom.dcmread(path) for path in sorted((stage / "slices").iterdir())])
    assert len(made[0]) == len(made[1])
    assert any(one.PixelData != other.PixelData for one, other in zip(*made)), "the names are on the map"
    assert not {d.SOPInstanceUID for d in made[0]} & {d.SOPInstanceUID for d in made[1]}
    assert made[0][0].SeriesInstanceUID != made[1][0].SeriesInstanceUID
