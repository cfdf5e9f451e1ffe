#!/usr/bin/env python3
"""Makes small files with pixels of every layout, and digests of the frames that pydicom decodes.

    python3 Scripts/references/dicom-frames.py [REAL-DATA-FOLDER]

Needs pydicom 3, numpy, pylibjpeg with its plug-ins, pyjpegls. Writes Fixtures/dicom/frames.

A frame's digest is the SHA-256 of its stored values as 32-bit little-endian numbers (with their
sign where pixels have one), or of its bytes where a pixel has several samples.
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
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate, encapsulate_extended, itemize_frame
from pydicom.pixels import convert_color_space, pixel_array
from pydicom.pixels.encoders import (
    JPEG2000LosslessEncoder, JPEGLSLosslessEncoder, RLELosslessEncoder)
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ExplicitVRLittleEndian,
    ImplicitVRLittleEndian, JPEG2000Lossless, JPEGLSLossless, RLELossless, UID)

warnings.simplefilter("ignore")
config.settings.reading_validation_mode = config.IGNORE
config.settings.writing_validation_mode = config.IGNORE
ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGET = ROOT / "Fixtures" / "dicom" / "frames"
RNG = np.random.default_rng(20200423)
EncapsulatedUncompressed = UID("1.2.840.10008.1.2.1.98")
expected = {}


def digest(values):
    values = np.ascontiguousarray(values)
    return hashlib.sha256(values.tobytes()).hexdigest()


def stored(array, dataset):
    """Stored values of one sample: the bits that Bits Stored and High Bit name."""
    if dataset.get("SamplesPerPixel", 1) != 1:
        return array.astype(np.uint8) if dataset.BitsAllocated == 8 else array.astype("<u2")
    bits = dataset.BitsStored
    shift = dataset.HighBit + 1 - bits
    raw = array.astype(np.int64) & ((1 << dataset.BitsAllocated) - 1)
    raw = (raw >> shift) & ((1 << bits) - 1)
    if dataset.PixelRepresentation == 1:
        raw = np.where(raw >= 1 << (bits - 1), raw - (1 << bits), raw)
        return raw.astype("<i4")
    return raw.astype("<u4")


def image(rows, columns, frames, bits, signed, stored_bits=None, high=None, samples=1):
    d = Dataset()
    d.SOPClassUID, d.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.7.3", "2.25.12"
    d.Rows, d.Columns, d.SamplesPerPixel = rows, columns, samples
    if frames > 1:
        d.NumberOfFrames = frames
    d.PhotometricInterpretation = "MONOCHROME2" if samples == 1 else "RGB"
    if samples > 1:
        d.PlanarConfiguration = 0
    d.BitsAllocated, d.BitsStored = bits, stored_bits or bits
    d.HighBit = (high if high is not None else d.BitsStored - 1)
    d.PixelRepresentation = int(signed)
    return d


def smooth(rows, columns, frames, low, high, samples=1):
    """Values with gradients and noise, so that every codec has something to do."""
    y, x, f = np.mgrid[0:rows, 0:columns, 0:frames]
    wave = np.sin(x / 3.0 + f) + np.cos(y / 4.0) + RNG.normal(0, 0.2, x.shape)
    wave = (wave - wave.min()) / (wave.max() - wave.min())
    values = np.round(low + wave * (high - low)).astype(np.int64)
    values = np.moveaxis(values, 2, 0)
    if samples > 1:
        values = np.stack([np.roll(values, s, 2) for s in range(samples)], axis=-1)
    return values


def save(name, d, syntax, values):
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = d.SOPClassUID, d.SOPInstanceUID
    meta.TransferSyntaxUID, meta.ImplementationClassUID = syntax, "2.25.99"
    d.file_meta = meta
    TARGET.mkdir(parents=True, exist_ok=True)
    if syntax.is_encapsulated:
        d["PixelData"].is_undefined_length = True
    pydicom.dcmwrite(TARGET / name, d, enforce_file_format=True)
    expected[name] = [digest(frame) for frame in values]


def typed(values):
    """The expected digests' type: stored values with their sign, or bytes of colours."""
    return [v.astype("<i4") if v.ndim == 2 else v.astype(np.uint8) for v in values]


