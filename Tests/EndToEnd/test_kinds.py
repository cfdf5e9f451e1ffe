"""Multi-frame and packed series, in the eyes of independent readers and PACS."""

import hashlib
import json
import pathlib
import subprocess

import numpy as np
import pydicom
import pytest
from PIL import Image

import reviewer
from course import position
from servers import tool

KINDS = {"multiframe": ["--multiframe"], "compress": ["--compress"], "both": ["--multiframe", "--compress"]}
RLE = "1.2.840.10008.1.2.5"
NATIVE = "1.2.840.10008.1.2.1"
MULTI = "1.2.840.10008.5.1.4.1.1.7.4"


def stage_with(binary, course, folder, options):
    (folder / "home").mkdir(parents=True)
    done = subprocess.run(
        [str(binary), "export", str(course.folder), "--output", str(folder / "stages"), *options],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, env=reviewer.environment(folder / "home"), timeout=300)
    assert done.returncode == 0, done.stderr
    return pathlib.Path(done.stdout.splitlines()[-1])


@pytest.fixture(scope="session", params=sorted(KINDS))
def kind(request, binary, brain, tmp_path_factory):
    """A kind's name, and the stage that an export with its options left."""
    return request.param, stage_with(binary, brain, tmp_path_factory.mktemp(request.param), KINDS[request.param])


@pytest.fixture(scope="session")
def manifest(kind):
    return json.loads((kind[1] / "manifest.json").read_text())


def composites(stage, prefix=""):
    """The pictures as the review page shows them: the ink laid over the scan, by Pillow."""
    pictures = []
    for path in sorted((stage / "review" / "scan").glob(f"{prefix}[0-9]*.png")):
        ink = Image.open(stage / "review" / "ink" / path.name).convert("RGBA")
        scan = Image.open(path).convert("RGBA").resize(ink.size, Image.NEAREST)
        pictures.append(np.asarray(Image.alpha_composite(scan, ink).convert("RGB")))
    return np.array(pictures)


@pytest.fixture(scope="session")
def pictures(kind):
    return composites(kind[1])


def by_pydicom(files, folder):
    found = [pydicom.dcmread(f).pixel_array for f in files]
    return np.concatenate([p if p.ndim == 4 else p[None] for p in found])


def by_dcmtk(files, folder):
    found = []
    for f in files:
        target = folder / f.stem
        subprocess.run([tool("dcm2pnm"), "+op", "--all-frames", str(f), str(target)], check=True, capture_output=True)
        names = list(folder.glob(f"{f.stem}.*.ppm"))
        found += [np.asarray(Image.open(n)) for n in sorted(names, key=lambda n: int(n.suffixes[-2][1:]))]
    return np.array(found)


def by_gdcm(files, folder):
    found = []
    for f in files:
        raw = folder / f"{f.stem}.dcm"
        subprocess.run([tool("gdcmconv"), "--raw", str(f), str(raw)], check=True, capture_output=True)
        header = pydicom.dcmread(raw, stop_before_pixels=True)
        shape = int(header.get("NumberOfFrames", 1)), header.Rows, header.Columns, 3
        bare = folder / f"{f.stem}.raw"
        subprocess.run([tool("gdcmraw"), "-i", str(raw), "-o", str(bare), "-t", "7fe0,0010"], check=True, capture_output=True)
        found.append(np.frombuffer(bare.read_bytes()[:np.prod(shape)], np.uint8).reshape(shape))
    return np.concatenate(found)


READERS = {"pydicom": by_pydicom, "dcmtk": by_dcmtk, "gdcm": by_gdcm}


def test_there_is_one_file_or_one_a_slice(brain, kind, manifest):
    name, stage = kind
    count = len(brain.facts["slices"])
    files = sorted((stage / "slices").iterdir())
    entries = manifest["instances"]
    assert [stage / e["file"] for e in entries] == files
    for e in entries:
        assert hashlib.sha256((stage / e["file"]).read_bytes()).hexdigest() == e["sha256"]
        header = pydicom.dcmread(stage / e["file"], stop_before_pixels=True)
        assert header.file_meta.TransferSyntaxUID == (NATIVE if name == "multiframe" else RLE)
        assert header.SOPClassUID == e["sopClassUID"] and header.SOPInstanceUID == e["sopInstanceUID"]
    if name == "compress":
        assert len(entries) == count and all("frames" not in e for e in entries)
    else:
        assert len(entries) == 1 and entries[0]["sopClassUID"] == MULTI and len(entries[0]["frames"]) == count


