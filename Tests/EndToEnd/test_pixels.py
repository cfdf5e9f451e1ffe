"""`inspect --pixels`: every frame decoded, beside what pydicom and numpy make of the same files."""
import json
import shutil

import numpy
import pydicom
from course import BRAIN, ROOT


def test_range_of_each_series_is_numpys(run):
    done = run("inspect", "--pixels", "--json", BRAIN)
    assert done.code == 0, done.err
    series = {one["seriesInstanceUID"]: one for one in json.loads(done.out)["series"]}
    expected = {}
    for path in BRAIN.rglob("*"):
        if path.is_file():
            d = pydicom.dcmread(path, force=True)
            if "PixelData" in d:
                array = d.pixel_array
                expected.setdefault(d.SeriesInstanceUID, []).append((array.min(), array.max()))
    assert series.keys() == expected.keys()
    for uid, ranges in expected.items():
        assert series[uid]["lowest"] == min(low for low, _ in ranges)
        assert series[uid]["highest"] == max(high for _, high in ranges)
        assert series[uid]["files"] == len(ranges)


def test_range_of_every_layout_is_numpys(run):
    """Signed, unsigned, packed bits, compressed, of 1 to 32 bits."""
    seen = 0
    for path in sorted((ROOT / "Fixtures" / "dicom" / "frames").glob("*.dcm")):
        d = pydicom.dcmread(path, force=True)
        if d.get("SamplesPerPixel", 1) != 1 or d.file_meta.TransferSyntaxUID.is_encapsulated:
            continue
        array = d.pixel_array
        if d.HighBit != d.BitsStored - 1:
            # pydicom takes the lowest bits whatever High Bit says.
            array = numpy.frombuffer(d.PixelData, "<i2") >> (d.HighBit + 1 - d.BitsStored)
        one = json.loads(run("inspect", "--pixels", "--json", path).out)["series"]
        assert (one[0]["lowest"], one[0]["highest"]) == (array.min(), array.max()), path.name
        seen += 1
    assert seen >= 3


def test_a_frame_that_cannot_be_decoded_is_named(run, tmp_path):
    source = next(p for p in sorted(BRAIN.rglob("*")) if p.is_file() and "PixelData" in pydicom.dcmread(p, force=True))
    good, bad = tmp_path / "good.dcm", tmp_path / "bad.dcm"
    shutil.copy(source, good)
    bad.write_bytes(source.read_bytes()[:-1000])
    done = run("inspect", "--pixels", tmp_path)
    assert done.code == 65
    assert "bad.dcm" in done.err and "good.dcm" not in done.err
    assert "Every frame can be decoded" not in done.out
