"""What `inspect` shows, and which unreadable files stand in the way of an export."""

import json
import pathlib
import shutil
import sys

import numpy as np
import pydicom
import pytest

from course import BRAIN, NECK, ROOT

sys.path.insert(0, str(ROOT / "Scripts"))
from fixtures import deliveries, variants  # noqa: E402
from fixtures.objects import uid  # noqa: E402


def case(base):
    return variants.load(base, json.loads(base.with_suffix(".json").read_text()))


@pytest.fixture
def inspect(run):
    def inspect(*arguments, code=0):
        done = run("inspect", *arguments)
        assert done.code == code and done.err == "", done.err
        for line in done.out.splitlines():
            if "push2pacs export" not in line and "--" not in line:
                assert len(line) <= 80, line
        return done.out

    return inspect


@pytest.fixture
def document(run):
    def document(*arguments):
        done = run("inspect", "--json", *arguments)
        assert done.code == 0, done.err
        return json.loads(done.out)

    return document


def words(text):
    return " ".join(text.replace("|", " ").replace("`-", " ").split())


# the tree


@pytest.mark.parametrize("base", [BRAIN, NECK])
def test_the_objects_hang_together(inspect, base):
    facts = json.loads(base.with_suffix(".json").read_text())
    shown = inspect(base)
    assert f"Patient {facts['patientID']}" in shown
    plan = next(pydicom.dcmread(p) for p in base.iterdir() if pydicom.dcmread(p).Modality == "RTPLAN")
    after = words(shown.split(f"RTPLAN {plan.RTPlanLabel}")[1].split("Checks")[0])
    for text in [f"{plan.FractionGroupSequence[0].NumberOfFractionsPlanned} fx", "RTDOSE PLAN, GY, physical", "RTSTRUCT",
                 "whole fraction"]:
        assert text in after
    for target in facts["targets"]:
        assert f"target {target['name']}: {target['gray']:g} Gy" in after
    assert str(plan.PatientName) not in shown and plan.PatientBirthDate not in shown


def test_frames_are_letters_and_registrations_join_them(inspect, tmp_path):
    c = case(BRAIN)
    variants.VARIANTS["registered-scan"].change(c)
    variants.write(c, tmp_path / "registered", "x")
    shown = words(inspect(tmp_path / "registered"))
    assert "frame A" in shown and "frame B" in shown
    assert "REG frame A to frame B" in shown or "REG frame B to frame A" in shown


def test_what_is_not_supported_is_named_with_the_way_out(inspect, document, tmp_path):
    c = case(BRAIN)
    variants.VARIANTS["second-generation"].change(c)
    deliveries.brachy(c, "2.25.1")
    variants.write(c, tmp_path / "x", "x")
    shown = words(inspect(tmp_path / "x"))
    for _, name in deliveries.SECOND_GENERATION.values():
        assert f"1 x {name}: second-generation RT: not supported" in shown
    assert "Not supported: 5 second-generation RT objects" in shown
    assert "Export plan, dose, structures and records as first-generation objects" in shown
    assert "Not supported: brachytherapy" in shown
    assert "Other:" not in shown
    assert len(document(tmp_path / "x")["notSupported"]) == 6


def test_a_treatment_summary_is_shown_below_its_plan(inspect, document, tmp_path):
    c = case(NECK)
    variants.VARIANTS["summary-alone"].change(c)
    variants.write(c, tmp_path / "x", "x")
    shown = words(inspect(tmp_path / "x"))
    assert "RTRECORD treatment summary: COMPLETED, 30 of 30 fx, last 2017-03-02" in shown
    (summary,) = document(tmp_path / "x")["summaries"]
    assert summary["status"] == "COMPLETED" and summary["fractionsDelivered"] == 30


# what was forgiven


def test_the_same_forgiveness_in_many_files_is_one_line(inspect, tmp_path):
    for path in BRAIN.iterdir():
        data = path.read_bytes()
        bare = data[132:] if pydicom.dcmread(path, stop_before_pixels=True).Modality == "MR" else data
        (tmp_path / path.name).write_bytes(bare)
    shown = words(inspect(tmp_path))
    count = sum(pydicom.dcmread(p, stop_before_pixels=True).Modality == "MR" for p in BRAIN.iterdir())
    assert shown.count("no preamble") == 1
    assert f"Forgiven in {count} MR files" in shown


