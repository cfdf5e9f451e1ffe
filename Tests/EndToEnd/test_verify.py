"""The proof that a PACS holds what was confirmed: moved back, promised, looked at, or without a stage."""

import json
import threading

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pynetdicom import AE, build_role, evt
from pynetdicom.sop_class import (
    KeyObjectSelectionDocumentStorage, SecondaryCaptureImageStorage, StorageCommitmentPushModel,
    StudyRootQueryRetrieveInformationModelFind, StudyRootQueryRetrieveInformationModelGet, Verification,
)

import reviewer
import servers
from course import position

RECEIVED = [SecondaryCaptureImageStorage, KeyObjectSelectionDocumentStorage]


@pytest.fixture
def confirmed(binary, brain, play, tmp_path):
    """A stage that a person has confirmed, not sent yet."""
    from conftest import staged

    stage = staged(binary, brain, tmp_path / "staged")
    assert play(reviewer.answers(brain), "confirm", stage).code == 0
    return stage


def manifest(stage):
    return json.loads((stage / "manifest.json").read_text())


def events(stage):
    return [json.loads(line) for line in (stage / "journal.jsonl").read_text().splitlines()]


def sent(stage, server, brain, run, config):
    server.store(brain.slices())
    done = run("push", stage, "--config", config, "--pacs", "main")
    assert done.code == 0, done.err


def test_verified_over_a_move_to_our_own_provider(pacs, confirmed, brain, run, tmp_path):
    config = pacs.configuration(tmp_path, retrieve="move")
    sent(confirmed, pacs, brain, run, config)
    done = run("verify", confirmed, "--config", config, "--pacs", "main")
    assert done.code == 0, done.err
    count = len(manifest(confirmed)["instances"])
    assert f"{count} of {count} instances as confirmed" in done.out
    assert done.out.strip().endswith("viewer look: pending") and len(done.out.splitlines()) == 1
    assert not list(confirmed.parent.glob("*.returned-*"))


def test_a_pacs_that_does_not_know_us_cannot_move(confirmed, binary, brain, run, tmp_path):
    servers.EmbeddedArchive.binary = binary
    with servers.EmbeddedArchive(tmp_path / "archive") as archive:
        config = archive.configuration(tmp_path, retrieve="move")
        sent(confirmed, archive, brain, run, config)
        document = json.loads(config.read_text())
        document["aeTitle"] = "STRANGER"
        config.write_text(json.dumps(document))
        done = run("verify", confirmed, "--config", config, "--pacs", "main")
        assert done.code == 69 and len(done.error_lines) == 1 and "A801" in done.error_lines[0], done.err


def test_the_port_of_our_own_provider_is_taken(confirmed, orthanc, brain, run, tmp_path):
    import socket

    config = orthanc.configuration(tmp_path, retrieve="move")
    sent(confirmed, orthanc, brain, run, config)
    with socket.socket() as s:
        s.bind((servers.HERE, orthanc.callback))
        s.listen()
        done = run("verify", confirmed, "--config", config, "--pacs", "main")
    assert done.code == 78 and len(done.error_lines) == 1 and str(orthanc.callback) in done.error_lines[0], done.err


class Orthanc(servers.Orthanc):
    """Its storage commitment comes on an association of its own."""


@pytest.fixture(params=["orthanc", "archive", "archive, same association"])
def promising(request, tmp_path, binary):
    servers.EmbeddedArchive.binary = binary

    class Alone(servers.EmbeddedArchive):
        def command(self):
            command = super().command()
            at = command.index("--peer")
            return command[:at] + command[at + 2:]

    kind = {"orthanc": Orthanc, "archive": servers.EmbeddedArchive, "archive, same association": Alone}[request.param]
    with kind(tmp_path / "promising") as server:
        yield server


def test_storage_commitment_is_asked_for_and_waited_for(promising, confirmed, brain, run, tmp_path):
    config = promising.configuration(tmp_path)
    sent(confirmed, promising, brain, run, config)
    done = run("verify", confirmed, "--config", config, "--pacs", "main", "--commit", "--json")
    assert done.code == 0, done.err
    document = json.loads(done.out)
    uids = {i["sopInstanceUID"] for i in manifest(confirmed)["instances"]}
    assert document["commitment"]["complete"] and document["commitment"]["committed"] == len(uids)
    assert {e["sopInstanceUID"] for e in events(confirmed) if e["event"] == "committed"} == uids
    line = run("verify", confirmed, "--config", config, "--pacs", "main", "--commit")
    assert line.code == 0 and ", committed, " in line.out