def test_each_frame_lies_on_its_source(brain, kind, manifest):
    name, stage = kind
    if name == "compress":
        return  # single captures, as in test_stage.py
    d = pydicom.dcmread(stage / "slices" / "0001.dcm")
    shared, own = d.SharedFunctionalGroupsSequence[0], d.PerFrameFunctionalGroupsSequence
    slices = brain.slices()
    assert d.NumberOfFrames == len(own) == len(slices)
    assert d.FrameIncrementPointer == 0x52009230 and "FrameTime" not in d
    scale = d.Rows // slices[0].Rows
    spacing = np.array(slices[0].PixelSpacing, float) / scale
    assert np.allclose(np.array(shared.PixelMeasuresSequence[0].PixelSpacing, float), spacing, atol=1e-9)
    cosines = np.array(shared.PlaneOrientationSequence[0].ImageOrientationPatient, float)
    assert np.allclose(cosines, np.array(slices[0].ImageOrientationPatient, float), atol=1e-9)
    assert d.FrameOfReferenceUID == slices[0].FrameOfReferenceUID
    assert [s.ReferencedSOPInstanceUID for s in d.SourceImageSequence] == [s.SOPInstanceUID for s in slices]
    for group, source, entry in zip(own, slices, manifest["instances"][0]["frames"]):
        first = np.array(group.PlanePositionSequence[0].ImagePositionPatient, float)
        middle = first + (scale - 1) / 2 * (cosines[:3] * spacing[1] + cosines[3:] * spacing[0])
        assert np.allclose(middle, position(source), atol=1e-4)
        assert entry["sourceSOPInstanceUID"] == source.SOPInstanceUID
        assert np.allclose(entry["position"], first, atol=1e-4)


@pytest.mark.parametrize("reader", sorted(READERS))
def test_independent_readers_see_our_pictures(kind, pictures, reader, tmp_path):
    _, stage = kind
    seen = READERS[reader](sorted((stage / "slices").iterdir()), tmp_path)
    assert seen.shape == pictures.shape
    for number, (own, theirs) in enumerate(zip(pictures, seen), 1):
        assert np.array_equal(own, theirs), f"slice {number}: {reader} sees something else"


@pytest.mark.parametrize("validator", ["debian", "pypi"])
def test_validators_find_nothing(kind, validator, pypi_dciodvfy):
    name, stage = kind
    command = tool("dciodvfy") if validator == "debian" else str(pypi_dciodvfy)
    for path in sorted((stage / "slices").iterdir()):
        done = subprocess.run([command, str(path)], capture_output=True, text=True)
        lines = (done.stdout + done.stderr).splitlines()
        found = [line for line in lines if line.startswith(("Error", "Warning"))]
        if name == "compress" and validator == "debian":
            # The edition of 2022 knows no geometry in single captures.
            found = [line for line in found if line.startswith("Error")]
        assert found == [], path.name


def test_the_same_export_twice_is_the_same_bytes(kind, binary, brain, tmp_path):
    name, stage = kind
    again = stage_with(binary, brain, tmp_path, KINDS[name])
    for path in sorted((stage / "slices").iterdir()):
        assert path.read_bytes() == (again / "slices" / path.name).read_bytes(), path.name


@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_pacs_takes_it_and_gives_it_back(name, pacs, brain, play, run, tmp_path):
    pacs.store(brain.slices())
    talk = play(reviewer.answers(brain), "export", brain.folder, "--pacs", pacs.address, "--output", tmp_path / "out",
                *KINDS[name])
    assert talk.code == 0, talk.text
    stage = next(p for p in (tmp_path / "out").iterdir() if (p / "manifest.json").is_file())
    manifest = json.loads((stage / "manifest.json").read_text())
    held = pacs.instances(manifest["study"]["instanceUID"], manifest["series"]["instanceUID"])
    assert held == sorted(i["sopInstanceUID"] for i in manifest["instances"])
    assert run("verify", stage, "--pacs", pacs.address).code == 0
    # Nothing that was fetched is left beside the stage.
    assert [p.name for p in (tmp_path / "out").iterdir()] == [stage.name]
    sent = [json.loads(line) for line in (stage / "journal.jsonl").read_text().splitlines()]
    syntaxes = {e["transferSyntax"] for e in sent if e["event"] == "sent"}
    assert syntaxes <= {NATIVE, RLE} and (name != "multiframe" or syntaxes == {NATIVE})