def test_a_value_against_its_vr_is_named(inspect, document, tmp_path):
    c = case(BRAIN)
    variants.write(c, tmp_path / "x", "x")
    path = next(p for p in (tmp_path / "x").iterdir() if pydicom.dcmread(p).Modality == "RTSTRUCT")
    path.write_bytes(path.read_bytes().replace(b"RS_BRAIN", b"RS\x01BRAIN"))
    assert "a value that its VR does not permit" in words(inspect(tmp_path / "x"))
    (forgiven,) = document(tmp_path / "x")["forgiven"]
    assert forgiven["file"].endswith(path.name)


# every possible export


def two_by_two(c):
    """A second dose of a second plan, and the scan once more in a frame that a registration joins."""
    boost = variants.fresh(variants.clone(c.plan), "second")
    boost.RTPlanLabel = "SECOND"
    dose = variants.fresh(variants.clone(c.dose), "second")
    dose.ReferencedRTPlanSequence[0].ReferencedSOPInstanceUID = boost.SOPInstanceUID
    slices = list(c.slices)
    twins = [variants.fresh(variants.clone(d), "twin") for d in slices]
    for d in twins:
        d.SeriesInstanceUID = uid("twin series")
        d.FrameOfReferenceUID = uid("twin frame")
        d.SeriesDescription = "follow-up"
        d.AcquisitionDate = d.SeriesDate = "20210105"
    registration = variants.registration(c, twins[0].FrameOfReferenceUID, slices[0].FrameOfReferenceUID, np.eye(4))
    for d in c.records:
        record = variants.fresh(variants.clone(d), "second")
        record.ReferencedRTPlanSequence[0].ReferencedSOPInstanceUID = boost.SOPInstanceUID
        c.add(f"RT_second_{d.InstanceNumber}", record)
    c.add("RP_second", boost)
    c.add("RD_second", dose)
    for n, d in enumerate(twins):
        c.add(f"TWIN_{n}", d)
    if registration is not None and registration not in c.files.values():
        c.add("REG_twin", registration)


@pytest.fixture
def many(tmp_path):
    c = case(BRAIN)
    two_by_two(c)
    variants.write(c, tmp_path / "many", "x", keep_uids=True)
    return tmp_path / "many"


def test_every_dose_on_every_scan_is_judged(inspect, document, many):
    shown = inspect(many)
    assert "Exports that the files allow: 4, of which possible: 4" in shown
    found = document(many)["exports"]
    assert len({(e["dose"][0], e["image"]) for e in found}) == 4
    for e in found:
        assert e["refusal"] is None and len(e["checks"]) > 20
    labels = sorted(e["label"] for e in found)
    assert labels == ["PRIOR_RT_18Gy_1Fx_04.23.2020"] * 2 + ["RT_18Gy_1Fx_04.23.2020"] * 2
    priors = [e for e in found if e["label"].startswith("PRIOR")]
    assert all(len(e["registrations"]) == 1 for e in priors)
    # Where there are several, what passes is counted and not listed, unless asked for.
    assert "pass      identity.patient" not in shown
    assert "pass      identity.patient" in inspect("--verbose", many)


def test_what_inspect_says_of_an_export_is_what_export_does(run, document, many, tmp_path):
    for n, e in enumerate(document(many)["exports"]):
        options = [word for name, value in e["options"].items() for word in (f"--{name}", value)]
        done = run("export", many, *options, "--output", tmp_path / f"out-{n}")
        assert (done.code == 0) == e["isPossible"], done.err
        if done.code == 0:
            stage = json.loads((pathlib.Path(done.out.splitlines()[-1]) / "manifest.json").read_text())
            assert stage["label"] == e["label"]
            staged = {c["id"]: c["status"] for c in stage["checks"]}
            assert {c["id"]: c["status"] for c in e["checks"]}.items() <= staged.items()


def test_a_choice_narrows_the_list(document, many):
    scan = next(e["image"] for e in document(many)["exports"] if e["label"].startswith("PRIOR"))
    assert len(document("--image", scan, many)["exports"]) == 2


def test_one_export_shows_every_check(inspect, document):
    (export,) = document(BRAIN)["exports"]
    shown = inspect(BRAIN)
    for check in export["checks"]:
        assert f" {check['id']} " in shown


