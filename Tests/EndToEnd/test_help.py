"""What somebody sees who types something wrong, or nothing at all."""

import os
import re

import pexpect
import pytest

import reviewer
from course import ROOT


def commands(text):
    part = text.split("Common to all commands:\n", 1)[0]
    return re.findall(r"^  ([a-z]+)  ", part, re.M)


@pytest.fixture(scope="session")
def names(binary):
    import subprocess
    return commands(subprocess.run([binary, "--help"], capture_output=True, text=True).stdout)


def test_nothing_typed_shows_three_commands_and_the_next_step(run):
    done = run()
    assert done.code == 0
    lines = [line for line in done.out.splitlines() if line.startswith("  push2pacs ")]
    assert [line.split()[1] for line in lines] == ["inspect", "export", "verify"]
    assert "Start with: push2pacs inspect FOLDER" in done.out and "push2pacs setup" in done.out
    assert len(done.out.splitlines()) <= 20


@pytest.mark.parametrize("typed, answer", [
    (["inspekt", "x"], "did you mean 'inspect'?"),
    (["export", ".", "--windw", "40,400"], "did you mean '--window'?"),
    (["export", ".", "-json"], "did you mean '--json'?"),
    (["verify", "x", "--assocations", "3"], "'--assocations'"),
    (["export", ".", "--scale", "99"], "a whole number from 1 to 16"),
    (["export", ".", "--sum", "all"], "one of sequential, concurrent, beams"),
    (["export", ".", "--completed", "23.04.2020"], "a date as YYYY-MM-DD"),
    (["config", "sho"], "one of show, check, schema"),
    (["inspect"], "needs PATH"),
    (["version"], "did you mean '--version'?"),
    (["./somewhere"], "to look into it: push2pacs inspect ./somewhere"),
    (["setup", "--pacs", "main"], "'setup' has no option '--pacs'"),
])
def test_one_line_that_helps(typed, answer, run):
    done = run(*typed)
    assert done.code == 64 and done.out == ""
    assert len(done.err.splitlines()) == 1 and answer in done.err, done.err


def test_every_command_explains_itself(names, run):
    assert {"inspect", "export", "verify", "setup", "config", "conformance"} <= set(names)
    for name in names:
        done = run(name, "--help")
        assert done.code == 0
        assert "Examples:" in done.out and "Exit status:" in done.out, name
        for line in done.out.splitlines():
            # Only what is there to be copied may be longer.
            assert len(line) <= 80 or line.lstrip().startswith("push2pacs "), (name, line)


def test_commands_stand_where_a_person_looks_for_them(names, run):
    text = run("--help").out
    for heading, inside in (("A dose map, from the course to the PACS:", "inspect"), ("Other images, and the PACS:", "doctor"),
                            ("The course in numbers and words:", "summary"), ("This machine:", "setup")):
        part = text.split(heading + "\n", 1)[1].split("\n\n", 1)[0]
        assert f"  {inside} " in part, heading
    assert len(names) == len(set(names)) == 20


@pytest.mark.parametrize("typed", [
    ["inspect", "nowhere"], ["inspect", ".", "--config", "nowhere"], ["export", "nowhere"], ["review", "nowhere"],
    ["confirm", "nowhere"], ["push", "nowhere", "--pacs", "A@127.0.0.1:1"], ["verify", "nowhere", "--pacs", "A@127.0.0.1:1"],
    ["verify", "nowhere", "--pacs", "nobody"], ["retract", "nowhere", "--pacs", "A@127.0.0.1:1"],
    ["send", "nowhere", "--pacs", "A@127.0.0.1:1"], ["find", "--patient-id", "1", "--pacs", "A@127.0.0.1:1"],
    ["fetch", "--patient-id", "1", "--pacs", "A@127.0.0.1:1"], ["dose", "nowhere", "--at", "0,0,0"], ["summary", "nowhere"],
    ["audit", "--config", "nowhere"], ["archive", "--directory", "/proc/none"], ["doctor", "--pacs", "A@127.0.0.1:1"],
    ["setup"], ["config", "--config", "nowhere"], ["completions", "tcsh"], ["export"]])
def test_a_code_that_a_run_ends_with_stands_in_its_help(typed, run):
    done = run(*typed)
    assert done.code != 0, done.out
    text = run(typed[0], "--help").out.split("Exit status:\n", 1)[1]
    assert re.search(rf"\b{done.code}\b", text), (done.code, done.err, text)


def test_the_manual_page_names_files_and_variables(run):
    page = run("manual").out.replace("\\", "")
    for section in ("FILES", "ENVIRONMENT"):
        assert f'.SH "{section}"' in page
    for word in (".config/push2pacs/config.json", "audit.jsonl", "PUSH2PACS_CONFIG", "FHIR_TOKEN", "NO_COLOR"):
        assert word in page, word


def test_examples_name_fixtures_that_are_there(names, run):
    for name in names:
        for path in re.findall(r"Fixtures/\S+", run(name, "--help").out):
            assert (ROOT / path).exists(), f"{name}: {path}"


@pytest.mark.parametrize("columns", [40, 60, 80, 200])
def test_help_in_a_window(columns, names, binary, home):
    for name in ["--help", *[f"{n} --help" for n in names]]:
        child = pexpect.spawn(
            str(binary), name.split(), env={**reviewer.environment(home), "COLUMNS": str(columns)}, encoding="utf-8",
            dimensions=(50, columns), timeout=20)
        child.expect(pexpect.EOF)
        for line in child.before.splitlines():
            fits = len(line) <= min(columns, 80)
            assert fits or " " not in line.strip() or line.lstrip().startswith("push2pacs "), (name, line)


@pytest.mark.parametrize("variables, coloured", [
    ({"TERM": "xterm-256color", "NO_COLOR": ""}, True), ({"TERM": "xterm-256color", "NO_COLOR": "1"}, False),
    ({"TERM": "dumb", "NO_COLOR": ""}, False), ({"TERM": "", "NO_COLOR": ""}, False)])
def test_colour_only_where_it_is_wanted(variables, coloured, binary, home):
    child = pexpect.spawn(
        str(binary), ["export", "--help"], env={**reviewer.environment(home), **variables}, encoding="utf-8",
        dimensions=(50, 80), timeout=20)
    child.expect(pexpect.EOF)
    assert ("\x1b[" in child.before) == coloured
    assert "Usage: push2pacs export" in child.before


def test_no_colour_where_nobody_looks(run):
    assert "\x1b" not in run("export", "--help", TERM="xterm-256color", NO_COLOR="").out


def test_a_narrow_window_cuts_no_word_of_a_configuration(binary, home):
    child = pexpect.spawn(
        str(binary), ["config"], env={**reviewer.environment(home), "COLUMNS": "40"}, encoding="utf-8",
        dimensions=(50, 40), timeout=20)
    child.expect(pexpect.EOF)
    assert all(len(line) <= 40 for line in child.before.splitlines()[1:] if str(home) not in line), child.before


def test_every_module_has_its_page():
    """Sources/NAME/NAME.docc/NAME.md (a system library: README.md), which begins with its name and says something."""
    missing = []
    for folder in sorted((ROOT / "Sources").iterdir()):
        name = folder.name
        page = folder / f"{name}.docc" / f"{name}.md"
        if not page.exists() and (folder / "module.modulemap").exists():
            page = folder / "README.md"
        text = page.read_text() if page.exists() else ""
        if not text.startswith("#") or name not in text.splitlines()[0] or len(text.split()) < 15:
            missing.append(name)
    assert not missing, f"no page, or an empty one: {missing}"
