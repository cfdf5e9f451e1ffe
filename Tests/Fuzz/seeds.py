#!/usr/bin/env python3
"""Fills the fuzzer's corpora from the files under Fixtures, in the form that each target takes.

    Tests/Fuzz/seeds.py TARGET FOLDER

file: whole files; dataset: a byte for the transfer syntax, then the data set; text: two bytes for
character set and VR, then text; codec: five bytes for kind and shape, then the code stream; pdu:
what a peer sends. Needs nothing but Python.
"""
import base64
import csv
import json
import pathlib
import struct
import sys

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "Fixtures"
LARGEST = 16 << 10
SYNTAXES = {"1.2.840.10008.1.2": 0, "1.2.840.10008.1.2.2": 2, "1.2.840.10008.1.2.1.99": 3}


def files():
    for path in sorted(FIXTURES.rglob("*")):
        if path.is_file() and path.suffix != ".json":
            data = path.read_bytes()
            if data[128:132] == b"DICM":
                yield str(path.relative_to(FIXTURES)).replace("/", "-"), data


def body(data):
    """Transfer syntax and data set behind preamble and meta information."""
    offset, syntax = 132, ""
    while data[offset:offset + 2] == b"\2\0":
        long = data[offset + 4:offset + 6] in (b"OB", b"UN", b"OW")
        length = struct.unpack_from("<I" if long else "<H", data, offset + (8 if long else 6))[0]
        start = offset + (12 if long else 8)
        if data[offset + 2:offset + 4] == b"\x10\0":
            syntax = data[start:start + length].rstrip(b"\0 ").decode()
        offset = start + length
    return syntax, data[offset:]


def datasets():
    for name, data in files():
        syntax, rest = body(data)
        # Of a large one the beginning: up to the pixels there is all that matters.
        yield name, bytes([SYNTAXES.get(syntax, 1)]) + rest[:LARGEST]


def texts():
    for number, text in enumerate(json.loads((FIXTURES / "dicom/character-sets.json").read_text())["texts"]):
        for terms in range(10):
            yield f"{number}-{terms}", bytes([terms, number % 4]) + bytes.fromhex(text["hex"])


def streams():
    for table in ("jpeg", "jpeg-lossless", "jpeg-ls", "jpeg2000", "rle", "recognised"):
        with open(FIXTURES / f"codecs/{table}.tsv") as lines:
            for row in csv.DictReader(lines, delimiter="\t"):
                shape = [int(row["rows"]) - 1, int(row["columns"]) - 1, int(row["components"]) - 1]
                stream = base64.b64decode(row["stream"])
                if max(shape) > 255 or len(stream) > LARGEST:
                    continue
                bits = {8: 0, 16: 1, 32: 2, 12: 3}[int(row["allocated"])]
                yield f"{table}-{row['name']}", bytes([int(table == "rle"), *shape, bits]) + stream


def pdus():
    def pdu(kind, content):
        return struct.pack(">BBI", kind, 0, len(content)) + content

    with open(FIXTURES / "network/captures.tsv") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            yield f"{row['scenario']}-{row['seq']}", bytes.fromhex(row["hex"])
    yield "reject", pdu(3, b"\0\1\1\7")
    yield "release", pdu(5, bytes(4)) + pdu(6, bytes(4))
    yield "abort", pdu(7, b"\0\0\2\1")


def main():
    target, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    make = {"file": lambda: ((n, d) for n, d in files() if len(d) <= LARGEST), "dataset": datasets, "text": texts,
            "codec": streams, "pdu": pdus}[target]
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in make():
        (folder / f"seed-{name}").write_bytes(data)


main()
