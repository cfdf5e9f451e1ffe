"""How long it takes to start: `--help`, of the daily build and of the file that Scripts/install makes."""
import pathlib, statistics, subprocess, tempfile

import measure


def main():
    given = measure.options(__doc__, runs=40)
    results = measure.Results("help", given)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([measure.ROOT / "Scripts" / "install", "--prefix", folder / "prefix"], check=True,
                       capture_output=True)
        commands = {
            "daily": [given.binary, "--help"], "static": [folder / "prefix" / "bin" / "push2pacs", "--help"],
            "git": ["git", "--help"], "storescu": ["/usr/bin/storescu", "--help"]}
        times = {what: [] for what in commands}
        env = measure.environment(folder)
        # In turn, so that all have the same machine.
        for _ in range(given.runs + 1):
            for what, command in commands.items():
                times[what].append(measure.run(command, env)[0])
    s = {what: statistics.median(v[1:]) for what, v in times.items()}
    results.figures = {"seconds": s}
    others = {"`git --help`": s["git"], "`storescu --help`": s["storescu"]}
    results.row("`--help`", s["daily"], others, "under 25 ms")
    results.row("`--help` of the installed file", s["static"], others, "under 10 ms")
    results.commands = {"push2pacs": "push2pacs --help", "static": "Scripts/install --prefix DIR"}
    results.versions = {"git": measure.version(["git", "--version"]),
                        "dcmtk": measure.version(["/usr/bin/storescu", "--version"])}
    results.finish()


main()
