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
import stow

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


def colored(brain, folder, how):
    """Photographs of one patient, packed in one way; what their stored values are."""
    folder.mkdir(parents=True)
    source = pydicom.dcmread(brain.slices()[0].filename)
    rows, columns = 24, 32
    ramp = np.add.outer(np.arange(rows) * 5, np.arange(columns) * 3)
    pixels = np.stack([ramp % 256, (ramp * 7) % 256, (255 - ramp) % 256], axis=-1).astype(np.uint8)
    d = pydicom.Dataset()
    for name in ("PatientID", "PatientName", "PatientBirthDate", "PatientSex", "StudyInstanceUID", "StudyDate", "StudyTime",
                 "ReferringPhysicianName", "StudyID", "AccessionNumber"):
        if name in source:
            d[name] = source[name]
    d.StudyInstanceUID = source.StudyInstanceUID[:-3] + "993"
    d.SeriesInstanceUID, d.SOPInstanceUID = d.StudyInstanceUID + ".1", d.StudyInstanceUID + ".1.1"
    d.SOPClassUID, d.Modality, d.ConversionType = "1.2.840.10008.5.1.4.1.1.7", "OT", "DV"
    d.SeriesNumber, d.InstanceNumber = 1, 1
    d.Rows, d.Columns, d.SamplesPerPixel, d.PhotometricInterpretation = rows, columns, 3, "RGB"
    d.PlanarConfiguration, d.BitsAllocated, d.BitsStored, d.HighBit, d.PixelRepresentation = 0, 8, 8, 7, 0
    d.file_meta = pydicom.dataset.FileMetaDataset()
    d.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.1"
    if "YBR" in how:
        # Luminance and chrominances as they are: nobody may turn them into RGB and back.
        d.PhotometricInterpretation = "YBR_FULL"
    d.PixelData = pixels.tobytes()
    if how.startswith("RLE"):
        d.compress(RLELossless, generate_instance_uid=False)
    elif how == "planes, implicit VR":
        d.PlanarConfiguration = 1
        d.PixelData = np.moveaxis(pixels, -1, 0).tobytes()
        d.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2"
    elif how == "JPEG 2000, lossless":
        data = io.BytesIO()
        Image.fromarray(pixels).save(data, "JPEG2000", irreversible=False, no_jp2=True)
        d.PixelData = encapsulate([data.getvalue()])
        d.PhotometricInterpretation = "YBR_RCT"
        d.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.4.90"
    elif how == "JPEG":
        data = io.BytesIO()
        Image.fromarray(pixels).save(data, "JPEG", subsampling="4:2:2")
        d.PixelData = encapsulate([data.getvalue()])
        d.PhotometricInterpretation = "YBR_FULL_422"
        d.LossyImageCompression = "01"
        d.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    if d.file_meta.TransferSyntaxUID.is_encapsulated:
        d["PixelData"].VR = "OB"
        d["PixelData"].is_undefined_length = True
    d.save_as(folder / "0.dcm", enforce_file_format=True)
    return d, pixels


class Plain:
    """Takes Secondary Captures in one native syntax alone."""

    def __init__(self, syntax):
        self.syntax = syntax

    def __enter__(self):
        self.held = []
        ae = AE("PLAIN")
        ae.add_supported_context("1.2.840.10008.5.1.4.1.1.7", [self.syntax])
        ae.add_supported_context("1.2.840.10008.1.1")
        self.server = ae.start_server((servers.HERE, 0), block=False, evt_handlers=[(evt.EVT_C_STORE, self.store)])
        self.address = f"PLAIN@{servers.HERE}:{self.server.socket.getsockname()[1]}"
        return self

    def __exit__(self, *_):
        self.server.shutdown()

    def store(self, event):
        d = event.dataset
        d.file_meta = event.file_meta
        self.held.append(d)
        return 0


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2.1", "1.2.840.10008.1.2"])
@pytest.mark.parametrize("how, photometric", [
    ("RLE", "RGB"), ("RLE YBR", "YBR_FULL"), ("JPEG 2000, lossless", "RGB"), ("planes, implicit VR", "RGB")])
