"""Sending 200 slices of 512 x 512 RGB over loopback: beside stock storescu, storescu with TCP_NODELAY at
both ends, and a raw socket; to an unmodified storescp and an unmodified Orthanc.

Ours twice: from the request for the association to its release (as `push --timings` says), and the
whole process, which digests every byte of the stage, asks the archive and writes journal and audit log.
"""
import json, pathlib, socket, statistics, subprocess, sys, tempfile, time

import measure
import staging
import reviewer
import servers

ASSOCIATIONS = 4


class Storescp(servers.Server):
    """Receives and forgets: the network alone is measured."""

    title = "STORESCP"
    variables = ()

    def command(self):
        return ["env", *self.variables, servers.tool("storescp"), "--ignore", "-aet", self.title, str(self.port)]


class StorescpWithoutNagle(Storescp):
    variables = ("TCP_NODELAY=1",)


class Orthanc(servers.Orthanc):
    variables = ()

    def command(self):
        return ["env", *self.variables, *super().command()]


class OrthancWithoutNagle(Orthanc):
    variables = ("TCP_NODELAY=1",)


class Bench:
    def __init__(self, given, folder):
        self.given, self.folder, self.binary = given, folder, given.binary
        self.stages = staging.Stages(given.binary, folder)
        self.home = self.stages.home
        self.rows = []

    def storescu(self, stage, server, *variables):
        start = time.perf_counter()
        subprocess.run(
            ["env", *variables, "/usr/bin/storescu", "-aec", server.title, servers.HERE, str(server.port),
             *sorted((stage / "slices").iterdir())],
            check=True, capture_output=True)
        return time.perf_counter() - start

    def row(self, to, what, seconds, **more):
        self.rows.append({"to": to, "what": what, "seconds": statistics.median(seconds), **more})

    def measure(self, to, stage, kinds, settle, forget, options=()):
        """One peer: ours, stock storescu, and storescu with TCP_NODELAY at both ends."""
        with kinds[0](self.folder / f"{to} stock") as server:
            settle(server)
            for label, more in (("push", ()), (f"push --associations {ASSOCIATIONS}",
                                               ("--associations", str(ASSOCIATIONS)))):
                sending, whole, digests, questions, peaks = [], [], [], [], []
                for _ in range(self.given.runs):
                    forget(server)
                    parts, seconds, peak, count = self.once(stage, server, forget, *options, *more)
                    sending.append(parts["sending"])
                    digests.append(parts["digests"])
                    questions.append(parts["questions"])
                    whole.append(seconds)
                    peaks.append(peak)
                self.row(to, f"{label}: association to release", sending, bytes=count)
                self.row(to, f"{label}: whole process", whole, peakMB=max(peaks),
                         digests=statistics.median(digests), questions=statistics.median(questions))
            times = []
            for _ in range(self.given.stock_runs):
                forget(server)
                times.append(self.storescu(stage, server))
            self.row(to, "dcmtk storescu", times)
        with kinds[1](self.folder / f"{to} nodelay") as server:
            times = []
            for _ in range(self.given.runs):
                forget(server)
                times.append(self.storescu(stage, server, "TCP_NODELAY=1"))
            self.row(to, "storescu, TCP_NODELAY=1 at both ends", times)

    def once(self, stage, server, forget, *options):
        """A run by the clock, and one more for the memory."""
        (stage / "journal.jsonl").unlink(missing_ok=True)
        command = [self.binary, "push", stage, "--pacs", server.address, "--json", *options]
        environment = reviewer.environment(self.home)
        start = time.perf_counter()
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=environment)
        seconds = time.perf_counter() - start
        assert done.returncode == 0, done.stderr
        sent = json.loads(done.stdout)
        assert sent["refused"] == 0 and sent["alreadyThere"] == 0, sent
        forget(server)
        (stage / "journal.jsonl").unlink()
        peak = self.folder / "peak"
        subprocess.run(
            [sys.executable, measure.ROOT / "Tests" / "EndToEnd" / "peak.py", peak, *command], check=True,
            stdin=subprocess.DEVNULL, capture_output=True, env=environment)
        return sent["seconds"], seconds, int(peak.read_text()) / 1000, sent["bytes"]

    def loopback(self, count):
        """A raw socket that writes as many bytes in pieces of 128 KiB to a process that reads them."""
        sink = (
            "import socket\ns = socket.create_server(('127.0.0.1', 0)); print(s.getsockname()[1], flush=True)\n"
            "c, _ = s.accept(); room = bytearray(1 << 20)\nwhile c.recv_into(room): pass\nc.sendall(b'.')\n")
        piece = bytes(128 << 10)
        times = []
        for _ in range(self.given.runs):
            with subprocess.Popen([sys.executable, "-c", sink], stdout=subprocess.PIPE, text=True) as process:
                port = int(process.stdout.readline())
                start = time.perf_counter()
                with socket.create_connection((servers.HERE, port)) as s:
                    left = count
                    while left > 0:
                        s.sendall(piece[:left])
                        left -= len(piece)
                    s.shutdown(socket.SHUT_WR)
                    s.recv(1)
                times.append(time.perf_counter() - start)
        self.row("a raw socket", f"{len(piece) >> 10} KiB writes", times)


