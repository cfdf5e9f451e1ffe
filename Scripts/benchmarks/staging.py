"""Confirmed stages to send, and what the parts that talk to servers share."""
import json, pathlib, subprocess, sys

import measure

sys.path[:0] = [str(measure.ROOT / "Scripts"), str(measure.ROOT / "Tests" / "EndToEnd")]

from fixtures import long  # noqa: E402
import pydicom  # noqa: E402
import reviewer  # noqa: E402
import servers  # noqa: E402
from course import BRAIN, Course  # noqa: E402


class Stages:
    def __init__(self, binary, folder):
        self.binary, self.folder = binary, pathlib.Path(folder)
        self.home = self.folder / "home"
        self.home.mkdir()

    def stage(self, slices):
        """A confirmed stage of so many slices, and its manifest."""
        folder = self.folder / str(slices)
        long.make(folder / "course", slices=slices, step=100 / slices)
        done = subprocess.run(
            [self.binary, "export", folder / "course", "--output", folder / "stages"], stdin=subprocess.DEVNULL,
            capture_output=True, text=True, env=reviewer.environment(self.home))
        assert done.returncode == 0, done.stderr
        stage = pathlib.Path(done.stdout.splitlines()[-1])
        manifest = json.loads((stage / "manifest.json").read_text())
        height = manifest["doses"][0]["maximumAt"][2]
        hottest = min(manifest["instances"], key=lambda i: abs(i["position"][2] - height))["instanceNumber"]
        self.answers = reviewer.answers(Course(BRAIN), slice=str(hottest))
        talk = reviewer.play([self.binary, "confirm", stage], self.answers, self.home)
        assert talk.code == 0, talk.text
        return stage, manifest

    def settle(self, stage, server, *options):
        """Answers once what the archive's answers need of a person; the timed runs need nobody."""
        talk = reviewer.play(
            [self.binary, "push", stage, "--pacs", server.address, *options],
            {**self.answers, "reviewer": "Bench Mark"}, self.home)
        assert talk.code == 0, talk.text


def scan(folder, slices):
    """A slice of the course's scan: with it the archive holds the study."""
    return pydicom.dcmread(next(iter(sorted((pathlib.Path(folder) / str(slices) / "course").glob("CT*")))))


def versions():
    return {"dcmtk": measure.version(["/usr/bin/storescu", "--version"]),
            "Orthanc": measure.version([servers.tool("Orthanc"), "--version"])}
