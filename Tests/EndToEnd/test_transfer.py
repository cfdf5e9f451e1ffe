"""Export, push and verify with real servers."""

import json
import pathlib

import numpy as np
import pydicom
import pytest

import reviewer
import servers
from course import windowed


def the_stage(folder):
    found = [p for p in pathlib.Path(folder).iterdir() if (p / "manifest.json").is_file()]
    assert len(found) == 1, found
    return found[0], json.loads((found[0] / "manifest.json").read_text())


def events(stage):
    return [json.loads(line) for line in (stage / "journal.jsonl").read_text().splitlines()]


def test_export_asks_sends_and_verifies(pacs, brain, play, run, tmp_path):
    pacs.store(brain.slices())
    before = pacs.series(brain.facts["studyInstanceUID"])
    talk = play(reviewer.answers(brain), "export", brain.folder, "--pacs", pacs.address, "--output", tmp_path / "out")
    assert talk.code == 0, talk.text
    assert talk.asked == reviewer.ORDER
    assert talk.confirmed == brain.label
    # Dose and label stay unsaid until the chart has been asked.
    blind = talk.text[: talk.text.index("Date of the last fraction")]
    assert "18 Gy" not in blind and brain.label not in blind.replace(str(tmp_path / "out" / brain.label), "")

    stage, manifest = the_stage(tmp_path / "out")
    study, series = manifest["study"]["instanceUID"], manifest["series"]["instanceUID"]
    after = pacs.series(study)
    assert set(after) - set(before) == {series}
    assert after[series][0] == "OT"
    expected = sorted(i["sopInstanceUID"] for i in manifest["instances"])
    assert pacs.instances(study, series) == expected

    held = {d.SOPInstanceUID: d for d in pacs.get(study, series)}
    assert sorted(held) == expected
    for i in manifest["instances"]:
        staged = pydicom.dcmread(stage / i["file"])
        back = held[i["sopInstanceUID"]]
        assert back.PixelData == staged.PixelData
        for name in ("ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing", "FrameOfReferenceUID",
                     "SeriesDescription", "PatientID", "StudyInstanceUID"):
            assert back.get(name) == staged.get(name), name

    kinds = [e["event"] for e in events(stage)]
    assert kinds.count("sent") == len(expected) and "verified" in kinds
    assert all(e["pacs"] == pacs.address for e in events(stage))
    assert run("verify", stage, "--pacs", pacs.address).code == 0


def test_a_second_push_sends_nothing_again(pacs, brain, play, run, tmp_path):
    pacs.store(brain.slices())
    assert play(reviewer.answers(brain), "export", brain.folder, "--pacs", pacs.address,
                "--output", tmp_path / "out").code == 0
    stage, manifest = the_stage(tmp_path / "out")
    count = [e["event"] for e in events(stage)].count("sent")
    done = run("push", stage, "--pacs", pacs.address)
    assert done.code == 0, done.err
    assert [e["event"] for e in events(stage)].count("sent") == count == len(manifest["instances"])


def test_verify_finds_what_is_missing_and_push_sends_it(orthanc, brain, play, run, tmp_path):
    orthanc.store(brain.slices())
    assert play(reviewer.answers(brain), "export", brain.folder, "--pacs", orthanc.address,
                "--output", tmp_path / "out").code == 0
    stage, manifest = the_stage(tmp_path / "out")
    lost = manifest["instances"][7]["sopInstanceUID"]
    orthanc.delete(lost)
    done = run("verify", stage, "--pacs", orthanc.address)
    assert done.code == 65 and lost in done.err + done.out
    assert any(e["event"] == "missing" and e["sopInstanceUID"] == lost for e in events(stage))
    assert run("push", stage, "--pacs", orthanc.address).code == 0
    assert run("verify", stage, "--pacs", orthanc.address).code == 0


