#!/usr/bin/env python3
"""Samples a real dose with scipy, in double precision, for the tests to compare with.

    Scripts/references/real-dose.py DOSE.dcm CT.dcm > Fixtures/real-dose-samples.json

Points: pixel centres of the CT slice, and seeded random points in and round the whole grid, among
them points outside, whose dose is null.
"""
import json, sys

import numpy
import pydicom
from scipy.interpolate import RegularGridInterpolator

dose, image = (pydicom.dcmread(path) for path in sys.argv[1:3])
counts = dose.pixel_array.astype(numpy.float64) * float(dose.DoseGridScaling)
position = numpy.array(dose.ImagePositionPatient, dtype=float)
assert [float(v) for v in dose.ImageOrientationPatient] == [1, 0, 0, 0, 1, 0]
offsets = numpy.array(dose.GridFrameOffsetVector, dtype=float)
assert offsets[0] == 0
rows = position[1] + float(dose.PixelSpacing[0]) * numpy.arange(dose.Rows)
columns = position[0] + float(dose.PixelSpacing[1]) * numpy.arange(dose.Columns)
planes = position[2] + offsets
sampled = RegularGridInterpolator((planes, rows, columns), counts, bounds_error=False)
random = numpy.random.default_rng(3)
low = numpy.array([columns[0], rows[0], planes[0]]) - 5
high = numpy.array([columns[-1], rows[-1], planes[-1]]) + 5
points = list(random.uniform(low, high, (300, 3)))
hottest = numpy.unravel_index(counts.argmax(), counts.shape)
centre = numpy.array([columns[hottest[2]], rows[hottest[1]], planes[hottest[0]]])
points += list(centre + random.uniform(-20, 20, (200, 3)))
along = numpy.array([float(v) for v in image.ImageOrientationPatient])
first = numpy.array([float(v) for v in image.ImagePositionPatient])
for row, column in random.integers(0, [image.Rows, image.Columns], (200, 2)):
    points.append(first + along[:3] * column * float(image.PixelSpacing[1]) + along[3:] * row * float(image.PixelSpacing[0]))
samples = []
for x, y, z in points:
    value = float(sampled([[z, y, x]])[0])
    samples.append({"at": [float(x), float(y), float(z)], "gray": None if numpy.isnan(value) else value})
json.dump({"maximumGray": float(counts.max()), "samples": samples}, sys.stdout)
print()
