"""What is known of a course without asking push2pacs."""

import json
import pathlib
import sys

import numpy as np
import pydicom
from scipy.ndimage import map_coordinates

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Scripts"))

from fixtures.dose import AnalyticDose, Blob, Group  # noqa: E402

COLORS = {
    5: [(220, 50, 32), (240, 228, 66), (0, 255, 255), (0, 158, 115), (150, 90, 255)],
    6: [(220, 50, 32), (230, 159, 0), (255, 255, 0), (0, 158, 115), (0, 255, 255), (150, 90, 255)],
}


class Course:
    def __init__(self, folder, facts=None):
        self.folder = pathlib.Path(folder)
        self.facts = json.loads((facts or self.folder.with_suffix(".json")).read_text())
        self.chart = self.facts["chart"]
        self.label = self.chart["label"]
        self.levels = self.chart["levelsGy"]
        d = self.facts["dose"]
        self.analytic = AnalyticDose(
            [Group(g["gray"], [Blob(**b) for b in g["blobs"]]) for g in d["groups"]],
            Blob(**d["envelope"]) if d.get("envelope") else None)

    def datasets(self, *modalities):
        found = []
        for path in sorted(self.folder.iterdir()):
            d = pydicom.dcmread(path)
            if d.Modality in modalities:
                found.append(d)
        return found

    def slices(self):
        """The scan along its normal, by pydicom and numpy alone."""
        scan = self.datasets("CT", "MR")
        row, column = orientation(scan[0])
        normal = np.cross(row, column)
        return sorted(scan, key=lambda d: float(np.dot(normal, position(d))))

    def dose(self):
        return Dose(self.datasets("RTDOSE")[0])


class Dose:
    """Trilinear by scipy, in the grid's own index space; NaN beyond the outermost voxel centres.

    A single plane is known on itself, to a thousandth of a millimetre.
    """

    def __init__(self, d):
        self.gray = d.pixel_array.astype(float).reshape(-1, d.Rows, d.Columns) * float(d.DoseGridScaling)
        row, column = orientation(d)
        self.axes = np.array([np.cross(row, column), column, row])
        self.origin = position(d)
        self.spacing = [float(v) for v in d.PixelSpacing]
        offsets = np.array(d.get("GridFrameOffsetVector", [0.0]), float)
        self.offsets = offsets - offsets[0]

    def at(self, points):
        """`points`: an array whose last axis is x, y, z."""
        local = np.einsum("kj,...j->k...", self.axes, points - self.origin)
        if len(self.offsets) == 1:
            frame = np.where(np.abs(local[0]) <= 1e-3, 0.0, np.nan)
        else:
            frame = np.interp(local[0], self.offsets, np.arange(len(self.offsets)), left=np.nan, right=np.nan)
        index = np.array([frame, local[1] / self.spacing[0], local[2] / self.spacing[1]])
        index = np.where(np.abs(index - np.rint(index)) < 1e-9, np.rint(index), index)
        values = map_coordinates(self.gray, np.nan_to_num(index, nan=-1), order=1, mode="nearest")
        known = np.all([(i >= 0) & (i <= n - 1) for i, n in zip(index, self.gray.shape)], axis=0)
        return np.where(known & ~np.isnan(frame), values, np.nan)


def position(d):
    return np.array(d.ImagePositionPatient, float)


def orientation(d):
    v = np.array(d.ImageOrientationPatient, float)
    return v[:3], v[3:]


def pixel_points(d, rows=None, columns=None):
    """Patient positions of (fractional) pixel centres of an image."""
    row, column = orientation(d)
    between_rows, between_columns = (float(v) for v in d.PixelSpacing)
    r = np.arange(d.Rows) if rows is None else np.asarray(rows, float)
    c = np.arange(d.Columns) if columns is None else np.asarray(columns, float)
    r, c = np.meshgrid(r, c, indexing="ij")
    return position(d) + r[..., None] * between_rows * column + c[..., None] * between_columns * row


def windowed(d):
    """PS3.3 C.11.2.1.2.1 with the first window, to 0...255."""
    x = d.pixel_array.astype(float) * float(d.get("RescaleSlope", 1)) + float(d.get("RescaleIntercept", 0))
    center, width = (float(np.atleast_1d(v)[0]) for v in (d.WindowCenter, d.WindowWidth))
    y = ((x - (center - 0.5)) / (width - 1) + 0.5) * 255
    return np.clip(y, 0, 255)


BRAIN = ROOT / "Fixtures" / "courses" / "brain-srs"
NECK = ROOT / "Fixtures" / "courses" / "head-neck"
