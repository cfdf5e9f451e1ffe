"""`push2pacs archive` with dcmtk's own clients, and what it lets in."""

import random
import subprocess
import sys

import pydicom
import pytest

import servers
from servers import HERE, tool


def start(binary, folder, *options):
    servers.EmbeddedArchive.binary = binary

    class Archive(servers.EmbeddedArchive):
        def command(self):
            self.options = options
            return super().command()

    return Archive(folder)


def dcmtk(name, server, *arguments, title="TESTER", files=()):
    return subprocess.run(
        [tool(name), "-aet", title, "-aec", server.title, *map(str, arguments), HERE, str(server.port), *map(str, files)],
        capture_output=True, text=True, timeout=120)


def test_dcmtk_stores_asks_gets_and_has_moved(binary, brain, tmp_path):
    files = [d.filename for d in brain.slices()[:8]]
    with servers.Storescp(tmp_path / "target") as target:
        with start(binary, tmp_path / "archive", "--peer", target.address) as archive:
            assert dcmtk("echoscu", archive).returncode == 0
            assert dcmtk("storescu", archive, files=files).returncode == 0
            study, series = brain.facts["studyInstanceUID"], brain.facts["scanSeriesInstanceUID"]
            for root, level, keys, count in [
                ("-P", "PATIENT", ["0010,0020"], 1),
                ("-S", "STUDY", ["0020,000d", "0008,0020"], 1),
                ("-S", "SERIES", [f"0020,000d={study}", "0020,000e"], 1),
                ("-S", "IMAGE", [f"0020,000d={study}", f"0020,000e={series}", "0008,0018"], 8),
            ]:
                out = tmp_path / level
                out.mkdir()
                done = dcmtk("findscu", archive, root, "-X", "-od", out, "-k", f"0008,0052={level}",
                             *[word for k in keys for word in ("-k", k)])
                assert done.returncode == 0 and len(list(out.iterdir())) == count, (level, done.stderr)
            out = tmp_path / "got"
            out.mkdir()
            done = dcmtk("getscu", archive, "-S", "-od", out, "-k", "0008,0052=SERIES",
                         "-k", f"0020,000d={study}", "-k", f"0020,000e={series}")
            assert done.returncode == 0
            got = {d.SOPInstanceUID: d.PixelData for d in map(pydicom.dcmread, out.iterdir())}
            assert got == {d.SOPInstanceUID: d.PixelData for d in brain.slices()[:8]}
            done = dcmtk("movescu", archive, "-S", "-aem", target.title, "-k", "0008,0052=STUDY", "-k", f"0020,000d={study}")
            assert done.returncode == 0, done.stderr
            assert len(target.files()) == 8
            done = dcmtk("movescu", archive, "-S", "-aem", "NOBODY", "-k", "0008,0052=STUDY", "-k", f"0020,000d={study}")
            assert "MoveDestinationUnknown" in done.stdout + done.stderr or done.returncode != 0
            assert len(target.files()) == 8


def test_strangers_are_turned_away(binary, brain, tmp_path):
    with start(binary, tmp_path / "archive", "--allow", "TESTER", "--allow", "FRIEND") as archive:
        assert dcmtk("echoscu", archive, title="FRIEND").returncode == 0
        done = dcmtk("echoscu", archive, title="STRANGER")
        assert done.returncode != 0 and "Calling AE Title Not Recognized" in done.stderr + done.stdout
        assert dcmtk("storescu", archive, title="STRANGER", files=[brain.slices()[0].filename]).returncode != 0
        assert not list((tmp_path / "archive" / "storage").rglob("*.dcm"))


def test_associations_are_bounded(binary, tmp_path):
    with start(binary, tmp_path / "archive", "--associations", "2") as archive:
        from pynetdicom.sop_class import Verification

        held = [archive.associate(Verification) for _ in range(2)]
        assert all(a.is_established for a in held)
        # pynetdicom now and then takes a rejection that comes at once for a broken connection.
        more = [archive.associate(Verification) for _ in range(5)]
        assert not any(a.is_established for a in more) and any(a.is_rejected for a in more)
        held[0].release()
        for _ in range(100):
            again = archive.associate(Verification)
            if again.is_established:
                break
        assert again.is_established
        again.release()
        held[1].release()


def test_the_first_of_two_instances_of_one_uid_is_kept(binary, brain, tmp_path):
    with start(binary, tmp_path / "archive") as archive:
        d = brain.slices()[0]
        assert dcmtk("storescu", archive, files=[d.filename]).returncode == 0
        assert dcmtk("storescu", archive, files=[d.filename]).returncode == 0  # the same bytes
        other = pydicom.dcmread(d.filename)
        pixels = bytearray(other.PixelData)
        pixels[100] ^= 1
        other.PixelData = bytes(pixels)
        other.save_as(tmp_path / "other.dcm")
        done = dcmtk("storescu", archive, "-v", files=[tmp_path / "other.dcm"])
        assert "0x0111" in done.stdout + done.stderr or done.returncode != 0
        (kept,) = archive.get(d.StudyInstanceUID, d.SeriesInstanceUID)
        assert kept.PixelData == d.PixelData


