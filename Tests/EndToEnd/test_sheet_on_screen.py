"""The contact sheet inside a terminal: what is written is read back by decoders that are not ours."""

import base64
import io
import re
import shutil
import subprocess
import time

import numpy as np
import pexpect
import pytest
from PIL import Image

import reviewer

COLUMNS = 80
DEVICE = b"\x1b[c"


@pytest.fixture(scope="session")
def stage(binary, brain, tmp_path_factory):
    folder = tmp_path_factory.mktemp("screen")
    (folder / "home").mkdir()
    subprocess.run(
        [str(binary), "export", str(brain.folder), "--output", str(folder)], check=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=reviewer.environment(folder / "home"))
    return folder / brain.label


def on_terminal(binary, home, arguments, answer=b"", **variables):
    """What is written on a terminal that gives one answer to the question what device it is."""
    environment = reviewer.environment(home)
    environment.update({"TERM": "xterm-256color", **variables})
    child = pexpect.spawn(
        str(binary), [str(a) for a in arguments], env=environment, timeout=60, dimensions=(50, COLUMNS))
    written, answered = b"", False
    began = time.monotonic()
    while True:
        try:
            written += child.read_nonblocking(65536, timeout=60)
        except pexpect.EOF:
            break
        if answer and not answered and DEVICE in written:
            child.send(answer)
            answered = True
    child.close()
    assert child.exitstatus == 0, written[-400:]
    return written.replace(b"\r\n", b"\n"), time.monotonic() - began


def means(values, count):
    """Means over `count` equal stretches of the first axis, from the integral of the values."""
    integral = np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, 0)])
    at = np.linspace(0, len(values), count + 1)
    low = np.minimum(at.astype(int), len(values) - 1)
    part = (at - low).reshape(-1, *[1] * (values.ndim - 1))
    return np.diff(integral[low] * (1 - part) + integral[low + 1] * part, axis=0) * count / len(values)


def reduced(stage, columns):
    """The contact sheet in the size that was shown, by numpy."""
    sheet = np.asarray(Image.open(stage / "contact-sheet.png").convert("RGB"), float)
    rows = sheet.shape[0] * columns // sheet.shape[1]
    return means(means(sheet, rows).swapaxes(0, 1), columns).swapaxes(0, 1)


def same_as_sheet(stage, picture, tolerance):
    shown = np.asarray(picture.convert("RGB"), float)
    sheet = reduced(stage, shown.shape[1])
    assert shown.shape == sheet.shape
    off = np.abs(shown - sheet)
    assert off.mean() < tolerance, f"mean difference {off.mean():.2f}"
    return off


def kitty(written):
    """The picture of the kitty graphics protocol: pieces of base64, the last one with m=0."""
    pieces = re.findall(rb"\x1b_G([^;\x1b]*);([^\x1b]*)\x1b\\", written)
    pieces = [(dict(k.split(b"=") for k in keys.split(b",")), data) for keys, data in pieces]
    pieces = [(keys, data) for keys, data in pieces if keys.get(b"a") != b"q"]
    if not pieces:
        return None
    first = pieces[0][0]
    assert first[b"a"] == b"T" and first[b"f"] == b"100" and first[b"q"] == b"2"
    assert 1 <= int(first[b"c"]) <= COLUMNS
    assert [keys[b"m"] for keys, _ in pieces] == [b"1"] * (len(pieces) - 1) + [b"0"]
    assert all(len(data) <= 4096 and len(data) % 4 == 0 for _, data in pieces)
    return base64.b64decode(b"".join(data for _, data in pieces), validate=True)


def test_kitty(binary, home, stage):
    written, _ = on_terminal(binary, home, ["review", stage], TERM="xterm-kitty")
    assert DEVICE not in written, "a terminal that is known is not asked"
    picture = Image.open(io.BytesIO(kitty(written)))
    same_as_sheet(stage, picture, 0.5)


def test_kitty_that_answers_the_question(binary, home, stage):
    written, _ = on_terminal(binary, home, ["review", stage], answer=b"\x1b_Gi=31;OK\x1b\\\x1b[?62;c")
    same_as_sheet(stage, Image.open(io.BytesIO(kitty(written))), 0.5)


@pytest.mark.parametrize("variable, value", [
    ("TERM_PROGRAM", "iTerm.app"), ("TERM_PROGRAM", "WezTerm"), ("LC_TERMINAL", "iTerm2")])
def test_iterm2(binary, home, stage, variable, value):
    written, _ = on_terminal(binary, home, ["review", stage], **{variable: value})
    found = re.search(rb"\x1b\]1337;File=([^:]*):([^\x07]*)\x07", written)
    keys = dict(k.split(b"=") for k in found[1].split(b";"))
    png = base64.b64decode(found[2], validate=True)
    assert keys[b"inline"] == b"1" and int(keys[b"size"]) == len(png) and int(keys[b"width"]) <= COLUMNS
    same_as_sheet(stage, Image.open(io.BytesIO(png)), 0.5)


