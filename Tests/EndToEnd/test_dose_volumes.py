"""Targets' dose-volume figures: spheres sampled finely by numpy, their dose by scipy."""

import json
import re
import sys

import numpy as np
import pydicom
import pytest

from course import ROOT, Dose

sys.path.insert(0, str(ROOT / "Scripts"))

from fixtures import variants  # noqa: E402
from fixtures.objects import item, numbers  # noqa: E402

BASE = ROOT / "Fixtures" / "courses" / "brain-srs"
CENTRE = np.array([-33.0, -27.0, 24.0])


def sphere_contours(radius, gap, phase):
    """Circles where planes at `gap` cut the sphere, as a planning system would store them."""
    turn = np.linspace(0, 2 * np.pi, 240, endpoint=False)
    contours = []
    for k in range(int(-radius / gap) - 2, int(radius / gap) + 3):
        z = (k + phase) * gap
        if abs(z) >= radius - 1e-6:
            continue
        r = np.sqrt(radius**2 - z**2)
        points = CENTRE + np.stack([r * np.cos(turn), r * np.sin(turn), np.full_like(turn, z)], axis=1)
        contours.append(item(
            ContourGeometricType="CLOSED_PLANAR", NumberOfContourPoints=len(points), ContourData=numbers(points.ravel(), 4)))
    return contours


def course_with_a_sphere(folder, radius, gap, phase):
    facts = json.loads(BASE.with_suffix(".json").read_text())
    case = variants.load(BASE, facts)
    roi = next(r for r in case.structures.ROIContourSequence if r.ReferencedROINumber == 3)
    roi.ContourSequence = pydicom.sequence.Sequence(sphere_contours(radius, gap, phase))
    variants.write(case, folder, "sphere")
    return Dose(next(d for d in map(pydicom.dcmread, sorted(folder.iterdir())) if d.Modality == "RTDOSE"))


def inside(radius, step=0.2):
    """Points of the sphere, each for the same volume."""
    along = np.arange(-radius - step, radius + step, step) + step / 3
    p = np.stack(np.meshgrid(along, along, along, indexing="ij"), axis=-1).reshape(-1, 3)
    return CENTRE + p[(p**2).sum(1) <= radius**2]


@pytest.mark.parametrize("radius, gap, phase", [(7.5, 1, 0), (8, 1, 0.3), (10, 2, 0.5), (12, 2, 0.1), (4, 0.5, 0.25)])
def test_figures_are_within_a_hundredth_of_the_targets_volume(run, tmp_path, radius, gap, phase):
    dose = course_with_a_sphere(tmp_path / "in", radius, gap, phase)
    done = run("export", tmp_path / "in", "--output", tmp_path / "out")
    assert done.code == 0, done.err
    stage = next((tmp_path / "out").iterdir())
    manifest = json.loads((stage / "manifest.json").read_text())
    figures = next(f for f in manifest["doseVolumes"] if f["name"] == "GTV_A")
    gray = dose.at(inside(radius))
    assert figures["volumeCm3"] == pytest.approx(4 / 3 * np.pi * radius**3 / 1000, rel=0.01)
    assert figures["prescribedGy"] == 18 and figures["isPartOutsideGrid"] is False
    assert figures["v100Percent"] == pytest.approx(100 * np.mean(gray >= 18), abs=1)
    # A dose is right where the share of the volume that gets it is.
    for name, percent in (("d98Gy", 98), ("d95Gy", 95), ("d50Gy", 50), ("d2Gy", 2)):
        assert 100 * np.mean(gray >= figures[name]) == pytest.approx(percent, abs=1), name
    assert figures["dmaxGy"] == pytest.approx(gray.max(), rel=0.01)
    assert figures["meanGy"] == pytest.approx(gray.mean(), rel=0.01)


def test_the_review_page_shows_what_the_manifest_says(run, tmp_path):
    done = run("export", BASE, "--output", tmp_path / "out")
    assert done.code == 0, done.err
    stage = next((tmp_path / "out").iterdir())
    manifest = json.loads((stage / "manifest.json").read_text())
    page = (stage / "review" / "index.html").read_text()
    table = re.search(r'<table id="targets">(.*?)</table>', page, re.S)[1]
    head, *rows = re.findall(r"<tr>(.*?)</tr>", table, re.S)
    names = re.findall(r"<th[^>]*>(.*?)</th>", head)
    assert names == ["target", "cm³", "D98", "D95", "D50", "D2", "Dmax", "mean", "V100"]
    assert [f["name"] for f in manifest["doseVolumes"]] == ["GTV_A", "GTV_B"] and len(rows) == 2
    for row, figures in zip(rows, manifest["doseVolumes"]):
        values = [float(v.removesuffix(" %")) for v in re.findall(r"<td>(.*?)</td>", row)]
        shown = dict(zip(names[1:], values, strict=True))
        for name in ("D98", "D95", "D50", "D2", "Dmax"):
            assert shown[name] == pytest.approx(figures[name.lower() + "Gy"], abs=0.0051)
        assert shown["mean"] == pytest.approx(figures["meanGy"], abs=0.0051)
        assert shown["V100"] == pytest.approx(figures["v100Percent"], abs=0.11)
        assert figures["dmaxGy"] >= figures["d2Gy"] >= figures["d50Gy"] >= figures["d95Gy"] >= figures["d98Gy"]