def test_colours_are_unpacked_where_nothing_is_lost(how, photometric, syntax, brain, play, tmp_path):
    own, pixels = colored(brain, tmp_path / "photo", how)
    with Plain(syntax) as pacs:
        talk = play(reviewer.answers(brain), "send", tmp_path / "photo", "--pacs", pacs.address, "--no-query",
                    "-o", tmp_path / "out")
        assert talk.code == 0, talk.text
        [back] = pacs.held
    assert back.PhotometricInterpretation == photometric
    stored = np.frombuffer(back.PixelData, np.uint8)[: pixels.size]
    stored = np.moveaxis(stored.reshape(3, 24, 32), 0, -1) if back.PlanarConfiguration else stored.reshape(24, 32, 3)
    assert np.array_equal(stored, pixels)
    same = {e.tag: e.value for e in own if e.keyword not in ("PixelData", "PhotometricInterpretation", "PlanarConfiguration")}
    assert {e.tag: e.value for e in back if e.tag in same} == same


def test_colours_that_were_compressed_with_loss_are_named(brain, play, tmp_path):
    own, _ = colored(brain, tmp_path / "photo", "JPEG")
    with Plain("1.2.840.10008.1.2.1") as pacs:
        talk = play(reviewer.answers(brain), "send", tmp_path / "photo", "--pacs", pacs.address, "--no-query",
                    "-o", tmp_path / "out")
        assert talk.code == 69 and own.SOPInstanceUID in talk.text and pacs.held == [], talk.text


def test_images_are_sent_over_the_web(brain, play, run, tmp_path):
    with servers.OrthancWeb(tmp_path / "orthanc") as server:
        server.store(brain.slices())
        own = of_another_day(brain.slices()[:12], tmp_path / "cbct", RLELossless)
        talk = play(reviewer.answers(brain), "send", tmp_path / "cbct", "--pacs", server.web, "-o", tmp_path / "out")
        assert talk.code == 0, talk.text
        assert talk.asked == [*ASKED, "accept"], talk.text
        for d in own:
            back = pydicom.dcmread(server.file(d.SOPInstanceUID))
            assert back.PixelData == d.PixelData and back.file_meta.TransferSyntaxUID == RLELossless
        stage, _ = the_stage(tmp_path / "out")
        again = run("push", stage, "--pacs", server.web)
        assert again.code == 0 and "holds all 12 instances already" in again.err
        assert run("verify", stage, "--pacs", server.web).out.startswith("VERIFIED IMAGES_MR")


def test_over_the_web_what_would_lose_something_is_named(brain, play, tmp_path):
    """A service that takes nothing packed: what is lossless goes out unpacked, what is not is named once."""
    own = of_another_day(brain.slices()[:2], tmp_path / "cbct", RLELossless)
    lossy, _ = colored(brain, tmp_path / "cbct" / "photo", "JPEG")
    with stow.Stow(no_packed=True) as service:
        talk = play(reviewer.answers(brain), "send", tmp_path / "cbct", "--pacs", service.address, "--no-query",
                    "-o", tmp_path / "out")
        assert talk.code == 69 and "C122" in talk.text and "cannot be unpacked" in talk.text, talk.text
        held = service.datasets()
        assert sorted(held) == sorted(d.SOPInstanceUID for d in own)
        for d in own:
            assert np.array_equal(held[d.SOPInstanceUID].pixel_array, d.pixel_array)
        assert len(service.stores) == 2, "what cannot be unpacked is not sent again and again"


def test_images_are_withdrawn(orthanc, brain, play, run, tmp_path):
    orthanc.store(brain.slices())
    own = of_another_day(brain.slices()[:3], tmp_path / "cbct")
    assert play(reviewer.answers(brain), "send", tmp_path / "cbct", "--pacs", orthanc.address, "-o", tmp_path / "out").code == 0
    stage, _ = the_stage(tmp_path / "out")
    talk = play(reviewer.answers(brain), "retract", stage, "--pacs", orthanc.address)
    assert talk.code == 0 and "What is wrong with the images?" in talk.text, talk.text
    study = own[0].StudyInstanceUID
    [note_series] = [uid for uid, (modality, _) in orthanc.series(study).items() if modality == "KO"]
    [note] = orthanc.get(study, note_series)
    expected = sorted(d.SOPInstanceUID for d in own)
    content = [c for c in note.ContentSequence if c.ValueType == "IMAGE"]
    assert sorted(c.ReferencedSOPSequence[0].ReferencedSOPInstanceUID for c in content) == expected
    assert {c.ReferencedSOPSequence[0].ReferencedSOPClassUID for c in content} == {MRImageStorage}
    assert note.PatientID == own[0].PatientID
    assert run("push", stage, "--pacs", orthanc.address).code == 65
