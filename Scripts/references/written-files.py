#!/usr/bin/env python3
"""Lets pydicom and dcmtk read what this package wrote, and compares with the originals.

    python3 Scripts/references/written-files.py REAL-DATA-FOLDER [FOLDER]

Needs pydicom 3 and dcmtk. With a FOLDER the files in it are looked at, which the round trip tests
wrote under PUSH2PACS_WRITTEN_FILES; else the tests are run first.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

import pydicom
from pydicom.pixels import pixel_array

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


def unpacked(dataset):
    plugin = "pydicom" if dataset.file_meta.TransferSyntaxUID.endswith("1.2.5") else ""
    return pixel_array(dataset, raw=True, decoding_plugin=plugin)


def said(line):
    parts = line.split(" ", 4)
    return [parts[0], parts[4:]]


NATIVE = ("1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99")
base = pathlib.Path(arguments[0]).resolve()
with tempfile.TemporaryDirectory() as temporary:
    folder = arguments[1] if len(arguments) > 1 else temporary
    environment = dict(os.environ, PUSH2PACS_WRITTEN_FILES=folder, PUSH2PACS_SHARED_DATA=str(base))
    if folder == temporary:
        subprocess.run(["swift", "test", "-c", "release", "--disable-xctest", "--filter",
                        "DICOMTests.RoundTripTests"], check=True, env=environment,
                       cwd=here.parents[2], stdout=subprocess.DEVNULL)
    count = bad = 0
    for path in sorted(p for p in pathlib.Path(folder).rglob("*") if p.is_file()):
        uid, name = path.relative_to(folder).parts[0], "/".join(path.relative_to(folder).parts[1:])
        count += 1
        implicit = uid == "1.2.840.10008.1.2" or \
            files["read"](base / name).is_implicit_VR
        a, b = lines(base / name, implicit), lines(path, implicit)
        differing = [(x, y) for x, y in zip(a, b) if x != y]
        if uid == "1.2.840.10008.1.2.5" and \
                files["read"](base / name).file_meta.TransferSyntaxUID != uid:
            # Packed by us: pydicom must unpack what it reads in the original.
            differing = [(x, y) for x, y in differing if not x.startswith("7FE0,0010")]
            before, after = files["read"](base / name), files["read"](path)
            if not (unpacked(before) == unpacked(after)).all():
                differing.append(("pixels", "pixels"))
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
