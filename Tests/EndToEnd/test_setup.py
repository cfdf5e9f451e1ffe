"""setup and config: the first minutes with a PACS."""

import json
import os
import pathlib
import stat
import subprocess

import pexpect
import pytest

import fhir_servers
import reviewer
import servers
import stow

QUESTIONS = {
    "change": r"Change it\? \[yes/no\] ", "own": r"AE title of this machine \[[^]]*\]: ",
    "name": r"Short name for the PACS, for --pacs \[[^]]*\]: ", "kind": r"or web \(DICOMweb\) \[[^]]*\]: ", "replace": r"Replace its address\? \[yes/no\] ",
    "host": r"Host of the PACS(?: \[[^]]*\])?: ", "port": r"Port of the PACS \[[^]]*\]: ",
    "title": r"AE title of the PACS(?: \[[^]]*\])?: ", "anyway": r"Write the configuration all the same\? \[yes/no\] ",
    "url": r"Address of the DICOMweb service(?: \[[^]]*\])?: ", "fhir": r"summaries as well\? \[yes/no\] ",
    "record": r"for --fhir \[[^]]*\]: ", "fhirURL": r"Address of the FHIR server(?: \[[^]]*\])?: ",
    "variable": r"that holds its token, or none \[[^]]*\]: ",
}
DICOM = ["own", "name", "kind", "host", "port", "title", "fhir"]


def talk(binary, home, answers, *arguments, **variables):
    child = pexpect.spawn(
        str(binary), ["setup", *map(str, arguments)], env={**reviewer.environment(home), **variables},
        encoding="utf-8", timeout=60,
        dimensions=(50, 80))
    text, asked, names = "", [], list(QUESTIONS)
    while True:
        which = child.expect([QUESTIONS[n] for n in names] + [pexpect.EOF])
        text += child.before + (child.after if isinstance(child.after, str) else "")
        if which == len(names):
            break
        asked.append(names[which])
        answer = answers[names[which]]
        if answer is None:
            child.sendcontrol("c")
        else:
            child.sendline(answer)
        assert len(asked) < 30, text
    child.close()
    return child.exitstatus, text, asked


def given(server):
    return {"change": "yes", "own": "", "name": "", "replace": "yes", "kind": "", "host": servers.HERE,
            "port": str(server.port), "title": server.title, "anyway": "no", "fhir": "no", "record": "", "variable": ""}


@pytest.fixture
def answers(orthanc):
    return given(orthanc)


def own(home):
    return home / ".config" / "push2pacs" / "config.json"


def left(home):
    return sorted(p.name for p in own(home).parent.iterdir()) if own(home).parent.exists() else []


def test_the_first_time(binary, home, run, answers):
    code, text, asked = talk(binary, home, answers)
    assert code == 0, text
    assert asked == DICOM
    assert "C-ECHO" in text and "Next: push2pacs export FOLDER --pacs main" in text
    assert left(home) == ["config.json"]
    assert stat.S_IMODE(os.stat(own(home)).st_mode) == 0o600
    assert json.loads(own(home).read_text()) == {
        "version": 1, "aeTitle": "PUSH2PACS",
        "pacs": {"main": {"host": servers.HERE, "port": int(answers["port"]), "aeTitle": "ORTHANC"}}}
    assert all(len(line) <= 80 for line in text.splitlines() if str(home) not in line), text
    assert run("doctor", "--pacs", "main").code == 0
    assert run("config", "check").code == 0


def test_what_is_there_is_kept(binary, home, answers):
    own(home).parent.mkdir(parents=True)
    before = {"contact": "ext. 1", "pacs": {"main": {"host": "old", "port": 104, "aeTitle": "OLD", "commit": "try"},
                                            "other": {"host": "o", "port": 4242, "aeTitle": "O"}}}
    own(home).write_text(json.dumps(before))
    code, text, asked = talk(binary, home, answers)
    assert code == 0, text
    assert asked == ["change", "own", "name", "replace", "kind", "host", "port", "title", "fhir"]
    after = json.loads(own(home).read_text())
    assert after["contact"] == "ext. 1" and after["pacs"]["other"] == before["pacs"]["other"]
    assert after["pacs"]["main"] == {
        "host": servers.HERE, "port": int(answers["port"]), "aeTitle": "ORTHANC", "commit": "try"}


