"""The courses themselves: what they claim is so, and validators agree."""

import subprocess
import sys

import numpy as np
import pytest

from course import BRAIN, NECK, ROOT, Course, pixel_points, position
from servers import tool


@pytest.mark.parametrize("folder", [BRAIN, NECK], ids=lambda f: f.name)
def test_dose_file_holds_the_analytic_dose(folder):
    course = Course(folder)
    d = course.datasets("RTDOSE")[0]
    gray = d.pixel_array * float(d.DoseGridScaling)
    x, y, z = (float(o) + float(s) * np.arange(n) for o, s, n in zip(
        d.ImagePositionPatient, course.facts["dose"]["grid"]["spacing"], course.facts["dose"]["grid"]["size"]))
    expected = course.analytic((x[None, None, :], y[None, :, None], z[:, None, None]))
    assert np.abs(gray - expected).max() <= float(d.DoseGridScaling) * 0.51


@pytest.mark.parametrize("folder", [BRAIN, NECK], ids=lambda f: f.name)
def test_slices_lie_where_the_facts_say(folder):
    course = Course(folder)
    slices = course.slices()
    assert [s.SOPInstanceUID for s in slices] == [s["sopInstanceUID"] for s in course.facts["slices"]]
    for s, fact in zip(slices, course.facts["slices"]):
        assert np.allclose(position(s), fact["position"], atol=1e-5)
    numbers = [int(s.InstanceNumber) for s in slices]
    assert sorted(numbers) == list(range(1, len(slices) + 1))
    assert numbers != sorted(numbers)
    files = [str(s.filename) for s in slices]
    assert files != sorted(files) and files != sorted(files, reverse=True)


@pytest.mark.parametrize("folder", [BRAIN, NECK], ids=lambda f: f.name)
def test_one_slice_is_hottest(folder):
    course = Course(folder)
    dose = course.dose()
    peaks = [np.nanmax(np.nan_to_num(dose.at(pixel_points(s)), nan=0)) for s in course.slices()]
    assert abs(int(np.argmax(peaks)) + 1 - course.facts["hottestSlice"]) <= 1


@pytest.mark.parametrize("folder", [BRAIN, NECK], ids=lambda f: f.name)
def test_dciodvfy_finds_no_error(folder):
    # It aborts on any RT Dose of 32 bits, and does not know VERIFIED as PS3.3 C.8.8.21 has it.
    for path in sorted(folder.iterdir()):
        done = subprocess.run([tool("dciodvfy"), str(path)], capture_output=True, text=True)
        errors = [line for line in (done.stdout + done.stderr).splitlines()
                  if line.startswith("Error") and "Treatment Verification Status" not in line]
        assert errors == [], path.name


def test_the_table_of_hazards_is_up_to_date():
    done = subprocess.run([sys.executable, str(ROOT / "Scripts" / "make-variants.py"), "--list"],
                          capture_output=True, text=True, check=True)
    assert done.stdout == (ROOT / "Fixtures" / "hazards.tsv").read_text()
