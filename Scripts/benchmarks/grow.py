"""How an export grows with the slices: time and peak memory of the stage of 50 to 800 slices of 512 x 512."""
import pathlib, shutil, statistics, tempfile

import measure

SLICES = (50, 100, 200, 400, 800)


def main():
    given = measure.options(__doc__, runs=3)
    results = measure.Results("grow", given)
    found = {}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        exports = measure.Exports(given.binary, folder)
        for slices in SLICES:
            source = folder / "course"
            measure.make_course(source, slices)
            runs = [exports.export(source) for _ in range(given.runs + 1)][1:]
            found[slices] = {"seconds": statistics.median(r[0] for r in runs), "memory": max(r[2] for r in runs)}
            shutil.rmtree(source)
    results.figures = {"slices": found}
    few, some, many = found[50], found[200], found[800]
    results.text("stages of " + " / ".join(map(str, SLICES)) + " slices",
                 " / ".join(measure.time_text(v["seconds"]) for v in found.values()),
                 f"800 take {many['seconds'] / some['seconds']:.1f} times as long as 200", "below 4.2")
    results.text("their peak memory", " / ".join(f"{v['memory'] / 1e6:.0f}" for v in found.values()) + " MB",
                 f"800 take {many['memory'] / few['memory']:.2f} times as much as 50", "below 200 MB, the same for all")
    results.commands = {"push2pacs": "push2pacs export COURSE --output DIR"}
    results.finish()


main()
