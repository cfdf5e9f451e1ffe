"""The audit log and the withdrawal of a map, against real archives."""

import hashlib
import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree

import pydicom
import pytest

import reviewer
import servers
from test_transfer import events, the_stage

NOTE = "1.2.840.10008.5.1.4.1.1.88.59"


def log(home):
    return home / ".local" / "state" / "push2pacs" / "audit.jsonl"


def records(home):
    return [json.loads(line) for line in log(home).read_text().splitlines()]


@pytest.fixture
def sent(pacs, brain, play, tmp_path):
    pacs.store(brain.slices())
    talk = play(reviewer.answers(brain), "export", brain.folder, "--pacs", pacs.address, "--output", tmp_path / "out")
    assert talk.code == 0, talk.text
    return the_stage(tmp_path / "out")


def test_every_step_is_recorded_and_the_chain_holds(sent, pacs, brain, run, home):
    stage, manifest = sent
    found = records(home)
    assert [r["event"] for r in found] == ["staged", "confirmed", "sending", "sent", "verified"]
    for number, record in enumerate(found, 1):
        assert record["number"] == number and record["outcome"] == 0
        assert record["patientID"] == manifest["patient"]["id"]
        assert record["seriesInstanceUIDs"] == [manifest["series"]["instanceUID"]]
        assert record["manifestSHA256"] == hashlib.sha256((stage / "manifest.json").read_bytes()).hexdigest()
    assert found[1]["people"] == ["Ada Reviewer, physicist"]
    assert found[2]["destination"] == pacs.address
    lines = log(home).read_bytes().splitlines()
    for before, after in zip(lines, lines[1:]):
        assert json.loads(after)["previous"] == hashlib.sha256(before).hexdigest()
    assert log(home).stat().st_mode & 0o777 == 0o600
    done = run("audit")
    assert done.code == 0 and hashlib.sha256(lines[-1]).hexdigest() in done.out
    # No name of a patient, no birth date.
    family = str(pydicom.dcmread(stage / manifest["instances"][0]["file"]).PatientName).split("^")[0]
    assert family not in log(home).read_text() and family not in done.out

    messages = ElementTree.fromstring("<all>" + run("audit", "--xml").out + "</all>")
    codes = [m.find("EventIdentification/EventID").attrib["csd-code"] for m in messages]
    assert codes == ["110103", "110103", "110102", "110104", "110112"]

    text = log(home).read_text().replace("physicist", "physician", 1)
    log(home).write_text(text)
    done = run("audit")
    assert done.code == 65 and "line 3" in done.err


def test_without_an_audit_log_nothing_is_sent(storescp, brain, run, play, home, tmp_path):
    assert run("export", brain.folder, "--output", tmp_path).code == 0
    stage, _ = the_stage(tmp_path)
    assert play(reviewer.answers(brain), "confirm", stage).code == 0
    path = log(home)
    shutil.move(path, tmp_path / "kept")
    path.mkdir()
    done = play(reviewer.answers(brain), "push", stage, "--pacs", storescp.address, "--no-query")
    assert done.code == 74 and "audit log" in done.text, done.text
    assert storescp.files() == []
    path.rmdir()
    (tmp_path / "kept").write_text("garbage\n")
    shutil.move(tmp_path / "kept", path)
    done = play(reviewer.answers(brain), "push", stage, "--pacs", storescp.address, "--no-query")
    assert done.code == 74 and "line 1" in done.text, done.text
    assert storescp.files() == []


def test_without_an_audit_log_nothing_is_confirmed(brain, run, play, home, tmp_path):
    assert run("export", brain.folder, "--output", tmp_path).code == 0
    stage, _ = the_stage(tmp_path)
    log(home).unlink()
    log(home).mkdir()
    talk = play(reviewer.answers(brain), "confirm", stage)
    assert talk.code == 74, talk.text
    assert not (stage / "confirmation.json").exists()


