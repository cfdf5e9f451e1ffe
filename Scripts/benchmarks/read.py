"""Reading a series of 200 CT slices: headers, and headers with pixels, as whole processes."""
import argparse, json, os, pathlib, platform, statistics, subprocess, sys, tempfile, time

import numpy

from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

SLICES, SIZE = 200, 512


def make_series(folder):
    """CT slices of 512 x 512, signed 16 bit, with the attributes that scanners write."""
    random = numpy.random.default_rng(7)
    study, series, frame = (generate_uid(entropy_srcs=["bench", name]) for name in ("study", "series", "frame"))
    for index in range(SLICES):
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
        d.PixelData = random.integers(-1000, 1500, SIZE * SIZE, dtype=numpy.int16).tobytes()
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


def seconds(command, runs):
    times = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        times.append(time.perf_counter() - start)
    # The first run fills the cache.
    return statistics.median(times[1:])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("root")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--json")
    options = parser.parse_args()
    ours = pathlib.Path(options.root) / ".build" / "release" / "push2pacs"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        make_series(folder)
        files = sorted(map(str, folder.iterdir()))
        rows = [
            ("headers", "push2pacs inspect", [str(ours), "inspect", name]),
            ("headers", "dcmdump -q +sd +P 0010,0020", ["/usr/bin/dcmdump", "-q", "+sd", "+P", "0010,0020", name]),
            ("headers", "gdcminfo, one process a file", ["sh", "-c", f"for f in {name}/*; do gdcminfo $f; done"]),
            ("pixels", "push2pacs inspect --digests", [str(ours), "inspect", "--digests", *files]),
            ("pixels", "pydicom pixel_array", [sys.executable, "-c", PYDICOM, name]),
            ("pixels", "SimpleITK series reader", [sys.executable, "-c", SIMPLEITK, name]),
        ]
        results = [(kind, what, seconds(command, options.runs)) for kind, what, command in rows]
    print(f"\n{SLICES} CT slices of {SIZE} x {SIZE}, {os.cpu_count()} cores, {platform.machine()}, medians of {options.runs} runs")
    for kind in ("headers", "pixels"):
        own = next(s for k, w, s in results if k == kind)
        for k, what, s in results:
            if k == kind:
                print(f"  {kind:8} {what:32} {s * 1000:9.1f} ms   {s / own:6.2f} x ours")
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(
            [{"kind": k, "what": w, "seconds": s} for k, w, s in results], indent=2) + "\n")


main()
