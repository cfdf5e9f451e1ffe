#!/usr/bin/env python3
"""Makes one-row images with every way of windowing, and what numpy says they show.

    python3 Scripts/references/grayscale.py

Formulas: PS3.3 C.11.1 and C.11.2. A share of white becomes a byte by rounding to the nearest, half
away from zero; MONOCHROME1 is turned round afterwards; padding is black. Needs pydicom and numpy.
"""
import json
import pathlib
import warnings

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.pixels import apply_modality_lut
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

warnings.simplefilter("ignore")
target = pathlib.Path(__file__).resolve().parents[2] / "Fixtures" / "dicom" / "grayscale"
target.mkdir(parents=True, exist_ok=True)
expected = {}


def shares(values, window):
    kind, c, w = window
    if kind == "LINEAR":
        y = (values - (c - 0.5)) / (w - 1 if w > 1 else 1) + 0.5
        y = np.where(values <= c - 0.5 - (w - 1) / 2, 0, y)
        return np.where(values > c - 0.5 + (w - 1) / 2, 1, y)
    if kind == "LINEAR_EXACT":
        y = (values - c) / w + 0.5
        y = np.where(values <= c - w / 2, 0, y)
        return np.where(values > c + w / 2, 1, y)
    return 1 / (1 + np.exp(-4 * (values - c) / w))


def table(values, first, entries, bits):
    index = np.clip(np.floor(values) - first, 0, len(entries) - 1).astype(int)
    return np.asarray(entries)[index] / (2 ** bits - 1)


