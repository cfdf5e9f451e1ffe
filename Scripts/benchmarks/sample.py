"""Sampling a dose of 200 x 200 x 160 at the pixel centres of 200 slices of 512 x 512.

Ours in double precision, as `export --save-dose` does it on all cores: what the threads spent sampling, over
their number, files and checks left out. SimpleITK's resampling alone in its own process, in single precision,
with as many threads. plastimatch has its own files in the folder before the clock runs: a whole process.
"""
import os, pathlib, shutil, statistics, subprocess, sys, tempfile

import SimpleITK

import measure

SLICES = 200
# Prints its own seconds: the start of Python and the reading of the files are not counted.
RESAMPLE = """
import pathlib, sys, time, numpy as np, pydicom, SimpleITK as sitk
source = pathlib.Path(sys.argv[1])
sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(int(sys.argv[2]))
d = pydicom.dcmread(next(source.glob("RTDOSE*")))
stored = np.frombuffer(d.PixelData, "<u4").reshape(d.NumberOfFrames, d.Rows, d.Columns)
dose = sitk.GetImageFromArray(stored * np.float32(d.DoseGridScaling))
dose.SetOrigin([float(v) for v in d.ImagePositionPatient])
o = d.GridFrameOffsetVector
dose.SetSpacing([float(d.PixelSpacing[1]), float(d.PixelSpacing[0]), float(o[1] - o[0])])
slices = sorted((pydicom.dcmread(p, stop_before_pixels=True) for p in source.glob("CT*")),
                key=lambda d: float(d.ImagePositionPatient[2]))
first, step = slices[0], float(slices[1].ImagePositionPatient[2] - slices[0].ImagePositionPatient[2])
size = (int(first.Columns), int(first.Rows), len(slices))
origin = [float(v) for v in first.ImagePositionPatient]
spacing = [float(first.PixelSpacing[1]), float(first.PixelSpacing[0]), step]
if len(sys.argv) > 3:
    sitk.WriteImage(dose, sys.argv[3])
    print(*size, *origin, *spacing)
    sys.exit()
times = []
for _ in range(4):
    start = time.perf_counter()
    sitk.Resample(dose, size, sitk.Transform(), sitk.sitkLinear, origin, spacing, dose.GetDirection(), 0.0, sitk.sitkFloat32)
    times.append(time.perf_counter() - start)
print(sorted(times[1:])[1])
"""


def main():
    given = measure.options(__doc__)
    results = measure.Results("sample", given)
    cores = os.cpu_count()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        exports = measure.Exports(given.binary, folder)
        source = folder / "course"
        measure.make_course(source, SLICES)

        def script(*more):
            return subprocess.run([sys.executable, "-c", RESAMPLE, source, str(cores), *map(str, more)], check=True,
                                  capture_output=True, text=True).stdout

        ours, theirs, plast = [], [], []
        for round in range(given.runs + 1):
            saved = folder / "saved.dcm"
            text = exports.export(source, "--save-dose", saved)[3]
            saved.unlink()
            ours.append(measure.phases(text)["sample the dose"][1] / cores)
            theirs.append(float(script()))
        if shutil.which("plastimatch"):
            dose, target = folder / "dose.mha", folder / "target.mha"
            words = script(dose).split()
            command = ["plastimatch", "resample", "--input", dose, "--output", target, "--dim", " ".join(words[:3]),
                       "--origin", " ".join(words[3:6]), "--spacing", " ".join(words[6:]), "--interpolation", "linear"]
            plast = [measure.run(command)[0] for _ in range(given.runs + 1)]
            results.versions["plastimatch"] = measure.version(["plastimatch", "--version"])
    s = {"push2pacs": statistics.median(ours[1:]), "SimpleITK": statistics.median(theirs[1:])}
    if plast:
        s["plastimatch, whole process"] = statistics.median(plast[1:])
    results.figures = {"seconds": s}
    results.row("sampling the dose on 512 x 512 x 200, double precision", s["push2pacs"],
                {k if k != "SimpleITK" else f"SimpleITK, {cores} threads, single precision": v
                 for k, v in s.items() if k != "push2pacs"}, "4 x")
    results.commands = {"push2pacs": "push2pacs export COURSE --save-dose FILE --timings",
                        "SimpleITK": "SimpleITK.Resample(..., sitkLinear, sitkFloat32)",
                        "plastimatch": "plastimatch resample --interpolation linear"}
    results.versions["SimpleITK"] = SimpleITK.__version__
    results.finish()


main()
