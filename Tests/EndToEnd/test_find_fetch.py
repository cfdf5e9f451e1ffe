"""Finding and fetching: the follow-up scan for a PRIOR map, from real servers."""

import json
import subprocess
import sys
import time

import pydicom
import pytest
from pynetdicom import AE, evt
from pynetdicom.sop_class import (
    MRImageStorage, StudyRootQueryRetrieveInformationModelFind, StudyRootQueryRetrieveInformationModelGet, Verification,
)

import reviewer
import servers
from course import ROOT


@pytest.fixture(scope="session")
def followup(tmp_path_factory):
    """The slices of a follow-up MR, and a folder with the course of then and the registration."""
    out = tmp_path_factory.mktemp("followup")
    subprocess.run(
        [sys.executable, ROOT / "Scripts" / "make-variants.py", "any", out, "follow-up-scan"], check=True)
    slices = []
    for path in sorted((out / "follow-up-scan").iterdir()):
        d = pydicom.dcmread(path)
        if d.Modality == "MR":
            slices.append(d)
            path.unlink()
    assert len(slices) > 20
    return slices, out / "follow-up-scan"


def held(folder):
    return {d.SOPInstanceUID: d for d in map(pydicom.dcmread, folder.rglob("*.dcm"))}


def test_the_followup_is_found_fetched_and_drawn_on(pacs, followup, brain, run, play, tmp_path):
    slices, course = followup
    first = slices[0]
    pacs.store(slices)
    pacs.store(brain.slices())
    done = run("find", "--pacs", pacs.address, "--patient-id", first.PatientID, "--modality", "MR",
               "--date", "2020-12-01..", "--json")
    assert done.code == 0, done.err
    found = json.loads(done.out)
    assert [m["studyInstanceUID"] for m in found["matches"]] == [first.StudyInstanceUID]
    assert found["matches"][0]["studyDate"] == "2020-12-28"

    where = tmp_path / "scan"
    ask = ("fetch", "--pacs", pacs.address, "--patient-id", first.PatientID, "--modality", "MR",
           "--date", "2020-12-28", "-o", where)
    done = run(*ask)
    assert done.code == 0, done.err
    got = held(where)
    assert sorted(got) == sorted(d.SOPInstanceUID for d in slices)
    for d in slices:
        back = got[d.SOPInstanceUID]
        assert back.PixelData == d.PixelData
        assert back.ImagePositionPatient == d.ImagePositionPatient
        assert back.FrameOfReferenceUID == d.FrameOfReferenceUID
    assert not [p for p in where.iterdir() if p.name.startswith(".")]
    again = run(*ask)
    assert again.code == 0 and f"All {len(slices)} instances were there before" in again.err

    # The use it has: the dose of then on the scan of now.
    done = run("export", course, where, "--prior", "--output", tmp_path / "out")
    assert done.code == 0, done.err
    assert done.out.splitlines()[-1].endswith("PRIOR_RT_18Gy_1Fx_04.23.2020")


def test_the_table_fits_and_names_what_fetch_takes(pacs, brain, run):
    pacs.store(brain.slices())
    study = brain.facts["studyInstanceUID"]
    shown = run("find", "--pacs", pacs.address, "--patient-id", brain.facts["patientID"])
    assert shown.code == 0 and f"--study {study}" in shown.out
    assert max(map(len, shown.out.splitlines())) <= 80
    series = run("find", "--pacs", pacs.address, "--study", study)
    assert f"--series {brain.facts['scanSeriesInstanceUID']}" in series.out
    images = run("find", "--pacs", pacs.address, "--study", study, "--level", "image", "--json")
    matches = json.loads(images.out)["matches"]
    assert [m["instanceNumber"] for m in matches] == sorted(int(d.InstanceNumber) for d in brain.slices())
    patients = run("find", "--pacs", pacs.address, "--patient-id", brain.facts["patientID"], "--level", "patient", "--json")
    assert [m["patientID"] for m in json.loads(patients.out)["matches"]] == [brain.facts["patientID"]]
    nobody = run("find", "--pacs", pacs.address, "--patient-id", "NOBODY")
    assert nobody.code == 0 and nobody.out == "" and "nothing" in nobody.err