class Promiser:
    """A PACS that stores faithfully and promises as it is told to."""

    def __init__(self, how, callback):
        self.how, self.callback, self.held = how, callback, {}
        # What it was asked and has not answered.
        self.asked = []

    def __enter__(self):
        ae = self.ae = AE("PROMISER")
        for c in (Verification, StudyRootQueryRetrieveInformationModelFind, StudyRootQueryRetrieveInformationModelGet):
            ae.add_supported_context(c)
        for c in RECEIVED:
            ae.add_supported_context(c, scu_role=True, scp_role=True)
        if self.how != "not offered":
            ae.add_supported_context(StorageCommitmentPushModel)
        self.server = ae.start_server((servers.HERE, 0), block=False, evt_handlers=[
            (evt.EVT_C_STORE, self.store), (evt.EVT_C_FIND, self.find), (evt.EVT_C_GET, self.get),
            (evt.EVT_N_ACTION, self.action)])
        self.port = self.server.socket.getsockname()[1]
        return self

    def __exit__(self, *_):
        self.server.shutdown()

    def store(self, event):
        d = event.dataset
        d.file_meta = event.file_meta
        self.held[d.SOPInstanceUID] = d
        return 0

    def find(self, event):
        keys, seen = event.identifier, set()
        for d in self.held.values():
            key = {"STUDY": d.StudyInstanceUID, "SERIES": d.SeriesInstanceUID, "IMAGE": d.SOPInstanceUID}[
                keys.QueryRetrieveLevel]
            if key not in seen:
                seen.add(key)
                answer = Dataset()
                for e in keys:
                    if e.keyword != "QueryRetrieveLevel":
                        setattr(answer, e.keyword, d.get(e.keyword, ""))
                yield 0xFF00, answer

    def get(self, event):
        yield len(self.held)
        for d in self.held.values():
            yield 0xFF00, d

    def action(self, event):
        if self.how == "refused":
            return 0x0213, None
        self.asked.append(event.action_information)
        if self.how == "late":
            # Its word on the last question but one.
            for request in self.asked[:-1]:
                threading.Thread(target=self.report, args=(request,)).start()
        elif self.how != "never":
            threading.Thread(target=self.report, args=(event.action_information,)).start()
        return 0, None

    def report(self, request):
        result, failed = Dataset(), []
        result.TransactionUID = request.TransactionUID
        references = list(request.ReferencedSOPSequence)
        if self.how == "failures":
            for item in references[:2]:
                item.FailureReason = 0x0112
            failed, references = references[:2], references[2:]
            result.FailedSOPSequence = failed
        if self.how == "forgets one":
            references = references[1:]
        result.ReferencedSOPSequence = references
        ae = AE("PROMISER")
        ae.add_requested_context(StorageCommitmentPushModel)
        a = ae.associate(servers.HERE, self.callback, ae_title="PUSH2PACS",
                         ext_neg=[build_role(StorageCommitmentPushModel, scu_role=False, scp_role=True)])
        assert a.is_established
        a.send_n_event_report(result, 2 if failed else 1, StorageCommitmentPushModel, "1.2.840.10008.1.20.1.1")
        a.release()


@pytest.mark.parametrize("how, code, says", [
    ("all", 0, "committed"), ("failures", 65, "not committed"), ("forgets one", 65, "not mentioned"),
    ("never", 75, "no word on storage commitment"), ("refused", 75, "refused storage commitment"),
    ("not offered", 69, "not offered"),
])
def test_each_end_of_a_commitment(confirmed, brain, run, tmp_path, how, code, says):
    with Promiser(how, servers.free_port()) as pacs:
        config = tmp_path / "config.json"
        own = {"host": servers.HERE, "port": pacs.port, "aeTitle": "PROMISER", "timeouts": {"commitment": 6}}
        document = {"port": pacs.callback, "pacs": {
            "main": own, "try": {**own, "commit": "try"}, "required": {**own, "commit": "required"}}}
        config.write_text(json.dumps(document))
        for d in brain.slices():
            pacs.held[d.SOPInstanceUID] = d
        done = run("push", confirmed, "--config", config, "--pacs", "main")
        assert done.code == 0, done.err
        for d in brain.slices():
            del pacs.held[d.SOPInstanceUID]
        done = run("verify", confirmed, "--config", config, "--pacs", "main", "--commit")
        assert done.code == code and says in done.out + done.err, (done.out, done.err)
        assert len(done.error_lines) == (code != 0)
        if how in ("failures", "forgets one"):
            lost = [i["sopInstanceUID"] for i in manifest(confirmed)["instances"]][: 2 if how == "failures" else 1]
            assert all(u in done.err for u in lost)
            kept = [e for e in events(confirmed) if e["event"] == "committed"]
            assert len(kept) == len(manifest(confirmed)["instances"]) - len(lost)
        assert run("verify", confirmed, "--config", config, "--pacs", "required").code == code
        tried = run("verify", confirmed, "--config", config, "--pacs", "try")
        assert tried.code == 0 and tried.out.startswith("VERIFIED"), tried.err
        assert (how == "all") == (", committed, " in tried.out)


