"""What `inspect` makes of folders and files that nobody would wish to meet, and of windows by name."""

import json
import os
import pathlib
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import zlib

import numpy as np
import pydicom
import pytest

import reviewer
from course import ROOT

HERE = pathlib.Path(__file__).resolve().parent
#: Seconds and kilobytes that no odd folder may cost; a plain start takes a few hundredths and 30 MB.
TIME, MEMORY = 30, 120_000


class Watched:
    """A run of `inspect --json` with its peak memory; killed, and so failed, when it hangs."""

    def __init__(self, binary, home, *arguments, prefix=()):
        with tempfile.NamedTemporaryFile() as peak:
            process = subprocess.Popen(
                [sys.executable, "-S", str(HERE / "peak.py"), peak.name, *prefix, str(binary), "inspect", "--json",
                 *map(str, arguments)],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                env=reviewer.environment(home), start_new_session=True)
            guard = threading.Timer(TIME, lambda: os.killpg(process.pid, signal.SIGKILL))
            guard.start()
            out, err = process.communicate()
            guard.cancel()
            self.err, self.code = err.decode(), process.returncode
            assert 0 <= self.code < 128, f"killed by signal, {self.code}: {self.err}"
            self.kilobytes = int(peak.read())
        assert self.kilobytes < MEMORY, self.kilobytes
        self.found = json.loads(out) if out.strip() else None

    @property
    def unreadable(self):
        return [one["reason"] for one in self.found["unreadable"]]


@pytest.fixture
def watched(binary, home):
    return lambda *arguments, **how: Watched(binary, home, *arguments, **how)


def dicom(body, syntax="1.2.840.10008.1.2.1"):
    uid = syntax.encode() + b"\0" * (len(syntax) % 2)
    return bytes(128) + b"DICM" + struct.pack("<HH2sH", 2, 0x10, b"UI", len(uid)) + uid + body


HEAD = struct.pack("<HH2sH", 8, 0x60, b"CS", 2) + b"CT" + struct.pack("<HH2sH", 0x10, 0x20, b"LO", 2) + b"42"


def test_an_odd_folder_neither_hangs_nor_crashes(watched, brain, tmp_path):
    folder = tmp_path / "odd"
    shutil.copytree(brain.folder, folder / "course")
    os.mkfifo(folder / "pipe.dcm")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "socket"))
        for name, target in (("zero.dcm", "/dev/zero"), ("random", "/dev/random"), ("up", ".."), ("itself", "itself"),
                             ("nowhere", "nothing-there"), ("again", "course")):
            (folder / name).symlink_to(target)
        with open(folder / "zeros.dcm", "wb") as file:
            file.truncate(3 << 30)
        with open(folder / "prefix.dcm", "wb") as file:
            file.write(bytes(128) + b"DICM")
            file.truncate(3 << 30)
        (folder / "empty.dcm").touch()
        (folder / "text.txt").write_text("DICM is what this file is not.\n" * 50)
        deep = folder
        for number in range(80):
            deep = deep / f"d{number}"
        deep.mkdir(parents=True)
        run = watched(folder)
    assert run.found["scans"][0]["slices"] == len(brain.facts["slices"])
    assert len(run.found["doses"]) == len(run.found["plans"]) == 1
    assert any("prefix.dcm" in line for line in run.unreadable)
    assert not any("zeros.dcm" in line for line in run.unreadable)


@pytest.mark.parametrize("target", ["/dev/zero", "fifo"])
def test_a_device_or_a_pipe_as_the_argument_is_refused_at_once(watched, tmp_path, target):
    path = target
    if target == "fifo":
        path = tmp_path / "pipe"
        os.mkfifo(path)
    run = watched(path)
    assert run.found is None or not run.found["scans"]


def test_an_unreadable_file_is_named_with_a_way_out(watched, brain, tmp_path):
    folder = tmp_path / "locked"
    shutil.copytree(brain.folder, folder)
    dose = next(folder.glob("RD*"))
    dose.chmod(0)
    # Root reads everything unless it lays that right down.
    prefix = ()
    if os.geteuid() == 0:
        rights = "-dac_override,-dac_read_search"
        prefix = ("setpriv", f"--bounding-set={rights}", f"--inh-caps={rights}")
    run = watched(folder, prefix=prefix)
    assert [line for line in run.unreadable if dose.name in line and "Permission denied" in line
            and "the right to read it" in line]


CLAIMS = {
    "a-value-of-4-GB": dicom(HEAD + struct.pack("<HH2sHI", 0x11, 0x1001, b"OB", 0, 0xFFFFFFFE)),
    "pixels-of-4-GB": dicom(HEAD + struct.pack("<HH2sHI", 0x7FE0, 0x10, b"OW", 0, 0xFFFFFFF0)),
    "an-item-of-4-GB": dicom(
        HEAD + struct.pack("<HH2sHI", 0x40, 0x275, b"SQ", 0, 0xFFFFFFFF) + b"\xfe\xff\x00\xe0\xf0\xff\xff\xff"),
    "ten-thousand-sequences": dicom(
        HEAD + (struct.pack("<HH2sHI", 0x40, 0x275, b"SQ", 0, 0xFFFFFFFF) + b"\xfe\xff\x00\xe0\xff\xff\xff\xff") * 10000),
    "a-deflate-bomb": None,
    "garbage-behind-the-prefix": bytes(128) + b"DICM" + bytes(range(256)) * 8,
}