@pytest.mark.parametrize("which", ["change", "replace"])
def test_never_overwritten_without_a_yes(which, binary, home, answers):
    own(home).parent.mkdir(parents=True)
    own(home).write_text('{"pacs": {"main": {"host": "old", "port": 104, "aeTitle": "OLD"}}}')
    before = own(home).read_bytes()
    code, text, _ = talk(binary, home, {**answers, which: "no"})
    assert code == 77 and "nothing was changed" in text
    assert own(home).read_bytes() == before and left(home) == ["config.json"]


@pytest.mark.parametrize("at", ["own", "host", "title"])
def test_ctrl_c_leaves_nothing(at, binary, home, answers):
    code, text, _ = talk(binary, home, {**answers, at: None})
    assert code == 130 and "nothing was written" in text, text
    assert left(home) == []


@pytest.mark.parametrize("anyway, code, files", [("no", 75, []), ("yes", 0, ["config.json"])])
def test_a_pacs_that_does_not_answer(anyway, code, files, binary, home, answers):
    given = {**answers, "port": str(servers.free_port()), "anyway": anyway}
    ended, text, asked = talk(binary, home, given)
    assert asked[-1] == "anyway" and "It does not work yet" in text
    assert left(home) == files
    assert ended == code or (anyway == "no" and ended == 69), text


def test_answers_that_mean_nothing_are_asked_again(binary, home, answers):
    turns = iter(["99999", "x", answers["port"]])

    class Answers(dict):
        def __getitem__(self, key):
            return next(turns) if key == "port" else super().__getitem__(key)

    code, text, asked = talk(binary, home, Answers(answers))
    assert code == 0 and asked.count("port") == 3 and "a number from 1 to 65535" in text


def test_nobody_at_a_terminal(run, home):
    done = run("setup")
    assert done.code == 77 and len(done.error_lines) == 1 and "terminal" in done.err
    assert left(home) == []


def test_a_broken_configuration_is_not_touched(binary, home, answers):
    own(home).parent.mkdir(parents=True)
    own(home).write_text('{"prot": 104}')
    code, text, asked = talk(binary, home, answers)
    assert code == 78 and asked == [] and "did you mean 'port'?" in text
    assert own(home).read_text() == '{"prot": 104}'


def test_show_says_where_each_value_came_from(run, tmp_path):
    path = tmp_path / "site.json"
    path.write_text(json.dumps({
        "contact": "ext. 1", "pacs": {"web": {"url": "https://h/dicom-web", "tokenVariable": "SECRET_TOKEN"}}}))
    done = run("config", "--config", path, SECRET_TOKEN="never-shown")
    assert done.code == 0 and "never-shown" not in done.out, done.out
    rows = {line.split()[0]: line for line in done.out.splitlines()[3:]}
    assert rows["contact"].endswith("file") and "ext. 1" in rows["contact"]
    assert rows["aeTitle"].endswith("default")
    assert any("$SECRET_TOKEN, set" in line and line.endswith("environment") for line in done.out.splitlines())
    shown = json.loads(run("config", "--json", "--config", path).out)
    assert shown["chosenBy"] == "--config"
    assert {s["key"]: s["from"] for s in shown["settings"]}["pacs.web.url"] == "file"
    assert shown["tokens"] == [
        {"key": "pacs.web token", "variable": "SECRET_TOKEN", "isSet": False, "from": "environment"}]
    shown = json.loads(run("config", "--json", PUSH2PACS_CONFIG=str(path)).out)
    assert shown["chosenBy"] == "$PUSH2PACS_CONFIG" and shown["file"] == str(path)


def test_without_a_configuration(run):
    done = run("config")
    assert done.code == 0 and "Configuration: none" in done.out and "push2pacs setup" in done.out
    assert run("config", "check").code == 0


def test_check_refuses_what_every_command_refuses(run, tmp_path):
    path = tmp_path / "site.json"
    path.write_text('{"isodose": {}}')
    done = run("config", "check", "--config", path)
    assert done.code == 78 and "unknown key 'isodose'" in done.err and "did you mean 'isodoses'?" in done.err


