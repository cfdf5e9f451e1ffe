#!/usr/bin/env python3
"""Writes Fixtures/dose-samples.json: doses that scipy interpolates, for the sampling tests.

Grids of all kinds of orientation and spacing hold seeded random counts; points are chosen in
patient millimetres, inside, on the boundary and outside. The expected dose is
scipy.interpolate.RegularGridInterpolator's (linear), not a number outside the sample points.
Volumes are those of the trilinear function, counted on 40 sub-points along each axis of a cell.
Needs numpy and scipy.
"""
import json
import pathlib

import numpy as np
from scipy.interpolate import RegularGridInterpolator

random = np.random.default_rng(20200423)


def rotation(axis, degrees):
    axis = np.asarray(axis, float) / np.linalg.norm(axis)
    a = np.radians(degrees)
    k = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    return np.eye(3) + np.sin(a) * k + (1 - np.cos(a)) * k @ k


ORIENTATIONS = {
    "HFS axial": [1, 0, 0, 0, 1, 0],
    "HFP axial": [-1, 0, 0, 0, -1, 0],
    "FFS axial": [-1, 0, 0, 0, 1, 0],
    "FFP axial": [1, 0, 0, 0, -1, 0],
    "HFDR axial": [0, 1, 0, -1, 0, 0],
    "HFDL axial": [0, -1, 0, 1, 0, 0],
    "coronal": [1, 0, 0, 0, 0, -1],
    "sagittal": [0, 1, 0, 0, 0, -1],
}
for name, axis, angle in [("oblique 18", [1, 0, 0], 18), ("double oblique", [1, 2, 3], 37)]:
    r = rotation(axis, angle)
    ORIENTATIONS[name] = list(r[:, 0]) + list(r[:, 1])

OFFSETS = {
    "even": [0, 2.5, 5, 7.5, 10],
    "falling": [0, -3, -6, -9, -12],
    "uneven": [0, 1, 4, 4.5, 9],
    "not from zero": [-7, -4.5, -1, 6, 6.25],
}

cases = []
for name, iop in ORIENTATIONS.items():
    for kind, offsets in OFFSETS.items():
        rows, columns, planes = 6, 7, len(offsets)
        row_spacing, column_spacing = 2.0, 3.125
        position = random.uniform(-200, 200, 3).round(4)
        along, down = np.array(iop[:3]), np.array(iop[3:])
        normal = np.cross(along, down)
        counts = random.integers(0, 2**32 - 1, (planes, rows, columns))
        scaling = 1.4e-9
        lattice = sorted(offsets)
        values = counts if offsets[0] < offsets[-1] else counts[::-1]
        exact = RegularGridInterpolator(
            (lattice, np.arange(rows) * row_spacing, np.arange(columns) * column_spacing),
            values.astype(float) * scaling, method="linear", bounds_error=False, fill_value=np.nan)
        samples = []
        for number in range(40):
            # Every fourth point lies within a quarter of the extent outside, as it falls.
            slack = 0.25 if number % 4 == 3 else -0.001
            depth, y, x = (
                random.uniform(low - slack * (high - low), high + slack * (high - low))
                for low, high in [(lattice[0], lattice[-1]), (0, (rows - 1) * row_spacing),
                                  (0, (columns - 1) * column_spacing)])
            point = position + along * x + down * y + normal * depth
            # Back from the rounded patient coordinates, which is what a reader starts from.
            v = point - position
            value = float(exact([[v @ normal, v @ down, v @ along]])[0])
            samples.append({"point": point.tolist(), "gray": None if np.isnan(value) else value})
        cases.append({
            "name": f"{name}, {kind}", "orientation": iop, "position": position.tolist(),
            "rowSpacing": row_spacing, "columnSpacing": column_spacing, "rows": rows,
            "columns": columns, "offsets": offsets, "counts": counts.ravel().tolist(),
            "grayPerCount": scaling, "samples": samples})

fine = (np.arange(40) + 0.5) / 40
volumes = []
for case in cases[:4]:
    grid = np.array(case["counts"], float).reshape(
        len(case["offsets"]), case["rows"], case["columns"]) * case["grayPerCount"]
    level = float(np.median(grid))
    index = RegularGridInterpolator(tuple(np.arange(n) for n in grid.shape), grid)
    total = 0.0
    for k, gap in enumerate(np.abs(np.diff(case["offsets"]))):
        z, y, x = np.meshgrid(
            k + fine, (np.arange(case["rows"] - 1)[:, None] + fine).ravel(),
            (np.arange(case["columns"] - 1)[:, None] + fine).ravel(), indexing="ij")
        inside = index(np.stack([z, y, x], -1).reshape(-1, 3)) >= level
        total += inside.sum() / 40**3 * gap * case["rowSpacing"] * case["columnSpacing"]
    volumes.append({"case": case["name"], "gray": level, "cubicCentimetres": total / 1000})

target = pathlib.Path(__file__).parents[2] / "Fixtures" / "dose-samples.json"
target.write_text(json.dumps({"cases": cases, "volumes": volumes}, separators=(",", ":")) + "\n")
print(f"{target}: {len(cases)} grids, {sum(len(c['samples']) for c in cases)} points")
