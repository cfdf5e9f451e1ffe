"""The terminal while work goes on: what is shown, what a Ctrl-C leaves, what somebody may choose."""

import json
import os
import pathlib
import re
import subprocess
import sys
import termios

import pexpect
import pydicom
import pyte
import pytest

import reviewer
import servers
from course import ROOT
from slow import SlowWire
from test_sums import Made

sys.path.insert(0, str(ROOT / "Scripts"))
from fixtures import long  # noqa: E402

LABEL = "RT_18Gy_1Fx_04.23.2020"


class Screen:
    """push2pacs on a terminal, and what its person sees."""

    def __init__(self, binary, home, *arguments, term="xterm-256color", rows=24, columns=80, **variables):
        environment = {**reviewer.environment(home), "TERM": term, "NO_COLOR": "", **variables}
        for name in ("COLUMNS", "LINES"):
            environment.pop(name)
        self.child = pexpect.spawn(
            str(binary), [str(a) for a in arguments], env=environment, encoding="utf-8", codec_errors="replace",
            timeout=30, dimensions=(rows, columns))
        self.modes = termios.tcgetattr(self.child.fileno())
        self.text = ""

    def sees(self, pattern):
        self.child.expect(pattern)
        self.text += self.child.before + self.child.after
        return self.child.match

    def types(self, text):
        self.child.sendline(text)

    def stops(self):
        self.child.sendcontrol("c")

    def ends(self):
        """The exit code; the terminal must be as it was."""
        self.child.expect(pexpect.EOF)
        self.text += self.child.before
        modes = termios.tcgetattr(self.child.fileno())
        self.child.close()
        assert modes == self.modes
        return self.child.exitstatus

    @property
    def lines(self):
        """What stays on the screen, line by line: what was overwritten is gone, styles too."""
        text = re.sub(r"\x1b_.*?\x1b\\|\x1b\[[?0-9;]*[a-jl-zA-JL-Z]", "", self.text).replace("\r\n", "\n")
        kept = []
        for line in text.split("\n"):
            shown = ""
            for part in line.split("\r"):
                part = part.replace("\x1b[K", "\0")
                shown = part.replace("\0", "") if "\0" in part else part + shown[len(part):]
            kept.append(shown)
        return kept

    def answers(self, course, **changed):
        given = reviewer.answers(course, **changed)
        for name in reviewer.ORDER:
            self.sees(reviewer.ASKED[name])
            self.types(given[name])


@pytest.fixture
def many(brain, tmp_path):
    """A folder that takes a second or more to be read."""
    folder = tmp_path / "many"
    folder.mkdir()
    plan = next(p for p in brain.folder.iterdir() if pydicom.dcmread(p, stop_before_pixels=True).Modality == "RTPLAN")
    plan = plan.read_bytes()
    for number in range(8_000):
        (folder / f"{number}").write_bytes(plan)
    return folder


@pytest.fixture(scope="session")
def large(tmp_path_factory):
    """A course that takes a second or more to be drawn."""
    folder = tmp_path_factory.mktemp("large") / "course"
    long.make(folder, slices=120, size=512, step=0.5)
    return folder


@pytest.fixture
def archive(binary, brain, tmp_path):
    """An archive that holds the scan, at the end of a slow wire."""
    servers.EmbeddedArchive.binary = binary
    with servers.EmbeddedArchive(tmp_path / "archive") as server:
        server.store(brain.datasets("MR"))
        # The scan has 3 MB, its map 40 MB.
        with SlowWire(server.port, 8_000_000) as wire, SlowWire(server.port, 1_000_000) as slower:
            server.slowly, server.slower = (
                server.address.rsplit(":", 1)[0] + f":{w.own_port}" for w in (wire, slower))
            yield server


@pytest.fixture
def stage(binary, home, brain, tmp_path):
    done = subprocess.run(
        [binary, "export", brain.folder, "--output", tmp_path / "out"], stdin=subprocess.DEVNULL, capture_output=True,
        env=reviewer.environment(home), timeout=180)
    assert done.returncode == 0, done.stderr
    return tmp_path / "out" / brain.label


@pytest.fixture
def confirmed(binary, home, brain, stage):
    screen = Screen(binary, home, "confirm", stage)
    screen.answers(brain)
    assert screen.ends() == 0
    return stage


# Progress.

BAR = r"%s  (\[[#-]+\]  )?\d+( of \d+)? %s  [0-9.]+/s"


def test_reading_shows_how_far_it_is(binary, home, many):
    screen = Screen(binary, home, "inspect", many)
    screen.sees(BAR % ("Reading", "files"))
    assert screen.ends() == 0
    assert not any("Reading" in line for line in screen.lines)


