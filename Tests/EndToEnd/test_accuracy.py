"""The dose lies where it was delivered: sampling, lines, saved doses and probes against scipy and SimpleITK."""

import json
import re
import subprocess
import sys
import tomllib

import numpy as np
import pydicom
import pytest
from pydicom.valuerep import format_number_as_ds

import course as course_module
import reviewer
from course import BRAIN, ROOT, Dose, pixel_points

sys.path.insert(0, str(ROOT / "Scripts"))

from fixtures import accuracy  # noqa: E402

# The rest of the scenes are Scripts/accuracy's: its table takes minutes.
QUICK = ("position HFS", "position HFP", "position FFDR", "position FFDL", "both oblique", "scan sagittal", "dose coronal",
         "offsets absolute", "offsets falling", "offsets uneven", "grid shifted by fractions", "coarse grid", "wide pixels",
         "single plane", "grid cut", "registration rigid", "registration rigid inverse", "registration other items first",
         "registration two in a row", "registration deformable", "registration deformable inverse")


@pytest.mark.parametrize("scene", [s for s in accuracy.SCENES if s.name in QUICK], ids=lambda s: s.name)
def test_dose_and_lines_lie_where_they_should(scene, binary, home, tmp_path):
    result = accuracy.measure(binary, scene, tmp_path, course_module, reviewer.environment(home))
    assert not accuracy.failures(result), result


def test_every_fault_that_can_be_planted_still_has_its_place():
    """Scripts/plant builds the faults and runs the tests; here only that it could."""
    for fault in tomllib.loads((ROOT / "Tests" / "EndToEnd" / "planted.toml").read_text())["fault"]:
        text = (ROOT / fault["file"]).read_text()
        assert text.count(fault["old"]) == 1, f"{fault['name']}: {fault['old']} stands {text.count(fault['old'])} times"
        assert "PLANTED" in fault["new"] and fault["tests"]
        for test in fault["tests"]:
            file, _, name = test.partition("::")
            assert f"def {name.partition('[')[0]}(" in (ROOT / "Tests" / "EndToEnd" / file).read_text(), test
            scene = name.partition("[")[2].rstrip("]")
            known = QUICK if file == "test_accuracy.py" else [c.name for c in (ROOT / "Fixtures" / "courses").iterdir()]
            assert not scene or scene in known, test


def test_saved_dose_is_the_scans_grid_with_right_references(binary, home, tmp_path):
    scene = next(s for s in accuracy.SCENES if s.name == "registration rigid")
    accuracy.measure(binary, scene, tmp_path, course_module, reviewer.environment(home))
    folder = tmp_path / "registration-rigid"
    saved = pydicom.dcmread(folder / "saved.dcm")
    objects = [pydicom.dcmread(p) for p in (folder / "course").iterdir()]
    one = lambda modality: next(d for d in objects if d.Modality == modality)
    scan, dose, plan, registration = one("MR"), one("RTDOSE"), one("RTPLAN"), one("REG")
    assert saved.SOPClassUID == "1.2.840.10008.5.1.4.1.1.481.2"
    assert saved.file_meta.MediaStorageSOPInstanceUID == saved.SOPInstanceUID != dose.SOPInstanceUID
    assert saved.FrameOfReferenceUID == scan.FrameOfReferenceUID != dose.FrameOfReferenceUID
    assert (saved.StudyInstanceUID, saved.PatientID) == (scan.StudyInstanceUID, scan.PatientID)
    assert saved.ReferencedRTPlanSequence[0].ReferencedSOPInstanceUID == plan.SOPInstanceUID
    assert saved.ReferencedInstanceSequence[0].ReferencedSOPInstanceUID == dose.SOPInstanceUID
    assert saved.ReferencedSpatialRegistrationSequence[0].ReferencedSOPInstanceUID == registration.SOPInstanceUID
    assert saved.SpatialTransformOfDose == "RIGID"
    assert (saved.DoseUnits, saved.DoseType, saved.DoseSummationType) == ("GY", "PHYSICAL", "PLAN")
    assert saved.FrameIncrementPointer == 0x3004000C
    assert saved.NumberOfFrames == len(saved.GridFrameOffsetVector) == 7


def probe(run, *arguments):
    done = run("dose", BRAIN, "--json", *arguments)
    assert done.code == 0, done.err
    return json.loads(done.out)