def native(name, d, syntax, values, shift=0, garbage=0):
    order = ">" if syntax == ExplicitVRBigEndian else "<"
    kind = {8: "u1", 16: "u2", 32: "u4"}[d.BitsAllocated]
    mask = (1 << d.BitsStored) - 1
    raw = ((values & mask) << shift) | garbage
    data = raw.astype(order + kind).tobytes()
    data += b"\0" * (len(data) & 1)
    if syntax == ExplicitVRBigEndian and d.BitsAllocated == 8:
        data = np.frombuffer(data, "<u2").astype(">u2").tobytes()
    d.PixelData = data
    d["PixelData"].VR = "OW"
    save(name, d, syntax, typed(values))


def encoded(d, encoder, values):
    kind = {8: "i1" if d.PixelRepresentation else "u1", 16: "<i2" if d.PixelRepresentation else "<u2",
            32: "<i4" if d.PixelRepresentation else "<u4"}[d.BitsAllocated]
    options = dict(
        rows=d.Rows, columns=d.Columns, samples_per_pixel=d.SamplesPerPixel, number_of_frames=1,
        bits_allocated=d.BitsAllocated, bits_stored=d.BitsStored,
        pixel_representation=d.PixelRepresentation,
        photometric_interpretation=d.PhotometricInterpretation)
    if d.SamplesPerPixel > 1:
        options["planar_configuration"] = 0
    if encoder is RLELosslessEncoder:
        options["encoding_plugin"] = "pydicom"
    return [encoder.encode(v.astype(kind), **options) for v in values]


def decoded(dataset, syntax):
    # GDCM ends the process on some RLE.
    plugin = "pydicom" if syntax == RLELossless else ""
    return pixel_array(dataset, raw=True, decoding_plugin=plugin)


def even(data):
    return data + b"\0" * (len(data) & 1)