def peak(process):
    """The most memory that a process has had, in MB."""
    (line,) = [x for x in open(f"/proc/{process.pid}/status") if x.startswith("VmHWM")]
    return int(line.split()[1]) / 1000


def test_an_instance_of_many_frames_is_never_in_memory_as_a_whole(binary, brain, tmp_path):
    d = pydicom.dcmread(brain.slices()[0].filename)
    d.file_meta.MediaStorageSOPClassUID = d.SOPClassUID = "1.2.840.10008.5.1.4.1.1.7.4"
    d.Rows, d.Columns, d.NumberOfFrames, d.SamplesPerPixel = 512, 512, 200, 3
    d.BitsAllocated, d.BitsStored, d.HighBit, d.PhotometricInterpretation, d.PlanarConfiguration = 8, 8, 7, "RGB", 0
    d.PixelData = random.Random(7).randbytes(512 * 512 * 3) * 200
    d["PixelData"].VR = "OB"
    file = tmp_path / "frames.dcm"
    d.save_as(file)
    with servers.Storescp(tmp_path / "target") as target:
        with start(binary, tmp_path / "archive", "--peer", target.address) as archive:
            assert dcmtk("storescu", archive, files=[file]).returncode == 0
            assert dcmtk("storescu", archive, files=[file]).returncode == 0  # the same bytes
            out = tmp_path / "got"
            out.mkdir()
            study = ("-k", "0008,0052=STUDY", "-k", f"0020,000d={d.StudyInstanceUID}")
            assert dcmtk("getscu", archive, "-S", "-od", out, *study).returncode == 0
            assert dcmtk("movescu", archive, "-S", "-aem", target.title, *study).returncode == 0
            highest = peak(archive.process)
            (got,), (moved,) = out.iterdir(), target.files()
            for path in (got, moved):
                assert pydicom.dcmread(path).PixelData == d.PixelData
    # 157 MB of pixels: less than half of that for everything.
    assert highest < 75, highest


@pytest.mark.parametrize("wrong", [
    ["--peer", "NOPE"], ["--peer", "A@h:1", "--peer", "A@i:2"], ["--associations", "0"], ["--allow", "x" * 17],
])
def test_wrong_options_are_usage_errors(run, tmp_path, wrong):
    done = run("archive", "--directory", tmp_path / "a", *wrong)
    assert done.code == 64 and len(done.error_lines) == 1, done.err


def app(name, server, *arguments):
    """One of pynetdicom's own programs."""
    return subprocess.run(
        [sys.executable, "-m", "pynetdicom", name, HERE, str(server.port), "-aet", "TESTER", "-aec", server.title,
         *map(str, arguments)], capture_output=True, text=True, timeout=120)


def test_the_programs_of_pynetdicom_store_ask_get_and_have_moved(binary, brain, tmp_path):
    slices = brain.slices()[:6]
    folder = tmp_path / "slices"
    folder.mkdir()
    for d in slices:
        d.save_as(folder / f"{d.SOPInstanceUID}.dcm")
    study, series = brain.facts["studyInstanceUID"], brain.facts["scanSeriesInstanceUID"]
    with servers.Storescp(tmp_path / "target") as target:
        with start(binary, tmp_path / "archive", "--peer", target.address) as archive:
            assert app("echoscu", archive).returncode == 0
            # It gives up where an answer comes faster than it expects: the rest goes out again.
            for _ in range(5):
                app("storescu", archive, folder)
                if len(archive.get(study, series)) == len(slices):
                    break
            assert len(archive.get(study, series)) == len(slices)
            done = app("findscu", archive, "-S", "-k", "QueryRetrieveLevel=IMAGE", "-k", f"StudyInstanceUID={study}",
                       "-k", f"SeriesInstanceUID={series}", "-k", "SOPInstanceUID=")
            text = done.stdout + done.stderr
            assert done.returncode == 0 and all(d.SOPInstanceUID in text for d in slices), text
            out = tmp_path / "got"
            out.mkdir()
            done = app("getscu", archive, "-S", "-od", out, "-k", "QueryRetrieveLevel=SERIES",
                       "-k", f"StudyInstanceUID={study}", "-k", f"SeriesInstanceUID={series}")
            got = {d.SOPInstanceUID: d.PixelData for d in map(pydicom.dcmread, out.iterdir())}
            assert got == {d.SOPInstanceUID: d.PixelData for d in slices}, done.stderr
            done = app("movescu", archive, "-S", "-aem", target.title, "-k", "QueryRetrieveLevel=SERIES",
                       "-k", f"StudyInstanceUID={study}", "-k", f"SeriesInstanceUID={series}")
            assert done.returncode == 0 and len(target.files()) == len(slices), done.stderr
