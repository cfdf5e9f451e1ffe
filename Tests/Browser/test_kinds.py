"""The review page of maps that are not simple: prior, deformed, leaning, single, long."""

import json
import re

import numpy as np
import pydicom
import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from conftest import FIXTURES, HOSTILE
from page import Page


@pytest.fixture
def opened(browser):
    pages = []

    def open_page(stage):
        pages.append(Page(browser, stage))
        return pages[-1]

    yield open_page
    for page in pages:
        assert page.complaints() == []


def data(page):
    return json.loads(page.script("return document.getElementById('data').textContent"))


def fact(page, name):
    for row in page.all("#course tr"):
        if row.find_element(By.TAG_NAME, "th").get_attribute("textContent") == name:
            return row.find_element(By.TAG_NAME, "td").get_attribute("textContent")
    raise AssertionError(f"no row {name}")


def test_a_prior_map_says_who_registered_it_and_when(opened, prior):
    page = opened(prior)
    assert page.find("h1").text.startswith("PRIOR_RT_")
    said = fact(page, "Registration")
    assert said.startswith("rigid") and "made by Physicist Example on 2020-04-21" in said
    # How far it moves the hottest point, from the matrix that the registration was written with.
    from fixtures.variants import rigid

    peak = json.loads((FIXTURES / "brain-srs.json").read_text())["dose"]["maximumAtVoxel"]["position"]
    shift = (rigid() @ [*peak, 1])[:3] - peak
    moved = [float(v) for v in re.search(r"by ([-\d.]+), ([-\d.]+), ([-\d.]+) mm", said).groups()]
    assert moved == pytest.approx(shift, abs=1.0)
    page.press("m")
    page.screenshot("prior")


def test_outlines_lie_where_the_registration_puts_them(opened, prior):
    """Each contour point of the structure set, moved by the matrix with numpy, into pixels of the slice."""
    from fixtures.variants import rigid

    course = [pydicom.dcmread(path) for path in sorted((FIXTURES / "brain-srs").iterdir())]
    structures = next(d for d in course if d.Modality == "RTSTRUCT")
    numbers = {roi.ROINumber: roi.ROIName for roi in structures.StructureSetROISequence}
    page = opened(prior)
    about = json.loads((prior / "manifest.json").read_text())
    capture = pydicom.dcmread(prior / about["instances"][0]["file"])
    row, column = np.array(capture.ImageOrientationPatient, float).reshape(2, 3)
    normal = np.cross(row, column)
    shown = data(page)
    scale = capture.Columns / shown["series"][0]["columns"]
    spacing = [float(v) * scale for v in capture.PixelSpacing]
    origins = [np.array(entry["position"]) for entry in about["instances"]]
    # The capture's first pixel is a part of the scan's first pixel.
    half = (scale - 1) / 2 / scale
    compared = 0
    for structure in shown["outlines"]:
        contours = next(c for c in structures.ROIContourSequence if numbers[c.ReferencedROINumber] == structure["name"])
        points = np.concatenate([np.array(c.ContourData, float).reshape(-1, 3) for c in contours.ContourSequence])
        points = points @ rigid()[:3, :3].T + rigid()[:3, 3]
        for line in structure["lines"]:
            origin = origins[line["slice"]]
            near = points[np.abs((points - origin) @ normal) < 1.6] - origin
            wanted = np.column_stack([near @ row / spacing[1] - half, near @ column / spacing[0] - half])
            found = np.array(line["points"]).reshape(-1, 2)
            off = np.min(np.linalg.norm(found[:, None] - wanted[None], axis=2), axis=1)
            assert off.max() < 0.15, f"{structure['name']}, slice {line['slice'] + 1}: {off.max():.2f} pixels off"
            compared += len(found)
    assert compared > 500


def test_the_picture_is_whole_whatever_stands_below_it(opened, prior):
    """The row with the names of the outlines once pushed the ends of the picture out of sight."""
    page = opened(prior)
    page.press("m")
    page.press("o")
    page.until(lambda: page.find("#names").text)
    page.screenshot("prior-outlines")
    frame, content = page.script(
        "return ['frame', 'content'].map(id => { const r = document.getElementById(id).getBoundingClientRect();"
        "return [r.left, r.top, r.right, r.bottom] })")
    assert frame[0] - 0.5 <= content[0] and frame[1] - 0.5 <= content[1]
    assert content[2] <= frame[2] + 0.5 and content[3] <= frame[3] + 0.5
    page.browser.set_window_size(1280, 700)
    try:
        page.until(lambda: page.script(
            "const f = document.getElementById('frame').getBoundingClientRect(),"
            "c = document.getElementById('content').getBoundingClientRect(); return c.bottom <= f.bottom + 0.5"))
    finally:
        page.browser.set_window_size(1280, 800)
        inner = page.script("return [innerWidth, innerHeight]")
        page.browser.set_window_size(2560 - inner[0], 1600 - inner[1])


def test_a_deformed_map_says_so(opened, deformed):
    page = opened(deformed)
    said = fact(page, "Registration")
    assert said.startswith("deformable") and "Physicist Example" in said
    assert len(page.all("figure.across")) == 2
    page.press("m")
    page.press("o")
    page.until(lambda: page.all("#outline path"))
    page.screenshot("deformed")