@pytest.mark.parametrize("name", ["compress", "both"])
def test_a_peer_that_refuses_packed_pixels_gets_them_unpacked(name, storescp, brain, play, tmp_path):
    """dcmtk's storescp takes native pixels only unless told otherwise."""
    talk = play(reviewer.answers(brain), "export", brain.folder, "--pacs", storescp.address, "--no-query",
                "--output", tmp_path / "out", *KINDS[name])
    assert talk.code == 0, talk.text
    stage = next(p for p in (tmp_path / "out").iterdir() if (p / "manifest.json").is_file())
    received = sorted((pydicom.dcmread(f) for f in storescp.files()), key=lambda d: int(d.InstanceNumber))
    assert {d.file_meta.TransferSyntaxUID for d in received} == {NATIVE}
    seen = np.concatenate([d.pixel_array if d.pixel_array.ndim == 4 else d.pixel_array[None] for d in received])
    assert np.array_equal(seen, composites(stage))


@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_changed_pixel_in_the_archive_is_found(name, orthanc, brain, play, run, tmp_path):
    orthanc.store(brain.slices())
    talk = play(reviewer.answers(brain), "export", brain.folder, "--pacs", orthanc.address, "--output", tmp_path / "out",
                *KINDS[name])
    assert talk.code == 0, talk.text
    stage = next(p for p in (tmp_path / "out").iterdir() if (p / "manifest.json").is_file())
    manifest = json.loads((stage / "manifest.json").read_text())
    victim = manifest["instances"][len(manifest["instances"]) // 2]
    d = pydicom.dcmread(stage / victim["file"])
    if d.file_meta.TransferSyntaxUID == RLE:
        d.decompress(generate_instance_uid=False)
    pixels = bytearray(d.PixelData)
    pixels[len(pixels) // 2] ^= 1
    d.PixelData = bytes(pixels)
    orthanc.delete(d.SOPInstanceUID)
    d.save_as(tmp_path / "altered.dcm")
    orthanc.rest("/instances", "POST", (tmp_path / "altered.dcm").read_bytes())
    done = run("verify", stage, "--pacs", orthanc.address)
    assert done.code == 65 and "altered: Pixel Data" in done.err, done.err


def test_orthanc_renders_our_pictures(kind, orthanc, tmp_path):
    """What Orthanc shows in a browser: its own decoder's picture of every slice."""
    name, stage = kind
    own = composites(stage)
    seen = []
    for path in sorted((stage / "slices").iterdir()):
        made = orthanc.rest("/instances", "POST", path.read_bytes())
        frames = int(pydicom.dcmread(path, stop_before_pixels=True).get("NumberOfFrames", 1))
        for frame in range(frames):
            target = tmp_path / f"{len(seen)}.png"
            target.write_bytes(orthanc.picture(f"/instances/{made['ID']}/frames/{frame}/preview"))
            seen.append(np.asarray(Image.open(target).convert("RGB")))
    assert np.array_equal(np.array(seen), own)


# The overlay: lines as vector graphics over the untouched scan.


@pytest.fixture(scope="session")
def overlaid(binary, brain, tmp_path_factory):
    """A stage with an overlay, and the presentation state in it."""
    stage = stage_with(binary, brain, tmp_path_factory.mktemp("overlay"), ["--overlay"])
    return stage, pydicom.dcmread(stage / "slices" / "overlay-0001.dcm")


def runs(state, image, level):
    """The lines of a level over an image, (column, row); the middle of the first pixel is 0, 0."""
    found = []
    for item in state.GraphicAnnotationSequence:
        images = [r.ReferencedSOPInstanceUID for r in item.get("ReferencedImageSequence", [])]
        if images != [image.SOPInstanceUID] or item.GraphicLayer != f"ISODOSE {level + 1}":
            continue
        for o in item.GraphicObjectSequence:
            assert (o.GraphicType, o.GraphicAnnotationUnits, o.GraphicDimensions) == ("POLYLINE", "PIXEL", 2)
            points = np.array(o.GraphicData, float).reshape(-1, 2)
            assert len(points) == o.NumberOfGraphicPoints >= 2
            found.append(points - 0.5)
    return found


def test_the_overlay_is_a_series_beside_the_map(brain, overlaid):
    stage, state = overlaid
    manifest = json.loads((stage / "manifest.json").read_text())
    [series] = manifest["additionalSeries"]
    assert series["kind"] == "overlay" and series["description"] == brain.label + " overlay"
    assert state.SeriesInstanceUID == series["instanceUID"] != manifest["series"]["instanceUID"]
    assert state.SOPClassUID == "1.2.840.10008.5.1.4.1.1.11.1" and state.Modality == "PR"
    source = brain.slices()[0]
    for name in ("PatientID", "PatientName", "StudyInstanceUID", "AccessionNumber"):
        assert state.get(name) == source.get(name), name
    [referenced] = state.ReferencedSeriesSequence
    assert referenced.SeriesInstanceUID == source.SeriesInstanceUID
    uids = [s.SOPInstanceUID for s in brain.slices()]
    assert [r.ReferencedSOPInstanceUID for r in referenced.ReferencedImageSequence] == uids
    entry = manifest["instances"][-1]
    assert entry["file"] == "slices/overlay-0001.dcm" and entry["sopInstanceUID"] == state.SOPInstanceUID
    assert [f["sourceSOPInstanceUID"] for f in entry["frames"]] == uids


def test_validators_find_nothing_in_the_overlay(overlaid, pypi_dciodvfy):
    stage, _ = overlaid
    for command in (tool("dciodvfy"), str(pypi_dciodvfy)):
        done = subprocess.run([command, str(stage / "slices" / "overlay-0001.dcm")], capture_output=True, text=True)
        found = [s for s in (done.stdout + done.stderr).splitlines() if s.startswith(("Error", "Warning"))]
        assert found == [], command
    checked = subprocess.run([tool("dcmpschk"), str(stage / "slices" / "overlay-0001.dcm")], capture_output=True, text=True)
    assert "Error" not in checked.stdout + checked.stderr, checked.stdout


def test_every_point_of_the_overlay_has_its_dose(brain, overlaid):
    """Each point's dose by scipy, and the distance that the gradient makes of its error."""
    _, state = overlaid
    dose, checked, worst = brain.dose(), 0, 0.0
    for image in brain.slices():
        along, down = np.array(image.ImageOrientationPatient, float).reshape(2, 3)
        between_rows, between_columns = map(float, image.PixelSpacing)
        for level, gray in enumerate(brain.levels):
            for points in runs(state, image, level):
                places = (np.array(image.ImagePositionPatient, float)
                          + points[:, :1] * between_columns * along + points[:, 1:] * between_rows * down)
                step = 0.05
                slope = np.hypot(*[(dose.at(places + d * step) - dose.at(places - d * step)) / 2 / step
                                   for d in (along, down)])
                off = np.abs(dose.at(places) - gray) / slope
                steep = slope > 0.02 * gray
                checked += steep.sum()
                worst = max(worst, np.nanmax(off[steep], initial=0))
    assert checked > 1000
    assert worst < 0.05, f"{worst:.3f} mm off"


def test_no_line_is_missing_from_the_overlay(brain, overlaid):
    import contourpy
    from course import pixel_points

    _, state = overlaid
    dose, compared = brain.dose(), 0
    for image in brain.slices():
        values = np.ma.masked_invalid(dose.at(pixel_points(image)))
        for level, gray in enumerate(brain.levels):
            expected = contourpy.contour_generator(z=values).lines(gray)
            own = runs(state, image, level)
            if not expected:
                continue
            compared += len(expected)
            assert own, f"{gray} Gy is missing over image {image.InstanceNumber}"
            dense = np.concatenate([
                np.column_stack([np.interp(np.linspace(0, len(p) - 1, 8 * len(p)), np.arange(len(p)), p[:, k])
                                 for k in (0, 1)]) for p in own])
            for line in expected:
                away = np.sqrt(((line[:, None] - dense[None]) ** 2).sum(-1)).min(1)
                # Straight lines between pixels against lines on the trilinear dose.
                assert np.percentile(away, 95) < 0.35 and away.max() < 1, f"{gray} Gy, image {image.InstanceNumber}"
    assert compared > 20


def test_the_overlay_runs_where_the_map_is_drawn(brain, overlaid):
    """The highest level lies on top: its points stand on pixels of its pure colour."""
    from course import COLORS

    stage, state = overlaid
    manifest = json.loads((stage / "manifest.json").read_text())
    hits = total = 0
    for image, entry in zip(brain.slices(), manifest["instances"]):
        capture = pydicom.dcmread(stage / entry["file"])
        scale = capture.Rows // image.Rows
        same = (capture.pixel_array == np.array(COLORS[5][0])).all(-1)
        for points in runs(state, image, 0):
            at = np.rint((points + 0.5) * scale - 0.5).astype(int)
            hits += same[at[:, 1], at[:, 0]].sum()
            total += len(at)
    assert total > 100 and hits / total > 0.99, f"{hits} of {total}"


def test_the_overlays_colours_are_the_maps(brain, overlaid):
    from PIL import ImageCms

    from course import COLORS

    _, state = overlaid
    lab = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
    layers = {item.GraphicLayer: item for item in state.GraphicLayerSequence}
    orders = [int(layers[f"ISODOSE {k + 1}"].GraphicLayerOrder) for k in range(len(brain.levels))]
    assert orders == sorted(orders, reverse=True)
    for level, color in zip(range(len(brain.levels)), COLORS[5]):
        l, a, b = ImageCms.applyTransform(Image.new("RGB", (1, 1), color), lab).getpixel((0, 0))
        found = layers[f"ISODOSE {level + 1}"].GraphicLayerRecommendedDisplayCIELabValue
        own = found[0] / 65535 * 100, found[1] / 65535 * 255 - 128, found[2] / 65535 * 255 - 128
        assert np.allclose(own, (l / 255 * 100, a - 128, b - 128), atol=1.2), level


def test_dcmtk_shows_the_scan_as_the_map_does(brain, overlaid, tmp_path):
    """dcmtk's presentation state engine: the same window as behind the burned-in lines."""
    stage, _ = overlaid
    paths = {pydicom.dcmread(p, stop_before_pixels=True).SOPInstanceUID: p
             for p in brain.folder.iterdir() if p.suffix == ".dcm"}
    for number, image in enumerate(brain.slices(), 1):
        if number % 7 != 1:
            continue
        target = tmp_path / f"{number}.pgm"
        done = subprocess.run(
            [tool("dcmp2pgm"), "-p", str(stage / "slices" / "overlay-0001.dcm"), str(paths[image.SOPInstanceUID]),
             str(target)], capture_output=True, text=True)
        assert done.returncode == 0 and target.is_file(), done.stderr
        seen = np.asarray(Image.open(target)).astype(int)
        own = np.asarray(Image.open(stage / "review" / "scan" / f"{number:04}.png")).astype(int)
        assert seen.shape == own.shape and np.abs(seen - own).max() <= 1


def test_a_pacs_takes_the_overlay_and_gives_it_back(orthanc, brain, play, run, tmp_path):
    orthanc.store(brain.slices())
    talk = play(reviewer.answers(brain), "export", brain.folder, "--pacs", orthanc.address, "--output", tmp_path / "out",
                "--overlay")
    assert talk.code == 0, talk.text
    stage = next(p for p in (tmp_path / "out").iterdir() if (p / "manifest.json").is_file())
    manifest = json.loads((stage / "manifest.json").read_text())
    [series] = manifest["additionalSeries"]
    held = orthanc.series(manifest["study"]["instanceUID"])
    assert held[series["instanceUID"]] == ("PR", series["description"])
    assert run("verify", stage, "--pacs", orthanc.address).code == 0
    # A line that was moved is found.
    victim = manifest["instances"][-1]
    d = pydicom.dcmread(stage / victim["file"])
    drawn = next(i for i in d.GraphicAnnotationSequence if "GraphicObjectSequence" in i)
    drawn.GraphicObjectSequence[0].GraphicData[0] += 1
    orthanc.delete(d.SOPInstanceUID)
    d.save_as(tmp_path / "altered.dcm")
    orthanc.rest("/instances", "POST", (tmp_path / "altered.dcm").read_bytes())
    done = run("verify", stage, "--pacs", orthanc.address)
    assert done.code == 65 and "overlay 1" in done.err and "Graphic Annotation" in done.err, done.err


# What is sent beside the map.

FURTHER = {
    "planes": (["--plane", "coronal,sagittal"], {"coronal": "COR", "sagittal": "SAG"}),
    "multiframe planes": (["--multiframe", "--plane", "coronal"], {"coronal": "COR"}),
    "overlay": (["--overlay"], {"overlay": "overlay"}),
}


@pytest.mark.parametrize("pacs", ["orthanc", "archive"], indirect=True)
@pytest.mark.parametrize("options, kinds", FURTHER.values(), ids=list(FURTHER))
def test_further_series_go_to_a_pacs_and_are_verified(options, kinds, pacs, brain, play, run, tmp_path):
    pacs.store(brain.slices())
    talk = play(reviewer.answers(brain), "export", brain.folder, "--pacs", pacs.address, "--output", tmp_path / "out",
                *options)
    assert talk.code == 0, talk.text
    stage = next(p for p in (tmp_path / "out").iterdir() if (p / "manifest.json").is_file())
    manifest = json.loads((stage / "manifest.json").read_text())
    series = manifest["additionalSeries"]
    assert {s["kind"]: s["description"] for s in series} == {
        kind: f"{brain.label} {suffix}" for kind, suffix in kinds.items()}
    held = pacs.series(manifest["study"]["instanceUID"])
    for one in [manifest["series"], *series]:
        uid = one["instanceUID"]
        sent = sorted(i["sopInstanceUID"] for i in manifest["instances"] if i["seriesInstanceUID"] == uid)
        assert sent and pacs.instances(manifest["study"]["instanceUID"], uid) == sent
    for one in series:
        assert held[one["instanceUID"]] == ("PR" if one["kind"] == "overlay" else "OT", one["description"])
    if "--multiframe" in options:
        assert len(manifest["instances"]) == 2 and all(len(i["frames"]) > 1 for i in manifest["instances"])
    done = run("verify", stage, "--pacs", pacs.address)
    assert done.code == 0, done.err


def test_a_web_viewer_shows_our_picture(kind, tmp_path):
    """Orthanc's web viewer in headless Chromium: the screenshot holds the picture, as it is."""
    from scipy.signal import fftconvolve

    import servers

    class Viewer(servers.Orthanc):
        options = {"Plugins": ["/usr/share/orthanc/plugins/libOrthancWebViewer.so"],
                   "WebViewer": {"CachePath": str(tmp_path / "cache")}}

    _, stage = kind
    shot = tmp_path / "shot.png"
    with Viewer(tmp_path / "orthanc") as orthanc:
        for path in sorted((stage / "slices").iterdir()):
            series = orthanc.rest("/instances", "POST", path.read_bytes())["ParentSeries"]
        own = composites(stage)
        assert len(orthanc.rest(f"/web-viewer/series/{series}")["Slices"]) == len(own)
        subprocess.run(
            [tool("chromium"), "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'chromium'}",
             f"--screenshot={shot}", "--window-size=1000,900", "--virtual-time-budget=15000",
             f"http://127.0.0.1:{orthanc.http}/web-viewer/app/viewer.html?series={series}"],
            check=True, capture_output=True, timeout=120)
    screen = np.asarray(Image.open(shot).convert("L"), float)

    def likeness(picture):
        """The best correlation of the picture's middle with any place of the screen."""
        rows, columns = picture.shape[:2]
        best = 0.0
        for zoom in np.arange(1.40, 1.425, 0.005):
            size = round(columns * zoom), round(rows * zoom)
            small = np.asarray(Image.fromarray(picture).convert("L").resize(size, Image.BILINEAR), float)
            middle = small[size[1] // 5:-size[1] // 5, size[0] // 5:-size[0] // 5]
            zero = middle - middle.mean()
            ones = np.ones_like(zero)
            mean = fftconvolve(screen, ones, "valid") / ones.size
            spread = np.sqrt(np.maximum(fftconvolve(screen**2, ones, "valid") / ones.size - mean**2, 1))
            found = fftconvolve(screen, zero[::-1, ::-1], "valid") / ones.size / spread / zero.std()
            best = max(best, found.max())
        return best

    assert likeness(own[0]) > 0.98
    assert likeness(own[len(own) // 2]) < 0.7