def sixel_picture(data):
    """Sixel graphics by the book (DEC STD 070): registers, repeats, carriage returns, bands of six."""
    body = re.match(rb'[\d;]*q"1;1;(\d+);(\d+)', data)
    width, height = int(body[1]), int(body[2])
    pixels = np.zeros((height + 6, width, 3), np.uint8)
    colors, color, row, column = {}, None, 0, 0
    for token in re.finditer(rb"#(\d+);2;(\d+);(\d+);(\d+)|#(\d+)|!(\d+)([?-~])|([?-~])|(\$)|(-)", data[body.end():]):
        if token[1]:
            colors[int(token[1])] = [round(int(token[k]) * 255 / 100) for k in (2, 3, 4)]
        elif token[5]:
            color = colors[int(token[5])]
        elif token[9]:
            column = 0
        elif token[10]:
            row, column = row + 6, 0
        else:
            count, sign = (int(token[6]), token[7]) if token[6] else (1, token[8])
            for bit in range(6):
                if (sign[0] - 63) >> bit & 1:
                    pixels[row + bit, column:column + count] = color
            column += count
            assert column <= width
    assert not pixels[height:].any()
    return Image.fromarray(pixels[:height])


def test_sixel(binary, home, stage, tmp_path):
    written, _ = on_terminal(binary, home, ["review", stage], answer=b"\x1b[?62;4;22c")
    found = re.search(rb"\x1bP([^\x1b]*)\x1b\\", written)
    picture = sixel_picture(found[1])
    assert picture.width <= COLUMNS * 8
    off = same_as_sheet(stage, picture, 14)
    # Six steps of each colour: never farther off than half a step and the rounding of per cent.
    assert off.max() <= 28
    assert shutil.which("sixel2png"), "sixel2png is missing; run Scripts/setup tests"
    (tmp_path / "sheet.six").write_bytes(found[0])
    subprocess.run(["sixel2png", "-i", tmp_path / "sheet.six", "-o", tmp_path / "sheet.png"], check=True)
    other = np.asarray(Image.open(tmp_path / "sheet.png").convert("RGB"), int)
    assert np.abs(other - np.asarray(picture, int)).max() <= 1


@pytest.mark.parametrize("answer", [b"\x1b[?62;22c", b""])
def test_a_terminal_without_pictures_gets_the_path(binary, home, stage, answer):
    written, seconds = on_terminal(binary, home, ["review", stage], answer=answer)
    rest = written.replace(b"\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\", b"")
    assert b"\x1b_G" not in rest and b"\x1bP" not in rest and b"\x1b]1337" not in rest
    assert str(stage / "contact-sheet.png").encode() in written
    assert seconds < 20


@pytest.mark.parametrize("term", ["dumb", "linux", ""])
def test_a_terminal_that_cannot_is_not_asked(binary, home, stage, term):
    written, _ = on_terminal(binary, home, ["review", stage], TERM=term)
    assert DEVICE not in written and b"\x1b_G" not in written


@pytest.mark.parametrize("arguments", [["review"], ["review", "--json"], ["review", "--quiet"]])
def test_no_picture_where_nobody_looks(binary, home, stage, arguments):
    environment = {**reviewer.environment(home), "TERM": "xterm-kitty", "KITTY_WINDOW_ID": "1"}
    done = subprocess.run(
        [str(binary), *arguments, str(stage)], stdin=subprocess.DEVNULL, capture_output=True, env=environment)
    assert done.returncode == 0 and b"\x1b" not in done.stdout + done.stderr
    written, _ = on_terminal(binary, home, [*arguments, stage], TERM="xterm-kitty")
    assert (kitty(written) is not None) == (arguments == ["review"])


def test_an_export_shows_it_on_stderr(binary, home, brain, tmp_path):
    """Its stdout holds the stage's path alone."""
    out = tmp_path / "out.txt"
    written, _ = on_terminal(
        "/bin/sh", home, ["-c", f'"$0" export "$1" --output "$2" > "$3"', binary, brain.folder, tmp_path / "stages", out],
        TERM="xterm-kitty")
    assert out.read_text() == f"{tmp_path / 'stages' / brain.label}\n"
    same_as_sheet(tmp_path / "stages" / brain.label, Image.open(io.BytesIO(kitty(written))), 0.5)


def test_no_picture_before_the_blind_questions(binary, home, stage, brain):
    """The sheet names label and dose; whoever confirms says them first, from the chart."""
    environment = {**reviewer.environment(home), "TERM": "xterm-kitty"}
    child = pexpect.spawn(str(binary), ["confirm", str(stage)], env=environment, timeout=60, dimensions=(50, COLUMNS))
    child.expect(rb"Total dose from the chart \(Gy\): ")
    shown = child.before
    child.close(force=True)
    assert b"\x1b_G" not in shown and b"\x1bP" not in shown


def test_the_keyboard_is_as_before(binary, home, stage):
    """After the question the terminal echoes and reads lines again."""
    child = pexpect.spawn(
        "/bin/sh", ["-c", '"$0" review "$1"; stty -a', str(binary), str(stage)],
        env={**reviewer.environment(home), "TERM": "xterm-256color"}, timeout=60, dimensions=(50, COLUMNS))
    child.expect_exact(DEVICE)
    child.send(b"\x1b[?62;22c")
    child.expect(pexpect.EOF)
    flags = child.before.split()
    assert b"icanon" in flags and b"echo" in flags