def fixtures():
    E = ExplicitVRLittleEndian
    # Native layouts.
    native("native-12-of-16-signed.dcm", image(7, 9, 1, 16, True, 12), E,
           smooth(7, 9, 1, -2048, 2047))
    native("native-high-bit-15.dcm", image(7, 9, 2, 16, True, 12, 15), E,
           smooth(7, 9, 2, -2048, 2047), shift=4, garbage=5)
    native("native-overlay-bits.dcm", image(7, 9, 1, 16, False, 12), ImplicitVRLittleEndian,
           smooth(7, 9, 1, 0, 4095), garbage=0xA000)
    native("native-8-odd.dcm", image(5, 5, 3, 8, False), E, smooth(5, 5, 3, 0, 255))
    native("native-32.dcm", image(4, 5, 2, 32, False), E, smooth(4, 5, 2, 0, 2 ** 31 - 1))
    native("big-endian-16.dcm", image(5, 6, 2, 16, True), ExplicitVRBigEndian,
           smooth(5, 6, 2, -32768, 32767))
    native("big-endian-8-in-words.dcm", image(5, 6, 2, 8, False), ExplicitVRBigEndian,
           smooth(5, 6, 2, 0, 255))
    native("big-endian-32.dcm", image(5, 6, 1, 32, False), ExplicitVRBigEndian,
           smooth(5, 6, 1, 0, 2 ** 30))
    native("deflated-16.dcm", image(5, 6, 2, 16, False), DeflatedExplicitVRLittleEndian,
           smooth(5, 6, 2, 0, 65535))
    native("native-rgb.dcm", image(5, 6, 2, 8, False, samples=3), E, smooth(5, 6, 2, 0, 255, 3))
    bits = RNG.integers(0, 2, (3, 3, 5))
    d = image(3, 5, 3, 1, False)
    packed = np.packbits(bits.ravel().astype(np.uint8), bitorder="little").tobytes()
    d.PixelData = even(packed)
    d["PixelData"].VR = "OB"
    save("single-bits.dcm", d, E, typed(bits))

    # RLE: one fragment a frame, with and without offsets.
    values = smooth(9, 11, 3, -1024, 3000)
    for name, table in (("rle-table.dcm", True), ("rle-no-table.dcm", False)):
        d = image(9, 11, 3, 16, True, 16)
        d.PixelData = encapsulate(encoded(d, RLELosslessEncoder, values), has_bot=table)
        save(name, d, RLELossless, typed(values))
    d = image(9, 11, 2, 8, False, samples=3)
    colours = smooth(9, 11, 2, 0, 255, 3)
    d.PixelData = encapsulate(encoded(d, RLELosslessEncoder, colours))
    save("rle-rgb.dcm", d, RLELossless, typed(colours))

    # JPEG-LS frames in several fragments each, found in every way there is.
    values = smooth(16, 17, 3, 0, 4095)
    d = image(16, 17, 3, 16, False, 12)
    frames = [even(f) for f in encoded(d, JPEGLSLosslessEncoder, values)]
    for name, has_table in (("fragments-table.dcm", True), ("fragments-no-table.dcm", False)):
        d = image(16, 17, 3, 16, False, 12)
        d.PixelData = encapsulate(frames, fragments_per_frame=3, has_bot=has_table)
        save(name, d, JPEGLSLossless, typed(values))
    d = image(16, 17, 3, 16, False, 12)
    good = encapsulate(frames, fragments_per_frame=3, has_bot=True)
    d.PixelData = good[:8] + struct.pack("<3I", 0, 6, 12) + good[20:]
    save("fragments-wrong-table.dcm", d, JPEGLSLossless, typed(values))
    d = image(16, 17, 3, 16, False, 12)
    d.PixelData = good[:8] + struct.pack("<3I", 0, 0, 0) + good[20:]
    save("fragments-zero-table.dcm", d, JPEGLSLossless, typed(values))
    d = image(16, 17, 3, 16, False, 12)
    data, offsets, lengths = encapsulate_extended(frames)
    d.PixelData = data
    d.ExtendedOffsetTable, d.ExtendedOffsetTableLengths = offsets, lengths
    save("extended-table.dcm", d, JPEGLSLossless, typed(values))
    d = image(16, 17, 1, 16, False, 12)
    d.PixelData = encapsulate(frames[:1], fragments_per_frame=5, has_bot=False)
    save("one-frame-five-fragments.dcm", d, JPEGLSLossless, typed(values[:1]))
    d = image(16, 17, 3, 16, False, 12)
    d.PixelData = encapsulate(frames)
    save("no-delimiter.dcm", d, JPEGLSLossless, typed(values))
    cut = (TARGET / "no-delimiter.dcm").read_bytes()
    (TARGET / "no-delimiter.dcm").write_bytes(cut.removesuffix(b"\xfe\xff\xdd\xe0\0\0\0\0"))

    # Signed values through codecs that know no sign.
    values = smooth(16, 17, 2, -2048, 2047)
    d = image(16, 17, 2, 16, True, 12)
    frames = encoded(d, JPEGLSLosslessEncoder, values)
    d.PixelData = encapsulate(frames)
    save("jpeg-ls-signed.dcm", d, JPEGLSLossless, typed(values))
    values = smooth(33, 34, 1, -2048, 2047)
    d = image(33, 34, 1, 16, True, 12)
    d.PixelData = encapsulate(encoded(d, JPEG2000LosslessEncoder, values))
    save("jpeg2000-signed.dcm", d, JPEG2000Lossless, typed(values))
    d = image(33, 34, 1, 16, True, 16)
    d.PixelData = encapsulate(encoded(d, JPEG2000LosslessEncoder, values))
    save("jpeg2000-signed-16.dcm", d, JPEG2000Lossless, typed(values))
    d = image(16, 17, 2, 8, False, samples=3)
    colours = smooth(16, 17, 2, 0, 255, 3)
    d.PhotometricInterpretation = "RGB"
    frames = encoded(d, JPEGLSLosslessEncoder, colours)
    d.PixelData = encapsulate(frames)
    save("jpeg-ls-rgb.dcm", d, JPEGLSLossless, typed(colours))

    # Native frames in fragments; fragments under a native transfer syntax; the reverse.
    values = smooth(5, 6, 2, 0, 65535)
    d = image(5, 6, 2, 16, False)
    d.PixelData = encapsulate([v.astype("<u2").tobytes() for v in values])
    save("encapsulated-uncompressed.dcm", d, EncapsulatedUncompressed, typed(values))

    # Colours in planes, as luminance and chrominances, and in swapped pairs of bytes.
    values = smooth(5, 6, 2, 0, 255, 3)
    d = image(5, 6, 2, 8, False, samples=3)
    d.PlanarConfiguration = 1
    d.PixelData = np.ascontiguousarray(np.moveaxis(values, 3, 1)).astype(np.uint8).tobytes()
    d["PixelData"].VR = "OB"
    save("native-rgb-planes.dcm", d, E, typed(values))
    native("big-endian-rgb-odd.dcm", image(3, 3, 2, 8, False, samples=3), ExplicitVRBigEndian,
           smooth(3, 3, 2, 0, 255, 3))
    values = smooth(4, 6, 1, 20, 230, 3)
    d = image(4, 6, 1, 8, False, samples=3)
    d.PhotometricInterpretation = "YBR_FULL"
    d.PixelData = values.astype(np.uint8).tobytes()
    d["PixelData"].VR = "OB"
    save("native-ybr.dcm", d, E, typed(in_rgb(values)))
    values[:, :, 1::2, 1:] = values[:, :, 0::2, 1:]
    pairs = values.reshape(-1, 2, 3)
    d = image(4, 6, 1, 8, False, samples=3)
    d.PhotometricInterpretation = "YBR_FULL_422"
    halved = [[p[0][0], p[1][0], p[0][1], p[0][2]] for p in pairs]
    d.PixelData = np.asarray(halved).astype(np.uint8).tobytes()
    d["PixelData"].VR = "OB"
    save("native-ybr-422.dcm", d, E, typed(in_rgb(values)))
    for path in sorted(TARGET.glob("*.dcm")):
        check(path)