def asking(folder, pacs, brain, confirmed, run):
    """A stage in a PACS that promises, and how it is asked."""
    config = folder / "config.json"
    config.write_text(json.dumps({"port": pacs.callback, "pacs": {"main": {
        "host": servers.HERE, "port": pacs.port, "aeTitle": "PROMISER", "timeouts": {"commitment": 3}}}}))
    for d in brain.slices():
        pacs.held[d.SOPInstanceUID] = d
    done = run("push", confirmed, "--config", config, "--pacs", "main")
    assert done.code == 0, done.err
    for d in brain.slices():
        del pacs.held[d.SOPInstanceUID]
    return lambda *more: run("verify", confirmed, "--config", config, "--pacs", "main", "--commit", *more)


def test_a_promise_that_comes_late_counts(confirmed, brain, run, tmp_path):
    with Promiser("late", servers.free_port()) as pacs:
        ask = asking(tmp_path, pacs, brain, confirmed, run)
        done = ask()
        assert done.code == 75 and "asks again" in done.error_lines[0], done.err
        assert "asked for before" not in done.err
        done = ask()
        assert done.code == 0 and ", committed, " in done.out, done.err
        assert "asked for before, and no word has come" in done.err and "came late" in done.err
        kept = [e for e in events(confirmed) if e["event"] == "committed"]
        assert len(kept) == len(manifest(confirmed)["instances"])
        assert {e["detail"] for e in kept} == {f"transaction {pacs.asked[0].TransactionUID}"}
        # That question is answered: the next one is a new one.
        pacs.how, pacs.asked = "all", []
        done = ask("--json")
        assert done.code == 0 and "asked for before" not in done.err, done.err
        assert json.loads(done.out)["commitment"]["transactionUID"] == pacs.asked[0].TransactionUID


def test_a_late_promise_of_what_was_sent_anew_does_not_count(confirmed, brain, run, tmp_path):
    with Promiser("late", servers.free_port()) as pacs:
        ask = asking(tmp_path, pacs, brain, confirmed, run)
        assert ask().code == 75
        first = manifest(confirmed)["instances"][0]["sopInstanceUID"]
        del pacs.held[first]
        assert ask().code == 65
        for d in brain.slices():
            pacs.held[d.SOPInstanceUID] = d
        done = run("push", confirmed, "--config", tmp_path / "config.json", "--pacs", "main")
        assert done.code == 0, done.err
        for d in brain.slices():
            del pacs.held[d.SOPInstanceUID]
        done = ask()
        assert done.code == 75 and "asked for before" not in done.err, (done.out, done.err)


def test_where_no_late_word_comes_the_new_question_is_answered(confirmed, brain, run, tmp_path):
    with Promiser("never", servers.free_port()) as pacs:
        ask = asking(tmp_path, pacs, brain, confirmed, run)
        assert ask().code == 75
        pacs.how = "all"
        done = ask()
        assert done.code == 0 and "came late" not in done.err, done.err
        kept = {e["detail"] for e in events(confirmed) if e["event"] == "committed"}
        assert kept == {f"transaction {pacs.asked[1].TransactionUID}"}


def test_somebody_has_looked(confirmed, orthanc, brain, run, play, home, tmp_path):
    config = orthanc.configuration(tmp_path)
    sent(confirmed, orthanc, brain, run, config)
    ask = ("verify", confirmed, "--config", config, "--pacs", "main")
    assert run(*ask, "--looked").code == 77
    talk = play(reviewer.answers(brain, looked="no"), *ask, "--looked")
    assert talk.code == 77 and "retract" in talk.text
    assert run(*ask).out.strip().endswith("viewer look: pending")
    talk = play(reviewer.answers(brain, reviewer="Lin Looker", role="physician"), *ask, "--looked")
    assert talk.code == 0, talk.text
    assert talk.asked == ["looked", "reviewer", "role"]
    assert "viewer look: Lin Looker, physician, 20" in talk.text
    assert "viewer look: Lin Looker, physician, 20" in run(*ask).out
    audit = (home / ".local/state/push2pacs/audit.jsonl").read_text()
    assert "Lin Looker, physician" in audit and "looked at in the PACS viewer" in audit
    # What is sent again has to be looked at again.
    lost = manifest(confirmed)["instances"][3]["sopInstanceUID"]
    orthanc.delete(lost)
    assert run(*ask).code == 65
    assert run("push", confirmed, "--config", config, "--pacs", "main").code == 0
    assert run(*ask).out.strip().endswith("viewer look: pending")