@pytest.mark.parametrize("wrong", [
    ["--date", "23.4.2020"], ["--date", "2020-04-30..2020-04-01"], ["--study", "1.2.x"], ["--patient-id", ""], [],
])
def test_a_search_that_says_nothing_is_a_usage_error(run, wrong):
    for command in ("find", "fetch"):
        done = run(command, "--pacs", "NOBODY@127.0.0.1:9", *wrong)
        assert done.code == 64 and len(done.error_lines) == 1, done.err


def test_fetched_by_move_to_our_own_provider(pacs, brain, run, tmp_path):
    pacs.store(brain.slices())
    config = pacs.configuration(tmp_path, retrieve="move")
    done = run("fetch", "--config", config, "--pacs", "main", "--series", brain.facts["scanSeriesInstanceUID"],
               "--study", brain.facts["studyInstanceUID"], "-o", tmp_path / "scan")
    assert done.code == 0, done.err
    got = held(tmp_path / "scan")
    assert {u: d.PixelData for u, d in got.items()} == {d.SOPInstanceUID: d.PixelData for d in brain.slices()}


def test_what_is_there_whole_is_not_fetched_again(pacs, brain, run, tmp_path):
    pacs.store(brain.slices())
    ask = ("fetch", "--pacs", pacs.address, "--study", brain.facts["studyInstanceUID"], "-o", tmp_path / "scan", "--json")
    assert json.loads(run(*ask).out)["fetched"] == len(brain.slices())
    files = sorted((tmp_path / "scan").rglob("*.dcm"))
    kept = {p: p.stat().st_mtime_ns for p in files[3:]}
    files[0].unlink()
    files[1].write_bytes(files[1].read_bytes()[:-1000])
    files[2].write_bytes(files[5].read_bytes())  # another instance under this name
    done = run(*ask)
    assert done.code == 0, done.err
    document = json.loads(done.out)
    assert (document["fetched"], document["wasThere"]) == (3, len(files) - 3)
    assert {p: p.stat().st_mtime_ns for p in files[3:]} == kept
    got = held(tmp_path / "scan")
    assert {u: d.PixelData for u, d in got.items()} == {d.SOPInstanceUID: d.PixelData for d in brain.slices()}


