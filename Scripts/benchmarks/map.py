"""The dose map of 200 slices of 512 x 512: beside an expert's Python pipelines and the disk itself.

Whole processes by the clock, one after the other in each round, medians of the rounds. The share of
the map within our whole stage (which has digests, contact sheet and review page as well) is its share of
the processor time, as `export --timings` gives it.
"""
import pathlib, shutil, statistics, subprocess, sys, tempfile, time

import cv2, numpy, pydicom
import contourpy
import SimpleITK

import measure

# The phases that a bare pipeline has as well: read, check, draw, look at the pixels, write.
MAP = {"read the course", "check the course", "plan the series", "read and window the scan",
       "draw and look at the pixels", "encode the captures", "write the captures"}
SLICES = 200


def peer(folder, source, kind):
    output = folder / "peer"
    result = measure.run([sys.executable, measure.BENCHMARKS / "pipeline.py", source, output, kind])
    shutil.rmtree(output)
    return result


def floor(folder, source, byte_count):
    """Reads what is read and writes as many bytes as are written, in as many files."""
    output = folder / "floor"
    output.mkdir()
    block = bytes(byte_count // SLICES)
    start = time.perf_counter()
    subprocess.run("cat " + str(source) + "/* >/dev/null", shell=True, check=True)
    for index in range(SLICES):
        (output / str(index)).write_bytes(block)
    seconds = time.perf_counter() - start
    shutil.rmtree(output)
    return seconds


def main():
    given = measure.options(__doc__)
    results = measure.Results("map", given)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        exports = measure.Exports(given.binary, folder)
        source = folder / "course"
        measure.make_course(source, SLICES)
        kinds = {"stage": [], "map": [], "contourpy": [], "opencv": [], "floor": []}
        memory = {"push2pacs": 0, "python": 0}
        used = {}
        for round in range(given.runs + 1):
            seconds, _, peak, text = exports.export(source)
            times = {phase: processor for phase, (processor, _) in measure.phases(text).items()}
            total = times.pop(next(phase for phase in times if phase.startswith("all")))
            row = {"stage": seconds, "map": seconds * sum(v for k, v in times.items() if k in MAP) / total}
            for kind in ("contourpy", "opencv"):
                row[kind], _, peer_peak, _ = peer(folder, source, kind)
                memory["python"] = max(memory["python"], peer_peak)
            row["floor"] = floor(folder, source, SLICES * 512 * 512 * 3)
            memory["push2pacs"] = max(memory["push2pacs"], peak)
            # The first round fills the cache.
            if round:
                for kind, value in row.items():
                    kinds[kind].append(value)
                for phase, value in times.items():
                    used.setdefault(phase, []).append(value)
        shutil.rmtree(source)
        measure.make_course(source, 180, "mr")
        later = [exports.export(source) for _ in range(given.runs + 1)][1:]
    s = {kind: statistics.median(values) for kind, values in kinds.items()}
    fused = statistics.median(r[0] for r in later)
    results.figures = {
        "seconds": s, "memory": memory, "phases": {phase: statistics.median(v) for phase, v in used.items()},
        "followUp": {"seconds": fused, "memory": max(r[2] for r in later)}}
    python = {"Python with contourpy, drawing and writing alone": s["contourpy"], "with OpenCV": s["opencv"]}
    results.row("the map of 200 slices: read, check, draw, look at the pixels, write", s["map"],
                {**python, "`cat` and writing as many bytes": s["floor"]}, "8 x, 5 x; within 4 times of the floor")
    results.row("a whole stage: that, digests, contact sheet, review page", s["stage"], python,
                "faster than OpenCV's, half its time")
    results.text("a follow-up MR, 180 slices of 256 x 256 by a registration",
                 measure.time_text(fused))
    results.commands = {"push2pacs": "push2pacs export COURSE --output DIR --timings",
                        "Python": "Scripts/benchmarks/pipeline.py COURSE OUTPUT contourpy|opencv"}
    results.versions = {"contourpy": contourpy.__version__, "OpenCV": cv2.__version__, "numpy": numpy.__version__,
                        "pydicom": pydicom.__version__, "SimpleITK": SimpleITK.__version__}
    results.finish()
    print("  processor seconds: " + ", ".join(f"{k} {v:.2f}" for k, v in results.figures["phases"].items()))


main()
