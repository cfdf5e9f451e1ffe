#!/usr/bin/env python3
"""Makes the small DICOM files that the tests of the DICOM module read, and what pydicom reads in
them and in the real data, as one digest a file.

    python3 Scripts/references/dicom-files.py [REAL-DATA-FOLDER]

Needs pydicom 3 and numpy. Writes Fixtures/dicom.
"""
import hashlib
import json
import pathlib
import struct
import sys
import warnings

import numpy as np
import pydicom
from pydicom import config
from pydicom.datadict import dictionary_VR, private_dictionary_VR
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import generate_fragments
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_data_element
from pydicom.sequence import Sequence
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ExplicitVRLittleEndian,
    ImplicitVRLittleEndian, RLELossless)

warnings.simplefilter("ignore")
config.settings.reading_validation_mode = config.IGNORE
config.settings.writing_validation_mode = config.IGNORE

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGET = ROOT / "Fixtures" / "dicom"

WORD = {"AT": 2, "US": 2, "SS": 2, "OW": 2, "UL": 4, "SL": 4, "FL": 4, "OF": 4, "OL": 4, "FD": 8,
        "OD": 8, "OV": 8, "SV": 8, "UV": 8}
NUMBERS = {"US": "H", "SS": "h", "UL": "I", "SL": "i", "FL": "f", "FD": "d", "UV": "Q", "SV": "q"}
TEXTS = {"AE", "AS", "CS", "DA", "DT", "LO", "LT", "PN", "SH", "ST", "TM", "UC", "UI", "UR", "UT"}
SINGLE = {"LT", "ST", "UT", "UR"}


def known_vr(tag, signed):
    """The VR of the public dictionary, ambiguities resolved as the Swift side documents them."""
    if tag.is_private:
        return "LO" if 0x10 <= tag.element <= 0xFF else None
    try:
        vr = dictionary_VR(tag)
    except KeyError:
        return None
    if vr == "US or SS":
        return "SS" if signed else "US"
    if "OW" in vr:
        return "OW"
    return vr


def swap(data, word):
    if word == 1:
        return data
    whole = len(data) // word * word
    parts = [data[i:i + word][::-1] for i in range(0, whole, word)]
    return b"".join(parts) + data[whole:]


def short(data):
    return hashlib.sha256(data).hexdigest()[:16]


def bits(value):
    return struct.pack(">d", float(value)).hex()


def meaning(vr, data, encodings):
    """What a value says: numbers as the bits of a double, texts as UTF-8."""
    if not data:
        return "-"
    if vr in NUMBERS:
        size = struct.calcsize(NUMBERS[vr])
        count = len(data) // size
        return ",".join(bits(v) for v in struct.unpack(f"<{count}{NUMBERS[vr]}",
                                                       data[:count * size]))
    if vr in ("DS", "IS"):
        text = data.decode("latin-1").strip(" \0")
        if not text:
            return "-"
        try:
            return ",".join(bits(part.strip(" \0")) for part in text.split("\\"))
        except ValueError:
            return "?"
    if vr in TEXTS:
        if vr in ("LO", "LT", "PN", "SH", "ST", "UC", "UT"):
            values = pydicom.charset.decode_bytes(
                data, encodings, {0x5C, 0x5E, 0x3D} if vr == "PN" else
                {0x5C, 0x0A, 0x0C, 0x0D, 0x09})
        else:
            values = data.decode("latin-1")
        if vr in SINGLE:
            text = values.rstrip(" \0")
        else:
            text = "\\".join(part.strip(" \0") for part in values.split("\\"))
        return text.replace("\n", "\\n").replace("\r", "\\r") if text else "-"
    return "-"


