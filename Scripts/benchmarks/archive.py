"""The embedded archive receiving 200 slices of 512 x 512 RGB from dcmtk's storescu: beside storescp writing
to the disk. Once with storescu as it is, once with TCP_NODELAY at both ends, where the wire no longer waits.
"""
import pathlib, shutil, statistics, subprocess, tempfile, time

import measure
import staging
import servers


def send(server, files, *variables):
    start = time.perf_counter()
    subprocess.run(["env", *variables, "/usr/bin/storescu", "-aec", server.title, servers.HERE, str(server.port), *files],
                   check=True, capture_output=True)
    return time.perf_counter() - start


def receiver(kind, variables, binary):
    class Receiver(kind):
        def command(self):
            return ["env", *variables, *super().command()]
    Receiver.binary = binary
    return Receiver


def main():
    given = measure.options(__doc__, runs=3, slices=200)
    results = measure.Results("archive", given)
    found = {}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        stage, _ = staging.Stages(given.binary, folder).stage(given.slices)
        files = sorted((stage / "slices").iterdir())
        for how, variables, runs in (("stock", (), 1), ("TCP_NODELAY", ("TCP_NODELAY=1",), given.runs + 1)):
            times = {"push2pacs": [], "storescp": []}
            for _ in range(runs):
                for what, kind in (("push2pacs", servers.EmbeddedArchive), ("storescp", servers.Storescp)):
                    place = folder / "received"
                    with receiver(kind, variables, given.binary)(place) as server:
                        times[what].append(send(server, files, *variables))
                        count = sum(1 for path in (place / "storage").rglob("*") if path.is_file())
                        assert count >= given.slices, count
                    shutil.rmtree(place)
            found[how] = {what: statistics.median(values[1:] or values) for what, values in times.items()}
    results.figures = {"seconds": found}
    results.row(f"the embedded archive, receiving {given.slices} slices from `storescu`", found["stock"]["push2pacs"],
                {"`storescp` writing to disk": found["stock"]["storescp"]}, "not slower")
    results.row("the same, `TCP_NODELAY=1` at both ends", found["TCP_NODELAY"]["push2pacs"],
                {"`storescp`": found["TCP_NODELAY"]["storescp"]}, "not slower")
    results.commands = {"push2pacs": "push2pacs archive --directory DIR", "dcmtk": "storescp --output-directory DIR; storescu FILES"}
    results.versions = staging.versions()
    results.finish()


main()