def test_probe_names_the_voxels_it_came_from(run):
    source = next(d for d in map(pydicom.dcmread, BRAIN.iterdir()) if d.Modality == "RTDOSE")
    stored, dose = source.pixel_array, Dose(source)
    for point in ([-33.3, -27.1, 24.7], [30.05, 41.2, 8.1], [-63.25, -58.5, -15.0], [10, -20, 13]):
        document = probe(run, "--at=" + ",".join(map(str, point)))
        expected = dose.at(np.array([point]))[0]
        assert document["doseGy"] == pytest.approx(expected, rel=1e-12)
        voxels = document["voxels"]
        assert sum(v["weight"] for v in voxels) == pytest.approx(1, abs=1e-12)
        for v in voxels:
            assert v["count"] == stored[v["frame"], v["row"], v["column"]]
            where = np.array(source.ImagePositionPatient, float) + [
                v["column"] * 1.5, v["row"] * 1.5, v["frame"] * 2.0]
            assert np.allclose(v["position"], where, atol=1e-9)
        total = sum(v["weight"] * v["count"] for v in voxels) * float(source.DoseGridScaling)
        assert total == pytest.approx(expected, rel=1e-12)
    assert len(probe(run, "--at=-63.25,-58.5,-15")["voxels"]) == 1


def test_probe_outside_the_grid_is_unknown_not_zero(run):
    document = probe(run, "--at=500,0,0")
    assert document["doseGy"] is None and document["voxels"] == []
    assert "unknown" in run("dose", BRAIN, "--at=500,0,0").out


def test_probe_in_words_has_as_many_digits_as_a_person_compares(run):
    """Seventeen digits of a dose are nothing to hold against a planning system; the document has them."""
    exact = probe(run, "--at=1,2,3")
    text = run("dose", BRAIN, "--at=1,2,3").out
    shown = re.search(r"^Dose +([0-9.]+) Gy$", text, re.M)[1]
    assert float(shown) == pytest.approx(exact["doseGy"], rel=1e-5) and len(shown.replace(".", "").lstrip("0")) <= 6
    rows = [line.split() for line in text.split("Voxels, counted from 0:\n")[1].splitlines()[1:]]
    assert len(rows) == len(exact["voxels"])
    for row, voxel in zip(rows, exact["voxels"]):
        assert float(row[4]) == pytest.approx(voxel["doseGy"], rel=1e-5) and float(row[5]) == pytest.approx(voxel["weight"], rel=1e-5)
        assert max(len(row[4]), len(row[5])) <= 10, row


def test_probe_in_a_frame_that_nothing_joins_is_refused(run):
    done = run("dose", BRAIN, "--at=0,0,0", "--frame", "1.2.3.4")
    assert done.code == 65 and "1.2.3.4" in done.err and done.out == ""


def test_a_saved_dose_is_never_written_over(run, tmp_path):
    there = tmp_path / "there.dcm"
    there.write_bytes(b"mine")
    done = run("export", BRAIN, "--output", tmp_path, "--save-dose", there)
    assert done.code == 73 and there.read_bytes() == b"mine"


def variant(name, folder):
    subprocess.run([sys.executable, ROOT / "Scripts" / "make-variants.py", "any", folder, name], check=True)
    return folder / name


def test_a_deformed_map_needs_two_people_and_says_so(run, tmp_path):
    done = run("export", variant("registration-deformable", tmp_path / "in"), "--output", tmp_path, "--json")
    assert done.code == 0, done.err
    manifest = json.loads((tmp_path / "RT_18Gy_1Fx_04.23.2020" / "manifest.json").read_text())
    assert manifest["registration"]["kind"] == "deformable"
    assert manifest["registration"]["matrix"] is None
    check = next(c for c in manifest["checks"] if c["id"] == "geometry.registration")
    assert check["status"] == "pass" and "one to one" in check["detail"]


def test_the_beams_doses_add_up_to_the_plans(run, neck, tmp_path):
    saved = tmp_path / "saved.dcm"
    folder = variant("sum-of-beams", tmp_path / "in")
    # The same dose in other counts: every part has a scaling of its own.
    path, part = next((p, d) for p, d in ((p, pydicom.dcmread(p)) for p in sorted(folder.iterdir())) if d.Modality == "RTDOSE")
    part.PixelData = (part.pixel_array.astype("<u4") * 3).tobytes()
    part.BitsAllocated, part.BitsStored, part.HighBit = 32, 32, 31
    part.DoseGridScaling = format_number_as_ds(float(part.DoseGridScaling) / 3)
    part.save_as(path)
    done = run("export", folder, "--sum", "beams", "--output", tmp_path,
               "--save-dose", saved)
    assert done.code == 0, done.err
    copy = pydicom.dcmread(saved)
    dose = neck.dose()
    values = copy.pixel_array.astype(float) * float(copy.DoseGridScaling)
    for frame, d in zip(values, neck.slices(), strict=True):
        expected = dose.at(pixel_points(d))
        known = ~np.isnan(expected)
        assert np.abs(frame - expected)[known].max(initial=0) <= 1e-9 * dose.gray.max()
    assert copy.DoseSummationType == "PLAN" and len(copy.ReferencedInstanceSequence) > 1
    manifest = json.loads(next(tmp_path.glob("RT_*/manifest.json")).read_text())
    assert len(manifest["doses"]) == len(copy.ReferencedInstanceSequence)
    assert all(d["isPartOfSum"] and d["summation"] == "BEAM" for d in manifest["doses"])