def test_drawing_shows_how_far_it_is(binary, home, large, tmp_path):
    screen = Screen(binary, home, "export", large, "--output", tmp_path / "out")
    screen.sees(BAR % ("Drawing", "slices") + r"  \d:\d\d left")
    assert screen.ends() == 0
    assert not any("Drawing" in line for line in screen.lines)


def test_sending_and_verifying_show_how_far_they_are(binary, home, brain, archive, tmp_path):
    screen = Screen(binary, home, "export", brain.folder, "--pacs", archive.slowly, "--output", tmp_path / "out")
    screen.answers(brain)
    screen.sees(BAR % ("Sending", "instances") + r"  \d:\d\d left")
    screen.sees(BAR % ("Fetching", "instances") + r"  \d:\d\d left")
    assert screen.ends() == 0
    assert "/s" not in "\n".join(screen.lines)
    assert f"VERIFIED {LABEL}" in "\n".join(screen.lines)


def test_fetching_shows_how_far_it_is(binary, home, archive, tmp_path):
    screen = Screen(
        binary, home, "fetch", "--pacs", archive.slower, "--patient-id", "P2P-0001", "--output", tmp_path / "got")
    screen.sees(BAR % ("Fetching", "instances"))
    assert screen.ends() == 0


@pytest.mark.parametrize("how", [{"term": "dumb"}, {"term": ""}])
def test_a_terminal_without_controls_gets_lines_that_stay(binary, home, large, tmp_path, how):
    screen = Screen(binary, home, "export", large, "--output", tmp_path / "out", **how)
    assert screen.ends() == 0
    assert "\x1b" not in screen.text and "/s" not in screen.text
    assert screen.lines.count("Drawing ...") == 1, screen.text


def test_no_colour_leaves_progress_and_words(binary, home, large, tmp_path):
    screen = Screen(binary, home, "export", large, "--output", tmp_path / "out", NO_COLOR="1")
    screen.sees("Drawing")
    assert screen.ends() == 0
    assert not re.search(r"\x1b\[[0-9;]*m", screen.text)


def test_without_a_terminal_nothing_moves(run, brain, archive, tmp_path):
    done = run("fetch", "--pacs", archive.slower, "--patient-id", "P2P-0001", "--output", tmp_path / "got")
    assert done.code == 0 and "/s" not in done.err and "..." not in done.err and "\x1b" not in done.err
    done = run("export", brain.folder, "--output", tmp_path / "out", TERM="xterm", NO_COLOR="")
    assert done.code == 0 and "Drawing" not in done.err and "\x1b" not in done.err + done.out


# Ctrl-C.


def one_line(screen):
    said = [line for line in screen.lines if line.startswith("push2pacs: ")]
    return said[-1]


def test_ctrl_c_while_reading(binary, home, many):
    screen = Screen(binary, home, "inspect", many)
    screen.sees("Reading")
    screen.stops()
    assert screen.ends() == 130
    assert one_line(screen) == "push2pacs: stopped with Ctrl-C"
    assert screen.lines[-2:] == ["push2pacs: stopped with Ctrl-C", ""], screen.lines


def test_ctrl_c_while_drawing(binary, home, large, tmp_path):
    screen = Screen(binary, home, "export", large, "--output", tmp_path / "out")
    screen.sees("Drawing")
    screen.stops()
    assert screen.ends() == 130
    assert one_line(screen) == "push2pacs: stopped; nothing was staged, nothing is sent"
    assert os.listdir(tmp_path / "out") == []


def test_ctrl_c_at_a_choice(binary, home, tmp_path):
    made = Made("two-scans", tmp_path / "in")
    screen = Screen(binary, home, "export", made.folder, "--output", tmp_path / "out")
    screen.sees(r"Number \(1-2\): ")
    screen.stops()
    assert screen.ends() == 130
    assert one_line(screen).startswith("push2pacs: stopped with Ctrl-C")
    assert not (tmp_path / "out").exists()


def test_ctrl_c_while_sending_can_go_on(binary, home, brain, archive, confirmed):
    screen = Screen(binary, home, "push", confirmed, "--pacs", archive.slowly)
    screen.sees("Sending  .*left")
    screen.stops()
    assert screen.ends() == 75
    assert "run the same again and it goes on" in " ".join(" ".join(screen.lines).split())
    screen = Screen(binary, home, "push", confirmed, "--pacs", archive.address)
    assert screen.ends() == 0
    assert "were there before" in screen.text
    assert len(archive.instances(*uids(confirmed))) == 36


