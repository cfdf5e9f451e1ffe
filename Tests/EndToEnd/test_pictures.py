"""The finished pixels against scipy's trilinear dose and contourpy's level sets."""

import json
import os
import pathlib
import subprocess

import contourpy
import numpy as np
import pydicom
import pytest
from PIL import Image
from scipy.ndimage import distance_transform_edt

import reviewer
from course import COLORS, ROOT, Course, Dose, orientation, pixel_points, position, windowed
from servers import tool
from test_sums import Made


@pytest.fixture(scope="session")
def pictures(exported):
    """For each slice: number, capture, source, scipy's dose at the capture's pixel centres."""
    course, stage = exported
    dose = course.dose()
    manifest = json.loads((stage / "manifest.json").read_text())
    found = []
    for entry, source in zip(manifest["instances"], course.slices()):
        capture = pydicom.dcmread(stage / entry["file"])
        found.append((entry["instanceNumber"], capture.pixel_array, capture, source, dose.at(pixel_points(capture))))
    return found


def level_lines(dose, level):
    """The level set in output pixels, (row, column), densely."""
    masked = np.ma.masked_invalid(dose)
    points = []
    for line in contourpy.contour_generator(z=masked).lines(level):
        steps = np.hypot(*np.diff(line, axis=0).T)
        along = np.concatenate([[0], np.cumsum(steps)])
        dense = np.arange(0, along[-1], 0.5)
        points += [np.column_stack([np.interp(dense, along, line[:, 1]), np.interp(dense, along, line[:, 0])])]
    return np.concatenate(points) if points else np.empty((0, 2))


def distance_to(points, shape):
    """For each pixel the distance to the nearest of the points, within half a pixel."""
    if not len(points):
        return np.full(shape, np.inf)
    mask = np.ones(shape, bool)
    mask[tuple(np.clip(np.rint(points).astype(int), 0, np.array(shape) - 1).T)] = False
    return distance_transform_edt(mask)


def test_away_from_ink_the_picture_is_the_windowed_scan(pictures):
    for number, pixels, capture, source, _ in pictures:
        scale = capture.Rows // source.Rows
        exact = np.kron(windowed(source), np.ones((scale, scale)))
        plain = (np.abs(pixels.astype(float) - exact[..., None]) <= 0.5 + 1e-9).all(-1)
        assert plain.mean() > 0.80, f"slice {number}: {plain.mean():.1%} of the pixels are the scan's"


def test_ink_is_lines_lettering_and_the_grids_edge(exported, pictures):
    """Whatever is not the scan lies near a line, near the grid's edge, or forms blocks of lettering."""
    course, _ = exported
    for number, pixels, capture, source, dose in pictures:
        scale = capture.Rows // source.Rows
        exact = np.kron(windowed(source), np.ones((scale, scale)))
        ink = (np.abs(pixels.astype(float) - exact[..., None]) > 0.5 + 1e-9).any(-1)
        known = ~np.isnan(dose)
        near = np.zeros(ink.shape, bool)
        for level in course.levels:
            near |= distance_to(level_lines(dose, level), ink.shape) < 5
        if known.any() and not known.all():
            near |= (distance_transform_edt(known) < 5) & (distance_transform_edt(~known) < 5)
        rows, columns = ink.shape
        middle = np.zeros(ink.shape, bool)
        middle[int(rows * 0.42):int(rows * 0.58), int(columns * 0.42):int(columns * 0.58)] = True
        if known.any():
            stray = ink & middle & ~near
            assert not stray.any(), f"slice {number}: ink at {np.argwhere(stray)[0]} belongs to nothing"


def test_lines_have_their_colour_where_the_dose_has_their_level(exported, pictures):
    course, _ = exported
    colors = COLORS[6 if len(course.levels) == 6 else 5]
    checked = 0
    for number, pixels, _, _, dose in pictures:
        lines = [level_lines(dose, level) for level in course.levels]
        for k, (points, color) in enumerate(zip(lines, colors)):
            if not len(points):
                continue
            same = (pixels == np.array(color)).all(-1)
            far = distance_transform_edt(~same) if same.any() else np.full(same.shape, np.inf)
            # Higher levels lie on top, with their casings.
            covered = np.zeros(same.shape, bool)
            for other in lines[:k]:
                covered |= distance_to(other, same.shape) < 6
            at = np.clip(np.rint(points).astype(int), 0, np.array(same.shape) - 1)
            free = ~covered[tuple(at.T)]
            if free.sum() < 20:
                continue
            off = far[tuple(at[free].T)]
            assert np.percentile(off, 95) <= 1.5, f"slice {number}, {course.levels[k]} Gy: {np.percentile(off, 95):.1f} pixels off"
            checked += 1
    assert checked >= 3 * len(course.levels)