def test_killed_and_run_again_it_goes_on(orthanc, brain, run, binary, home, tmp_path):
    orthanc.store(brain.slices())
    ask = ["fetch", "--pacs", orthanc.address, "--study", brain.facts["studyInstanceUID"], "-o", tmp_path / "scan", "--json"]
    child = subprocess.Popen([str(binary), *map(str, ask)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL, env=reviewer.environment(home))
    until = time.monotonic() + 60
    while time.monotonic() < until and child.poll() is None and len(list((tmp_path / "scan").rglob("*.dcm"))) < 5:
        pass
    child.kill()
    child.wait()
    there = len(list((tmp_path / "scan").rglob("*.dcm")))
    done = run(*ask)
    assert done.code == 0, done.err
    document = json.loads(done.out)
    assert document["wasThere"] == there and document["fetched"] == len(brain.slices()) - there
    assert not [p for p in (tmp_path / "scan").iterdir() if p.name.startswith(".")]


class Liar:
    """A PACS that lists the slices as they are and gives something else."""

    def __init__(self, listed, given):
        self.listed, self.given = listed, given

    def __enter__(self):
        ae = AE("LIAR")
        for c in (Verification, StudyRootQueryRetrieveInformationModelFind, StudyRootQueryRetrieveInformationModelGet):
            ae.add_supported_context(c)
        ae.add_supported_context(MRImageStorage, scu_role=True, scp_role=True)
        self.server = ae.start_server((servers.HERE, 0), block=False, evt_handlers=[
            (evt.EVT_C_FIND, self.find), (evt.EVT_C_GET, self.get)])
        self.address = f"LIAR@{servers.HERE}:{self.server.socket.getsockname()[1]}"
        return self

    def __exit__(self, *_):
        self.server.shutdown()

    def find(self, event):
        level = event.identifier.QueryRetrieveLevel
        seen = set()
        for d in self.listed:
            key = {"STUDY": d.StudyInstanceUID, "SERIES": d.SeriesInstanceUID, "IMAGE": d.SOPInstanceUID}[level]
            if key in seen:
                continue
            seen.add(key)
            answer = pydicom.Dataset()
            for name in ("PatientID", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID"):
                if name in event.identifier:
                    setattr(answer, name, getattr(d, name))
            yield 0xFF00, answer

    def get(self, event):
        yield len(self.given)
        for d in self.given:
            yield 0xFF00, d


def changed(d, **values):
    d = pydicom.dcmread(d.filename)
    for name, value in values.items():
        setattr(d, name, value)
    return d


@pytest.mark.parametrize("lie, says", [
    ("missing", "listed, but not returned"), ("patient", "of another patient"), ("series", "of another study or series"),
    ("extra", "was not asked for"),
])
def test_a_pacs_that_gives_something_else_is_found_out(brain, run, tmp_path, lie, says):
    slices = brain.slices()[:6]
    given = {
        "missing": slices[:-1],
        "patient": slices[:-1] + [changed(slices[-1], PatientID="SOMEBODY-ELSE")],
        "series": slices[:-1] + [changed(slices[-1], SeriesInstanceUID="1.2.3.4")],
        "extra": slices + [changed(slices[-1], SOPInstanceUID="1.2.3.4.5")],
    }[lie]
    with Liar(slices, given) as liar:
        done = run("fetch", "--pacs", liar.address, "--study", slices[0].StudyInstanceUID, "-o", tmp_path / "scan")
    assert done.code == (69 if lie == "missing" else 65), done.err
    assert says in done.err and "do not use it" in done.err and len(done.error_lines) == 1
    assert len(held(tmp_path / "scan")) == (6 if lie == "extra" else 5)
    if lie == "patient":
        assert "SOMEBODY-ELSE" not in done.err


def test_several_studies_are_not_mixed(orthanc, brain, followup, run, tmp_path):
    orthanc.store(brain.slices())
    orthanc.store(followup[0][:3])
    ids = {brain.facts["patientID"], followup[0][0].PatientID}
    done = run("fetch", "--pacs", orthanc.address, "--modality", "MR", "-o", tmp_path / "scan")
    assert done.code == 65 and len(done.error_lines) == 1, done.err
    assert ("patients" if len(ids) == 2 else "studies") in done.error_lines[0]
    assert not held(tmp_path / "scan")


def test_nothing_found_and_nobody_there(orthanc, run, tmp_path):
    assert run("fetch", "--pacs", orthanc.address, "--patient-id", "NOBODY", "-o", tmp_path / "x").code == 66
    assert run("find", "--pacs", f"NOBODY@127.0.0.1:{servers.free_port()}", "--patient-id", "X").code == 69
    config = orthanc.configuration(tmp_path, retrieve="none")
    assert run("find", "--config", config, "--pacs", "main", "--patient-id", "X").code == 0


def test_who_asked_for_whom_stands_in_the_audit_log(orthanc, brain, run, home, tmp_path):
    orthanc.store(brain.slices())
    patient, study = brain.facts["patientID"], brain.facts["studyInstanceUID"]
    name = str(brain.slices()[0].PatientName)
    assert run("find", "--pacs", orthanc.address, "--patient-name", name.split("^")[0]).code == 0
    assert run("find", "--pacs", orthanc.address, "--patient-id", "NOBODY").code == 0
    assert run("fetch", "--pacs", orthanc.address, "--study", study, "-o", tmp_path / "scan").code == 0
    assert run("verify", "--pacs", orthanc.address, "--study", study).code == 0
    text = (home / ".local/state/push2pacs/audit.jsonl").read_text()
    records = [json.loads(line) for line in text.splitlines()]
    assert [(r["event"], r["patientID"], r["outcome"]) for r in records] == [
        ("queried", patient, 0), ("queried", "NOBODY", 0), ("queried", patient, 0), ("fetching", patient, 0),
        ("fetched", patient, 0), ("queried", patient, 0)]
    assert {r["destination"] for r in records} == {orthanc.address}
    assert records[4]["seriesInstanceUIDs"] == [brain.facts["scanSeriesInstanceUID"]]
    assert name.split("^")[0] not in text
    assert run("audit").code == 0 and run("audit", "--xml").code == 0


def test_what_cannot_be_written_down_is_not_shown(orthanc, brain, run, home, tmp_path):
    orthanc.store(brain.slices()[:1])
    place = home / ".local/state/push2pacs/audit.jsonl"
    place.mkdir(parents=True)
    done = run("find", "--pacs", orthanc.address, "--patient-id", brain.facts["patientID"])
    assert done.code == 74 and done.out == "", done.out
    done = run("fetch", "--pacs", orthanc.address, "--patient-id", brain.facts["patientID"], "-o", tmp_path / "scan")
    assert done.code == 74 and not list(tmp_path.glob("scan/**/*.dcm"))
