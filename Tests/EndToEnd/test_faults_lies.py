"""A PACS that says 'stored' and did not, or stored something else: verify finds it out."""

import copy
import json
import shutil

import pydicom
import pytest
from pydicom.dataset import Dataset
from pynetdicom import AE, evt
from pynetdicom.sop_class import (
    CTImageStorage, MRImageStorage, SecondaryCaptureImageStorage, StudyRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelGet, Verification,
)

import reviewer
import servers
from conftest import staged


class Liar:
    """Stores, finds and gives back as it is told to; `tampers` maps what is stored, `None` forgets it."""

    title = "LIAR"

    def __init__(self):
        self.held, self.received, self.answers = {}, [], {}
        self.tampers = lambda d: d
        self.gives_back = lambda d: True

    def __enter__(self):
        ae = AE(self.title)
        for c in (Verification, StudyRootQueryRetrieveInformationModelFind, StudyRootQueryRetrieveInformationModelGet):
            ae.add_supported_context(c)
        for c in (SecondaryCaptureImageStorage, CTImageStorage, MRImageStorage):
            ae.add_supported_context(c, scu_role=True, scp_role=True)
        self.server = ae.start_server((servers.HERE, 0), block=False, evt_handlers=[
            (evt.EVT_C_STORE, self.store), (evt.EVT_C_FIND, self.find), (evt.EVT_C_GET, self.get)])
        self.address = f"{self.title}@{servers.HERE}:{self.server.socket.getsockname()[1]}"
        return self

    def __exit__(self, *_):
        self.server.shutdown()

    def hold(self, d):
        self.held[d.SOPInstanceUID] = d

    def store(self, event):
        d = event.dataset
        d.file_meta = event.file_meta
        self.received.append(d.SOPInstanceUID)
        kept = self.tampers(d)
        if kept is not None:
            self.hold(kept)
        return self.answers.get(d.SOPInstanceUID, 0)

    def matching(self, keys):
        for d in self.held.values():
            wanted = [(k, keys.get(k)) for k in ("StudyInstanceUID", "SeriesInstanceUID") if keys.get(k)]
            if all(d.get(k) == v for k, v in wanted):
                yield d

    def find(self, event):
        keys, seen = event.identifier, set()
        for d in list(self.matching(keys)):
            key = {"STUDY": d.StudyInstanceUID, "SERIES": d.SeriesInstanceUID, "IMAGE": d.SOPInstanceUID}[
                keys.QueryRetrieveLevel]
            if key in seen:
                continue
            seen.add(key)
            answer = Dataset()
            for e in keys:
                if e.keyword != "QueryRetrieveLevel":
                    setattr(answer, e.keyword, d.get(e.keyword, ""))
            yield 0xFF00, answer

    def get(self, event):
        found = [d for d in self.matching(event.identifier) if self.gives_back(d)]
        yield len(found)
        for d in found:
            yield 0xFF00, d


@pytest.fixture(scope="session")
def confirmed_once(binary, brain, tmp_path_factory):
    folder = tmp_path_factory.mktemp("lies")
    stage = staged(binary, brain, folder)
    assert reviewer.play([binary, "confirm", stage], reviewer.answers(brain), folder / "home").code == 0
    return folder


@pytest.fixture
def stage(confirmed_once, home, tmp_path):
    shutil.copytree(confirmed_once / "home", home, dirs_exist_ok=True)
    source = next((confirmed_once / "stages").iterdir())
    return shutil.copytree(source, tmp_path / source.name)


@pytest.fixture
def liar(brain):
    with Liar() as liar:
        liar.hold(brain.slices()[0])
        yield liar


def instance(stage, index):
    return json.loads((stage / "manifest.json").read_text())["instances"][index]["sopInstanceUID"]


def held_as_staged(liar, stage):
    for entry in json.loads((stage / "manifest.json").read_text())["instances"]:
        assert liar.held[entry["sopInstanceUID"]].PixelData == pydicom.dcmread(stage / entry["file"]).PixelData


def test_said_stored_and_did_not(liar, stage, run):
    lost = {instance(stage, 4), instance(stage, 30)}
    liar.tampers = lambda d: None if d.SOPInstanceUID in lost else d
    assert run("push", stage, "--pacs", liar.address).code == 0
    done = run("verify", stage, "--pacs", liar.address)
    assert done.code == 65 and len(done.error_lines) == 1
    assert all(uid in done.err for uid in lost)
    liar.tampers = lambda d: d
    liar.received.clear()
    assert run("push", stage, "--pacs", liar.address).code == 0
    assert set(liar.received) == lost
    assert run("verify", stage, "--pacs", liar.address).code == 0
    held_as_staged(liar, stage)


def one_byte(d):
    pixels = bytearray(d.PixelData)
    pixels[len(pixels) // 3] ^= 1
    d.PixelData = bytes(pixels)


def shifted(d):
    d.ImagePositionPatient = [d.ImagePositionPatient[0], d.ImagePositionPatient[1], d.ImagePositionPatient[2] + 1]


TAMPERINGS = {
    "one byte of the pixels": one_byte, "the position": shifted,
    "the patient ID": lambda d: setattr(d, "PatientID", "SOMEBODY"),
    "the label": lambda d: setattr(d, "SeriesDescription", "RT_30Gy_5Fx_04.23.2020"),
    "the frame of reference": lambda d: setattr(d, "FrameOfReferenceUID", "1.2.3"),
    "the pixel spacing": lambda d: setattr(d, "PixelSpacing", [2, 2]),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_changed_one_instance(liar, stage, run, what):
    victim = instance(stage, 11)

    def tamper(d):
        d = copy.deepcopy(d)
        if d.SOPInstanceUID == victim:
            TAMPERINGS[what](d)
        return d

    liar.tampers = tamper
    assert run("push", stage, "--pacs", liar.address).code == 0
    done = run("verify", stage, "--pacs", liar.address)
    assert done.code == 65 and len(done.error_lines) == 1, done.err
    named = [line for line in done.err.splitlines() if "altered" in line]
    assert len(named) == 1 and victim in named[0], done.err


def test_lists_what_it_does_not_give_back(liar, stage, run):
    assert run("push", stage, "--pacs", liar.address).code == 0
    hidden = instance(stage, 2)
    liar.gives_back = lambda d: d.SOPInstanceUID != hidden
    done = run("verify", stage, "--pacs", liar.address)
    assert done.code == 65 and hidden in done.err, done.err


def test_a_duplicate_that_is_the_same_counts_as_stored(liar, stage, run):
    """Its answer was lost the first time; a strict archive then says 0111."""
    twice = instance(stage, 6)
    liar.answers[twice] = 0x0111
    done = run("push", stage, "--pacs", liar.address)
    assert done.code == 0, done.err
    events = [json.loads(line) for line in (stage / "journal.jsonl").read_text().splitlines()]
    assert any(e["event"] == "verified" and e["sopInstanceUID"] == twice for e in events)
    assert not any(e["event"] == "sent" and e["sopInstanceUID"] == twice for e in events)


def test_a_duplicate_that_is_another_picture_is_refused(liar, stage, run):
    other = instance(stage, 6)
    liar.answers[other] = 0x0111

    def tamper(d):
        if d.SOPInstanceUID == other:
            one_byte(d)
        return d

    liar.tampers = tamper
    done = run("push", stage, "--pacs", liar.address)
    assert done.code == 69 and len(done.error_lines) == 1 and other in done.err, done.err
    assert "not the one that was confirmed" in done.err