def describe(dataset, out, depth=0, encodings=None, signed=False):
    # Asking a data set for a value replaces the raw element by the converted one.
    raws = {tag: dataset.get_item(tag) for tag in dataset.keys()}
    encodings = encodings or ["iso8859"]
    if "SpecificCharacterSet" in dataset:
        raw = dataset["SpecificCharacterSet"].value
        encodings = pydicom.charset.convert_encodings(raw or ["iso8859"])
    if "PixelRepresentation" in dataset and dataset["PixelRepresentation"].value is not None:
        signed = dataset.PixelRepresentation == 1
    for tag in sorted(raws):
        if tag.element == 0 or tag == 0xFFFCFFFC:
            continue
        raw = raws[tag]
        vr = raw.VR
        if vr in (None, "UN"):
            vr = known_vr(tag, signed) or vr or "UN"
        prefix = ">" * depth + f"{tag.group:04X},{tag.element:04X} "
        if vr == "SQ" or (vr == "UN" and isinstance(raw.value, Sequence)):
            items = dataset[tag].value
            out.append(f"{prefix}SQ {len(items)}")
            for item in items:
                out.append(">" * depth + "item")
                describe(item, out, depth + 1, encodings, signed)
            continue
        if not isinstance(raw, RawDataElement):
            # The character set is converted on reading: written again, it is what it was.
            buffer = DicomBytesIO()
            buffer.is_implicit_VR, buffer.is_little_endian = True, True
            write_data_element(buffer, raw, ["iso8859"])
            data = buffer.getvalue()[8:]
            if tag.is_private and not data and dataset.is_implicit_VR:
                vr = known_vr(tag, signed) or "UN"
            little = True
        else:
            data, little = raw.value or b"", raw.is_little_endian
        if tag == 0x7FE00010 and getattr(raw, 'length', 0) == 0xFFFFFFFF:
            parts = list(generate_fragments(data))
            out.append(f"{prefix}OB fragments {len(parts) - 1} {short(b''.join(parts[1:]))}")
            continue
        if tag == 0x7FE00010:
            # Native pixels stay in the file's byte order; the frame reader puts them right.
            out.append(f"{prefix}pixels {len(data)} {short(data)}")
            continue
        if not little:
            data = swap(data, WORD.get(vr, 1))
        out.append(f"{prefix}{vr} {len(data)} {short(data)} {meaning(vr, data, encodings)}")


def read(path):
    head = path.read_bytes()[:140]
    if head[:2] == b"\x08\0" and head[128:134] != b"DICM\x02\0":
        # The prefix occurs in the middle of a value: only the bare data set is there.
        dataset = pydicom.filereader.read_dataset(path.open("rb"), head[4:6] == b"\0\0", True)
        dataset.file_meta = FileMetaDataset()
        return dataset
    return pydicom.dcmread(path, force=True)


def report(path):
    dataset = read(path)
    lines = []
    for element in dataset.file_meta:
        if element.VR == "UI":
            lines.append(f"{element.tag.group:04X},{element.tag.element:04X} {element.value}")
    describe(dataset, lines)
    return lines


# ---- fixtures