def test_no_colour_stands_where_its_level_is_not(exported, pictures):
    """Pixels of a level's exact colour lie on its level set, or in the legend's corner."""
    course, _ = exported
    colors = COLORS[6 if len(course.levels) == 6 else 5]
    for number, pixels, _, _, dose in pictures:
        for level, color in zip(course.levels, colors):
            same = (pixels == np.array(color)).all(-1)
            away = same & (distance_to(level_lines(dose, level), same.shape) > 3)
            if away.any():
                r, c = np.nonzero(away)
                assert np.ptp(r) < 0.3 * same.shape[0] and np.ptp(c) < 0.5 * same.shape[1], (
                    f"slice {number}: the colour of {level} Gy is scattered")


def test_a_slice_outside_the_grid_has_no_lines(exported, pictures):
    course, _ = exported
    outside = [(n, p) for n, p, _, _, dose in pictures if np.isnan(dose).all()]
    for number, pixels in outside:
        for color in COLORS[5][:3]:
            same = (pixels == np.array(color)).all(-1)
            assert same.mean() < 0.01, f"slice {number}"


# What may be added to a map: tint, outlines, the marked maximum, further windows, the locator.


def exported_with(binary, course, folder, *options):
    """A stage of a course with some options, and its manifest."""
    (folder / "home").mkdir(parents=True)
    done = subprocess.run(
        [str(binary), "export", str(course.folder), "--output", str(folder / "stages"), *options],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, env=reviewer.environment(folder / "home"), timeout=300)
    assert done.returncode == 0, done.stderr
    stage = pathlib.Path(done.stdout.splitlines()[-1])
    return stage, json.loads((stage / "manifest.json").read_text())


def captures(stage, manifest, series=None):
    wanted = series or manifest["series"]["instanceUID"]
    return [pydicom.dcmread(stage / i["file"]) for i in manifest["instances"] if i["seriesInstanceUID"] == wanted]


@pytest.fixture(scope="session")
def adorned(binary, tmp_path_factory, brain):
    """The brain course with a tint of 20 %, outlines of brain and targets, and the maximum marked."""
    stage, manifest = exported_with(
        binary, brain, tmp_path_factory.mktemp("adorned"), "--wash", "20", "--structures", "gtv_*",
        "--structures", "BRAIN", "--mark-maximum")
    return brain, manifest, captures(stage, manifest)


def test_a_tint_is_a_fifth_of_the_levels_colour(adorned):
    """numpy's blend, where neither lines nor lettering are: in the rings between the isodoses."""
    course, manifest, drawn = adorned
    assert manifest["rendering"]["wash"] == 20
    checked = 0
    for capture, source in zip(drawn, course.slices()):
        dose = course.dose().at(pixel_points(capture))
        if np.isnan(dose).all() or np.nanmax(dose) < course.levels[-1]:
            continue
        scale = capture.Rows // source.Rows
        grey = np.kron(np.floor(windowed(source) + 0.5), np.ones((scale, scale), int)).astype(int)
        far = np.ones(dose.shape, bool)
        for level in course.levels:
            far &= distance_to(level_lines(dose, level), dose.shape) > 5
        for k, level in enumerate(course.levels):
            higher = course.levels[k - 1] if k else np.inf
            ring = far & (dose >= level) & (dose < higher)
            color = np.array(COLORS[5][k])
            expected = (grey[..., None] * 80 + color * 20 + 50) // 100
            same = (capture.pixel_array == expected).all(-1) & ring
            # The outlines and the cross cover some of the innermost region.
            if ring.sum() > (400 if k == 0 else 30):
                assert same.sum() > (0.4 if k == 0 else 0.97) * ring.sum(), f"{level} Gy, slice {capture.InstanceNumber}"
                checked += 1
    assert checked >= 3


def test_outlines_follow_the_structure_sets_contours(adorned):
    course, manifest, drawn = adorned
    assert outlines_followed(course, drawn) >= 3


def test_outlines_are_brought_along_by_a_rigid_registration(binary, brain, tmp_path):
    """The scan was moved and turned; numpy moves contours and dose with the matrix that was written."""
    from fixtures.variants import rigid

    made = Made("registered-scan", tmp_path)
    stage, manifest = exported_with(
        binary, made, tmp_path / "out", "--structures", "gtv_*", "--structures", "BRAIN")
    assert manifest["registration"]["kind"] == "rigid"
    assert outlines_followed(brain, captures(stage, manifest), rigid()) >= 3