def test_a_leaning_stack_has_no_views_across_and_says_why(opened, tilted):
    page = opened(tilted)
    assert page.all("figure.across") == []
    assert "its slices lean" in page.find("#across").text
    page.press("m")
    page.press(Keys.ARROW_RIGHT)
    page.press("r")
    page.until(lambda: page.find(".region").get_attribute("aria-current") == "true")
    page.screenshot("tilted")


def test_all_further_series_are_named(opened, many):
    """The overlay, which the page cannot show, as well as those in its menu."""
    page = opened(many)
    label = json.loads((many / "manifest.json").read_text())["label"]
    rows = {row.find_element(By.TAG_NAME, "td").get_attribute("textContent") for row in page.all("#course tr")
            if row.find_element(By.TAG_NAME, "th").get_attribute("textContent") == "Further series"}
    assert {row.split(": ")[0] for row in rows} == {f"{label} {name}" for name in ("bone", "COR", "SAG", "overlay")}
    assert "does not show it" in next(row for row in rows if row.startswith(f"{label} overlay"))
    names = [o.get_attribute("textContent") for o in page.all("#series option")]
    assert sorted(names) == ["COR", "Dose map", "SAG", "bone"]
    page.screenshot("further-series")


def test_a_simple_map_has_no_further_series(opened, brain):
    page = opened(brain)
    assert page.all("#series") == []
    assert "Further series" not in page.find("#course").get_attribute("textContent")


def test_a_single_slice(opened, single):
    page = opened(single)
    assert page.count == 1 and page.slice == 1
    assert page.all("figure.across") == []
    assert "it is a single slice" in page.find("#across").text
    assert len(page.all(".region")) == 1 and page.find("#regions .outside").text.endswith("outside this scan")
    assert page.find("#regions .region").text.endswith("slice 1")
    assert fact(page, "Scan").startswith("CT, 1 slice,")
    for key in (Keys.ARROW_RIGHT, Keys.END, Keys.HOME, "m", "r", "d", "b", "o", " ", " "):
        page.press(key)
        page.at(1)
    page.screenshot("single")


def test_what_files_bring_stays_text(opened, hostile):
    page = opened(hostile)
    page.press("m")
    page.press("o")
    page.until(lambda: page.all("#outline path"))
    assert page.script("return window.hit") is None
    assert HOSTILE in fact(page, "Scan") and "<b>{{data}}</b>" in fact(page, "Plan")
    assert HOSTILE in page.find("#names").text
    assert HOSTILE in page.find("#targets").get_attribute("textContent")


LATENCY = """
window.waits = [];
addEventListener("keydown", (event) => {
  const began = event.timeStamp, wanted = String(index + 1);
  const look = () => {
    const image = document.querySelector("#content .slice .ink");
    if (Number(content.dataset.slice) >= Number(wanted) && image.complete) waits.push(performance.now() - began);
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
});
"""


def test_many_keys_at_once_do_not_pile_up(opened, long):
    """Faster than any machine draws: the last slice asked for stands soon, those between are passed over."""
    page = opened(long)
    page.go(20)
    took = page.browser.execute_async_script("""
      const done = arguments[arguments.length - 1], began = performance.now();
      for (let k = 0; k < 200; k++) show(index + 1);
      showing.then(() => done([performance.now() - began, content.dataset.slice, where.textContent, loaded.size]));
    """)
    assert took[1] == "220" and took[2].startswith("slice 220 /")
    assert took[0] < 2000 and took[3] <= 24


def test_three_hundred_slices_of_512_without_stutter(opened, long):
    """From the key press to the frame in which the new picture stands, on a machine that is busy."""
    page = opened(long)
    assert page.count == 300
    loaded = page.script("return performance.getEntriesByType('resource').filter(e => /scan|ink/.test(e.name)).length")
    assert loaded <= 24, "pictures are loaded when they are needed, not all at once"
    page.go(60)
    page.script(LATENCY)
    # A key held down: thirty a second.
    for _ in range(8):
        held = ActionChains(page.browser)
        for _ in range(10):
            held = held.send_keys(Keys.ARROW_RIGHT).pause(0.033)
        held.perform()
    page.until(lambda: page.slice == 140 and len(page.script("return waits")) == 80)
    waits = np.array(page.script("return waits"))
    print(f"key to picture: median {np.median(waits):.0f} ms, 95 % {np.percentile(waits, 95):.0f} ms, "
          f"slowest {waits.max():.0f} ms")
    assert np.median(waits) < 300 and np.percentile(waits, 95) < 700
    # A jump over many slices, where nothing was loaded ahead.
    page.press(Keys.HOME)
    page.at(1)
    page.press(Keys.END)
    page.at(300)
    page.press("m")
    page.until(lambda: page.slice in json.loads((long / "manifest.json").read_text())["hottestSlices"])
    page.screenshot("long")
    assert page.script("return loaded.size") <= 24
    page.press(" ")
    page.until(lambda: len(page.script("return [...loaded.keys()]")) > 0 and page.slice > 100)
    page.press(" ")
    assert page.script("return loaded.size") <= 24
