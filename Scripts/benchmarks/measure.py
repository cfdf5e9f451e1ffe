"""What all parts of the bench share: whole processes by the clock, medians, and the results' form.

A part writes one JSON document: its figures as they were measured, and the rows of the README's table.
"""
import argparse, json, os, pathlib, platform, re, shutil, statistics, subprocess, sys, tempfile, time

BENCHMARKS = pathlib.Path(__file__).resolve().parent
ROOT = BENCHMARKS.parents[1]


def options(description, **defaults):
    """The options of every part, and numbers of its own with their defaults."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("root")
    parser.add_argument("--runs", type=int, default=defaults.pop("runs", 5))
    parser.add_argument("--binary", type=pathlib.Path, default=ROOT / ".build" / "release" / "push2pacs")
    parser.add_argument("--json", type=pathlib.Path)
    for name, value in defaults.items():
        parser.add_argument("--" + name.replace("_", "-"), type=int, default=value)
    return parser.parse_args()


def environment(home):
    """Nothing of the machine's own configuration."""
    return {**os.environ, "HOME": str(home), "XDG_STATE_HOME": str(home), "XDG_CONFIG_HOME": str(home)}


def run(command, env=None):
    """Seconds, processor seconds, peak memory in bytes and stderr of a whole process."""
    with tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        child = subprocess.Popen([str(c) for c in command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                 stderr=errors, env=env)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = status
        seconds = time.perf_counter() - start
        errors.seek(0)
        text = errors.read().decode()
    if status:
        sys.exit(f"{command[0]} ended with {status}: {text[-500:]}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, text


def seconds(command, runs, env=None):
    """The median of whole processes; one more before them fills the cache."""
    return statistics.median([run(command, env)[0] for _ in range(runs + 1)][1:])


def phases(text):
    """Processor and elapsed seconds of each phase that `--timings` printed."""
    return {name.strip(): (int(used) / 1000, int(passed) / 1000)
            for name, used, passed in re.findall(r"^(.+?)\s{2,}(\d+) ms\s+(\d+) ms$", text, re.M)}


def make_course(folder, slices, *kind):
    """In a process of its own: what is started from a large one counts its memory as its own."""
    subprocess.run([sys.executable, BENCHMARKS / "course.py", folder, str(slices), *kind], check=True)


def version(command, pattern=r"\d+(\.\d+)+"):
    done = subprocess.run(command, capture_output=True, text=True)
    found = re.search(pattern, done.stdout + done.stderr)
    return found.group(0) if found else "unknown"


def time_text(value):
    if value >= 1:
        return f"{value:.1f} s"
    return f"{value * 1000:.0f} ms" if value >= 0.0095 else f"{value * 1000:.1f} ms"


def ratio_text(own, other):
    ratio = other / own
    return f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.1f}"


class Results:
    """The figures of a part, and its rows: what, ours, and the others with how many times as long they took."""

    def __init__(self, part, given):
        self.part, self.given = part, given
        self.figures, self.table, self.commands, self.versions = {}, [], {}, {}

    def row(self, what, own, others, aim="", note=""):
        """Others: name to seconds."""
        beside = "; ".join(f"{name} {time_text(value)} ({ratio_text(own, value)} x)" for name, value in others.items())
        self.text(what, time_text(own) + note, beside, aim)

    def text(self, what, own, beside="", aim=""):
        self.table.append([what, own, beside, aim])

    def finish(self):
        print(f"\n{self.part}: {os.cpu_count()} cores, {platform.machine()}, medians of {self.given.runs} runs")
        for what, own, beside, aim in self.table:
            print(f"  {what}: {own}" + (f"   beside {beside}" if beside else "") + (f"   aim: {aim}" if aim else ""))
        if self.given.json:
            self.given.json.write_text(json.dumps(
                {"part": self.part, "runs": self.given.runs, "figures": self.figures, "table": self.table,
                 "commands": self.commands, "versions": self.versions}, indent=2) + "\n")


class Exports:
    """Exports of courses into a folder that is taken away again."""

    def __init__(self, binary, folder):
        self.binary, self.folder = binary, pathlib.Path(folder)
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        self.environment = environment(home)

    def export(self, source, *more):
        output = self.folder / "stage"
        result = run([self.binary, "export", source, "--output", output, "--timings", *more], self.environment)
        shutil.rmtree(output)
        return result