def test_the_schema_says_what_is_read(run, tmp_path):
    """By an independent validator: what the schema takes is read, what it refuses is refused."""
    import jsonschema
    schema = json.loads(run("config", "schema", "--json").out)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    archive = {"host": "h", "port": 104, "aeTitle": "A"}
    for document in [
        {}, {"version": 1}, {"version": 2}, {"port": 0}, {"port": "104"}, {"prot": 1}, {"pacs": {"m": archive}},
        {"pacs": {"m": {"host": "h"}}}, {"pacs": {"m": {**archive, "retrieve": "fetch"}}},
        {"pacs": {"m": {**archive, "timeouts": {"write": 0}}}}, {"pacs": {"m": {"url": "https://h"}}},
        {"fhir": {"r": {}}}, {"limits": {"dose.units": {"max": 1}}}, {"limits": {"dose.plausible": {"max": 3}}},
        {"confirmation": {"people": [{"name": "Ada Reviewer", "role": "physicist"}]}},
        {"confirmation": {"people": [{"name": "Ada Reviewer"}]}}, {"stage": {"groups": "x"}},
    ]:
        path = tmp_path / "site.json"
        path.write_text(json.dumps(document))
        done = run("config", "check", "--config", path)
        assert (done.code == 0) == validator.is_valid(document), (document, done.err)


def test_a_web_service_and_a_fhir_server(binary, home, run, brain, tmp_path):
    """Tried with their tokens, which stand nowhere afterwards."""
    with stow.Stow(token="s3cret-web") as web, fhir_servers.Scripted() as record:
        variables = iter(["PACS_TOKEN", "RECORD_TOKEN"])

        class Answers(dict):
            def __getitem__(self, key):
                return next(variables) if key == "variable" else super().__getitem__(key)

        said = Answers(change="yes", own="", name="web", kind="web", url=web.address, fhir="yes", record="", fhirURL=record.url)
        tokens = {"PACS_TOKEN": "s3cret-web", "RECORD_TOKEN": "s3cret-fhir"}
        code, text, asked = talk(binary, home, said, **tokens)
        assert code == 0, text
        assert asked == ["own", "name", "kind", "url", "variable", "fhir", "record", "fhirURL", "variable"]
        assert "QIDO-RS" in text and "FHIR metadata" in text and "FHIR search" in text
        assert {h.get("Authorization") for h in record.headers} == {"Bearer s3cret-fhir"}
        assert stat.S_IMODE(os.stat(own(home)).st_mode) == 0o600
        assert json.loads(own(home).read_text()) == {
            "version": 1, "aeTitle": "PUSH2PACS",
            "pacs": {"web": {"url": web.address, "tokenVariable": "PACS_TOKEN"}},
            "fhir": {"record": {"url": record.url, "tokenVariable": "RECORD_TOKEN"}}}
        everything = text + "".join(p.read_text() for p in home.rglob("*") if p.is_file())
        assert "s3cret" not in everything
        assert web.held == {} and record.resources == {}
        assert run("doctor", "--pacs", "web", "--fhir", "record", **tokens).code == 0
        # Without the token it says so, and the file is written after a yes alone.
        variables = iter(["PACS_TOKEN", "RECORD_TOKEN"])
        own(home).unlink()
        code, text, asked = talk(binary, home, Answers({**said, "anyway": "no"}))
        assert code == 78 and asked[-1] == "anyway" and "PACS_TOKEN" in text and left(home) == []


def test_from_web_to_dicom_and_back(binary, home, answers):
    """What belonged to the other way does not stay behind and contradict."""
    own(home).parent.mkdir(parents=True)
    own(home).write_text(json.dumps({"pacs": {"main": {"url": "http://127.0.0.1:9/web", "retrieve": "web", "query": False}}}))
    code, text, _ = talk(binary, home, {**answers, "kind": "dicom"})
    assert code == 0, text
    archive = json.loads(own(home).read_text())["pacs"]["main"]
    assert archive["host"] == servers.HERE and "retrieve" not in archive and archive["query"] is False
    with stow.Stow() as web:
        code, text, _ = talk(binary, home, {**answers, "kind": "web", "url": web.address})
        assert code == 0, text
        assert json.loads(own(home).read_text())["pacs"]["main"] == {"url": web.address, "query": False}