def test_what_a_pacs_puts_right_is_listed(confirmed, orthanc, brain, run, tmp_path):
    config = orthanc.configuration(tmp_path)
    sent(confirmed, orthanc, brain, run, config)
    entry = manifest(confirmed)["instances"][5]
    d = pydicom.dcmread(confirmed / entry["file"])
    d.AccessionNumber = "COERCED"
    orthanc.delete(entry["sopInstanceUID"])
    orthanc.store([d])
    done = run("verify", confirmed, "--config", config, "--pacs", "main")
    assert done.code == 0, done.err
    assert "(0008,0050) in 1 instances" in done.err, done.err
    document = json.loads(run("verify", confirmed, "--config", config, "--pacs", "main", "--json").out)
    assert document["coerced"] == [{"attribute": "0008,0050", "instances": 1}]


def test_an_instance_too_many_is_named(confirmed, orthanc, brain, run, tmp_path):
    config = orthanc.configuration(tmp_path)
    sent(confirmed, orthanc, brain, run, config)
    d = pydicom.dcmread(confirmed / manifest(confirmed)["instances"][5]["file"])
    d.SOPInstanceUID = d.file_meta.MediaStorageSOPInstanceUID = "1.2.826.0.1.3680043.9.9999.77"
    orthanc.store([d])
    done = run("verify", confirmed, "--config", config, "--pacs", "main")
    assert done.code == 65 and "not of this map  1.2.826.0.1.3680043.9.9999.77" in done.err
    assert done.error_lines[0].startswith("push2pacs: NOT VERIFIED")


def test_what_a_pacs_holds_without_a_stage(pacs, brain, run, tmp_path):
    slices = brain.slices()
    pacs.store(slices)
    study, series = brain.facts["studyInstanceUID"], brain.facts["scanSeriesInstanceUID"]
    done = run("verify", "--pacs", pacs.address, "--study", study)
    assert done.code == 0, done.err
    assert f"--series {series}" in done.out and f"{len(slices)} instances listed" in done.out
    assert max(len(line) for line in done.out.splitlines()[:-1]) <= 80
    document = json.loads(run("verify", "--pacs", pacs.address, "--study", study, "--series", series, "--json").out)
    (held,) = document["series"]
    between = np.linalg.norm(position(slices[1]) - position(slices[0]))
    assert (held["listed"], held["returned"], held["slices"]) == (len(slices),) * 3
    assert held["spacing"] == pytest.approx(between, abs=1e-3)
    assert held["framesOfReference"] == [brain.facts["frameOfReferenceUID"]]


def test_what_does_not_hang_together_is_named(orthanc, brain, run):
    slices = brain.slices()
    stray = pydicom.dcmread(slices[9].filename)
    stray.FrameOfReferenceUID = "1.2.826.0.1.3680043.9.9999.78"
    twin = pydicom.dcmread(slices[4].filename)
    twin.SOPInstanceUID = twin.file_meta.MediaStorageSOPInstanceUID = "1.2.826.0.1.3680043.9.9999.79"
    orthanc.store(slices[:9] + slices[12:] + [stray, twin])
    done = run("verify", "--pacs", orthanc.address, "--study", brain.facts["studyInstanceUID"])
    assert done.code == 65 and len(done.error_lines) == 1, done.err
    for says in ("2 frames of reference", "lie where another one lies", "gaps between slices"):
        assert says in done.err, done.err
    assert run("verify", "--pacs", orthanc.address, "--study", "1.2.3").code == 65
    assert run("verify", "--pacs", orthanc.address).code == 64
    assert run("verify", "x", "--study", "1.2.3", "--pacs", orthanc.address).code == 64