def every_vr():
    """One attribute of each VR, sequences in sequences, private blocks, empty values."""
    d = Dataset()
    d.SpecificCharacterSet = "ISO_IR 100"
    d.SOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
    d.SOPInstanceUID = "2.25.11"
    d.StudyDate = "20200423"
    d.StudyTime = "101112.5"
    d.AcquisitionDateTime = "20200423101112.25+0100"
    d.Modality = "CT"
    d.Manufacturer = "Größe"
    d.InstitutionAddress = "first line\r\nsecond line"
    d.StationName = "A\\B"
    d.RetrieveAETitle = ["ONE", "TWO"]
    d.PatientName = "Äpfel^Birne"
    d.PatientID = "42"
    d.PatientAge = "042Y"
    d.PatientBirthDate = ""
    d.PatientComments = "long text with a \\ in it"
    d.SliceThickness = "2.50"
    d.KVP = None
    d.ImagePositionPatient = ["-12.5", "+1e1", ".25"]
    d.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    d.PixelSpacing = ["0.5", "0.75"]
    d.InstanceNumber = "7"
    d.FrameIncrementPointer = [0x3004000C, 0x00280008]
    d.ReferencedImageSequence = Sequence([])
    a, b = Dataset(), Dataset()
    a.ReferencedSOPClassUID, a.ReferencedSOPInstanceUID = "1.2.3", "1.2.3.4"
    inner = Dataset()
    inner.CodeValue, inner.CodingSchemeDesignator, inner.CodeMeaning = "113076", "DCM", "Ünit"
    deepest = Dataset()
    deepest.CodeValue, deepest.LongCodeValue = "X", "a code longer than sixteen characters"
    inner.EquivalentCodeSequence = Sequence([deepest, Dataset()])
    a.PurposeOfReferenceCodeSequence = Sequence([inner])
    b.SpecificCharacterSet = "ISO_IR 192"
    b.CodeMeaning = "Δόση 線量"
    d.SourceImageSequence = Sequence([a, b])
    d["SourceImageSequence"].value[1].is_undefined_length_sequence_item = True
    d["SourceImageSequence"].is_undefined_length = True
    d.URNCodeValue = "urn:oid:1.2.3"
    d.Rows, d.Columns, d.SamplesPerPixel = 3, 4, 1
    d.PhotometricInterpretation = "MONOCHROME2"
    d.BitsAllocated, d.BitsStored, d.HighBit, d.PixelRepresentation = 16, 12, 11, 1
    d.SmallestImagePixelValue = -7
    d["SmallestImagePixelValue"].VR = "SS"
    d.PixelPaddingValue = -2000
    d["PixelPaddingValue"].VR = "SS"
    d.RescaleIntercept, d.RescaleSlope = "-1024", "1"
    d.add_new(0x00189073, "FD", 1.25)
    d.add_new(0x00189306, "FD", [0.625, -3.5e-7])
    d.add_new(0x00080119, "UC", "unlimited characters")
    d.add_new(0x00081190, "UR", "http://example.invalid/x")
    d.add_new(0x0040A13A, "DT", "2020")
    d.add_new(0x00720082, "SV", [-(2 ** 40), 5])
    d.add_new(0x00720083, "UV", 2 ** 41)
    d.add_new(0x00720081, "OV", struct.pack("<2Q", 1, 2 ** 63))
    d.add_new(0x00720067, "OF", struct.pack("<2f", 1.5, -2))
    d.add_new(0x00720073, "OD", struct.pack("<d", 1.5))
    d.add_new(0x00720075, "OL", struct.pack("<2I", 7, 2 ** 31))
    d.add_new(0x00720065, "OB", b"\1\2\3\0")
    d.add_new(0x00720069, "OW", struct.pack("<2H", 1, 0xFFFE))
    d.add_new(0x00720076, "FL", [0.1, -1e30])
    d.add_new(0x0072007C, "SL", -70000)
    d.add_new(0x0072007E, "SS", [-1, 32767])
    d.add_new(0x00720078, "UL", [0, 2 ** 32 - 1])
    d.add_new(0x0072007A, "US", 65535)
    d.add_new(0x00720068, "LT", "text  ")
    d.add_new(0x0072006E, "ST", " a text")
    d.add_new(0x00720070, "UT", "unlimited text")
    block = d.private_block(0x3249, "SOMEBODY'S BLOCK", create=True)
    block.add_new(0x01, "LO", "private text")
    block.add_new(0x02, "DS", "1.5")
    secret = Dataset()
    secret.CodeValue = "P"
    block.add_new(0x03, "SQ", Sequence([secret]))
    d.add_new(0x00090001, "UN", b"odd private")
    d.PixelData = np.arange(12, dtype="<i2").tobytes()
    d["PixelData"].VR = "OW"
    return d


def save(name, dataset, syntax, big=False):
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    meta.TransferSyntaxUID = syntax
    meta.ImplementationClassUID = "2.25.99"
    dataset.file_meta = meta
    if big:
        dataset.PixelData = np.arange(12, dtype=">i2").tobytes()
    TARGET.mkdir(parents=True, exist_ok=True)
    pydicom.dcmwrite(TARGET / name, dataset, enforce_file_format=True,
                     implicit_vr=None, little_endian=None)


def write_fixtures():
    save("implicit.dcm", every_vr(), ImplicitVRLittleEndian)
    save("explicit.dcm", every_vr(), ExplicitVRLittleEndian)
    save("deflated.dcm", every_vr(), DeflatedExplicitVRLittleEndian)
    save("big-endian.dcm", every_vr(), ExplicitVRBigEndian, big=True)


def main():
    write_fixtures()
    expected = {}
    for path in sorted(TARGET.glob("*.dcm")):
        lines = report(path)
        expected[path.name] = {"lines": len(lines), "sha256": hashlib.sha256(
            "\n".join(lines).encode()).hexdigest()}
        if "--show" in sys.argv:
            print(path.name, *lines, sep="\n  ")
    (TARGET / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
    folders = [a for a in sys.argv[1:] if not a.startswith("--")]
    if folders:
        base = pathlib.Path(folders[0])
        real = {}
        for path in sorted(p for p in base.rglob("*") if p.is_file()):
            name = str(path.relative_to(base))
            if path.suffix in (".md", ".txt", ".dump", ".json") or "LICENSE" in name:
                continue
            try:
                lines = report(path)
                real[name] = {"lines": len(lines), "sha256": hashlib.sha256(
                    "\n".join(lines).encode()).hexdigest()}
            except Exception as error:
                real[name] = {"error": type(error).__name__}
                print(name, repr(error)[:150])
        (TARGET / "real-data.json").write_text(json.dumps(real, indent=1) + "\n")


if __name__ == "__main__":
    main()