def bomb():
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    zeros = bytes(1 << 20)
    return dicom(b"".join(packer.compress(zeros) for _ in range(1024)) + packer.flush(), "1.2.840.10008.1.2.1.99")


@pytest.mark.parametrize("name", CLAIMS)
def test_what_claims_gigabytes_is_named_and_costs_nothing(watched, tmp_path, name):
    path = tmp_path / f"{name}.dcm"
    path.write_bytes(CLAIMS[name] or bomb())
    run = watched(path)
    [line] = run.unreadable
    assert name in line
    assert "again" in line, "a way out is missing"


def test_a_cut_beam_list_is_named_as_broken(watched, brain, tmp_path):
    """A plan whose last sequence is of undefined length, without the delimiter at its end."""
    plan = next(d for d in brain.datasets("RTPLAN"))
    for tag in [e.tag for e in plan if e.tag > 0x300A00B0]:
        del plan[tag]
    plan["BeamSequence"].is_undefined_length = True
    path = tmp_path / "plan.dcm"
    plan.save_as(path)
    whole = path.read_bytes()
    assert whole.endswith(b"\xfe\xff\xdd\xe0\0\0\0\0")
    assert watched(path).found["plans"]
    path.write_bytes(whole[:-8])
    run = watched(path)
    assert not run.found["plans"]
    [line] = run.unreadable
    assert "Beam Sequence" in line and "not closed" in line


def test_a_disks_directory_does_not_stand_in_the_way(watched, brain, tmp_path):
    folder = tmp_path / "disk"
    shutil.copytree(brain.folder, folder)
    directory = pydicom.Dataset()
    directory.FileSetID = "DISK"
    directory.OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity = 0
    directory.DirectoryRecordSequence = []
    directory.file_meta = pydicom.dataset.FileMetaDataset()
    directory.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.1.3.10"
    directory.file_meta.MediaStorageSOPInstanceUID = "2.25.1"
    directory.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.1"
    pydicom.dcmwrite(folder / "DICOMDIR", directory, enforce_file_format=True)
    run = watched(folder)
    assert run.unreadable == []
    assert run.found["refusal"] is None


@pytest.fixture
def windows(neck, tmp_path):
    """The head and neck course, whose images bring two windows with names."""
    folder = tmp_path / "windows"
    shutil.copytree(neck.folder, folder)
    for path in folder.glob("IM*"):
        d = pydicom.dcmread(path)
        d.WindowCenter, d.WindowWidth = ["40", "-500"], ["400", "1400"]
        d.WindowCenterWidthExplanation = ["SOFT", "AIRWAYS"]
        d.save_as(path)
    return folder


@pytest.mark.parametrize("given, center, width", [
    (None, 40, 400), ("soft", 40, 400), ("Airways", -500, 1400), ("bone", 400, 1800), ("-600,1500", -600, 1500)])
def test_a_window_is_chosen_by_its_name(run, windows, tmp_path, given, center, width):
    chosen = [f"--window={given}"] if given else []
    done = run("export", windows, "--output", tmp_path / "stages", *chosen, timeout=300)
    assert done.code == 0, done.err
    stage = done.out.splitlines()[-1]
    manifest = json.loads(open(f"{stage}/manifest.json").read())
    assert (manifest["rendering"]["window"]["center"], manifest["rendering"]["window"]["width"]) == (center, width)
    # Most of a slice is free of ink, and that is the windowed scan: PS3.3 C.11.2.1.2.1.
    instance = manifest["instances"][0]
    drawn = pydicom.dcmread(f"{stage}/{instance['file']}").pixel_array
    source = next(d for d in (pydicom.dcmread(p) for p in windows.glob("IM*"))
                  if d.SOPInstanceUID == instance["sourceSOPInstanceUID"])
    value = source.pixel_array * float(source.RescaleSlope) + float(source.RescaleIntercept)
    share = np.clip((value - (center - 0.5)) / (width - 1) + 0.5, 0, 1)
    grey = np.floor(share * 255 + 0.5)
    factor = drawn.shape[0] // grey.shape[0]
    same = np.all(drawn == np.kron(grey, np.ones((factor, factor)))[..., None], axis=-1)
    assert same.mean() > 0.5


def test_a_window_that_nobody_named_is_refused_with_the_names_there_are(run, windows, tmp_path):
    done = run("export", windows, "--output", tmp_path / "stages", "--window", "HEART")
    assert done.code == 65
    for name in ("HEART", "SOFT", "AIRWAYS", "lung"):
        assert name in done.err
    assert not (tmp_path / "stages").exists() or not list((tmp_path / "stages").iterdir())
