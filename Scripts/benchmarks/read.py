"""Reading a series of 200 CT slices: headers, headers with pixels, and compressed pixels on one core.

Whole processes by the clock; compressed pixels by the processor's time, where the peer's start is left
out and ours is not.
"""
import pathlib, resource, statistics, subprocess, sys, tempfile, time

import numpy
import pydicom, SimpleITK

import measure

from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

SLICES, SIZE = 200, 512


def make_series(folder):
    """CT slices of 512 x 512, signed 16 bit, with the attributes that scanners write: a body with noise."""
    random = numpy.random.default_rng(7)
    study, series, frame = (generate_uid(entropy_srcs=["bench", name]) for name in ("study", "series", "frame"))
    y, x = numpy.mgrid[-1:1:SIZE * 1j, -1:1:SIZE * 1j]
    for index in range(SLICES):
        body = (x / 0.8) ** 2 + (y / (0.5 + 0.0005 * index)) ** 2 < 1
        bone = (x / 0.1) ** 2 + ((y - 0.3) / 0.1) ** 2 < 1
        image = numpy.where(bone, 700, numpy.where(body, 40 + 30 * numpy.sin(9 * x), -1000))
        image = (image + random.normal(0, 12, image.shape)).astype(numpy.int16)
        meta = FileMetaDataset()
        meta.MediaStorageSOPClassUID = CTImageStorage
        meta.MediaStorageSOPInstanceUID = generate_uid(entropy_srcs=["bench", str(index)])
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
        d = FileDataset("", {}, file_meta=meta, preamble=bytes(128))
        d.SOPClassUID, d.SOPInstanceUID = CTImageStorage, meta.MediaStorageSOPInstanceUID
        d.StudyInstanceUID, d.SeriesInstanceUID, d.FrameOfReferenceUID = study, series, frame
        d.PatientID, d.PatientName, d.Modality = "BENCH", "Bench^Mark", "CT"
        d.StudyDate = d.SeriesDate = d.AcquisitionDate = "20200420"
        d.Rows = d.Columns = SIZE
        d.PixelSpacing, d.SliceThickness = [0.9765625, 0.9765625], 1
        d.ImageOrientationPatient, d.ImagePositionPatient = [1, 0, 0, 0, 1, 0], [-250, -250, -100 + index]
        d.InstanceNumber = index + 1
        d.SamplesPerPixel, d.PhotometricInterpretation = 1, "MONOCHROME2"
        d.BitsAllocated, d.BitsStored, d.HighBit, d.PixelRepresentation = 16, 16, 15, 1
        d.RescaleSlope, d.RescaleIntercept, d.WindowCenter, d.WindowWidth = 1, 0, 40, 400
        d.PixelData = image.tobytes()
        d.save_as(folder / f"{index:04d}.dcm", enforce_file_format=True)


PYDICOM = """
import sys, pathlib, pydicom
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()): pydicom.dcmread(path).pixel_array
"""
SIMPLEITK = """
import sys, SimpleITK
reader = SimpleITK.ImageSeriesReader()
reader.SetFileNames(reader.GetGDCMSeriesFileNames(sys.argv[1]))
reader.Execute()
"""
# Prints its own seconds: the start of Python is not counted.
DECODER = """
import sys, pathlib, time, pydicom
from pydicom.pixels import pixel_array
files = sorted(pathlib.Path(sys.argv[1]).iterdir())
pixel_array(files[0], decoding_plugin=sys.argv[2])
start = time.process_time()
for path in files: pixel_array(path, decoding_plugin=sys.argv[2])
print(time.process_time() - start)
"""
GDCM = """
import sys, pathlib, time, gdcm
files = sorted(map(str, pathlib.Path(sys.argv[1]).iterdir()))
def read(path):
    reader = gdcm.ImageReader()
    reader.SetFileName(path)
    assert reader.Read()
    reader.GetImage().GetBuffer()
read(files[0])
start = time.process_time()
for path in files: read(path)
print(time.process_time() - start)
"""


def seconds(command, runs):
    times = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        times.append(time.perf_counter() - start)
    # The first run fills the cache.
    return statistics.median(times[1:])


def processor_seconds(command, runs):
    """User and system time of a whole process."""
    times = []
    for _ in range(runs):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(times)


def own_seconds(command, runs):
    """The seconds that a script says its decoding took."""
    return statistics.median(
        float(subprocess.run(command, capture_output=True, text=True, check=True).stdout) for _ in range(runs))


def main():
    given = measure.options(__doc__, runs=7)
    results = measure.Results("read", given)
    ours = given.binary
    one = ["taskset", "-c", "0"]
    found = {}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name) / "native"
        folder.mkdir()
        make_series(folder)

        def row(kind, what, command, timer=seconds):
            found.setdefault(kind, {})[what] = timer(command, given.runs)

        row("headers", "push2pacs inspect", [ours, "inspect", folder])
        row("headers", "`dcmdump -q +sd +P 0010,0020`", ["/usr/bin/dcmdump", "-q", "+sd", "+P", "0010,0020", folder])
        row("headers", "`gdcminfo`", ["gdcminfo", "--recursive", "--input", folder])
        row("headers and pixels", "push2pacs inspect --pixels", [ours, "inspect", "--pixels", folder])
        row("headers and pixels", "pydicom", [sys.executable, "-c", PYDICOM, folder])
        row("headers and pixels", "SimpleITK", [sys.executable, "-c", SIMPLEITK, folder])
        row("digests of all pixels", "push2pacs inspect --digests", [ours, "inspect", "--digests", *sorted(folder.iterdir())])
        writers = {
            "RLE": (["dcmcrle"], "pylibjpeg"),
            "JPEG lossless": (["dcmcjpeg"], "pylibjpeg"),
            "JPEG-LS": (["dcmcjpls"], "pyjpegls"),
            "JPEG 2000 lossless": (["gdcmconv", "--j2k"], "pylibjpeg"),
        }
        for kind, (writer, plugin) in writers.items():
            compressed = pathlib.Path(name) / kind
            compressed.mkdir()
            for file in sorted(folder.iterdir())[:: SLICES // 40]:
                subprocess.run([*writer, file, compressed / file.name], check=True, capture_output=True)
            title = f"{kind}, 40 slices, one core"
            row(title, "push2pacs inspect --pixels", [*one, ours, "inspect", "--pixels", compressed], processor_seconds)
            row(title, "GDCM, decoding only", [*one, sys.executable, "-c", GDCM, compressed], own_seconds)
            row(title, f"{plugin}, decoding only", [*one, sys.executable, "-c", DECODER, compressed, plugin], own_seconds)
    results.figures = {"seconds": found}
    aims = {"headers": "not slower / 4 x", "headers and pixels": "8 x"}
    for kind, times in found.items():
        own, *others = times.items()
        what = f"{kind} of {SLICES} CT slices" if "slices" not in kind else f"pixels in {kind}"
        results.row(what, own[1], dict(others), aims.get(kind, ""))
    results.commands = {"push2pacs": "push2pacs inspect [--pixels] DIR", "dcmtk": "dcmdump -q +sd +P 0010,0020 DIR",
                        "GDCM": "gdcminfo --recursive --input DIR", "pydicom": "dcmread(path).pixel_array",
                        "SimpleITK": "ImageSeriesReader.Execute()"}
    results.versions = {"pydicom": pydicom.__version__, "SimpleITK": SimpleITK.__version__,
                        "GDCM": measure.version(["gdcminfo", "--version"]),
                        "dcmtk": measure.version(["/usr/bin/dcmdump", "--version"])}
    results.finish()


main()