@pytest.mark.parametrize("question, answer", [
    ("url", "ftp://pacs.example"), ("url", "http://pacs.example/dicom-web"), ("url", "https://me:pass@pacs.example"),
    ("variable", "eyJhbGciOi.J9-token"), ("kind", "fax")])
def test_what_is_no_address_and_no_variable_is_asked_again(question, answer, binary, home, tmp_path):
    with stow.Stow() as web:
        turns = iter([answer])
        good = {"own": "", "name": "", "kind": "web", "url": web.address, "variable": "none", "fhir": "no", "anyway": "no"}

        class Answers(dict):
            def __getitem__(self, key):
                return next(turns, good[key]) if key == question else super().__getitem__(key)

        code, text, asked = talk(binary, home, Answers(good))
        assert code == 0 and asked.count(question) == 2 and "Please answer with" in text, text
        assert answer not in own(home).read_text()


# A configuration that was named is named again in what is to be done next, and its names are completed.


@pytest.fixture
def site(tmp_path):
    path = tmp_path / "our site.json"
    path.write_text(json.dumps({
        "pacs": {"main": {"host": servers.HERE, "port": 4, "aeTitle": "A"}, "mirror": {"url": "https://pacs.example/web"}},
        "fhir": {"record": {"url": "https://fhir.example/r4"}}, "isodoses": {"srs": {"levels": ["18 Gy"]}}}))
    return path


def test_the_next_step_names_the_configuration_again(binary, home, run, answers, brain, tmp_path):
    path = tmp_path / "our site.json"
    code, text, _ = talk(binary, home, answers, "--config", path)
    assert code == 0, text
    again = f"--pacs main --config '{path}'"
    assert f"push2pacs export FOLDER {again}" in " ".join(text.split())
    assert f"push2pacs export FOLDER {again}" in run("doctor", "--pacs", "main", "--config", path).err
    said = run("export", brain.folder, "--output", tmp_path, "--pacs", "main", "--config", path)
    assert said.code == 0, said.err
    stage = tmp_path / brain.label
    shown = str(stage) if " " not in str(stage) else f"'{stage}'"
    assert f"push2pacs confirm {shown} --config '{path}'" in said.err
    assert f"push2pacs push {shown} {again}" in said.err
    refused = run("push", stage, "--pacs", "main", "--config", path)
    assert refused.code == 77 and f"push2pacs confirm {shown} --config '{path}'" in refused.err
    # Where none was named, none is.
    assert "--config" not in run("export", brain.folder, "--output", tmp_path, "--pacs", "A@127.0.0.1:4").err


def test_names_of_the_configuration_one_a_line(run, site):
    for kind, names in (("pacs", "main mirror"), ("fhir", "record"), ("schemes", "standard paper srs")):
        done = run("config", "--list", kind, "--config", site)
        assert done.code == 0 and done.out.split("\n") == [*names.split(), ""], done.err
    assert run("config", "--list", "people").code == 64
    assert run("config", "--list", "pacs").out == ""


@pytest.mark.parametrize("line, offered", [
    ("export . --pacs ", {"main", "mirror"}), ("push x --pacs mai", {"main"}), ("doctor --fhir ", {"record"}),
    ("export . --scheme s", {"standard", "srs"}), ("verify --pacs mi", {"mirror"})])
def test_the_shell_completes_names_of_the_configuration(line, offered, binary, home, site, run):
    script = run("completions", "bash").out
    words = " ".join(f"'{word}'" for word in ["push2pacs", *line.split(" ")])
    done = subprocess.run(
        ["bash"], input=f"{script}\nCOMP_WORDS=({words})\nCOMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 ))\n"
        "_push2pacs\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n", capture_output=True, text=True, timeout=60,
        env={**reviewer.environment(home), "PATH": f"{pathlib.Path(binary).parent}:{os.environ['PATH']}",
             "PUSH2PACS_CONFIG": str(site)})
    assert set(done.stdout.split()) == offered, done.stderr
