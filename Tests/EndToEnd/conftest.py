import os
import pathlib
import subprocess
import sys
from dataclasses import dataclass

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import reviewer  # noqa: E402
import servers  # noqa: E402
from course import BRAIN, NECK, ROOT, Course  # noqa: E402


@dataclass
class Finished:
    code: int
    out: str
    err: str

    @property
    def error_lines(self):
        return [line for line in self.err.splitlines() if line.startswith("push2pacs: ")]


@pytest.fixture(scope="session")
def binary():
    path = pathlib.Path(os.environ.get("PUSH2PACS_BINARY", ROOT / ".build" / "release" / "push2pacs"))
    assert path.is_file(), f"{path} is missing; run swift build -c release first"
    return path


@pytest.fixture
def home(tmp_path):
    """A home with nothing in it."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def run(binary, home):
    """Runs push2pacs where nobody sits at a terminal."""

    def run(*arguments, cwd=None, timeout=180, **variables):
        done = subprocess.run(
            [str(binary), *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
            env={**reviewer.environment(home), **variables}, cwd=cwd, timeout=timeout)
        return Finished(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def play(binary, home):
    """Runs push2pacs on a terminal, with a person who answers."""
    return lambda given, *arguments, **how: reviewer.play([binary, *arguments], given, home, **how)


@pytest.fixture(scope="session")
def brain():
    return Course(BRAIN)


@pytest.fixture(scope="session")
def neck():
    return Course(NECK)


@pytest.fixture(params=["orthanc", "dcmqrscp", "archive"])
def pacs(request, tmp_path, binary):
    """A PACS that can be asked and gives back what it holds."""
    kinds = {"orthanc": servers.Orthanc, "dcmqrscp": servers.Dcmqrscp, "archive": servers.EmbeddedArchive}
    servers.EmbeddedArchive.binary = binary
    with kinds[request.param](tmp_path / request.param) as server:
        yield server


@pytest.fixture
def orthanc(tmp_path):
    with servers.Orthanc(tmp_path / "orthanc") as server:
        yield server


@pytest.fixture(scope="session")
def pypi_dciodvfy():
    """The newer build of dciodvfy, from PyPI."""
    path = pathlib.Path(sys.executable).parent / "dciodvfy"
    assert path.is_file(), f"{path} is missing; run Scripts/setup tests"
    return path


@pytest.fixture
def storescp(tmp_path):
    with servers.Storescp(tmp_path / "storescp") as server:
        yield server


def staged(binary, course, folder, *options):
    """Stages a course without a terminal; the stage's path is the last line of stdout."""
    (folder / "home").mkdir(parents=True)
    done = subprocess.run(
        [str(binary), "export", str(course.folder), "--output", str(folder / "stages"), *options], stdin=subprocess.DEVNULL,
        capture_output=True, text=True, env=reviewer.environment(folder / "home"), timeout=300)
    assert done.returncode == 0, done.stderr
    stage = pathlib.Path(done.stdout.splitlines()[-1])
    assert (stage / "manifest.json").is_file(), done.stdout
    return stage


@pytest.fixture(scope="session", params=["brain-srs", "head-neck"])
def exported(request, binary, tmp_path_factory, brain, neck):
    """A course and the stage that an export of it left."""
    course = {"brain-srs": brain, "head-neck": neck}[request.param]
    return course, staged(binary, course, tmp_path_factory.mktemp(request.param))
