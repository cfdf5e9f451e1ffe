"""The finished pixels against scipy's trilinear dose and contourpy's level sets."""

import json

import contourpy
import numpy as np
import pydicom
import pytest
from scipy.ndimage import distance_transform_edt

from course import COLORS, pixel_points, windowed


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