def outlines_followed(course, drawn, to_scan=np.eye(4)):
    """Pixels of the outline's pale colour lie along the contours on a slice, but where isodoses cover them."""
    back = np.linalg.inv(to_scan)
    structures = course.datasets("RTSTRUCT")[0]
    names = {r.ROINumber: r.ROIName for r in structures.StructureSetROISequence}
    asked = [n for n in names.values() if n == "Brain" or n.startswith("GTV_")]
    colors = dict(zip(asked, np.array([(255, 255, 255), (255, 170, 212), (170, 196, 255)])))
    normal = np.cross(*orientation(drawn[0]))
    depths = np.array([position(c) @ normal for c in drawn])
    followed = 0
    for roi in structures.ROIContourSequence:
        name = names[roi.ReferencedROINumber]
        for contour in list(roi.get("ContourSequence", []))[::5] if name in colors else []:
            points = np.array(contour.ContourData, float).reshape(-1, 3) @ to_scan[:3, :3].T + to_scan[:3, 3]
            capture = drawn[int(np.argmin(np.abs(depths - points[0] @ normal)))]
            row, column = orientation(capture)
            offset = points - position(capture)
            assert np.abs(offset @ normal).max() < 0.5
            between_rows, between_columns = (float(v) for v in capture.PixelSpacing)
            at = np.column_stack([offset @ column / between_rows, offset @ row / between_columns])
            at = np.concatenate([np.linspace(a, b, 20) for a, b in zip(at, np.roll(at, -1, 0))])
            cells = tuple(np.rint(at).astype(int).T)
            dose = course.dose().at(pixel_points(capture) @ back[:3, :3].T + back[:3, 3])
            free = np.ones(len(at), bool)
            for level in course.levels:
                free &= distance_to(level_lines(dose, level), dose.shape)[cells] > 6
            if free.mean() < 0.5:
                continue
            near = (np.abs(capture.pixel_array.astype(int) - colors[name]) <= colors[name] * 0.45).all(-1)
            off = distance_transform_edt(~near)[cells]
            # Lettering and the frame of the locator may cover a part.
            assert np.percentile(off[free], 85) <= 1.5, f"{name}, slice {capture.InstanceNumber}"
            followed += 1
    return followed


def test_the_cross_marks_the_highest_voxel(adorned):
    """On the slice next to the highest voxel, and nowhere else, four white arms around its place."""
    course, manifest, drawn = adorned
    place = np.array(manifest["doses"][0]["maximumAt"])
    d = course.datasets("RTDOSE")[0]
    k, r, c = np.unravel_index(np.argmax(d.pixel_array), d.pixel_array.shape)
    row, column = orientation(d)
    spacing = [float(v) for v in d.PixelSpacing]
    offsets = np.array(d.GridFrameOffsetVector, float)
    voxel = position(d) + c * spacing[1] * row + r * spacing[0] * column + (offsets[k] - offsets[0]) * np.cross(row, column)
    assert np.allclose(voxel, place, atol=1e-3)

    def arms(capture):
        row, column = orientation(capture)
        spacing = [float(v) for v in capture.PixelSpacing]
        offset = place - position(capture)
        r, c = offset @ column / spacing[0], offset @ row / spacing[1]
        ends = [(r, c + 6), (r, c - 6), (r + 6, c), (r - 6, c)]
        return [capture.pixel_array[round(y), round(x)].min() for y, x in ends]

    normal = np.cross(*orientation(drawn[0]))
    depth = [abs(float((place - position(c)) @ normal)) for c in drawn]
    nearest = int(np.argmin(depth))
    assert min(arms(drawn[nearest])) >= 150, arms(drawn[nearest])