def uids(stage):
    manifest = json.loads((stage / "manifest.json").read_text())
    return manifest["study"]["instanceUID"], manifest["series"]["instanceUID"]


def test_ctrl_c_while_verifying(binary, home, archive, confirmed):
    assert Screen(binary, home, "push", confirmed, "--pacs", archive.address).ends() == 0
    journal = (confirmed / "journal.jsonl").read_text()
    screen = Screen(binary, home, "verify", confirmed, "--pacs", archive.slowly)
    screen.sees("Fetching")
    screen.stops()
    assert screen.ends() in (75, 130)
    assert "VERIFIED" not in screen.text
    for line in (confirmed / "journal.jsonl").read_text()[len(journal):].splitlines():
        assert json.loads(line)["event"] != "missing"
    assert Screen(binary, home, "verify", confirmed, "--pacs", archive.address).ends() == 0


def test_ctrl_c_while_fetching_leaves_whole_files(binary, home, archive, tmp_path):
    got = tmp_path / "got"
    arguments = ["fetch", "--patient-id", "P2P-0001", "--output", got, "--pacs"]
    screen = Screen(binary, home, *arguments, archive.slower)
    screen.sees("Fetching")
    screen.stops()
    assert screen.ends() == 75
    for path in got.rglob("*"):
        if path.is_file():
            assert pydicom.dcmread(path).pixel_array.shape == (208, 176)
    assert Screen(binary, home, *arguments, archive.address).ends() == 0
    assert len([p for p in got.rglob("*") if p.is_file()]) == 36


def test_ctrl_c_while_the_terminal_is_asked_for_pictures(binary, home, stage):
    """What is typed is not shown meanwhile: the terminal must be set back."""
    screen = Screen(binary, home, "review", stage, rows=60)
    screen.sees(r"\x1b\[c")
    screen.stops()
    assert screen.ends() in (0, 130)


def test_a_terminal_that_knows_no_pictures_shows_nothing_of_the_question(binary, home, stage):
    """One that shows what it does not know, as pyte does."""
    screen = Screen(binary, home, "review", stage)
    screen.sees(r"\x1b\[c")
    screen.child.send("\x1b[?6c")
    assert screen.ends() == 0
    display = pyte.Screen(80, 24)
    pyte.Stream(display).feed(screen.text)
    assert "Contact sheet" in "".join(display.display) and "AAAA" in screen.text
    assert "AAAA" not in "".join(display.display), display.display


# Choices.


def registered_twice(tmp_path):
    """A scan in a frame of its own, and two registrations that do not agree."""
    made = Made("registered-scan", tmp_path / "in")
    path = next(p for p in made.folder.iterdir() if pydicom.dcmread(p, stop_before_pixels=True).Modality == "REG")
    other = pydicom.dcmread(path)
    other.SOPInstanceUID = other.file_meta.MediaStorageSOPInstanceUID = pydicom.uid.generate_uid(entropy_srcs=["other"])
    other.ContentLabel = "SECOND"
    for item in other.RegistrationSequence:
        matrix = item.MatrixRegistrationSequence[0].MatrixSequence[0]
        values = [float(v) for v in matrix.FrameOfReferenceTransformationMatrix]
        if values[3] or values[7] or values[11]:
            values[3] += 1
            matrix.FrameOfReferenceTransformationMatrix = values
    other.save_as(made.folder / "REG_other.dcm")
    return made


CHOICES = {
    "two-scans": (lambda t: Made("two-scans", t / "in"), "2 candidates for CT, MR or PET series:", "--image"),
    "two-doses": (lambda t: Made("two-doses", t / "in"), "2 candidates for RT Dose:", "--dose"),
    "two-registrations": (registered_twice, "2 candidates for Spatial Registration:", "--registration"),
}


@pytest.mark.parametrize("name", CHOICES)
def test_a_terminal_offers_numbers_and_elsewhere_the_error_lists(binary, home, run, tmp_path, name):
    make, title, option = CHOICES[name]
    made = make(tmp_path)
    done = run("export", made.folder, "--output", tmp_path / "none")
    assert done.code == 65 and option in done.err, done.err
    listed = re.findall(r"^  ([0-9.]+)  ", done.err, re.M)
    assert len(listed) == 2 and not (tmp_path / "none").exists(), done.err
    screen = Screen(binary, home, "export", made.folder, "--output", tmp_path / "out", columns=80)
    screen.sees(re.escape(title))
    screen.sees(r"Number \(1-2\): ")
    screen.types("3")
    screen.sees(r"Please answer with a number from 1 to 2.")
    screen.sees(r"Number \(1-2\): ")
    screen.types("1")
    assert screen.ends() == 0, screen.text
    assert all(len(line) <= 80 for line in screen.lines if str(tmp_path) not in line), screen.lines
    chosen = run("export", made.folder, option, listed[0], "--output", tmp_path / "said")
    assert chosen.code == 0, chosen.err

    def digests(folder):
        return [i["sha256"] for i in json.loads(next(folder.rglob("manifest.json")).read_text())["instances"]]

    assert digests(tmp_path / "out") == digests(tmp_path / "said")


