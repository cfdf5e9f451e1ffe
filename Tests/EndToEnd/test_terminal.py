"""What a person at the terminal does besides answering: stops, mistypes, comes back later."""

import os
import pathlib
import signal
import subprocess
import time

import pexpect
import pytest

import reviewer


def spawn(binary, home, *arguments):
    return pexpect.spawn(
        str(binary), [str(a) for a in arguments], env=reviewer.environment(home), encoding="utf-8", timeout=60,
        dimensions=(24, 80))


@pytest.fixture
def stage(run, brain, tmp_path):
    done = run("export", brain.folder, "--output", tmp_path / "out")
    assert done.code == 0, done.err
    return tmp_path / "out" / brain.label


@pytest.mark.parametrize("stop, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopped_while_drawing_nothing_is_left(binary, home, neck, tmp_path, stop, code):
    output = tmp_path / "out"
    process = subprocess.Popen(
        [str(binary), "export", str(neck.folder), "--output", str(output)], env=reviewer.environment(home),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < until:
        if output.is_dir() and any(p.name.startswith(".") for p in output.iterdir()):
            break
        time.sleep(0.01)
    process.send_signal(stop)
    _, err = process.communicate(timeout=60)
    assert process.returncode == code, err
    assert os.listdir(output) == []
    assert len([line for line in err.splitlines() if line]) == 1 and "nothing was staged" in err


@pytest.mark.parametrize("question", reviewer.ORDER)
def test_ctrl_c_at_a_question(binary, home, brain, stage, question):
    child = spawn(binary, home, "confirm", stage)
    given = reviewer.answers(brain)
    for name in reviewer.ORDER:
        child.expect(reviewer.ASKED[name])
        time.sleep(0.05)
        if name == question:
            break
        child.sendline(given[name])
    child.sendcontrol("c")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130
    assert "push2pacs: stopped with Ctrl-C; nothing is sent" in child.before
    assert not (stage / "confirmation.json").exists()


def test_a_mistyped_answer_is_explained_and_asked_again(binary, home, stage):
    child = spawn(binary, home, "confirm", stage)
    for name, typed, hint in [
        ("dose", "18 Gy", "a number alone"), ("dose", "18", None), ("fractions", "one", "a whole number"),
        ("fractions", "1", None), ("date", "23.04.2020", "YYYY-MM-DD"), ("date", "2020-04-23", None),
        ("further", "n", "yes or no"), ("further", "no", None)]:
        child.expect(reviewer.ASKED[name])
        time.sleep(0.05)
        child.sendline(typed)
        if hint:
            child.expect(f"Please answer with [^\r\n]*{hint}")
    child.expect(reviewer.ASKED["slice"])
    child.sendeof()
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 77


def test_a_void_confirmation_can_be_given_anew(play, run, brain, stage):
    (stage / "confirmation.json").write_text("{")
    refused = run("push", stage, "--pacs", "NOBODY@127.0.0.1:1")
    assert refused.code == 77 and "confirm again" in refused.err
    talk = play(reviewer.answers(brain), "confirm", stage)
    assert talk.code == 0, talk.text
    assert "void" in talk.text and talk.asked == reviewer.ORDER
    assert run("push", stage, "--pacs", "NOBODY@127.0.0.1:1").code == 69


def test_a_key_that_everybody_can_read_is_refused(run, play, brain, home, stage):
    assert play(reviewer.answers(brain), "confirm", stage).code == 0
    (home / ".config/push2pacs/key").chmod(0o644)
    refused = run("push", stage, "--pacs", "NOBODY@127.0.0.1:1")
    assert refused.code == 78 and "chmod" in refused.error_lines[0]


def test_two_runs_at_once_make_one_stage(binary, home, brain, tmp_path):
    started = [
        subprocess.Popen(
            [str(binary), "export", str(brain.folder), "--output", str(tmp_path / "out")],
            env=reviewer.environment(home), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True)
        for _ in range(2)]
    ended = [(p.communicate(timeout=120)[0].strip(), p.returncode) for p in started]
    assert ended == [(str(tmp_path / "out" / brain.label), 0)] * 2
    assert os.listdir(tmp_path / "out") == [brain.label]


def test_help_has_one_full_stop_and_fits(run):
    for command in ["", "inspect", "export", "review", "confirm", "push", "verify", "archive", "doctor"]:
        text = run(*command.split(), "--help").out
        assert ".." not in text.replace("...", "")
        assert max(map(len, text.splitlines())) <= 80


def test_why_a_file_cannot_be_used_is_not_cut_off(run, tmp_path, brain):
    folder = tmp_path / "a folder with quite a long name, such as people give to them"
    folder.mkdir()
    whole = pathlib.Path(brain.slices()[0].filename).read_bytes()
    (folder / "cut").write_bytes(whole[:-100])
    shown = " ".join(run("inspect", folder).out.split())
    assert "Pixel Data (7FE0,0010)" in shown.split("No export from here")[0]
