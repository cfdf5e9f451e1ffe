"""Other images as they are: whose they are, why they are sent, and that not a bit of them changes."""

import io
import json
import pathlib

import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom.encaps import encapsulate
from pydicom.uid import JPEGBaseline8Bit, RLELossless
from pynetdicom import AE, evt
from pynetdicom.sop_class import MRImageStorage

import reviewer
import servers

ASKED = ["patient", "why", "reviewer", "role", "confirm"]


def of_another_day(slices, folder, syntax=None):
    """A cone-beam CT of the same patient in a study of its own."""
    folder.mkdir(parents=True)
    made = []
    for n, d in enumerate(slices):
        d = pydicom.dcmread(d.filename)
        d.StudyInstanceUID = d.StudyInstanceUID[:-3] + "991"
        d.SeriesInstanceUID = d.SeriesInstanceUID[:-3] + "992"
        d.SOPInstanceUID = d.file_meta.MediaStorageSOPInstanceUID = d.SOPInstanceUID[:-3] + f"{900 + n}"
        d.StudyDate, d.SeriesDescription = "20200424", "CBCT"
        d.add_new(0x00091001, "LO", "a private word")
        d.add_new(0x00090010, "LO", "SOMEBODY")
        if syntax == RLELossless:
            d.compress(RLELossless, generate_instance_uid=False)
        d.save_as(folder / f"{n}.dcm")
        made.append(d)
    return made


def the_stage(folder):
    (stage,) = [p for p in pathlib.Path(folder).iterdir() if (p / "manifest.json").is_file()]
    return stage, json.loads((stage / "manifest.json").read_text())


def test_images_are_sent_as_they_are(pacs, brain, play, run, tmp_path):
    pacs.store(brain.slices())
    own = of_another_day(brain.slices()[:12], tmp_path / "cbct")
    talk = play(reviewer.answers(brain), "send", tmp_path / "cbct", "--pacs", pacs.address, "-o", tmp_path / "out")
    assert talk.code == 0, talk.text
    # The study is not held yet: a warning about that, and the patient's other study was looked at.
    assert talk.asked == [*ASKED, "accept"], talk.text
    assert talk.confirmed.startswith("IMAGES_MR_04.24.2020")
    blind = talk.text[: talk.text.index("Patient ID from the chart")]
    assert brain.facts["patientID"] not in blind
    held = {d.SOPInstanceUID: d for d in pacs.get(own[0].StudyInstanceUID, own[0].SeriesInstanceUID)}
    assert sorted(held) == sorted(d.SOPInstanceUID for d in own)
    for d in own:
        back = held[d.SOPInstanceUID]
        assert back.PixelData == d.PixelData
        assert back[0x00091001].value in ("a private word", b"a private word")
        back.remove_private_tags()
        d.remove_private_tags()
        assert {e.tag: e.value for e in back} == {e.tag: e.value for e in d}
    stage, manifest = the_stage(tmp_path / "out")
    files = {pydicom.dcmread(p).SOPInstanceUID: p.read_bytes() for p in (tmp_path / "cbct").iterdir()}
    assert {i["sopInstanceUID"]: (stage / i["file"]).read_bytes() for i in manifest["instances"]} == files
    again = run("push", stage, "--pacs", pacs.address)
    assert again.code == 0 and "holds all 12 instances already" in again.err
    assert run("verify", stage, "--pacs", pacs.address).out.startswith("VERIFIED IMAGES_MR")
    words = json.loads((stage / "confirmation.json").read_text())["people"][0]
    assert words["name"] == "Ada Reviewer" and {"question": "Why are they sent?", "answer": "Asked for by the tumour board"} in words["answers"]


@pytest.mark.parametrize("question, answer", [("patient", "P2P-0009"), ("confirm", "no")])
def test_a_wrong_answer_sends_nothing(storescp, brain, play, tmp_path, question, answer):
    of_another_day(brain.slices()[:3], tmp_path / "cbct")
    talk = play(reviewer.answers(brain, **{question: answer}), "send", tmp_path / "cbct", "--pacs", storescp.address,
                "--no-query", "-o", tmp_path / "out")
    assert talk.code == 77 and talk.asked[-1] == question, talk.text
    assert storescp.files() == []


def test_nobody_at_a_terminal(storescp, brain, run, tmp_path):
    of_another_day(brain.slices()[:3], tmp_path / "cbct")
    done = run("send", tmp_path / "cbct", "--pacs", storescp.address, "--no-query", "-o", tmp_path / "out")
    assert done.code == 77 and len(done.error_lines) == 1 and storescp.files() == []
    stage, _ = the_stage(tmp_path / "out")
    assert run("push", stage, "--pacs", storescp.address, "--no-query").code == 77


def test_the_study_of_somebody_else_is_refused(orthanc, brain, play, tmp_path):
    own = of_another_day(brain.slices()[:3], tmp_path / "cbct")
    for name, value, word in [("PatientID", "SOMEBODY", "patient ID"), ("PatientBirthDate", "19010101", "birth date")]:
        strangers = [pydicom.dcmread(d.filename) for d in brain.slices()[:2]]
        for d in strangers:
            d.StudyInstanceUID = own[0].StudyInstanceUID
            setattr(d, name, value)
        orthanc.store(strangers)
        talk = play(reviewer.answers(brain), "send", tmp_path / "cbct", "--pacs", orthanc.address, "-o", tmp_path / "out")
        assert talk.code == 65 and "identity.pacs" in talk.text and word in talk.text, talk.text
        assert "19010101" not in talk.text and own[0].SeriesInstanceUID not in orthanc.series(own[0].StudyInstanceUID)
        for d in strangers:
            orthanc.delete(d.SOPInstanceUID)


