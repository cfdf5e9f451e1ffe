"""An export's memory does not grow with its slices."""

import pathlib
import subprocess
import sys

import pytest
import reviewer

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Scripts"))
from fixtures import long  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
FEW, MANY = 100, 400


def peak(binary, folder, slices, *more):
    """The most memory that an export of so many thin slices takes, in kB."""
    course = folder / f"course-{slices}"
    if not course.exists():
        long.make(course, slices=slices, size=128, step=60 / slices)
    result = folder / "peak"
    done = subprocess.run(
        [sys.executable, "-S", HERE / "peak.py", result, binary, "export", course, "--output",
         folder / "-".join(["stages", str(slices), *more]), *more],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, env=reviewer.environment(folder))
    assert done.returncode == 0, done.stderr
    return int(result.read_text())


@pytest.mark.parametrize("more", [(), ("--multiframe",)])
def test_memory_is_the_same_for_few_slices_and_for_many(binary, tmp_path, more):
    few, many = peak(binary, tmp_path, FEW, *more), peak(binary, tmp_path, MANY, *more)
    # A small picture and a coarse slice each would be 100 MB; a full page of the contact sheet is some of this.
    assert many - few < 40_000, f"{FEW} slices take {few} kB, {MANY} take {many} kB"
    assert many < 200_000