def case(name, stored, signed=False, bits=12, photometric="MONOCHROME2", slope=None, intercept=None,
         windows=(), function=None, modality=None, voi=None, padding=None, limit=None,
         syntax=ExplicitVRLittleEndian, choose=0):
    d = Dataset()
    d.SOPClassUID, d.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2", "2.25.13"
    d.Rows, d.Columns, d.SamplesPerPixel = 1, len(stored), 1
    d.PhotometricInterpretation = photometric
    d.BitsAllocated = 8 if bits <= 8 else 16 if bits <= 16 else 32
    d.BitsStored, d.HighBit, d.PixelRepresentation = bits, bits - 1, int(signed)
    kind = "SS" if signed else "US"
    if padding is not None:
        d.add_new(0x00280120, kind, padding)
    if limit is not None:
        d.add_new(0x00280121, kind, limit)
    if slope is not None:
        d.RescaleSlope, d.RescaleIntercept = str(slope), str(intercept)
    if windows:
        d.WindowCenter = [str(c) for c, _ in windows]
        d.WindowWidth = [str(w) for _, w in windows]
    if function:
        d.VOILUTFunction = function
    for sequence, lut in (("ModalityLUTSequence", modality), ("VOILUTSequence", voi)):
        if lut:
            first, entries, entry_bits = lut
            item = Dataset()
            sign = "SS" if first < 0 else "US"
            item.add_new(0x00283002, sign, [len(entries) % 65536, first, entry_bits])
            item.add_new(0x00283006, "OW", np.asarray(entries, "<u2").tobytes())
            if sequence == "ModalityLUTSequence":
                item.ModalityLUTType = "US"
            setattr(d, sequence, Sequence([item]))
    array = np.asarray(stored, np.int64).astype(
        ("<i" if signed else "<u") + str(d.BitsAllocated // 8))
    data = (array & (2 ** bits - 1)).tobytes() if bits == 12 else array.tobytes()
    d.PixelData = data + b"\0" * (len(data) & 1)
    d["PixelData"].VR = "OW"
    d.file_meta = FileMetaDataset()
    d.file_meta.MediaStorageSOPClassUID = d.SOPClassUID
    d.file_meta.MediaStorageSOPInstanceUID = d.SOPInstanceUID
    d.file_meta.TransferSyntaxUID = syntax
    d.file_meta.ImplementationClassUID = "2.25.99"
    pydicom.dcmwrite(target / f"{name}.dcm", d, enforce_file_format=True)
    values = np.asarray(stored, float)
    if modality:
        values = np.asarray(modality[1], float)[
            np.clip(values - modality[0], 0, len(modality[1]) - 1).astype(int)]
        assert np.array_equal(values, apply_modality_lut(np.asarray(stored), d))
    elif slope is not None:
        values = values * slope + intercept
        assert np.allclose(values, apply_modality_lut(np.asarray(stored), d))
    if windows:
        share = shares(values, (function or "LINEAR", *windows[choose]))
    elif voi:
        share = table(values, *voi)
    else:
        low, high = ((-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2 ** bits - 1))
        ends = sorted([low * (slope or 1) + (intercept or 0), high * (slope or 1) + (intercept or 0)])
        share = (values - ends[0]) / (ends[1] - ends[0])
    display = np.floor(np.clip(share, 0, 1) * 255 + 0.5)
    if photometric == "MONOCHROME1":
        display = 255 - display
    if padding is not None:
        low, high = sorted((padding, limit if limit is not None else padding))
        display = np.where((np.asarray(stored) >= low) & (np.asarray(stored) <= high), 0, display)
    expected[name] = {"window": choose if windows else None, "display": display.astype(int).tolist()}


ramp = list(range(0, 4096, 97)) + [4095]
signed = list(range(-2048, 2048, 97)) + [2047]
case("linear", ramp, slope=1, intercept=-1024, windows=[(40, 400)])
case("linear-implicit", ramp, slope=1, intercept=-1024, windows=[(40, 400)],
     syntax=ImplicitVRLittleEndian)
case("linear-second", ramp, slope=1, intercept=-1024, windows=[(40, 400), (-600, 1500)], choose=1)
case("linear-width-one", list(range(30, 50)), windows=[(40, 1)])
case("linear-width-two", list(range(30, 50)), windows=[(40.5, 2)])
case("linear-edges", list(range(0, 256)), bits=8, windows=[(128, 256)])
case("linear-exact", ramp, slope=0.5, intercept=-10.25, windows=[(500.5, 1001)],
     function="LINEAR_EXACT")
case("linear-exact-narrow", list(range(30, 50)), windows=[(40, 0.5)], function="LINEAR_EXACT")
case("sigmoid", ramp, slope=1, intercept=-1024, windows=[(40, 400)], function="SIGMOID")
case("signed", signed, signed=True, windows=[(100, 1500)])
case("signed-16", [-32768, -2000, -1000, 0, 40, 1000, 32767], signed=True, bits=16,
     slope=1, intercept=0, windows=[(40, 400)])
case("monochrome1", ramp, photometric="MONOCHROME1", windows=[(2048, 4096)])
case("negative-slope", ramp, slope=-2, intercept=8000, windows=[(4000, 6000)])
case("no-window", ramp, slope=2, intercept=-5)
case("padding", signed, signed=True, windows=[(100, 1500)], padding=-2048)
case("padding-range", ramp, windows=[(1000, 5000)], padding=4095, limit=3000)
case("padding-monochrome1", ramp, photometric="MONOCHROME1", windows=[(2048, 4096)], padding=0)
modality = (100, [int(50 * (1 + np.sin(i / 40))) * 10 for i in range(800)], 16)
case("modality-table", ramp, modality=modality, windows=[(500, 900)])
voi = (200, [int(4095 * (i / 999) ** 2) for i in range(1000)], 12)
case("voi-table", ramp, voi=voi)
case("voi-table-signed", ramp, slope=1, intercept=-1024,
     voi=(-500, [int(65535 * (i / 1499) ** 0.5) for i in range(1500)], 16))
case("modality-table-signed", signed, signed=True,
     modality=(-1000, [i * 2 for i in range(2000)], 16), windows=[(2000, 4000)])
wide = [0, 1, 70000, 500000, 1000000, 2 ** 31 - 1]
case("wide", wide, bits=32, slope=0.5, intercept=-1, windows=[(250000, 400000)])
case("wide-signed", [-2 ** 31, -90000] + wide, bits=32, signed=True, windows=[(0, 200001)],
     function="LINEAR_EXACT")
case("wide-24-bits", [-2 ** 23, -70000, 0, 70000, 2 ** 23 - 1], bits=24, signed=True,
     photometric="MONOCHROME1")
case("wide-sigmoid", wide, bits=32, windows=[(500000, 300000)], function="SIGMOID")
(target / "expected.json").write_text(json.dumps(expected) + "\n")
