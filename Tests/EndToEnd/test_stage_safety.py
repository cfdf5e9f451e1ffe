"""A stage is whole or not there: full disks, kills, two runs at once, planted links, permissions."""

import fcntl
import grp
import json
import os
import resource
import signal
import stat
import subprocess
import time

import pytest

import reviewer
from test_refusals import made  # noqa: F401
from test_transfer import the_stage


def start(binary, home, *arguments, **how):
    return subprocess.Popen(
        [str(binary), *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, env=reviewer.environment(home), **how)


def visible(folder):
    return sorted(p.name for p in folder.iterdir() if not p.name.startswith("."))


def hidden(folder):
    return sorted(p.name for p in folder.iterdir() if p.name.startswith("."))


# A full disk.


@pytest.mark.parametrize("bytes_at_most, more", [
    (0, []), (4096, []), (100_000, []), (5_000_000, ["--multiframe"]), (1_500_000, ["--plane", "coronal"]),
])
def test_a_file_that_may_grow_no_further(bytes_at_most, more, binary, brain, home, tmp_path):
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_at_most, bytes_at_most))

    process = start(binary, home, "export", brain.folder, "--output", tmp_path / "out", *more, preexec_fn=limit)
    _, error = process.communicate(timeout=180)
    assert process.returncode in (73, 74), (process.returncode, error)
    assert len([line for line in error.splitlines() if line.startswith("push2pacs: ")]) == 1, error
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("size", ["64k", "6m"])
def test_a_disk_that_is_full(size, binary, brain, home, tmp_path):
    """A small file system of its own, as far as this process sees it."""
    disk = tmp_path / "disk"
    disk.mkdir()
    script = (f"mount -t tmpfs -o size={size} tmpfs '{disk}' || exit 99\n"
              f"'{binary}' export '{brain.folder}' --output '{disk}/out'; code=$?\n"
              f"ls -A '{disk}/out'; exit $code")
    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "/bin/sh", "-c", script], stdin=subprocess.DEVNULL,
        capture_output=True, text=True, env=reviewer.environment(home), timeout=180)
    assert done.returncode in (73, 74), (done.returncode, done.stderr)
    assert "No space left" in done.stderr and done.stdout.strip() == "", done


# Killed.


@pytest.mark.parametrize("moment", ["begun", "some", "most"])
def test_killed_at_its_work(moment, binary, brain, home, run, tmp_path):
    out = tmp_path / "out"
    process = start(binary, home, "export", brain.folder, "--output", out)
    wanted = {"begun": 0, "some": 4, "most": 30}[moment]
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None:
        parts = list(out.glob(".*.part-*")) if out.exists() else []
        if parts and len(list(parts[0].glob("slices/*"))) >= wanted:
            break
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert visible(out) == [], "half a stage"
    left = hidden(out)
    assert len(left) == 1
    for path in [out / left[0], *(out / left[0]).rglob("*")]:
        assert stat.S_IMODE(path.lstat().st_mode) == (0o700 if path.is_dir() else 0o600), path

    done = run("export", brain.folder, "--output", out)
    assert done.code == 0, done.err
    assert "broken-off export" in done.err, done.err
    assert hidden(out) == [] and visible(out) == [brain.label]
    assert "broken-off" not in run("export", brain.folder, "--output", out).err


