import json
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "Fixtures" / "courses"
sys.path.insert(0, str(ROOT / "Scripts"))
SCREEN = (1280, 800)


def pytest_collection_modifyitems(items):
    missing = [name for name in ("chromium", "chromedriver") if not shutil.which(name)]
    if missing and not os.environ.get("CI"):
        for item in items:
            item.add_marker(pytest.mark.skip(reason=f"{' and '.join(missing)} missing; run Scripts/setup tests"))


def export(course, folder, *options):
    binary = pathlib.Path(os.environ.get("PUSH2PACS_BINARY", ROOT / ".build" / "release" / "push2pacs"))
    assert binary.is_file(), f"{binary} is missing; run swift build -c release first"
    home = folder / "home"
    home.mkdir(parents=True)
    done = subprocess.run(
        [str(binary), "export", str(course), "--output", str(folder / "stages"), *options],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300,
        env={"HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"})
    assert done.returncode == 0, done.stderr
    return pathlib.Path(done.stdout.splitlines()[-1])


@pytest.fixture(scope="session")
def brain(tmp_path_factory):
    return export(FIXTURES / "brain-srs", tmp_path_factory.mktemp("brain"))


@pytest.fixture(scope="session")
def neck(tmp_path_factory):
    return export(FIXTURES / "head-neck", tmp_path_factory.mktemp("neck"))


def variant(name, factory):
    """The stage of a course of Fixtures with one oddity, as Scripts/make-variants.py writes it."""
    from fixtures import variants

    folder = factory.mktemp(name)
    known = variants.VARIANTS[name]
    course = FIXTURES / known.course
    case = variants.load(course, json.loads(course.with_suffix(".json").read_text()))
    known.change(case)
    variants.write(case, folder / "course", name)
    return export(folder / "course", folder)


@pytest.fixture(scope="session")
def many(tmp_path_factory):
    """A stage with a series of every kind beside the map."""
    return export(FIXTURES / "head-neck", tmp_path_factory.mktemp("many"), "--window", "soft-tissue", "--window", "bone",
                  "--plane", "coronal,sagittal", "--overlay")


@pytest.fixture(scope="session")
def prior(tmp_path_factory):
    return variant("follow-up-scan", tmp_path_factory)


@pytest.fixture(scope="session")
def deformed(tmp_path_factory):
    return variant("registration-deformable", tmp_path_factory)


@pytest.fixture(scope="session")
def tilted(tmp_path_factory):
    return variant("gantry-tilt", tmp_path_factory)


@pytest.fixture(scope="session")
def long(tmp_path_factory):
    """Three hundred slices of 512 x 512."""
    from fixtures.long import make

    folder = tmp_path_factory.mktemp("long")
    make(folder / "course", slices=300)
    return export(folder / "course", folder)


HOSTILE = "</script><script>window.hit=1</script>{{data}}<!--&\"'"


@pytest.fixture(scope="session")
def hostile(tmp_path_factory):
    """Names in the files that would be code in a careless page."""
    from fixtures import variants

    folder = tmp_path_factory.mktemp("hostile")
    course = FIXTURES / "brain-srs"
    case = variants.load(course, json.loads(course.with_suffix(".json").read_text()))
    for d in case.slices:
        d.SeriesDescription = HOSTILE
    for roi in case.structures.StructureSetROISequence:
        roi.ROIName = HOSTILE + str(roi.ROINumber)
    case.plan.RTPlanLabel = "<b>{{data}}</b>"
    variants.write(case, folder / "course", "hostile")
    return export(folder / "course", folder)


@pytest.fixture(scope="session")
def single(tmp_path_factory):
    """A scan of one slice, through the middle of the larger lesion."""
    from fixtures.long import make

    folder = tmp_path_factory.mktemp("single")
    make(folder / "course", slices=1, middle=23.0)
    return export(folder / "course", folder)


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    for name in ("chromium", "chromedriver"):
        assert shutil.which(name), f"{name} is missing; run Scripts/setup tests"
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    profile = tmp_path_factory.mktemp("profile")
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--force-device-scale-factor=1",
                     "--force-color-profile=srgb", "--hide-scrollbars", "--disable-background-networking",
                     f"--user-data-dir={profile}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
    driver.set_script_timeout(60)
    # The window's own bars count; the page is to have the whole size.
    driver.set_window_size(*SCREEN)
    inner = driver.execute_script("return [innerWidth, innerHeight]")
    driver.set_window_size(2 * SCREEN[0] - inner[0], 2 * SCREEN[1] - inner[1])
    yield driver
    driver.quit()