def test_beam_doses_are_summed_where_there_is_no_whole_dose(document, tmp_path):
    c = case(BRAIN)
    half = c.stored() // 2
    for k, numbers in enumerate([(1, 2), (3, 4)]):
        d = variants.fresh(variants.clone(c.dose), f"beam-{k}")
        d.DoseSummationType = "BEAM"
        d.PixelData = half.tobytes()
        reference = d.ReferencedRTPlanSequence[0]
        reference.ReferencedFractionGroupSequence = pydicom.Sequence([deliveries.item(
            ReferencedFractionGroupNumber=1,
            ReferencedBeamSequence=[deliveries.item(ReferencedBeamNumber=n) for n in numbers])])
        c.add(f"RD_beam_{k}", d)
    c.drop(c.dose)
    variants.write(c, tmp_path / "x", "x")
    (export,) = document(tmp_path / "x")["exports"]
    assert export["options"]["sum"] == "beams" and len(export["dose"]) == 2


def test_nothing_to_export_is_no_failure(inspect, tmp_path):
    (tmp_path / "notes.txt").write_text("nothing")
    assert "No DICOM object" in inspect(tmp_path)


# files that cannot be read


def cut(d, keyword):
    """The bytes of a data set that end within the element after `keyword`."""
    import io
    out = io.BytesIO()
    d.save_as(out, enforce_file_format=True)
    data = out.getvalue()
    head = pydicom.Dataset()
    head.update({e.tag: e for e in d if e.tag <= pydicom.datadict.tag_for_keyword(keyword)})
    head.file_meta = d.file_meta
    out = io.BytesIO()
    head.save_as(out, enforce_file_format=True, implicit_vr=d.file_meta.TransferSyntaxUID.is_implicit_VR,
                 little_endian=True)
    # The head of the next element and one byte of its value: fewer could be padding.
    return data[: len(out.getvalue()) + 9]


def other_series(d):
    d = variants.fresh(variants.clone(d), "stray")
    d.SeriesInstanceUID = uid("stray series")
    return d


def stray_ct(c):
    d = other_series(c.slices[0])
    d.SOPClassUID = d.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
    d.Modality = "CT"
    return cut(d, "Rows")


def secondary_capture(c):
    d = other_series(c.slices[0])
    d.SOPClassUID = d.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    d.Modality = "OT"
    return cut(d, "Modality")


def another_patient(c):
    d = variants.fresh(variants.clone(c.plan), "stray")
    d.PatientID = "P2P-7777"
    return cut(d, "StudyInstanceUID")


def another_structure_set(c):
    return cut(variants.fresh(variants.clone(c.structures), "stray"), "StructureSetLabel")


def half_a_scan_slice(c):
    return cut(variants.fresh(variants.clone(c.slices[4]), "stray"), "Rows")


def half_a_dose(c):
    return cut(variants.fresh(variants.clone(c.dose), "stray"), "Rows")


def half_a_plan(c):
    return cut(variants.fresh(variants.clone(c.plan), "stray"), "RTPlanLabel")


def half_a_record(c):
    return cut(variants.fresh(variants.clone(c.records[0]), "stray"), "StudyInstanceUID")


def nothing_of_it(c):
    """DICM, and then a value of 65 kB of which nothing is there."""
    return b"\0" * 128 + b"DICM" + b"\x02\x00\x00\x00UL\x04\x00\xff\xff\xff\x7f" + b"\x08\x00\x05\x00CS\xff\xff"


PASSED_OVER = [(stray_ct, "another series than the scan"), (secondary_capture, "no map is made from such an object"),
               (another_patient, "another patient"), (another_structure_set, "does not use this structure set")]
REFUSED = [(half_a_scan_slice, "it is an image of the scan"), (half_a_dose, "may be a dose of this course"),
           (half_a_plan, "it is a plan"), (half_a_record, "may be a record of this treatment"),
           (nothing_of_it, "nothing of it says what it is")]


@pytest.fixture
def with_stray(tmp_path):
    def make(stray):
        c = case(BRAIN)
        data = stray(c)
        shutil.copytree(BRAIN, tmp_path / "course")
        (tmp_path / "course" / "stray.dcm").write_bytes(data)
        return tmp_path / "course"

    return make


