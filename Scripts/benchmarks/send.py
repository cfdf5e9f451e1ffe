"""Sending 200 slices of 512 x 512 RGB over loopback: beside stock storescu, storescu with TCP_NODELAY at
both ends, and a raw socket; to an unmodified storescp and an unmodified Orthanc.

Ours twice: from the request for the association to its release (as `push --timings` says), and the
whole process, which digests every byte of the stage, asks the archive and writes journal and audit log.
"""
import argparse, json, os, pathlib, platform, socket, statistics, subprocess, sys, tempfile, time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "Scripts"), str(ROOT / "Tests" / "EndToEnd")]

from fixtures import long  # noqa: E402
import pydicom  # noqa: E402
import reviewer  # noqa: E402
import servers  # noqa: E402
from course import BRAIN, Course  # noqa: E402

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
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.binary = ROOT / ".build" / "release" / "push2pacs"
        if options.binary:
            self.binary = pathlib.Path(options.binary)
        self.home = folder / "home"
        self.home.mkdir()
        self.rows = []

    def stage(self, slices):
        """A confirmed stage of so many slices."""
        folder = self.folder / str(slices)
        long.make(folder / "course", slices=slices, step=100 / slices)
        done = subprocess.run(
            [self.binary, "export", folder / "course", "--output", folder / "stages"], stdin=subprocess.DEVNULL,
            capture_output=True, text=True, env=reviewer.environment(self.home))
        assert done.returncode == 0, done.stderr
        stage = pathlib.Path(done.stdout.splitlines()[-1])
        manifest = json.loads((stage / "manifest.json").read_text())
        height = manifest["doses"][0]["maximumAt"][2]
        hottest = min(manifest["instances"], key=lambda i: abs(i["position"][2] - height))["instanceNumber"]
        self.answers = reviewer.answers(Course(BRAIN), slice=str(hottest))
        talk = reviewer.play([self.binary, "confirm", stage], self.answers, self.home)
        assert talk.code == 0, talk.text
        return stage, manifest

    def settle(self, stage, server, *options):
        """Answers once what the archive's answers need of a person; the timed runs need nobody."""
        talk = reviewer.play(
            [self.binary, "push", stage, "--pacs", server.address, *options],
            {**self.answers, "reviewer": "Bench Mark"}, self.home)
        assert talk.code == 0, talk.text

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
                for _ in range(self.options.runs):
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
            for _ in range(self.options.stock_runs):
                forget(server)
                times.append(self.storescu(stage, server))
            self.row(to, "dcmtk storescu", times)
        with kinds[1](self.folder / f"{to} nodelay") as server:
            times = []
            for _ in range(self.options.runs):
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
            [sys.executable, ROOT / "Tests" / "EndToEnd" / "peak.py", peak, *command], check=True,
            stdin=subprocess.DEVNULL, capture_output=True, env=environment)
        return sent["seconds"], seconds, int(peak.read_text()) / 1000, sent["bytes"]

    def loopback(self, count):
        """A raw socket that writes as many bytes in pieces of 128 KiB to a process that reads them."""
        sink = (
            "import socket\ns = socket.create_server(('127.0.0.1', 0)); print(s.getsockname()[1], flush=True)\n"
            "c, _ = s.accept(); room = bytearray(1 << 20)\nwhile c.recv_into(room): pass\nc.sendall(b'.')\n")
        piece = bytes(128 << 10)
        times = []
        for _ in range(self.options.runs):
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
    parser = argparse.ArgumentParser()
    parser.add_argument("root")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--stock-runs", type=int, default=1, help="stock storescu takes ten seconds")
    parser.add_argument("--slices", type=int, default=200)
    parser.add_argument("--binary")
    parser.add_argument("--json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(options, pathlib.Path(name))
        stage, manifest = bench.stage(options.slices)
        scan = pydicom.dcmread(next(iter(sorted((bench.folder / str(options.slices) / "course").glob("CT*")))))
        series = manifest["series"]["instanceUID"]

        def delete(server):
            for found in server.rest("/tools/lookup", "POST", series.encode()):
                server.rest(f"/series/{found['ID']}", "DELETE")

        query = ("--no-query",)
        bench.measure("storescp --ignore", stage, (Storescp, StorescpWithoutNagle),
                      lambda server: bench.settle(stage, server, *query), lambda server: None, query)
        bench.measure("Orthanc", stage, (Orthanc, OrthancWithoutNagle),
                      lambda server: server.store([scan]), delete)
        bytes_sent = bench.rows[0]["bytes"]
        bench.loopback(bytes_sent)
        few, _ = bench.stage(options.slices // 4)
        with Storescp(bench.folder / "few") as server:
            bench.settle(few, server, *query)
            _, seconds, peak, _ = bench.once(few, server, lambda server: None, *query)
            bench.row("storescp --ignore", f"push of {options.slices // 4} slices: whole process", [seconds],
                      peakMB=peak)
    versions = {
        "storescu": subprocess.run(["/usr/bin/storescu", "--version"], capture_output=True, text=True).stdout.split("\n")[0],
        "Orthanc": subprocess.run([servers.tool("Orthanc"), "--version"], capture_output=True, text=True).stdout.split("\n")[0],
    }
    print(f"\n{options.slices} slices of 512 x 512 RGB, {bytes_sent / 1e6:.0f} MB, {os.cpu_count()} cores, "
          f"{platform.machine()}, medians of {options.runs} runs (stock storescu {options.stock_runs})")
    for to in dict.fromkeys(r["to"] for r in bench.rows):
        print(to)
        mine = [r for r in bench.rows if r["to"] == to]
        stock = next((r["seconds"] for r in mine if r["what"] == "dcmtk storescu"), None)
        for r in mine:
            whole = "slices" not in r["what"]
            ratio = f"   {stock / r['seconds']:6.1f} x storescu" if stock and whole else ""
            rate = f"   {bytes_sent / r['seconds'] / 1e6:6.0f} MB/s" if whole else ""
            rest = "".join(f"   {k} {r[k]:.3f}" if k != "peakMB" else f"   peak {r[k]:.0f} MB"
                           for k in ("digests", "questions", "peakMB") if k in r)
            print(f"  {r['what']:46} {r['seconds'] * 1000:9.1f} ms{rate}{ratio}{rest}")
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(
            {"machine": platform.machine(), "cores": os.cpu_count(), "versions": versions, "rows": bench.rows},
            indent=2) + "\n")


main()