def test_what_another_run_is_filling_is_left_alone(binary, brain, home, run, tmp_path):
    out = tmp_path / "out"
    ours, held, odd = (out / name for name in (f".{brain.label}.part-{os.getpid()}", ".RT_1Gy.part-2147483000", ".notes.part-2147483001"))
    for folder in (ours, held, odd):
        (folder / "slices").mkdir(parents=True)
    descriptor = os.open(held, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    done = run("export", brain.folder, "--output", out)
    os.close(descriptor)
    assert done.code == 0 and "broken-off" not in done.err, done.err
    assert ours.exists() and held.exists() and odd.exists()


def test_a_disk_that_is_full_confirms_nothing(binary, brain, run, home, tmp_path):
    """The record of the confirmation fits, the confirmation itself does not."""
    assert run("export", brain.folder, "--output", tmp_path / "out").code == 0
    stage, _ = the_stage(tmp_path / "out")
    site = tmp_path / "site.json"
    site.write_text(json.dumps({"audit": str(tmp_path / "audit.jsonl")}))
    command = ["prlimit", "--fsize=1000", binary, "confirm", stage, "--config", site]
    talk = reviewer.play(command, reviewer.answers(brain), home)
    assert talk.code == 74 and "confirmation.json" in talk.text, talk.text
    assert "confirmed" in (tmp_path / "audit.jsonl").read_text()
    assert not (stage / "confirmation.json").exists() and hidden(tmp_path / "out") == []


@pytest.mark.parametrize("question", ["dose", "reviewer", "confirm"])
def test_killed_while_it_asks(question, binary, brain, run, home, tmp_path, storescp):
    assert run("export", brain.folder, "--output", tmp_path / "out").code == 0
    stage, _ = the_stage(tmp_path / "out")
    note = tmp_path / "pid"
    script = f"echo $$ > '{note}'; exec '{binary}' confirm '{stage}'"

    def kill():
        os.kill(int(note.read_text()), signal.SIGKILL)
        return "yes"

    talk = reviewer.play(["/bin/sh", "-c", script], reviewer.answers(brain, **{question: kill}), home)
    assert talk.code == 128 + signal.SIGKILL
    assert not (stage / "confirmation.json").exists() and hidden(tmp_path / "out") == []
    assert run("push", stage, "--pacs", storescp.address, "--no-query").code == 77
    assert reviewer.play([binary, "confirm", stage], reviewer.answers(brain), home).code == 0


def test_what_a_killed_confirmation_left_stands_in_nobodys_way(brain, run, play, tmp_path):
    assert run("export", brain.folder, "--output", tmp_path / "out").code == 0
    stage, _ = the_stage(tmp_path / "out")
    (tmp_path / "out" / ".push2pacs-confirmation.json.part-4711").write_text("half")
    assert play(reviewer.answers(brain), "confirm", stage).code == 0
    assert run("review", stage).code == 0


@pytest.mark.parametrize("age", [0, 3600])
def test_what_a_killed_confirmation_left_in_the_stage(age, brain, run, play, storescp, tmp_path):
    """Where only the stage itself could be written to: it is passed over, and taken away by and by."""
    assert run("export", brain.folder, "--output", tmp_path / "out").code == 0
    stage, _ = the_stage(tmp_path / "out")
    gone = subprocess.Popen(["true"])
    gone.wait()
    left = [stage / f".push2pacs-{name}.part-{gone.pid}" for name in ("confirmation.json", "journal.jsonl")]
    left += [tmp_path / "out" / f".push2pacs-confirmation.json.part-{gone.pid}", tmp_path / "out" / f".scratch-{gone.pid}-1234"]
    for path in left:
        path.write_text("half")
        os.utime(path, (time.time() - age, time.time() - age))
    talk = play(reviewer.answers(brain), "confirm", stage)
    assert talk.code == 0, talk.text
    assert run("push", stage, "--pacs", storescp.address, "--no-query").code == 77, "warnings of the PACS want a person"
    assert play(reviewer.answers(brain), "push", stage, "--pacs", storescp.address, "--no-query").code == 0
    assert run("export", brain.folder, "--output", tmp_path / "out").code == 0
    assert [path.exists() for path in left] == [age == 0] * 4


@pytest.mark.parametrize("name", [
    ".push2pacs-manifest.json.part-2147483000", ".push2pacs-confirmation.json.part-", "slices/.push2pacs-journal.jsonl.part-2147483000",
    ".push2pacs-journal.jsonl.part-1x", ".scratch-2147483000-1"])
def test_what_only_looks_like_it_does_not_belong_there(name, brain, run, play, tmp_path):
    assert run("export", brain.folder, "--output", tmp_path / "out").code == 0
    stage, _ = the_stage(tmp_path / "out")
    (stage / name).write_text("planted")
    talk = play(reviewer.answers(brain), "confirm", stage)
    assert talk.code == 77 and name in talk.text and (stage / name).exists(), talk.text


def test_a_link_with_a_leftovers_name_does_not_belong_there_either(brain, run, play, tmp_path):
    assert run("export", brain.folder, "--output", tmp_path / "out").code == 0
    stage, _ = the_stage(tmp_path / "out")
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (stage / ".push2pacs-confirmation.json.part-2147483000").symlink_to(victim)
    assert play(reviewer.answers(brain), "confirm", stage).code == 77
    assert victim.read_text() == "precious"


@pytest.mark.parametrize("name", ["gap-outside-dose", "gantry-tilt"])
def test_a_stack_that_is_not_cut_makes_a_stage_that_can_be_sent(name, made, brain, neck, run, play, storescp, tmp_path):  # noqa: F811
    """Without pictures across the stack no empty folder stays, which would void the stage."""
    course = neck if name == "gantry-tilt" else brain
    assert run("export", made(name, course.folder.name), "--output", tmp_path / "out").code == 0
    stage, manifest = the_stage(tmp_path / "out")
    assert [p for p in stage.rglob("*") if p.is_dir() and not list(p.iterdir())] == []
    given = reviewer.answers(course, slice=str(manifest["hottestSlices"][0]))
    assert play(given, "confirm", stage).code == 0
    assert play(given, "push", stage, "--pacs", storescp.address, "--no-query").code == 0
    assert len(storescp.files()) == len(manifest["instances"])


# Two at once.


def test_two_runs_at_once_make_one_stage(binary, brain, home, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    processes = [start(binary, home, "export", brain.folder, "--output", out) for _ in range(2)]
    results = [process.communicate(timeout=300) for process in processes]
    assert [p.returncode for p in processes] == [0, 0], results
    stage, manifest = the_stage(out)
    assert [o.splitlines()[-1] for o, _ in results] == [str(stage)] * 2
    assert sum("staged before" in e for _, e in results) == 1, results
    assert hidden(out) == []
    assert len(list((stage / "slices").iterdir())) == len(manifest["instances"])


# Planted links.


def test_links_in_the_output_folder_are_not_followed(binary, brain, home, tmp_path):
    out, victim = tmp_path / "out", tmp_path / "victim"
    out.mkdir()
    (victim / "slices").mkdir(parents=True)
    (victim / "precious.txt").write_text("precious")
    (out / brain.label).symlink_to(victim)
    # The number of the process cannot be known beforehand, but it can be guessed: it is made known here.
    script = f"ln -s '{victim}' '{out}/.{brain.label}.part-'$$ && exec '{binary}' export '{brain.folder}' --output '{out}'"
    done = subprocess.run(
        ["/bin/sh", "-c", script], stdin=subprocess.DEVNULL, capture_output=True, text=True,
        env=reviewer.environment(home), timeout=180)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == str(out / f"{brain.label}-2")
    assert not (out / f"{brain.label}-2").is_symlink()
    assert (victim / "precious.txt").read_text() == "precious"
    assert sorted(p.name for p in victim.iterdir()) == ["precious.txt", "slices"]


@pytest.mark.parametrize("name", ["confirmation.json", "journal.jsonl"])
def test_links_in_a_stage_are_not_written_through(name, brain, run, play, storescp, tmp_path):
    assert run("export", brain.folder, "--output", tmp_path / "out").code == 0
    stage, _ = the_stage(tmp_path / "out")
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (stage / name).symlink_to(victim)
    assert play(reviewer.answers(brain), "confirm", stage).code == 77
    assert play(reviewer.answers(brain), "push", stage, "--pacs", storescp.address, "--no-query").code == 77
    assert victim.read_text() == "precious" and storescp.files() == []


# Permissions.


def test_a_stage_for_a_group(brain, run, play, storescp, tmp_path):
    """Two accounts of one group share a stage; nobody else sees into it."""
    group = next(g for g in grp.getgrall() if g.gr_gid in os.getgroups() + [os.getgid()] or os.geteuid() == 0 and g.gr_gid)
    site = tmp_path / "site.json"
    site.write_text(json.dumps({"stage": {"group": group.gr_name}}))
    old = os.umask(0o077)
    try:
        assert run("export", brain.folder, "--output", tmp_path / "shared" / "out", "--config", site).code == 0
        stage, _ = the_stage(tmp_path / "shared" / "out")
        talk = play(reviewer.answers(brain), "confirm", stage, "--config", site)
        assert talk.code == 0, talk.text
        talk = play(reviewer.answers(brain), "push", stage, "--pacs", storescp.address, "--no-query", "--config", site)
        assert talk.code == 0, talk.text
    finally:
        os.umask(old)
    for path in [tmp_path / "shared", tmp_path / "shared" / "out", stage, *stage.rglob("*")]:
        status = path.lstat()
        mode = 0o2770 if path.is_dir() else 0o640
        assert (stat.S_IMODE(status.st_mode), status.st_gid) == (mode, group.gr_gid), path


def test_a_group_that_is_none(brain, run, tmp_path):
    site = tmp_path / "site.json"
    site.write_text(json.dumps({"stage": {"group": "no-such-group-here"}}))
    done = run("export", brain.folder, "--output", tmp_path / "out", "--config", site)
    assert done.code == 78 and "stage.group" in done.err and len(done.error_lines) == 1, done.err
    assert not (tmp_path / "out").exists()


def test_confirmation_journal_key_and_log_are_private(brain, play, storescp, home, tmp_path):
    old = os.umask(0)
    try:
        talk = play(reviewer.answers(brain), "export", brain.folder, "--pacs", storescp.address, "--no-query",
                    "--output", tmp_path / "out")
    finally:
        os.umask(old)
    assert talk.code == 0, talk.text
    for path in [*(tmp_path / "out").rglob("*"), *home.rglob("*")]:
        if path.name in (".config", ".local", "state"):
            continue
        assert stat.S_IMODE(path.lstat().st_mode) == (0o700 if path.is_dir() else 0o600), path
