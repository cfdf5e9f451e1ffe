#!/usr/bin/env python3
"""Holds `inspect` against pydicom, dcmdump and gdcminfo over whole folders of files.

    python3 Scripts/references/sweep.py BINARY FOLDER...

Prints each file that one of them reads and `inspect` does not, with the reason that it gives, and
each whose frames differ from pydicom's (digests of stored values; lossy ones may differ by one).
Needs pydicom 3 with numpy and pylibjpeg or gdcm, dcmtk and the tools of gdcm.
`*` marks objects of a course.
"""
import collections
import hashlib
import json
import logging
import pathlib
import subprocess
import sys
import warnings

import numpy as np
import pydicom

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
STORAGE = "1.2.840.10008.5.1.4.1.1."
COURSE = tuple(STORAGE + end for end in ("2", "4", "66", "128", "130", "481"))
count = collections.Counter()


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=120,
                          stdin=subprocess.DEVNULL)


def read(path):
    try:
        return pydicom.dcmread(path), "pydicom"
    except Exception:
        try:
            d = pydicom.dcmread(path, force=True)
            return (d, "pydicom (forced)") if "SOPClassUID" in d else (None, None)
        except Exception:
            return None, None


def digests(d):
    array = d.pixel_array.reshape((int(d.get("NumberOfFrames", 1) or 1), -1))
    width = {1: 1, 8: 1, 16: 2}.get(d.BitsAllocated, 4)
    kind = ("<i" if d.get("PixelRepresentation", 0) else "<u") + str(width)
    return [hashlib.sha256(frame.astype(kind).tobytes()).hexdigest() for frame in array]


def compare_pixels(binary, path, d):
    try:
        wanted = digests(d)
    except Exception:
        wanted = None
    done = run(binary, "inspect", str(path), "--digests", "--json")
    found = json.loads(done.stdout)["files"][0]["frames"] if done.returncode == 0 else None
    if wanted == found:
        outcome = "equal" if wanted else "neither"
    else:
        outcome = "ours alone" if wanted is None else "pydicom alone" if found is None else "differ"
        print(f"pixels {outcome}: {path} {d.file_meta.get('TransferSyntaxUID', '')} {done.stderr.strip()[-200:]}")
    count[f"pixels: {outcome}"] += 1


def look_at(binary, path):
    d, reader = read(path)
    readers = [reader] if reader else []
    for tool in (["dcmdump", "-q"], ["gdcminfo"]):
        if run(*tool, str(path)).returncode == 0:
            readers.append(tool[0])
    if not readers:
        return
    uid = str(d.get("SOPClassUID", "")) if d is not None else ""
    is_ours = any(uid == known or uid.startswith(known + ".") for known in COURSE)
    done = run(binary, "inspect", "--json", str(path))
    assert done.returncode in (0, 65, 66), (path, done.returncode, done.stderr)
    document = json.loads(done.stdout)
    reasons = document["unreadable"] + ["no DICOM"] * document["skipped"]
    count[("course: " if is_ours else "others: ") + ("refused" if reasons else "read")] += 1
    for reason in reasons:
        print(f"{'*' if is_ours else ' '} {path} ({', '.join(readers)}): {str(reason).removeprefix(str(path))}")
    if d is not None and "PixelData" in d and "Rows" in d:
        compare_pixels(binary, path, d)


binary, *folders = sys.argv[1:]
for path in sorted(p for folder in folders for p in pathlib.Path(folder).rglob("*")):
    if path.is_file() and path.suffix not in (".py", ".pyc", ".so", ".json", ".md", ".txt", ".gz"):
        look_at(binary, path)
print(dict(count))