def test_verify_finds_an_altered_picture(orthanc, brain, play, run, tmp_path):
    orthanc.store(brain.slices())
    assert play(reviewer.answers(brain), "export", brain.folder, "--pacs", orthanc.address,
                "--output", tmp_path / "out").code == 0
    stage, manifest = the_stage(tmp_path / "out")
    entry = manifest["instances"][20]
    d = pydicom.dcmread(stage / entry["file"])
    pixels = bytearray(d.PixelData)
    pixels[len(pixels) // 2] ^= 1
    d.PixelData = bytes(pixels)
    orthanc.delete(entry["sopInstanceUID"])
    orthanc.store([d])
    done = run("verify", stage, "--pacs", orthanc.address)
    assert done.code == 65 and entry["sopInstanceUID"] in done.err + done.out


def test_thirty_fractions_reach_orthanc(orthanc, neck, play, tmp_path):
    orthanc.store(neck.slices())
    talk = play(reviewer.answers(neck), "export", neck.folder, "--pacs", orthanc.address, "--output", tmp_path / "out")
    assert talk.code == 0, talk.text
    assert talk.confirmed == neck.label
    _, manifest = the_stage(tmp_path / "out")
    held = orthanc.instances(manifest["study"]["instanceUID"], manifest["series"]["instanceUID"])
    assert len(held) == len(neck.facts["slices"])


def test_a_plain_storage_provider_gets_every_slice(storescp, brain, play, tmp_path):
    talk = play(reviewer.answers(brain), "export", brain.folder, "--pacs", storescp.address, "--no-query",
                "--output", tmp_path / "out")
    assert talk.code == 0, talk.text
    stage, manifest = the_stage(tmp_path / "out")
    held = {d.SOPInstanceUID: d for d in map(pydicom.dcmread, storescp.files())}
    assert sorted(held) == sorted(i["sopInstanceUID"] for i in manifest["instances"])
    for i in manifest["instances"]:
        assert held[i["sopInstanceUID"]].PixelData == pydicom.dcmread(stage / i["file"]).PixelData


@pytest.mark.parametrize("question, answer", [
    ("dose", "20"), ("fractions", "3"), ("date", "2020-04-22"), ("further", "yes"), ("slice", "3"), ("right", "no"),
    ("confirm", "no"),
])
def test_a_wrong_answer_ends_it_and_sends_nothing(storescp, brain, play, tmp_path, question, answer):
    talk = play(reviewer.answers(brain, **{question: answer}), "export", brain.folder, "--pacs", storescp.address,
                "--no-query", "--output", tmp_path / "out")
    assert talk.code == 77, talk.text
    assert talk.asked[-1] in (question, "date")
    assert storescp.files() == []
    stage, _ = the_stage(tmp_path / "out")
    assert not (stage / "confirmation.json").exists()


def test_one_slice_beside_the_hottest_is_accepted(storescp, brain, play, tmp_path):
    number = str(brain.facts["hottestSlice"] + 1)
    talk = play(reviewer.answers(brain, slice=number), "export", brain.folder, "--pacs", storescp.address,
                "--no-query", "--output", tmp_path / "out")
    assert talk.code == 0, talk.text


def test_without_a_terminal_nothing_is_confirmed_or_sent(storescp, brain, run, tmp_path):
    done = run("export", brain.folder, "--pacs", storescp.address, "--no-query", "--output", tmp_path / "out")
    assert done.code == 0, done.err
    stage, _ = the_stage(tmp_path / "out")
    assert done.out.splitlines()[-1] == str(stage)
    assert run("confirm", stage).code == 77
    assert run("push", stage, "--pacs", storescp.address, "--no-query").code == 77
    assert storescp.files() == []


def test_confirmed_later_and_pushed(storescp, brain, run, play, tmp_path):
    assert run("export", brain.folder, "--output", tmp_path / "out").code == 0
    stage, manifest = the_stage(tmp_path / "out")
    assert play(reviewer.answers(brain), "confirm", stage).code == 0
    done = run("push", stage, "--pacs", storescp.address, "--no-query")
    assert done.code in (0, 77), done.err  # warnings of --no-query want a person
    if done.code == 77:
        assert play(reviewer.answers(brain), "push", stage, "--pacs", storescp.address, "--no-query").code == 0
    assert len(storescp.files()) == len(manifest["instances"])


@pytest.mark.parametrize("file", ["manifest.json", "slices/0012.dcm"])
def test_a_changed_byte_voids_the_confirmation(storescp, brain, run, play, tmp_path, file):
    assert run("export", brain.folder, "--output", tmp_path / "out").code == 0
    stage, _ = the_stage(tmp_path / "out")
    assert play(reviewer.answers(brain), "confirm", stage).code == 0
    path = stage / file
    data = bytearray(path.read_bytes())
    at = data.index(b"Example Hospital") if b"Example Hospital" in data else len(data) - 1000
    data[at] ^= 1
    path.write_bytes(bytes(data))
    done = run("push", stage, "--pacs", storescp.address, "--no-query")
    assert done.code in (65, 77) and done.error_lines, done.err
    assert storescp.files() == []


def confirmed(run, play, brain, folder):
    assert run("export", brain.folder, "--output", folder).code == 0
    stage, _ = the_stage(folder)
    assert play(reviewer.answers(brain), "confirm", stage).code == 0
    return stage


def test_a_pacs_that_is_not_there(brain, run, play, tmp_path):
    stage = confirmed(run, play, brain, tmp_path / "out")
    address = f"NOBODY@127.0.0.1:{servers.free_port()}"
    for command in (("push", stage), ("verify", stage), ("doctor",)):
        done = run(*command, "--pacs", address)
        assert done.code == 69, (command, done.err)
        assert len(done.error_lines) == 1, done.err


def test_a_pacs_that_does_not_know_the_title(brain, run, play, tmp_path):
    class Strict(servers.Orthanc):
        options = {"DicomCheckCalledAet": True}

    stage = confirmed(run, play, brain, tmp_path / "out")
    with Strict(tmp_path / "strict") as server:
        address = server.address.replace("ORTHANC@", "WRONGNAME@")
        done = run("push", stage, "--pacs", address)
        assert done.code == 69, done.err
        assert len(done.error_lines) == 1 and "AE title" in done.error_lines[0], done.err
        assert server.rest("/instances") == []