@pytest.fixture
def frames(binary, brain, play, orthanc, tmp_path):
    """A multi-frame map and its scan in a PACS: what is held there, and a way to store it otherwise."""
    from conftest import staged

    stage = staged(binary, brain, tmp_path / "staged", "--multiframe")
    orthanc.store(brain.slices())
    talk = play(reviewer.answers(brain), "confirm", stage)
    assert talk.code == 0, talk.text
    talk = play([], "push", stage, "--pacs", orthanc.address)
    assert talk.code == 0, talk.text
    (entry,) = manifest(stage)["instances"]
    return stage / entry["file"], entry


def replaced(orthanc, file, change):
    d = pydicom.dcmread(file)
    orthanc.delete(d.SOPInstanceUID)
    change(d)
    a = orthanc.associate(d.SOPClassUID)
    assert a.is_established and a.send_c_store(d).Status == 0
    a.release()


def looked_at(run, orthanc, brain, entry):
    done = run("verify", "--pacs", orthanc.address, "--study", brain.facts["studyInstanceUID"], "--json")
    document = json.loads(done.out)
    (held,) = [s for s in document["series"] if s["seriesInstanceUID"] == entry["seriesInstanceUID"]]
    assert document["consistent"] == (done.code == 0)
    return done, held


def test_the_frames_of_a_map_are_looked_at_without_a_stage(frames, orthanc, brain, run):
    file, entry = frames
    slices = brain.slices()
    done, held = looked_at(run, orthanc, brain, entry)
    assert done.code == 0, done.err
    assert (held["returned"], held["frames"], held["slices"], held["missingSources"]) == (1, len(slices), len(slices), 0)
    assert held["spacing"] == pytest.approx(np.linalg.norm(position(slices[1]) - position(slices[0])), abs=1e-3)


def moved(d):
    own = d.PerFrameFunctionalGroupsSequence
    own[4].PlanePositionSequence[0].ImagePositionPatient = own[5].PlanePositionSequence[0].ImagePositionPatient


@pytest.mark.parametrize("change, says", [
    (lambda d: d.PerFrameFunctionalGroupsSequence.pop(), "where they lie"),
    (moved, "lie where another one lies"),
    (lambda d: setattr(d, "PixelData", d.PixelData[:-512 * 512 * 3]), "pixels are not whole"),
], ids=["a frame without a place", "two frames at one place", "a frame too few"])
def test_frames_that_do_not_hang_together_are_named(frames, orthanc, brain, run, change, says):
    file, entry = frames
    replaced(orthanc, file, change)
    done, held = looked_at(run, orthanc, brain, entry)
    assert done.code == 65 and len(done.error_lines) == 1, done.err
    assert says in json.dumps(held) and says in done.err, done.err


def test_a_map_without_its_scan_is_named(frames, orthanc, brain, run):
    _, entry = frames
    for d in brain.slices()[:2]:
        orthanc.delete(d.SOPInstanceUID)
    done, held = looked_at(run, orthanc, brain, entry)
    assert done.code == 65 and held["missingSources"] == 2, done.err
    assert "made from 2 images of this study that the archive does not list" in done.err


def test_localizers_lie_as_they_like(orthanc, brain, run):
    chosen = brain.slices()[:3]
    for d, (row, column) in zip(chosen, [((1, 0, 0), (0, 1, 0)), ((0, 1, 0), (0, 0, -1)), ((1, 0, 0), (0, 0, -1))]):
        d.ImageType, d.ImageOrientationPatient = ["ORIGINAL", "PRIMARY", "LOCALIZER"], [*row, *column]
    orthanc.store(chosen)
    done = run("verify", "--pacs", orthanc.address, "--study", brain.facts["studyInstanceUID"])
    assert done.code == 0, done.err


def test_a_dose_with_an_offset_too_few_is_named(orthanc, brain, run):
    file = next(p for p in brain.folder.glob("*.dcm") if pydicom.dcmread(p, stop_before_pixels=True).Modality == "RTDOSE")
    d = pydicom.dcmread(file)
    a = orthanc.associate(d.SOPClassUID)
    assert a.is_established and a.send_c_store(d).Status == 0
    a.release()
    assert run("verify", "--pacs", orthanc.address, "--study", d.StudyInstanceUID).code == 0
    replaced(orthanc, file, lambda d: setattr(d, "GridFrameOffsetVector", d.GridFrameOffsetVector[:-1]))
    done = run("verify", "--pacs", orthanc.address, "--study", d.StudyInstanceUID)
    frames = int(d.NumberOfFrames)
    assert done.code == 65 and f"holds {frames} frames and {frames - 1} offsets" in done.err, done.err