def main():
    given = measure.options(__doc__, stock_runs=1, slices=200)
    results = measure.Results("send", given)
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(given, pathlib.Path(name))
        stages = bench.stages
        stage, manifest = stages.stage(given.slices)
        scan = staging.scan(bench.folder, given.slices)
        series = manifest["series"]["instanceUID"]

        def delete(server):
            for found in server.rest("/tools/lookup", "POST", series.encode()):
                server.rest(f"/series/{found['ID']}", "DELETE")

        query = ("--no-query",)
        bench.measure("storescp --ignore", stage, (Storescp, StorescpWithoutNagle),
                      lambda server: stages.settle(stage, server, *query), lambda server: None, query)

        def fill(server):
            server.store([scan])
            stages.settle(stage, server)

        bench.measure("Orthanc", stage, (Orthanc, OrthancWithoutNagle), fill, delete)
        bytes_sent = bench.rows[0]["bytes"]
        bench.loopback(bytes_sent)
        few, _ = stages.stage(given.slices // 4)
        with Storescp(bench.folder / "few") as server:
            stages.settle(few, server, *query)
            _, seconds, peak, _ = bench.once(few, server, lambda server: None, *query)
            bench.row("storescp --ignore", f"push of {given.slices // 4} slices: whole process", [seconds],
                      peakMB=peak)
    results.figures = {"bytes": bytes_sent, "rows": bench.rows}

    def seconds(to, what):
        return next(r["seconds"] for r in bench.rows if (r["to"], r["what"]) == (to, what))

    for to, aims in (("storescp --ignore", ("50 x, not slower than with TCP_NODELAY, a third of the raw socket", "12 x")),
                     ("Orthanc", ("7 x, not slower than with TCP_NODELAY", ""))):
        stock, quick = seconds(to, "dcmtk storescu"), seconds(to, "storescu, TCP_NODELAY=1 at both ends")
        others = {"`storescu`": stock, "with `TCP_NODELAY=1` at both ends": quick}
        if to != "Orthanc":
            others["a raw socket"] = bench.rows[-2]["seconds"]
        results.row(f"sending {bytes_sent / 1e6:.0f} MB to `{to}`, association to release",
                    seconds(to, "push: association to release"), others, aims[0])
        results.row("the same, whole process with all digests", seconds(to, "push: whole process"),
                    {"`storescu`": stock}, aims[1])
        results.row(f"the same, {ASSOCIATIONS} associations", seconds(to, f"push --associations {ASSOCIATIONS}: association to release"),
                    {"`storescu`": stock})
    results.commands = {"push2pacs": "push2pacs push STAGE --pacs AETITLE@HOST:PORT", "dcmtk": "storescu FILES"}
    results.versions = staging.versions()
    results.finish()


main()