def test_retract_stores_a_rejection_note_that_the_archive_finds(sent, pacs, brain, run, play, home, tmp_path):
    stage, manifest = sent
    study = manifest["study"]["instanceUID"]
    before = set(pacs.series(study))
    talk = play(reviewer.answers(brain), "retract", stage, "--pacs", pacs.address)
    assert talk.code == 0, talk.text
    assert talk.asked == ["wrong", "reviewer", "role", "withdraw"]
    assert "RETRACTED" in talk.text and "PACS team" in talk.text
    new = {uid: value for uid, value in pacs.series(study).items() if uid not in before}
    assert len(new) == 1
    (series, value), = new.items()
    assert value[0] == "KO"
    note, = pacs.get(study, series)
    assert note.SOPClassUID == NOTE
    assert note.ConceptNameCodeSequence[0].CodeValue == "113037"
    assert note.PatientID == manifest["patient"]["id"] and note.StudyInstanceUID == study
    expected = sorted(i["sopInstanceUID"] for i in manifest["instances"])
    content = [c for c in note.ContentSequence if c.ValueType == "IMAGE"]
    assert sorted(c.ReferencedSOPSequence[0].ReferencedSOPInstanceUID for c in content) == expected
    evidence = note.CurrentRequestedProcedureEvidenceSequence[0]
    assert evidence.StudyInstanceUID == study
    assert [s.SeriesInstanceUID for s in evidence.ReferencedSeriesSequence] == [manifest["series"]["instanceUID"]]
    assert sorted(r.ReferencedSOPInstanceUID for r in evidence.ReferencedSeriesSequence[0].ReferencedSOPSequence) == expected
    assert any("wrong scan" in c.get("TextValue", "") for c in note.ContentSequence)
    note.save_as(tmp_path / "note.dcm", enforce_file_format=True)
    checked = subprocess.run([servers.tool("dciodvfy"), tmp_path / "note.dcm"], capture_output=True, text=True)
    assert "Error" not in checked.stdout + checked.stderr, checked.stderr

    withdrawn = [e["sopInstanceUID"] for e in events(stage) if e["event"] == "retracted"]
    assert sorted(withdrawn) == expected
    assert [r["event"] for r in records(home)][-2:] == ["retracting", "retracted"]
    assert records(home)[-1]["people"] == ["Ada Reviewer, physicist"]

    # What is withdrawn is not sent again, nor withdrawn twice.
    again = run("push", stage, "--pacs", pacs.address)
    assert again.code == 65 and "withdrawn" in again.err
    assert play(reviewer.answers(brain), "retract", stage, "--pacs", pacs.address).code == 65

    # Nobody is told that it is verified and to be looked at: it is still there, and should not be.
    still = run("verify", stage, "--pacs", pacs.address)
    assert still.code == 65 and "VERIFIED" not in still.out + still.err and "--looked" not in still.err
    assert re.search(r"WITHDRAWN \S+ at \S+, which still gives out 36 of 36 instances; ask the PACS team", still.err), still.err
    told = json.loads(run("verify", stage, "--pacs", pacs.address, "--json").out)
    assert told["withdrawn"] is True and told["verified"] is False

    if hasattr(pacs, "delete"):
        for uid in expected:
            pacs.delete(uid)
        gone = run("verify", stage, "--pacs", pacs.address)
        assert gone.code == 0 and re.search(r"^WITHDRAWN \S+ at \S+ none of its 36 instances is given out any more", gone.out), gone.err

    # A better map of the same label goes in without an override: the withdrawn series does not count.
    talk = play(reviewer.answers(brain), "export", brain.folder, "--levels", "18,9", "--pacs", pacs.address,
                "--output", tmp_path / "better")
    assert talk.code == 0, talk.text
    assert "reason" not in talk.asked


def test_what_the_journal_does_not_know_is_withdrawn_as_well(sent, pacs, brain, play):
    """An answer that was lost, or a journal that was cut: the archive says what it holds."""
    stage, manifest = sent
    lines = (stage / "journal.jsonl").read_text().splitlines(keepends=True)
    known = [line for line in lines if '"sent"' in line or '"verified"' in line]
    lost = {json.loads(line)["sopInstanceUID"] for line in known[-5:]}
    (stage / "journal.jsonl").write_text("".join(
        line for line in lines if json.loads(line).get("sopInstanceUID") not in lost))
    study = manifest["study"]["instanceUID"]
    before = set(pacs.series(study))
    talk = play(reviewer.answers(brain), "retract", stage, "--pacs", pacs.address)
    assert talk.code == 0, talk.text
    series, = set(pacs.series(study)) - before
    note, = pacs.get(study, series)
    content = {c.ReferencedSOPSequence[0].ReferencedSOPInstanceUID for c in note.ContentSequence if c.ValueType == "IMAGE"}
    assert content == {i["sopInstanceUID"] for i in manifest["instances"]} > lost


def test_retract_for_quality(storescp, brain, run, play, tmp_path):
    assert play(reviewer.answers(brain), "export", brain.folder, "--pacs", storescp.address, "--no-query",
                "--output", tmp_path).code == 0
    stage, _ = the_stage(tmp_path)
    talk = play(reviewer.answers(brain), "retract", stage, "--pacs", storescp.address, "--for", "quality")
    assert talk.code == 0, talk.text
    notes = [d for d in map(pydicom.dcmread, storescp.files()) if d.SOPClassUID == NOTE]
    assert [n.ConceptNameCodeSequence[0].CodeValue for n in notes] == ["113001"]


@pytest.mark.parametrize("question, answer", [("withdraw", "no")])
def test_a_withdrawal_that_nobody_wants_sends_nothing(question, answer, storescp, brain, run, play, tmp_path):
    assert play(reviewer.answers(brain), "export", brain.folder, "--pacs", storescp.address, "--no-query",
                "--output", tmp_path).code == 0
    stage, _ = the_stage(tmp_path)
    count = len(storescp.files())
    assert play(reviewer.answers(brain, **{question: answer}), "retract", stage, "--pacs", storescp.address).code == 77
    assert run("retract", stage, "--pacs", storescp.address).code == 77
    assert len(storescp.files()) == count


def test_what_was_never_sent_cannot_be_withdrawn(storescp, brain, run, play, tmp_path):
    assert run("export", brain.folder, "--output", tmp_path).code == 0
    stage, _ = the_stage(tmp_path)
    talk = play(reviewer.answers(brain), "retract", stage, "--pacs", storescp.address)
    assert talk.code == 65 and talk.asked == []
    assert storescp.files() == []
