"""Every row of Fixtures/hazards.tsv: refused, or let through, as it says."""

import csv
import json
import pathlib
import shutil
import sys

import pytest

import reviewer
from course import BRAIN, NECK, ROOT, Course

sys.path.insert(0, str(ROOT / "Scripts"))
from fixtures import variants  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
HAZARDS = list(csv.DictReader((ROOT / "Fixtures" / "hazards.tsv").open(), delimiter="\t"))
PENDING = set((HERE / "pending-hazards.txt").read_text().split())
CASES = [
    pytest.param(h, id=h["variant"],
                 marks=[pytest.mark.xfail(strict=True, reason="no check yet")] if h["variant"] in PENDING else [])
    for h in HAZARDS
]


@pytest.fixture
def made(tmp_path):
    """Makes a variant and gives its folder."""

    def make(name, base):
        folder = ROOT / "Fixtures" / "courses" / base
        case = variants.load(folder, json.loads(folder.with_suffix(".json").read_text()))
        variants.VARIANTS[name].change(case)
        variants.write(case, tmp_path / name, name)
        return tmp_path / name

    return make


def status_of(checks, identifier):
    return {c["id"]: c["status"] for c in checks}.get(identifier)


@pytest.mark.parametrize("hazard", CASES)
def test_hazard(hazard, made, run, tmp_path):
    folder = made(hazard["variant"], hazard["course"])
    extra = [] if hazard["arguments"] == "-" else hazard["arguments"].split()
    done = run("export", folder, "--output", tmp_path / "out", *extra)
    verdict, check = hazard["verdict"], hazard["check"]
    stages = list((tmp_path / "out").glob("*")) if (tmp_path / "out").exists() else []

    for line in done.err.splitlines():
        assert "Example^" not in line and "Fatal error" not in line and "Traceback" not in line, done.err
    if verdict in ("block", "input"):
        assert done.code == (65 if hazard["variant"] != "no-dicom" else done.code), done.err
        assert done.code in (65, 66)
        assert len(done.error_lines) == 1, done.err
        assert stages == [], "a stage is left"
        if verdict == "block":
            assert check in done.err + done.out, done.err
        return
    assert done.code == 0, done.err
    assert len(stages) == 1
    checks = json.loads((stages[0] / "manifest.json").read_text())["checks"]
    expected = {"override": "failure", "warn": "warning", "pass": "pass"}[verdict]
    assert status_of(checks, check) == expected, checks
    if verdict == "override":
        assert run("push", stages[0], "--pacs", "NOBODY@127.0.0.1:9").code == 77


def test_every_hazard_names_a_check_of_the_design():
    known = {
        "identity.patient", "dose.units", "dose.type", "dose.scaling", "dose.geometry", "dose.summation", "dose.plan",
        "dose.plausible", "dose.covered", "dose.lowest-covered", "dose.sum-extent", "plan.approved", "plan.prescription",
        "treatment.complete", "treatment.fractions", "treatment.dates", "treatment.plan", "geometry.frame",
        "geometry.registration", "geometry.overlap", "geometry.slices", "geometry.prior", "encoding.valid", "-",
    }
    assert {h["check"] for h in HAZARDS} <= known
    assert PENDING <= {h["variant"] for h in HAZARDS}


def test_no_such_folder(run, tmp_path):
    done = run("export", tmp_path / "nowhere")
    assert done.code == 66 and len(done.error_lines) == 1


def test_an_unknown_option(run):
    done = run("export", BRAIN, "--isodos", "x")
    assert done.code == 64 and len(done.error_lines) == 1


def test_an_output_folder_that_cannot_be_made(run, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    done = run("export", BRAIN, "--output", tmp_path / "file" / "out")
    assert done.code == 73 and len(done.error_lines) == 1, done.err


def test_two_patients_are_listed_by_id_only(made, run, tmp_path):
    done = run("export", made("two-patients", "brain-srs"), "--output", tmp_path / "out")
    assert done.code == 65
    assert "P2P-0001" in done.err and "P2P-7777" in done.err
    assert "Other" not in done.err and "19700101" not in done.err


def test_a_folder_of_other_things_is_skipped_and_counted(run, tmp_path):
    shutil.copytree(BRAIN, tmp_path / "mixed")
    (tmp_path / "mixed" / "notes.txt").write_text("nothing")
    (tmp_path / "mixed" / "empty").write_bytes(b"")
    done = run("export", tmp_path / "mixed", "--output", tmp_path / "out")
    assert done.code == 0, done.err


@pytest.mark.parametrize("folder", [BRAIN, NECK], ids=["brain-srs", "head-neck"])
def test_a_clean_course_passes(folder, run, tmp_path):
    """With no warning either."""
    done = run("export", Course(folder).folder, "--output", tmp_path / "out")
    assert done.code == 0, done.err
    stage, = (tmp_path / "out").iterdir()
    checks = json.loads((stage / "manifest.json").read_text())["checks"]
    assert len(checks) >= 25 and {c["status"] for c in checks} == {"pass"}, checks


def test_more_than_sixty_faults_are_planted():
    assert len({h["variant"] for h in HAZARDS if h["verdict"] != "pass"} - PENDING) >= 60
    assert len({h["variant"] for h in HAZARDS if h["verdict"] in ("block", "override")}) >= 60


def test_the_real_course_of_one_slice_is_refused(run, tmp_path):
    shared = pathlib.Path(__import__("os").environ.get("PUSH2PACS_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not (shared / "dicompyler-core").is_dir():
        return
    done = run("export", shared / "dicompyler-core", "--completed", "2010-01-01", "--fractions", "1", "--output", tmp_path / "o")
    assert done.code == 65 and "geometry.overlap" in done.err + done.out, done.err


def test_a_course_on_a_real_ct(play, tmp_path, storescp):
    shared = pathlib.Path(__import__("os").environ.get("PUSH2PACS_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not (shared / "opentps-4dct").is_dir():
        return
    from fixtures import opentps

    opentps.make(shared, tmp_path / "opentps")
    course = Course(tmp_path / "opentps")
    talk = play(reviewer.answers(course), "export", course.folder, "--pacs", storescp.address, "--no-query",
                "--output", tmp_path / "out")
    assert talk.code == 0, talk.text
    assert talk.confirmed == course.label
    assert len(storescp.files()) == 47