@pytest.mark.parametrize("what", ["two patients", "no patient ID", "a map", "broken", "nothing"])
def test_what_is_not_sent_at_all(binary, brain, play, storescp, tmp_path, what):
    own = of_another_day(brain.slices()[:3], tmp_path / "cbct")
    path = tmp_path / "cbct" / "1.dcm"
    if what == "two patients":
        own[1].PatientID = "P2P-0009"
        own[1].save_as(path)
    if what == "no patient ID":
        for n, d in enumerate(own):
            d.PatientID = ""
            d.save_as(tmp_path / "cbct" / f"{n}.dcm")
    if what == "broken":
        path.write_bytes(path.read_bytes()[:-500])
    if what == "a map":
        from conftest import staged

        path.write_bytes((staged(binary, brain, tmp_path / "map") / "slices/0003.dcm").read_bytes())
    if what == "nothing":
        for p in (tmp_path / "cbct").iterdir():
            p.write_text("no DICOM")
    talk = play(reviewer.answers(brain), "send", tmp_path / "cbct", "--pacs", storescp.address, "--no-query",
                "-o", tmp_path / "out")
    assert talk.code == (66 if what == "nothing" else 65), talk.text
    assert talk.asked == [] and storescp.files() == []
    assert not list((tmp_path / "out").glob("*")) if (tmp_path / "out").exists() else True


class Picky:
    """Takes uncompressed MR alone."""

    def __enter__(self):
        self.held = {}
        ae = AE("PICKY")
        ae.add_supported_context(MRImageStorage, ["1.2.840.10008.1.2"])
        ae.add_supported_context("1.2.840.10008.1.1")
        self.server = ae.start_server((servers.HERE, 0), block=False, evt_handlers=[(evt.EVT_C_STORE, self.store)])
        self.address = f"PICKY@{servers.HERE}:{self.server.socket.getsockname()[1]}"
        return self

    def __exit__(self, *_):
        self.server.shutdown()

    def store(self, event):
        d = event.dataset
        d.file_meta = event.file_meta
        self.held[d.SOPInstanceUID] = d
        return 0


def test_packed_pixels_are_unpacked_where_nothing_is_lost(brain, play, tmp_path):
    plain = brain.slices()[:4]
    own = of_another_day(plain, tmp_path / "cbct", RLELossless)
    with Picky() as pacs:
        talk = play(reviewer.answers(brain), "send", tmp_path / "cbct", "--pacs", pacs.address, "--no-query",
                    "-o", tmp_path / "out")
        assert talk.code == 0, talk.text
        for d, source in zip(own, plain):
            back = pacs.held[d.SOPInstanceUID]
            assert back.file_meta.TransferSyntaxUID == "1.2.840.10008.1.2"
            assert np.array_equal(back.pixel_array, source.pixel_array)
            assert back.PhotometricInterpretation == source.PhotometricInterpretation


def test_what_would_lose_something_is_named(brain, play, tmp_path):
    own = of_another_day(brain.slices()[:3], tmp_path / "cbct")
    d = own[1]
    jpeg = io.BytesIO()
    Image.fromarray((d.pixel_array >> 4).astype(np.uint8)).save(jpeg, "JPEG")
    d.BitsAllocated, d.BitsStored, d.HighBit, d.PixelRepresentation = 8, 8, 7, 0
    d.PixelData = encapsulate([jpeg.getvalue()])
    d["PixelData"].VR = "OB"
    d["PixelData"].is_undefined_length = True
    d.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    d.save_as(tmp_path / "cbct" / "1.dcm")
    with Picky() as pacs:
        talk = play(reviewer.answers(brain), "send", tmp_path / "cbct", "--pacs", pacs.address, "--no-query",
                    "-o", tmp_path / "out")
        assert talk.code == 69, talk.text
        assert d.SOPInstanceUID in talk.text
        assert sorted(pacs.held) == sorted(own[n].SOPInstanceUID for n in (0, 2))


def test_the_scan_goes_with_the_map(orthanc, brain, play, run, tmp_path):
    of_another_day(brain.slices()[:2], tmp_path / "cbct")
    orthanc.store([pydicom.dcmread(p) for p in (tmp_path / "cbct").iterdir()])
    talk = play(reviewer.answers(brain), "export", brain.folder, "--pacs", orthanc.address, "--with-scan",
                "-o", tmp_path / "out")
    assert talk.code == 0, talk.text
    assert talk.asked == [*reviewer.ORDER, *ASKED, "accept"]
    study = brain.facts["studyInstanceUID"]
    assert set(orthanc.series(study)) >= {brain.facts["scanSeriesInstanceUID"]} and len(orthanc.series(study)) == 2
    held = {d.SOPInstanceUID: d.PixelData for d in orthanc.get(study, brain.facts["scanSeriesInstanceUID"])}
    assert held == {d.SOPInstanceUID: d.PixelData for d in brain.slices()}
    again = play(reviewer.answers(brain), "export", brain.folder, "--pacs", orthanc.address, "--with-scan",
                 "-o", tmp_path / "out")
    assert again.code == 0 and again.asked == [] and "holds the scan already" in again.text, again.text
