"""Puts the results of all parts together: one JSON document, and the table of the README.

table.py ROOT FOLDER [--readme]: FOLDER holds a document a part; with --readme the table between the two
marks in README.md is replaced.
"""
import datetime, json, os, pathlib, platform, re, subprocess, sys

PARTS = ("map", "grow", "read", "sample", "send", "verify", "archive", "help")
BEGIN, END = "<!-- Scripts/bench: from here -->", "<!-- Scripts/bench: to here -->"


def machine():
    found = re.search(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.M)
    system = re.search(r'^PRETTY_NAME="(.*)"$', pathlib.Path("/etc/os-release").read_text(), re.M)
    return {"processor": found.group(1) if found else platform.machine(), "cores": os.cpu_count(),
            "memoryGB": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
            "system": system.group(1) if system else platform.system(), "kernel": platform.release()}


def main():
    root, folder = map(pathlib.Path, sys.argv[1:3])
    parts = [json.loads(path.read_text()) for path in (folder / f"{part}.json" for part in PARTS) if path.exists()]
    versions = {}
    for part in parts:
        versions |= part["versions"]
    own = subprocess.run([root / ".build/release/push2pacs", "--version"], capture_output=True, text=True).stdout.strip()
    this, date = machine(), datetime.date.today().isoformat()
    document = {"date": date, "machine": this, "push2pacs": own, "versions": versions, "parts": parts}
    (folder / "bench.json").write_text(json.dumps(document, indent=2) + "\n")
    lines = [
        BEGIN,
        f"On {date}, {this['cores']} cores of {this['processor']}, {this['memoryGB']} GB, {this['system']}, release build, "
        "warm cache, medians; " + ", ".join(f"{k} {v}" for k, v in sorted(versions.items(), key=lambda i: i[0].lower())) + ":",
        "", "| what | push2pacs | beside (how many times as long) | aim |", "|---|---|---|---|"]
    lines += ["| " + " | ".join(row) + " |" for part in parts for row in part["table"]]
    lines += ["", "Commands: " + "; ".join(
        f"`{command}`" for command in dict.fromkeys(c for part in parts for c in part["commands"].values())) + ".", END]
    text = "\n".join(lines)
    if "--readme" in sys.argv[3:]:
        readme = root / "README.md"
        whole = readme.read_text()
        if BEGIN not in whole or END not in whole:
            sys.exit(f"README.md lacks the marks {BEGIN} and {END}")
        start, stop = whole.index(BEGIN), whole.index(END) + len(END)
        readme.write_text(whole[:start] + text + whole[stop:])
    print(text)


main()
