"""The dose map of 200 slices of 512 x 512: beside an expert's Python pipelines and the disk itself.

Whole processes by the clock, one after the other in each round, medians of the rounds. The share of
the map within our whole stage (which has digests, contact sheet and review page as well) is its share of
the processor time, as `export --timings` gives it.
"""
import argparse, json, os, pathlib, platform, re, shutil, statistics, subprocess, sys, tempfile, time

BENCHMARKS = pathlib.Path(__file__).resolve().parent
ROOT = BENCHMARKS.parents[1]
# The phases that a bare pipeline has as well: read, check, draw, look at the pixels, write.
MAP = {"read the course", "check the course", "plan the series", "read and window the scan",
       "draw and look at the pixels", "encode the captures", "write the captures"}


def run(command, environment=None):
    """Seconds, processor seconds, peak memory in bytes and stderr of a whole process."""
    with tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        child = subprocess.Popen([str(c) for c in command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                 stderr=errors, env=environment)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
        errors.seek(0)
        text = errors.read().decode()
    if status:
        sys.exit(f"{command[0]} ended with {status}: {text[-500:]}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, text


def make_course(folder, slices, *kind):
    """In a process of its own: what is started from a large one counts its memory as its own."""
    subprocess.run([sys.executable, BENCHMARKS / "course.py", folder, str(slices), *kind], check=True)


class Bench:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.binary = pathlib.Path(options.binary or ROOT / ".build" / "release" / "push2pacs")
        home = folder / "home"
        home.mkdir()
        self.environment = {**os.environ, "HOME": str(home), "XDG_STATE_HOME": str(home), "XDG_CONFIG_HOME": str(home)}
        self.results = {"slices": {}}

    def export(self, source, *more):
        """One export into a folder that is taken away again."""
        output = self.folder / "stage"
        result = run([self.binary, "export", source, "--output", output, "--timings", *more],
                     self.environment)
        shutil.rmtree(output)
        return result

    def peer(self, source, kind):
        output = self.folder / "peer"
        result = run([sys.executable, BENCHMARKS / "pipeline.py", source, output, kind])
        shutil.rmtree(output)
        return result

    def floor(self, source, byte_count):
        """Reads what is read and writes as many bytes as are written, in as many files."""
        output = self.folder / "floor"
        output.mkdir()
        block = bytes(byte_count // 200)
        start = time.perf_counter()
        subprocess.run("cat " + str(source) + "/* >/dev/null", shell=True, check=True)
        for index in range(200):
            (output / str(index)).write_bytes(block)
        seconds = time.perf_counter() - start
        shutil.rmtree(output)
        return seconds

    def map(self):
        source = self.folder / "course-200"
        make_course(source, 200)
        kinds = {"stage": [], "map": [], "contourpy": [], "opencv": [], "floor": []}
        memory = {"push2pacs": 0, "python": 0}
        phases = {}
        for round in range(self.options.runs + 1):
            seconds, processor, peak, text = self.export(source)
            times = {name.strip(): int(used) for name, used in re.findall(r"^(.+?)\s{2,}(\d+) ms\s+\d+ ms$", text, re.M)}
            total = times.pop(next(name for name in times if name.startswith("all")))
            row = {"stage": seconds, "map": seconds * sum(v for k, v in times.items() if k in MAP) / total}
            for kind in ("contourpy", "opencv"):
                row[kind], _, peer_peak, _ = self.peer(source, kind)
                memory["python"] = max(memory["python"], peer_peak)
            row["floor"] = self.floor(source, 200 * 512 * 512 * 3)
            memory["push2pacs"] = max(memory["push2pacs"], peak)
            # The first round fills the cache.
            if round:
                for kind, value in row.items():
                    kinds[kind].append(value)
                for name, value in times.items():
                    phases.setdefault(name, []).append(value / 1000)
        seconds = {kind: statistics.median(values) for kind, values in kinds.items()}
        self.results |= {"seconds": seconds, "memory": memory,
                         "phases": {name: statistics.median(values) for name, values in phases.items()}}
        shutil.rmtree(source)

    def growth(self):
        for slices in self.options.slices:
            source = self.folder / f"course-{slices}"
            make_course(source, slices)
            self.export(source)
            runs = [self.export(source) for _ in range(max(1, self.options.runs // 2))]
            self.results["slices"][slices] = {
                "seconds": statistics.median(r[0] for r in runs), "memory": max(r[2] for r in runs)}
            shutil.rmtree(source)

    def follow_up(self):
        source = self.folder / "follow-up"
        make_course(source, 180, "mr")
        runs = [self.export(source) for _ in range(self.options.runs + 1)][1:]
        self.results["followUp"] = {"seconds": statistics.median(r[0] for r in runs), "memory": max(r[2] for r in runs)}
        shutil.rmtree(source)

    def start(self):
        commands = {"push2pacs --help": [self.binary, "--help"], "git --help": ["git", "--help"],
                    "storescu --help": ["/usr/bin/storescu", "--help"]}
        self.results["start"] = {
            name: statistics.median(run(command)[0] for _ in range(20)) for name, command in commands.items()}

    def show(self):
        r = self.results
        s = r["seconds"]
        print(f"\n200 slices of 512 x 512, dose 200 x 200 x 160, {os.cpu_count()} cores, {platform.machine()}, "
              f"medians of {self.options.runs} rounds")
        rows = [("the map's share of the whole stage", s["map"]), ("the whole stage", s["stage"]),
                ("Python, contourpy lines, anti-aliased", s["contourpy"]), ("Python, OpenCV lines on masks", s["opencv"]),
                ("floor: cat, and writing as many bytes", s["floor"])]
        for what, value in rows:
            print(f"  {what:40} {value:7.2f} s   {value / s['map']:6.2f} x the map   {value / s['stage']:6.2f} x the stage")
        print(f"  memory: push2pacs {r['memory']['push2pacs'] / 1e6:.0f} MB, Python {r['memory']['python'] / 1e6:.0f} MB a process")
        print("  processor seconds: " + ", ".join(f"{name} {value:.2f}" for name, value in r["phases"].items()))
        print(f"  180 slices of 256 x 256 by a registration: {r['followUp']['seconds']:.2f} s, "
              f"{r['followUp']['memory'] / 1e6:.0f} MB")
        for slices, value in r["slices"].items():
            print(f"  {slices:4} slices {value['seconds']:7.2f} s {value['memory'] / 1e6:6.0f} MB")
        for name, value in r["start"].items():
            print(f"  {name:20} {value * 1000:6.1f} ms")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("root")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--slices", type=int, nargs="*", default=[50, 100, 200, 400, 800])
    parser.add_argument("--binary")
    parser.add_argument("--json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(options, pathlib.Path(name))
        bench.map()
        bench.follow_up()
        bench.growth()
        bench.start()
    bench.show()
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(bench.results, indent=2) + "\n")


if __name__ == "__main__":
    main()
