#!/usr/bin/env python3
"""Writes Fixtures/codecs/*.tsv: images compressed by encoders that are not ours.

Needs (PyPI): numpy imagecodecs pydicom pylibjpeg-rle pylibjpeg-libjpeg pyjpegls
(Debian): libopenjp2-tools libjpeg-turbo-progs dcmtk

    make-codec-fixtures.py [rle] [jpeg-lossless] [jpeg-ls] [jpeg] [jpeg2000]

One line for each image, in columns:
  name, rows, columns, components, precision, allocated, signed (0/1), tolerance,
  crc32 of the expected samples, the expected samples (only where tolerance is not 0), code stream
Samples are interleaved by pixel, little endian, in as many bytes as the precision needs
(RLE: as allocated); both binary columns are base64. Lossless images are expected as they were
before compression; lossy ones as the independent decoder named in each section gives them.
"""
import base64
import os
import subprocess
import sys
import tempfile
import zlib

import imagecodecs
import numpy

FOLDER = os.path.join(os.path.dirname(__file__), "..", "..", "Fixtures", "codecs")
SIZES = [(1, 1), (1, 23), (19, 1), (7, 9), (33, 47)]


def image(rows, columns, components, bits, kind, seed=1):
    """Samples of `bits` bits: a smooth object with noise, noise alone, or a flat field."""
    random = numpy.random.default_rng(seed * 1000 + bits * 10 + components)
    top = (1 << bits) - 1
    shape = (rows, columns, components)
    if kind == "noise":
        a = random.integers(0, top + 1, shape)
    elif kind == "flat":
        a = numpy.full(shape, top // 3)
    else:
        y, x, c = numpy.meshgrid(
            numpy.arange(rows), numpy.arange(columns), numpy.arange(components), indexing="ij")
        wave = 0.5 + 0.3 * numpy.sin(x / 7 + c) * numpy.cos(y / 5 - c) + 0.2 * (x > columns / 2)
        a = wave * top + random.normal(0, max(0.4, top / 200), shape)
        a[: rows // 4] = numpy.round(a[: rows // 4] / (top / 4 + 1)) * (top / 4 + 1)
        a = numpy.clip(numpy.round(a), 0, top)
    return a.astype(numpy.uint8 if bits <= 8 else numpy.uint16 if bits <= 16 else numpy.uint32)


def squeezed(a):
    return a[:, :, 0] if a.shape[2] == 1 else a


class Table:
    def __init__(self, name):
        self.name, self.lines = name, []

    def add(self, name, stream, expected, precision, allocated=None, signed=0, tolerance=0):
        if expected.ndim == 2:
            expected = expected[:, :, None]
        raw = numpy.ascontiguousarray(expected)
        raw = raw.astype(raw.dtype.newbyteorder("<")).tobytes()
        allocated = allocated or (8 if precision <= 8 else 16 if precision <= 16 else 32)
        rows, columns, components = expected.shape
        self.lines.append("\t".join(str(v) for v in (
            name, rows, columns, components, precision, allocated, signed, tolerance,
            f"{zlib.crc32(raw):08x}",
            base64.b64encode(raw).decode() if tolerance else "-",
            base64.b64encode(bytes(stream)).decode())))

    def write(self):
        path = os.path.join(FOLDER, self.name + ".tsv")
        with open(path, "w") as file:
            file.write("name\trows\tcolumns\tcomponents\tprecision\tallocated\tsigned\ttolerance"
                       "\tcrc32\texpected\tstream\n")
            file.write("\n".join(self.lines) + "\n")
        print(self.name, len(self.lines), "images", os.path.getsize(path), "bytes")


def run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def rle():
    """pylibjpeg-rle and GDCM pack; pydicom's own encoder too."""
    import rle as pylibjpeg_rle
    from pydicom.pixels.encoders.native import _encode_frame
    from pydicom.pixels.encoders.base import EncodeRunner
    from pydicom.uid import RLELossless
    table = Table("rle")
    for bits in (8, 16, 32):
        for components in (1, 3):
            for kind in ("smooth", "noise", "flat"):
                for rows, columns in SIZES + [(5, 300)]:
                    if kind != "smooth" and (rows, columns) not in ((7, 9), (5, 300)):
                        continue
                    a = image(rows, columns, components, bits, kind)
                    source = a.astype(a.dtype.newbyteorder("<")).tobytes()
                    options = dict(rows=rows, columns=columns, samples_per_pixel=components,
                                   bits_allocated=bits, number_of_frames=1, byteorder="<")
                    name = f"{bits}-{components}-{kind}-{rows}x{columns}"
                    table.add("pylibjpeg-" + name, pylibjpeg_rle.encode_pixel_data(
                        source, **options), a, bits, bits)
                    if (rows, columns) == (7, 9) and kind == "smooth":
                        runner = EncodeRunner(RLELossless)
                        runner.set_options(
                            **options, bits_stored=bits, pixel_representation=0,
                            photometric_interpretation="RGB" if components == 3 else "MONOCHROME2",
                            planar_configuration=0)
                        table.add("pydicom-" + name, _encode_frame(source, runner), a, bits, bits)
    table.write()


def dcmtk_fragment(a, bits, *options):
    """Compresses one image with dcmcjpeg and takes its only frame out of the file."""
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.encaps import generate_frames
    from pydicom.uid import ExplicitVRLittleEndian, generate_uid
    import pydicom
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    ds.Rows, ds.Columns, ds.SamplesPerPixel = a.shape
    ds.PhotometricInterpretation = "RGB" if a.shape[2] == 3 else "MONOCHROME2"
    if a.shape[2] == 3:
        ds.PlanarConfiguration = 0
    ds.BitsAllocated = 8 if bits <= 8 else 16
    ds.BitsStored, ds.HighBit, ds.PixelRepresentation = bits, bits - 1, 0
    raw = a.astype(a.dtype.newbyteorder("<")).tobytes()
    ds.PixelData = raw + b"\0" * (len(raw) % 2)
    ds["PixelData"].VR = "OW" if bits > 8 else "OB"
    with tempfile.TemporaryDirectory() as folder:
        before, after = os.path.join(folder, "a.dcm"), os.path.join(folder, "b.dcm")
        ds.save_as(before, enforce_file_format=True)
        run("dcmcjpeg", *options, before, after)
        return next(generate_frames(pydicom.dcmread(after).PixelData, number_of_frames=1))


def segments(stream):
    """The marker segments of a JPEG stream, and the entropy-coded data after each scan header."""
    at, found = 2, []
    while stream[at + 1] != 0xD9:
        length = int.from_bytes(stream[at + 2:at + 4], "big")
        end = at + 2 + length
        data = end
        if stream[at + 1] == 0xDA:
            while stream[data] != 0xFF or stream[data + 1] < 0x80 or stream[data + 1] & 0xF8 == 0xD0:
                data += 1
        found.append((stream[at + 1], stream[at + 4:end], stream[end:data]))
        at = data
    return found


def segment(marker, parameters):
    return bytes([0xFF, marker]) + (len(parameters) + 2).to_bytes(2, "big") + bytes(parameters)


def separate_scans(streams):
    """One frame of several scans out of several frames of one component each."""
    parsed = [segments(s) for s in streams]
    header = next(p for m, p, _ in parsed[0] if m == 0xC3)
    frame = header[:5] + bytes([len(streams)])
    for index in range(len(streams)):
        frame += bytes([index + 1, 0x11, 0])
    result = b"\xff\xd8" + segment(0xC3, frame)
    for index, parts in enumerate(parsed):
        for marker, parameters, data in parts:
            if marker == 0xC4:
                result += segment(marker, parameters)
            elif marker == 0xDA:
                scan = bytes([1, index + 1]) + parameters[2:]
                result += segment(marker, scan) + data
    return result + b"\xff\xd9"


def jpeg_lossless():
    """libjpeg-turbo 3 (imagecodecs) for all depths, dcmtk's IJG for interleaved colour and Pt."""
    table = Table("jpeg-lossless")

    def turbo(a, bits, predictor):
        return imagecodecs.jpeg8_encode(
            squeezed(a), lossless=True, predictor=predictor, bitspersample=bits,
            **(dict(colorspace="RGB", outcolorspace="RGB") if a.shape[2] == 3 else {}))

    for bits in range(2, 17):
        for predictor in range(1, 8):
            kind = ("smooth", "noise", "flat")[(bits + predictor) % 3]
            a = image(11, 13, 1, bits, kind)
            table.add(f"turbo-{bits}-p{predictor}-{kind}", turbo(a, bits, predictor), a, bits)
    for bits in (8, 12, 16):
        for rows, columns in SIZES:
            for components in (1, 3):
                a = image(rows, columns, components, bits, "smooth")
                predictor = (rows + columns) % 7 + 1
                table.add(f"turbo-{bits}-p{predictor}-c{components}-{rows}x{columns}",
                          turbo(a, bits, predictor), a, bits)
        for components in (1, 3):
            for predictor in (1, 2, 3, 4, 5, 6, 7):
                for shift in (0, 2):
                    if components == 3 and bits != 8 or shift and predictor % 3 != 1:
                        continue
                    a = image(15, 17, components, bits, "smooth", seed=2)
                    stream = dcmtk_fragment(
                        a, bits, "+tl", "+el", "+sv", str(predictor), "+pt", str(shift), "+cn")
                    # dcmtk calls 12 bits 16, as it may.
                    precision = stream[stream.index(b"\xff\xc3") + 4]
                    table.add(f"dcmtk-{bits}-p{predictor}-pt{shift}-c{components}", stream,
                              a >> shift << shift, precision)
        a = image(14, 12, 3, bits, "smooth", seed=3)
        table.add(f"scans-{bits}", separate_scans(
            [turbo(numpy.ascontiguousarray(a[:, :, c:c + 1]), bits, 1 + 3 * c)
             for c in range(3)]), a, bits)
    table.write()


def restarted(streams, lines):
    """One JPEG-LS frame whose restart intervals are the frames given, which share a width."""
    parsed = [segments(s) for s in streams]
    result, rows = b"", 0
    for marker, parameters, data in parsed[0]:
        if marker == 0xF7:
            rows = sum(int.from_bytes(p[1:3], "big") for f in parsed for m, p, _ in f if m == 0xF7)
            parameters = parameters[:1] + rows.to_bytes(2, "big") + parameters[3:]
        if marker == 0xDA:
            result += segment(0xDD, lines.to_bytes(2, "big"))
        result += segment(marker, parameters) + data
    for index, frame in enumerate(parsed[1:]):
        result += bytes([0xFF, 0xD0 + index % 8]) + frame[-1][2]
    return b"\xff\xd8" + result + b"\xff\xd9"


def jpeg_ls():
    """CharLS: by pyjpegls, which can choose the interleave mode; lossy ones as CharLS decodes."""
    import jpeg_ls as charls
    table = Table("jpeg-ls")

    def encode(a, bits, near=0, mode=0):
        if a.size < 30:  # pyjpegls reserves too little for such images
            return imagecodecs.jpegls_encode(squeezed(a), near)
        return charls.encode_buffer(
            a.astype(a.dtype.newbyteorder("<")).tobytes()
            if mode else numpy.moveaxis(a, 2, 0).astype(a.dtype.newbyteorder("<")).tobytes(),
            a.shape[0], a.shape[1], a.shape[2], bits, near, mode)

    def add(name, a, bits, near, mode):
        stream = encode(a, bits, near, mode)
        decoded = imagecodecs.jpegls_decode(bytes(stream))
        if decoded.ndim == 3 and mode == 0:
            decoded = numpy.moveaxis(decoded, 0, 2) if decoded.shape[0] == a.shape[2] \
                and decoded.shape != a.shape else decoded
        assert abs(decoded.reshape(a.shape).astype(int) - a).max() <= near, name
        precision = stream[stream.index(b"\xff\xf7") + 4]
        table.add(name, stream, decoded.reshape(a.shape), precision)

    for bits in range(2, 17):
        for kind in ("smooth", "noise", "flat"):
            for near in (0, 1 + bits // 3) if bits > 3 else (0,):
                add(f"{bits}-{kind}-near{near}", image(17, 29, 1, bits, kind), bits, near, 0)
    add("16-near255", image(17, 29, 1, 16, "noise"), 16, 255, 0)
    for bits in (8, 12, 16):
        for rows, columns in SIZES:
            add(f"{bits}-{rows}x{columns}", image(rows, columns, 1, bits, "smooth"), bits, 0, 0)
            for mode in (0, 1, 2) if rows * columns > 10 else ():
                for near in (0, 3):
                    kind = "flat" if (rows, near) == (7, 3) else "smooth"
                    add(f"{bits}-rgb-mode{mode}-near{near}-{rows}x{columns}",
                        image(rows, columns, 3, bits, kind), bits, near, mode)
        a = image(40, 9, 1, bits, "smooth", seed=4)
        table.add(f"{bits}-restart", restarted(
            [encode(numpy.ascontiguousarray(a[r:r + 4]), bits) for r in range(0, 40, 4)], 4),
            a, bits)
    table.write()


def jpeg():
    """libjpeg-turbo and dcmtk's IJG compress; libjpeg-turbo's slow integer transform decodes.

    Colours are expected as RGB, after the conversion that the stream's markers ask for.
    """
    table = Table("jpeg")

    def turbo(a, name, *options):
        with tempfile.TemporaryDirectory() as folder:
            source, stream, decoded = (os.path.join(folder, n) for n in ("a.pnm", "b.jpg", "c.pnm"))
            rows, columns, components = a.shape
            with open(source, "wb") as file:
                file.write(f"P{5 if components == 1 else 6} {columns} {rows} 255\n".encode())
                file.write(a.tobytes())
            if "-scans" in options:
                with open(os.path.join(folder, "scans"), "w") as file:
                    file.write("0;\n1;\n2;\n")
                options = ["-scans" if o == "-scans" else o for o in options]
                options.insert(options.index("-scans") + 1, os.path.join(folder, "scans"))
            run("cjpeg", "-dct", "int", *options, "-outfile", stream, source)
            run("djpeg", "-dct", "int", "-pnm", "-outfile", decoded, stream)
            raw = open(decoded, "rb").read()[-a.size:]
            table.add(name, open(stream, "rb").read(),
                      numpy.frombuffer(raw, numpy.uint8).reshape(a.shape), 8, tolerance=1)

    for rows, columns in SIZES + [(16, 16), (40, 50)]:
        grey, rgb = (image(rows, columns, c, 8, "smooth") for c in (1, 3))
        turbo(grey, f"grey-{rows}x{columns}", "-grayscale", "-quality", "92")
        for sample in ("1x1", "2x1", "2x2", "1x2", "4x1", "4x2", "1x4"):
            turbo(rgb, f"ybr-{sample}-{rows}x{columns}", "-sample", sample, "-quality", "85")
    grey, rgb = (image(37, 61, c, 8, "smooth", seed=5) for c in (1, 3))
    noise = image(37, 61, 3, 8, "noise")
    for quality in ("1", "25", "100"):
        turbo(grey, f"grey-quality{quality}", "-grayscale", "-quality", quality)
        turbo(noise, f"noise-quality{quality}", "-quality", quality, "-sample", "2x2")
    turbo(rgb, "rgb", "-rgb", "-quality", "90")
    turbo(rgb, "optimised", "-optimize", "-quality", "75")
    for restart in ("1B", "3B", "1", "2"):
        turbo(rgb, f"restart-{restart}", "-restart", restart, "-sample", "2x2")
        turbo(grey, f"grey-restart-{restart}", "-grayscale", "-restart", restart)
    for sample in ("1x1", "2x1", "2x2"):
        turbo(rgb, f"scans-{sample}", "-sample", sample, "-scans")
        turbo(rgb, f"scans-{sample}-restart", "-sample", sample, "-scans", "-restart", "2B")
    for rows, columns in SIZES + [(40, 50)]:
        for kind in ("smooth", "noise"):
            a = image(rows, columns, 1, 12, kind)
            stream = imagecodecs.jpeg8_encode(squeezed(a), level=90, bitspersample=12)
            decoded = imagecodecs.jpeg8_decode(stream).reshape(a.shape)
            table.add(f"12-turbo-{kind}-{rows}x{columns}", stream, decoded, 12, tolerance=2)
            stream = dcmtk_fragment(a, 12, "+ee", "+q", "95")
            decoded = imagecodecs.jpeg8_decode(stream).reshape(a.shape)
            table.add(f"12-dcmtk-{kind}-{rows}x{columns}", stream, decoded, 12, tolerance=2)
    table.write()


SECTIONS = {"rle": rle, "jpeg-lossless": jpeg_lossless, "jpeg-ls": jpeg_ls, "jpeg": jpeg}

if __name__ == "__main__":
    for name in sys.argv[1:] or SECTIONS:
        SECTIONS[name]()