def in_rgb(values):
    return np.stack([convert_color_space(v.astype(np.uint8), "YBR_FULL", "RGB") for v in values])


def check(path):
    """pydicom must agree with what was put in, where it reads it at all."""
    d = pydicom.dcmread(path)
    if path.name in ("fragments-wrong-table.dcm", "fragments-zero-table.dcm", "no-delimiter.dcm",
                     "native-high-bit-15.dcm", "encapsulated-uncompressed.dcm",
                     "native-ybr.dcm", "native-ybr-422.dcm"):
        return
    array = decoded(d, d.file_meta.TransferSyntaxUID)
    if d.get("NumberOfFrames", 1) == 1:
        array = array[None]
    found = [digest(stored(f, d).astype("<i4") if f.ndim == 2 else stored(f, d)) for f in array]
    assert found == expected[path.name], path.name


def real(base):
    result = {}
    for path in sorted(p for p in base.rglob("*") if p.is_file()):
        name = str(path.relative_to(base))
        if path.suffix in (".md", ".txt", ".dump", ".json") or "LICENSE" in name:
            continue
        try:
            d = pydicom.dcmread(path, force=True)
            if not d.get("PixelData"):
                continue
            uid = d.file_meta.TransferSyntaxUID
            if uid.is_compressed and uid in pydicom.uid.JPEGTransferSyntaxes + \
                    pydicom.uid.JPEG2000TransferSyntaxes + pydicom.uid.JPEGLSTransferSyntaxes:
                if uid.name.find("Lossless") < 0 or "Near" in uid.name:
                    continue
            count = int(d.get("NumberOfFrames", 1) or 1)
            array = decoded(d, uid)
            if array.ndim == (2 if d.get("SamplesPerPixel", 1) == 1 else 3):
                array = array[None]
            chosen = sorted({0, 1, count // 2, count - 1} & set(range(count)))
            result[name] = {str(i): digest(stored(array[i], d)) for i in chosen}
        except Exception as error:
            print(name, repr(error)[:120])
    (TARGET / "real-data.json").write_text(json.dumps(result, indent=1) + "\n")


fixtures()
(TARGET / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
if len(sys.argv) > 1:
    real(pathlib.Path(sys.argv[1]))