# The conversation.


def test_each_part_of_an_export_is_one_screen(binary, home, brain, archive, tmp_path):
    screen = Screen(binary, home, "export", brain.folder, "--pacs", archive.address, "--output", tmp_path / "out")
    screen.sees(reviewer.ASKED["dose"])
    found = screen.lines
    assert len(found) <= 16, found
    text = "\n".join(found)
    for word in ("Patient    P2P-0001", "Scan       MR, 36 slices", "Plan       SRS_2METS", "Dose       1 RT Dose",
                 "Evidence   1 RT treatment record", "Made       36 instances", f"Goes to    {archive.address}",
                 "Checks     all ", "look at every slice"):
        assert word in text, text
    # The path of the review page has the label in it; nothing else may. A port is any number.
    spoken = "\n".join(line for line in found if "review/index.html" not in line).replace(archive.address, "")
    for secret in ("18", "RT_", "2020-04-23", "04.23"):
        assert secret not in spoken, spoken
    screen.types("18")
    given = reviewer.answers(brain)
    for name in reviewer.ORDER[1:]:
        screen.sees(reviewer.ASKED[name])
        screen.types(given[name])
    assert screen.ends() == 0
    assert len(screen.lines) - len(found) <= 24, screen.lines
    end = screen.lines
    stage = tmp_path / "out" / LABEL
    assert end[-2] == str(stage)
    assert f"push2pacs verify {stage} --pacs {archive.address} --looked" in "\n".join(end)
    proof = " ".join(" ".join(end).split())
    assert re.search(rf"VERIFIED {LABEL} at \S+ 36 of 36 instances as confirmed, .*; viewer look: pending", proof)


@pytest.mark.parametrize("wrong, way_out", [
    ({"slice": "2"}, "push2pacs confirm"), ({"confirm": "no"}, "push2pacs confirm"),
    ({"dose": "20"}, "find out which is right"), ({"further": "yes"}, "export when the course has ended"),
])
def test_a_refusal_says_what_to_do(binary, home, brain, stage, wrong, way_out):
    screen = Screen(binary, home, "confirm", stage)
    given = reviewer.answers(brain, **wrong)
    for name in reviewer.ORDER:
        screen.sees(reviewer.ASKED[name])
        screen.types(given[name])
        if name in wrong and name != "dose" or name == "date" and "dose" in wrong:
            break
    assert screen.ends() == 77
    assert way_out in " ".join(" ".join(screen.lines).split())


def test_the_page_is_opened_where_there_is_a_display(binary, home, brain, stage, tmp_path):
    """A stand-in for xdg-open, where the real one is absent, cannot be put in its place: then it is not claimed."""
    screen = Screen(binary, home, "confirm", stage, DISPLAY=":99")
    screen.sees(reviewer.ASKED["dose"])
    opened = "opened in the browser" in screen.text
    assert opened == pathlib.Path("/usr/bin/xdg-open").exists()
    screen.stops()
    assert screen.ends() == 130


@pytest.mark.parametrize("columns", [40, 60, 80, 120])
def test_tables_fit_the_window_and_cut_nothing(binary, home, brain, stage, archive, tmp_path, columns):
    for arguments in (["config"], ["inspect", brain.folder], ["review", stage], ["doctor", "--pacs", archive.address],
                      ["find", "--pacs", archive.address, "--patient-id", "P2P-0001", "--level", "series"],
                      ["audit"], ["config", "schema"]):
        screen = Screen(binary, home, *arguments, columns=columns, rows=60)
        assert screen.ends() == 0, screen.text
        for line in screen.lines:
            # A path, a UID or a command to be copied is never broken.
            whole = re.search(r"\S{%d,}|^ *push2pacs |--(study|series) [0-9.]+$|[0-9a-f]{64}" % (columns // 2), line)
            assert len(line) <= columns or whole, (arguments, line)
        if columns <= 60:
            assert "…" not in "\n".join(screen.lines), (arguments, screen.lines)
