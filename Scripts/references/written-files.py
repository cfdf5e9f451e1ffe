#!/usr/bin/env python3
"""Lets pydicom and dcmtk read what this package wrote, and compares with the originals.

    python3 Scripts/references/written-files.py REAL-DATA-FOLDER

Needs pydicom 3 and dcmtk. Writes nothing but temporary files.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

import pydicom

sys.argv, arguments = sys.argv[:1] + ["--library"], sys.argv[1:]
here = pathlib.Path(__file__).resolve()
files = {"__file__": str(here.with_name("dicom-files.py")), "__name__": "library"}
exec(compile(here.with_name("dicom-files.py").read_text(), "dicom-files.py", "exec"), files)


def lines(path, implicit):
    out = []
    files["describe"](files["read"](path), out)
    # Without VRs nobody knows those of private attributes, nor that some are sequences.
    if not implicit:
        return out
    return [line for line in out if line.strip(">") != "item"
            and not int(line.strip(">")[:4], 16) & 1]


def said(line):
    parts = line.split(" ", 4)
    return [parts[0], parts[4:]]


NATIVE = ("1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99")
base = pathlib.Path(arguments[0]).resolve()
with tempfile.TemporaryDirectory() as folder:
    environment = dict(os.environ, PUSH2PACS_WRITTEN_FILES=folder, PUSH2PACS_SHARED_DATA=str(base))
    subprocess.run(["swift", "test", "-c", "release", "--disable-xctest", "--filter",
                    "DICOMTests.RoundTripTests"], check=True, env=environment, cwd=here.parents[2],
                   stdout=subprocess.DEVNULL)
    count = bad = 0
    for path in sorted(p for p in pathlib.Path(folder).rglob("*") if p.is_file()):
        uid, name = path.relative_to(folder).parts[0], "/".join(path.relative_to(folder).parts[1:])
        count += 1
        implicit = uid == "1.2.840.10008.1.2" or \
            files["read"](base / name).is_implicit_VR
        a, b = lines(base / name, implicit), lines(path, implicit)
        differing = [(x, y) for x, y in zip(a, b) if x != y]
        dump = subprocess.run(["dcmdump", "-q", str(path)], capture_output=True)
        convert = subprocess.run(["dcmconv", "-q", "+ti", str(path), str(path) + ".i"],
                                 capture_output=True) if uid in NATIVE else None
        failed = dump.returncode or (convert and convert.returncode)
        if convert and not failed:
            c = lines(pathlib.Path(str(path) + ".i"), True)
            # dcmtk takes away padding that it does not need: what counts is what is said.
            differing += [(x, y) for x, y in zip(c, lines(path, True)) if said(x) != said(y)
                          and not x.startswith("0002,")]
        if differing or len(a) != len(b) or failed:
            bad += 1
            print(name, uid, len(a), len(b), differing[:2], dump.stderr[-200:],
                  convert.stderr[-200:] if convert else "")
    print(f"{count - bad} of {count} written files read back the same by pydicom and dcmtk")
    sys.exit(bad != 0)