@pytest.mark.parametrize("stray, reason", PASSED_OVER, ids=lambda v: getattr(v, "__name__", ""))
def test_a_broken_file_of_something_else_is_named_and_passed_over(run, inspect, with_stray, tmp_path, stray, reason):
    folder = with_stray(stray)
    done = run("export", folder, "--output", tmp_path / "out")
    assert done.code == 0, done.err
    assert "Passed over" in done.err and "stray.dcm" in done.err and reason in done.err
    shown = words(inspect(folder))
    assert "Cannot be used:" in shown and "stray.dcm" in shown and reason in shown


@pytest.mark.parametrize("stray, reason", REFUSED, ids=lambda v: getattr(v, "__name__", ""))
def test_a_broken_file_that_may_belong_to_the_course_is_refused(run, inspect, with_stray, tmp_path, stray, reason):
    folder = with_stray(stray)
    done = run("export", folder, "--output", tmp_path / "out")
    assert done.code == 65 and len(done.error_lines) == 1, done.err
    assert "stray.dcm" in done.err and reason in done.err
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())
    assert "Cannot be used:" in inspect(folder)


def test_a_file_that_says_nothing_is_of_the_series_around_it(run, inspect, tmp_path):
    c = case(BRAIN)
    folder = tmp_path / "course"
    shutil.copytree(BRAIN, folder / "plan")
    (folder / "other").mkdir()
    for n, d in enumerate(c.slices[:4]):
        d = other_series(d)
        d.FrameOfReferenceUID = uid("stray frame")
        d.save_as(folder / "other" / f"{n}.dcm", enforce_file_format=True)
    (folder / "other" / "stray.dcm").write_bytes(nothing_of_it(c))
    scan = json.loads(BRAIN.with_suffix(".json").read_text())["scanSeriesInstanceUID"]
    done = run("export", folder, "--image", scan, "--output", tmp_path / "out")
    assert done.code == 0, done.err
    assert "all else in its folder is another series" in done.err
    # Beside the plan it may be anything.
    (folder / "other" / "stray.dcm").rename(folder / "plan" / "stray.dcm")
    assert run("export", folder, "--image", scan, "--output", tmp_path / "out").code == 65


def test_what_is_missing_may_be_what_cannot_be_read(run, tmp_path):
    c = case(BRAIN)
    c.patches[c.name(c.dose)] = lambda data: data[:300]
    variants.write(c, tmp_path / "x", "x")
    done = run("export", tmp_path / "x", "--output", tmp_path / "out")
    assert done.code == 65 and len(done.error_lines) == 1 and "may be what is missing" in done.err


def test_a_broken_file_of_another_kind_is_not_what_is_missing(run, tmp_path):
    c = case(BRAIN)
    c.drop(c.dose)
    variants.write(c, tmp_path / "x", "x")
    (tmp_path / "x" / "stray.dcm").write_bytes(secondary_capture(case(BRAIN)))
    done = run("export", tmp_path / "x", "--output", tmp_path / "out")
    assert done.code == 65 and "no RT Dose among the files" in done.err, done.err


def test_the_same_reason_is_said_once(inspect, document, tmp_path):
    c = case(BRAIN)
    two_by_two(c)
    c.drop(*c.all("MR"))
    variants.write(c, tmp_path / "x", "x")
    shown = words(inspect(tmp_path / "x"))
    assert shown.count("no CT, MR or PET series among the files") == 1
    assert "No export from here:" in shown and "RD_second" in shown
    assert [e["refusal"] is None for e in document(tmp_path / "x")["exports"]] == [False, False]


def test_courses_of_two_patients_are_judged_side_by_side(inspect, document, tmp_path):
    shutil.copytree(BRAIN, tmp_path / "both" / "brain")
    shutil.copytree(NECK, tmp_path / "both" / "neck")
    found = document(tmp_path / "both")["exports"]
    assert sorted(e["label"] for e in found) == ["RT_18Gy_1Fx_04.23.2020", "RT_60Gy_30Fx_03.02.2017"]
    shown = inspect(tmp_path / "both")
    assert "Patient P2P-0001" in shown and "Patient P2P-0002" in shown
    assert "objects of 2 patients (P2P-0001, P2P-0002); name the files of one" in words(shown)
    assert "name the files of one" not in words(inspect(BRAIN))
