"""No name and no birth date in file names, messages, logs or burned-in pixels."""

import subprocess

import numpy as np
import pydicom
import pytest

import reviewer
from course import BRAIN, Course
from test_transfer import the_stage

FAMILY, GIVEN, BIRTH = "Quetzalcoatl", "Wilhelmine", "19370219"
SECRETS = [FAMILY, GIVEN, BIRTH, "1937-02-19", "1937.02.19", "02.19.1937", "19.02.1937", "02/19/1937"]


def renamed(folder, name, birth, *, only=None):
    folder.mkdir()
    for path in sorted(BRAIN.iterdir()):
        d = pydicom.dcmread(path)
        if only is None or d.Modality in only:
            d.PatientName, d.PatientBirthDate = name, birth
        d.save_as(folder / path.name)
    return Course(folder, facts=BRAIN.with_suffix(".json"))


@pytest.fixture(scope="module")
def somebody(tmp_path_factory):
    return renamed(tmp_path_factory.mktemp("somebody") / "course", f"{FAMILY}^{GIVEN}", BIRTH)


def silent(*texts):
    for text in texts:
        for secret in SECRETS:
            assert secret.lower() not in text.lower(), f"{secret} in {text[:3000]}"


def names_below(folder):
    return "\n".join(str(p.relative_to(folder)) for p in folder.rglob("*"))


def test_no_command_tells_who_it_is(somebody, orthanc, run, play, home, tmp_path):
    out, dose = tmp_path / "out", tmp_path / "dose.dcm"
    address = ["--pacs", orthanc.address]
    orthanc.store(somebody.slices())
    given = reviewer.answers(somebody)
    at = ["--at=0,0,0"]
    for arguments in (
        ["inspect", somebody.folder], ["dose", somebody.folder, *at], ["export", somebody.folder, "--output", out, "--save-dose", dose],
        ["export", somebody.folder, "--output", out], ["export", somebody.folder, "--prescription", "9", "--output", out],
        ["export", somebody.folder, "--json", "--plane", "coronal", "--multiframe", "--output", tmp_path / "more"],
        ["doctor", *address], ["push", out, *address], ["confirm", out],
    ):
        done = run(*arguments)
        silent(done.err)
    stage = out / somebody.label
    for arguments in (["confirm", stage], ["push", stage, *address], ["verify", stage, *address], ["review", stage]):
        silent(run(*arguments).err)
    for arguments in (
        ["confirm", stage], ["push", stage, *address], ["verify", stage, *address], ["review", stage],
        ["retract", stage, *address],
    ):
        talk = play(given, *arguments)
        assert talk.code == 0, talk.text
        silent(talk.text)
    done = run("audit")
    assert done.code == 0
    silent(done.out, done.err, run("audit", "--xml").out, run("audit", "--json").out)
    for path in home.rglob("*"):
        if path.is_file():
            silent(path.read_text())
    silent(names_below(tmp_path), (stage / "journal.jsonl").read_text(), (stage / "confirmation.json").read_text())
    assert FAMILY in str(pydicom.dcmread(stage / "slices" / "0001.dcm").PatientName), "the name is where it belongs"


def test_no_refusal_tells_who_it_is(somebody, run, tmp_path):
    other = renamed(tmp_path / "other", f"{FAMILY}^{GIVEN}", BIRTH, only=("RTDOSE",))
    third = renamed(tmp_path / "third", f"{FAMILY}^{GIVEN}", "19111111", only=("RTPLAN",))
    for course in (other, third):
        for command in (["inspect", course.folder], ["export", course.folder, "--output", tmp_path / "out"]):
            done = run(*command)
            assert done.code != 0 or command[0] == "inspect", done.err
            silent(done.err)
            assert "19111111" not in done.err and "1911-11-11" not in done.err
    broken = tmp_path / "broken"
    broken.mkdir()
    for number, path in enumerate(sorted(somebody.folder.iterdir())):
        (broken / path.name).write_bytes(path.read_bytes()[: 700 + 60 * number])
    done = run("export", broken, "--output", tmp_path / "out")
    assert done.code != 0
    silent(done.err)


def test_nothing_of_it_is_burned_in(somebody, brain, run, tmp_path):
    """Whoever it is, the pixels are the same: of the map, the review page and the contact sheet."""
    stages = []
    for name, course in (("a", somebody), ("b", brain)):
        done = run("export", course.folder, "--output", tmp_path / name)
        assert done.code == 0, done.err
        stages.append(the_stage(tmp_path / name)[0])
    a, b = stages
    for path in sorted((a / "slices").iterdir()):
        one, two = pydicom.dcmread(path), pydicom.dcmread(b / "slices" / path.name)
        assert one.PatientName != two.PatientName
        assert np.array_equal(one.pixel_array, two.pixel_array), path.name
    for path in sorted(p for p in a.rglob("*.png")):
        assert path.read_bytes() == (b / path.relative_to(a)).read_bytes(), path


def test_nothing_is_written_beside_the_stage(binary, somebody, home, tmp_path):
    """Neither where temporary files of a machine lie, nor in the working folder."""
    temporary, here = tmp_path / "temporary", tmp_path / "here"
    temporary.mkdir(), here.mkdir()
    done = subprocess.run(
        [binary, "export", somebody.folder, "--plane", "coronal", "--output", tmp_path / "out"], cwd=here,
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=180,
        env=reviewer.environment(home) | {"TMPDIR": str(temporary)})
    assert done.returncode == 0, done.stderr
    assert list(temporary.iterdir()) == [] and list(here.iterdir()) == []
    assert [p.name for p in (tmp_path / "out").iterdir()] == [somebody.label]
