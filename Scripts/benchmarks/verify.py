"""Fetching 200 slices of 512 x 512 RGB from an unmodified Orthanc and comparing every byte: beside dcmtk's
getscu, which fetches and writes them and compares nothing. Whole processes by the clock.
"""
import pathlib, shutil, statistics, subprocess, tempfile, time

import measure
import staging
import servers


def getscu(folder, server, study, series):
    target = folder / "got"
    target.mkdir()
    start = time.perf_counter()
    subprocess.run(
        # Orthanc gives nothing to callers that it does not know.
        ["/usr/bin/getscu", "-S", "-aet", "TESTER", "-aec", server.title, "-od", target, "-k", "0008,0052=SERIES",
         "-k", f"0020,000d={study}",
         "-k", f"0020,000e={series}", servers.HERE, str(server.port)], check=True, capture_output=True)
    seconds = time.perf_counter() - start
    count = len(list(target.iterdir()))
    shutil.rmtree(target)
    return seconds, count


def main():
    given = measure.options(__doc__, runs=3, slices=200)
    results = measure.Results("verify", given)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        made = staging.Stages(given.binary, folder)
        stage, manifest = made.stage(given.slices)
        ours, theirs = [], []
        with servers.Orthanc(folder / "orthanc") as server:
            server.store([staging.scan(folder, given.slices)])
            made.settle(stage, server)
            for _ in range(given.runs + 1):
                ours.append(measure.run([given.binary, "verify", stage, "--pacs", server.address],
                                        measure.environment(made.home))[0])
                seconds, count = getscu(folder, server, manifest["study"]["instanceUID"], manifest["series"]["instanceUID"])
                assert count == given.slices, count
                theirs.append(seconds)
    s = {"push2pacs": statistics.median(ours[1:]), "getscu": statistics.median(theirs[1:])}
    results.figures = {"seconds": s}
    results.row(f"`verify` of {given.slices} slices in Orthanc: fetch by C-GET and compare", s["push2pacs"],
                {"`getscu` alone": s["getscu"]}, "not slower")
    results.commands = {"push2pacs": "push2pacs verify STAGE --pacs ORTHANC@HOST:PORT", "dcmtk": "getscu -S -od DIR"}
    results.versions = staging.versions()
    results.finish()


main()