def test_of_a_sum_the_highest_place_of_the_sum_is_marked(binary, tmp_path):
    """What --mark-maximum changes lies around the place where scipy's sum of both doses is highest."""
    made = Made("boost", tmp_path)
    doses = [Dose(made.dose(label)) for label in ("HN_50", "HN_BOOST")]

    def total(points):
        return doses[0].at(points) + np.nan_to_num(doses[1].at(points))

    stage, manifest = exported_with(binary, made, tmp_path / "marked", "--sum", "sequential", "--mark-maximum")
    plain = exported_with(binary, made, tmp_path / "plain", "--sum", "sequential")
    changed = []
    for a, b in zip(captures(stage, manifest), captures(*plain), strict=True):
        white = (a.pixel_array.min(-1) > 200) & (a.pixel_array != b.pixel_array).any(-1)
        # The legend says in its corner what the cross means.
        white[:white.shape[0] // 2, :white.shape[1] * 2 // 5] = False
        if white.any():
            changed.append((a, np.argwhere(white).mean(0), np.nan_to_num(total(pixel_points(a))).max()))
    [(capture, centre, highest)] = changed
    place = pixel_points(capture, [centre[0]], [centre[1]])[0, 0]
    everywhere = max(np.nan_to_num(total(pixel_points(d))).max() for d in made.slices())
    assert highest == pytest.approx(everywhere, rel=0.005)
    assert total(place[None])[0] == pytest.approx(everywhere, rel=0.005)
    assert manifest["sum"]["maximumGy"] == pytest.approx(everywhere, rel=0.01)
    # Neither part alone would put it there.
    assert max(np.nanmax(d.gray) for d in doses) < 0.95 * everywhere


def test_a_structure_that_is_not_there_is_named_with_those_that_are(run, brain, tmp_path):
    done = run("export", brain.folder, "--output", tmp_path, "--structures", "PTV*")
    assert done.code == 64
    assert "PTV*" in done.err and "GTV_A" in done.err
    assert not list(tmp_path.glob("RT_*"))


def test_further_windows_are_series_of_their_own(binary, neck, tmp_path):
    """A preset, then a window of the scan's own: BONE stands in its header with 400, 2000."""
    stage, manifest = exported_with(binary, neck, tmp_path, "--window", "soft-tissue", "--window", "bone")
    first = captures(stage, manifest)
    (extra,) = manifest["additionalSeries"]
    second = captures(stage, manifest, extra["instanceUID"])
    assert len(first) == len(second) == len(neck.slices())
    assert first[0].SeriesDescription + " bone" == second[0].SeriesDescription
    for source, soft, bone in zip(neck.slices(), first, second):
        scale = soft.Rows // source.Rows
        for capture, center, width in [(soft, 40, 400), (bone, 400, 2000)]:
            x = source.pixel_array.astype(float) * float(source.RescaleSlope) + float(source.RescaleIntercept)
            shown = np.clip(((x - (center - 0.5)) / (width - 1) + 0.5) * 255, 0, 255)
            exact = np.kron(shown, np.ones((scale, scale)))
            plain = (np.abs(capture.pixel_array.astype(float) - exact[..., None]) <= 0.5 + 1e-9).all(-1)
            assert plain.mean() > 0.75


@pytest.mark.parametrize("windows, code, words", [
    (["40,80", "40,80"], 64, "twice"), (["40,80", "40,0"], 64, "width"), (["40,80", "bone"], 65, "bone")])
def test_a_further_window_that_makes_no_sense_is_refused(run, brain, tmp_path, windows, code, words):
    """The brain's scan is an MR: it knows no windows of CT."""
    done = run("export", brain.folder, "--output", tmp_path, *[f"--window={w}" for w in windows])
    assert done.code == code and words in done.err
    assert not list(tmp_path.glob("RT_*"))


def test_the_locator_shows_the_middle_rows_and_marks_the_slice(exported, pictures):
    """Bottom left: a coronal view by numpy, and a white line that climbs with the slices."""
    course, _ = exported
    sources = course.slices()
    marks = []
    for number, pixels, capture, source, _ in pictures:
        rows, columns, _ = pixels.shape
        side = min(rows, columns) * 22 // 100
        corner = pixels[rows - side - 4:, :side + 4].astype(int)
        # A row of the corner that is white all along the view's width is the mark.
        white = (corner.min(-1) > 240).mean(1)
        marks += [(number, int(np.argmax(white)), float(white.max()))]
    seen = [m for m in marks if m[2] > 0.85]
    assert len(seen) > 0.6 * len(marks), marks
    rows = [m[1] for m in seen]
    up = np.cross(*orientation(sources[0]))[2] > 0
    steps = np.diff(rows)
    assert (steps <= 0).all() if up else (steps >= 0).all(), rows
    assert abs(rows[0] - rows[-1]) > 15


def corner(pixels):
    """Where the locator stands: the bottom left."""
    side = min(pixels.shape[:2]) * 22 // 100
    return pixels[pixels.shape[0] - side - 4:, :side + 4].astype(int)


@pytest.mark.parametrize("syntax", ["rle", "jpeg 2000"])
def test_a_packed_scan_has_the_same_pictures_and_a_locator(binary, neck, tmp_path, syntax):
    """Packed without loss by pydicom or gdcmconv; the locator is made of fewer slices then."""
    folder = tmp_path / "course"
    folder.mkdir()
    for path in neck.folder.iterdir():
        d = pydicom.dcmread(path)
        if d.Modality != "CT":
            d.save_as(folder / path.name)
        elif syntax == "rle":
            d.compress(pydicom.uid.RLELossless, generate_instance_uid=False)
            d.save_as(folder / path.name)
        else:
            subprocess.run([tool("gdcmconv"), "--j2k", str(path), str(folder / path.name)], check=True)
            assert pydicom.dcmread(folder / path.name).file_meta.TransferSyntaxUID == pydicom.uid.JPEG2000Lossless
    packed = Course(folder, facts=neck.folder.with_suffix(".json"))
    ours = captures(*exported_with(binary, packed, tmp_path / "packed"))
    plain = captures(*exported_with(binary, neck, tmp_path / "plain"))
    for a, b in zip(ours, plain, strict=True):
        beside = (a.pixel_array != b.pixel_array).any(-1)
        side = min(beside.shape) * 22 // 100
        beside[beside.shape[0] - side - 4:, :side + 4] = False
        assert not beside.any(), f"slice {a.InstanceNumber}, row, column {np.argwhere(beside)[0]}"
        one, other = corner(a.pixel_array).mean(-1), corner(b.pixel_array).mean(-1)
        assert np.corrcoef(one.ravel(), other.ravel())[0, 1] > 0.9
        marks = [np.argmax((c > 240).mean(1)) for c in (one, other)]
        assert abs(marks[0] - marks[1]) <= 1, f"slice {a.InstanceNumber}: {marks}"


def test_a_leaning_stack_has_no_locator(binary, tmp_path):
    """The corner where it would stand is the windowed scan."""
    made = Made("gantry-tilt", tmp_path)
    drawn = captures(*exported_with(binary, made, tmp_path / "out"))
    for capture, source in zip(drawn, made.slices(), strict=True):
        scale = capture.Rows // source.Rows
        exact = corner(np.kron(windowed(source) + 0.5, np.ones((scale, scale))))
        found = corner(capture.pixel_array)
        plain = (np.abs(found - exact[..., None]) <= 1).all(-1)
        # The scale bar and its number have come down into the corner.
        assert plain.mean() > 0.85, f"slice {capture.InstanceNumber}: {plain.mean():.1%}"


def glyphs():
    """Capitals as the golden CT shows them, from two of its lines that are known."""
    sheet = np.asarray(Image.open(ROOT / "Fixtures" / "golden" / "exported-ct.png").convert("RGB")).min(-1).astype(int)
    found = {}
    for rows, column, letters in (((523, 537), 345, "NOTFORDIAGNOSISORPLANNING"), ((539, 553), 435, "THISCOURSEONLY")):
        part = sheet[rows[0]:rows[1], column:]
        inked = np.concatenate([[False], (part > 110).any(0), [False]])
        starts, ends = np.flatnonzero(inked[1:] & ~inked[:-1]), np.flatnonzero(~inked[1:] & inked[:-1])
        # A colon may stand behind the last letter.
        assert len(letters) <= len(starts) <= len(letters) + 1
        lines = np.flatnonzero((part > 110).any(1))
        for letter, start, end in zip(letters, starts, ends):
            found.setdefault(letter, part[lines[0]:lines[-1] + 1, start:end])
    return found


def reads(pixels, words):
    """Whether the capitals of some words stand in a row of a picture, one after the other."""
    known, bright = glyphs(), pixels.min(-1).astype(int)
    views = {c: np.lib.stride_tricks.sliding_window_view(bright > 110, known[c].shape) for c in set(words) - {" "}}
    fits = {c: (view != (known[c] > 110)).sum((2, 3)) <= 2 for c, view in views.items()}
    for row in range(len(fits[words[0]])):
        for start in np.flatnonzero(fits[words[0]][row]):
            at = start + known[words[0]].shape[1]
            for before, c in zip(words, words[1:]):
                if c == " ":
                    continue
                near = np.flatnonzero(fits[c][row][at:at + (9 if before == " " else 5)])
                if not len(near):
                    break
                at += near[0] + known[c].shape[1]
            else:
                return True
    return False


def test_a_sum_with_a_part_that_is_cut_says_at_least_in_its_pixels(binary, tmp_path):
    """Read with the letters of the golden CT; a whole sum does not say it."""
    for name, said in (("boost-grid-too-small", True), ("boost", False)):
        made = Made(name, tmp_path)
        stage, manifest = exported_with(binary, made, tmp_path / f"out-{name}", "--sum", "sequential")
        assert manifest["sum"]["atLeast"] is said
        capture = next(c for c in captures(stage, manifest) if c.InstanceNumber == manifest["hottestSlices"][0])
        legend = capture.pixel_array[40:240, :180]
        assert reads(legend, "AT LEAST") is said, name


def is_as_found_right(pixels, name):
    """Compares with a picture of Fixtures/golden that somebody has looked at."""
    golden = ROOT / "Fixtures" / "golden" / name
    if os.environ.get("PUSH2PACS_WRITE_GOLDEN") == "1":
        Image.fromarray(pixels).save(golden, optimize=True)
    expected = np.asarray(Image.open(golden)).astype(int)
    assert expected.shape == pixels.shape
    off = np.argwhere(np.abs(expected - pixels).max(-1) > 1)
    assert not len(off), (
        f"{name}, row, column {off[0]}: {pixels[tuple(off[0])]} for {expected[tuple(off[0])]}, {len(off)} pixels in all")


def test_exported_pictures_are_as_they_were_found_right(exported):
    """An MR and a CT slice with everything on it; PUSH2PACS_WRITE_GOLDEN=1 writes them anew: look at them."""
    course, stage = exported
    manifest = json.loads((stage / "manifest.json").read_text())
    number = manifest["hottestSlices"][0]
    capture = next(c for c in captures(stage, manifest) if c.InstanceNumber == number)
    is_as_found_right(capture.pixel_array, f"exported-{manifest['source']['modality'].lower()}.png")


def test_a_frame_is_as_it_was_found_right(binary, neck, tmp_path):
    """The ninth frame of a multi-frame capture, low in the neck, where only lower levels are reached."""
    stage, manifest = exported_with(binary, neck, tmp_path, "--multiframe")
    [instance] = manifest["instances"]
    capture = pydicom.dcmread(stage / instance["file"])
    assert capture.NumberOfFrames == len(neck.slices())
    is_as_found_right(capture.pixel_array[8], "exported-multiframe.png")


def test_no_name_is_burned_in(binary, brain, tmp_path):
    """A Japanese name in every header: the pictures are the very same, and the name goes with them."""
    folder = tmp_path / "course"
    folder.mkdir()
    for path in brain.folder.iterdir():
        d = pydicom.dcmread(path)
        d.SpecificCharacterSet = ["", "ISO 2022 IR 87"]
        d.PatientName = "Yamada^Tarou=山田^太郎=やまだ^たろう"
        d.save_as(folder / path.name)
    named = Course(folder, facts=brain.folder.with_suffix(".json"))
    stage, manifest = exported_with(binary, named, tmp_path / "named")
    for a, b in zip(
            captures(stage, manifest), captures(*exported_with(binary, brain, tmp_path / "plain")), strict=True):
        assert str(a.PatientName) == "Yamada^Tarou=山田^太郎=やまだ^たろう"
        differ = np.argwhere((a.pixel_array != b.pixel_array).any(-1))
        assert not len(differ), f"slice {a.InstanceNumber}, row, column {differ[0]}"
    hottest = next(c for c in captures(stage, manifest) if c.InstanceNumber == manifest["hottestSlices"][0])
    is_as_found_right(hottest.pixel_array, "exported-mr.png")


def test_letters_that_the_font_lacks_are_warned_of(binary, brain, tmp_path):
    """A structure with a Japanese name: drawn with question marks, said in the check, never dropped."""
    folder = tmp_path / "course"
    folder.mkdir()
    for path in brain.folder.iterdir():
        d = pydicom.dcmread(path)
        if d.Modality == "RTSTRUCT":
            d.SpecificCharacterSet = ["", "ISO 2022 IR 87"]
            next(r for r in d.StructureSetROISequence if r.ROIName == "Brain").ROIName = "Brain 腫瘍"
        d.save_as(folder / path.name)
    named = Course(folder, facts=brain.folder.with_suffix(".json"))
    _, manifest = exported_with(binary, named, tmp_path, "--structures", "brain*")
    (check,) = [c for c in manifest["checks"] if c["id"] == "render.lettering"]
    assert check["status"] == "warning"
    assert "'腫'" in check["detail"] and "'瘍'" in check["detail"]
