"""What --json writes has the shape of the examples in Fixtures/json, which people program against.

PUSH2PACS_WRITE_EXAMPLES=1 writes them anew; what changed then shows in the commit.
"""

import contextlib
import json
import os
import subprocess
import sys

import pytest

import fhir_servers
import reviewer
import servers
import test_setup
import test_summary
from course import ROOT
from test_help import names  # noqa: F401
from test_send import of_another_day, the_stage

EXAMPLES = ROOT / "Fixtures" / "json"
DETAILS = ROOT / "Fixtures" / "summary" / "details-brain.json"
# FHIR and JSON Schema explain their own keys.
ELSEWHERE = {"summary", "config-schema"}


def shape(value, path="", found=None):
    """Every path in a document with the kinds of values seen there; what stands in lists is one path."""
    found = {} if found is None else found
    kind = {dict: "object", list: "array", str: "string", bool: "boolean", int: "number", float: "number",
            type(None): "null"}[type(value)]
    found.setdefault(path, set()).add(kind)
    if isinstance(value, dict):
        for key, inner in value.items():
            # UIDs as keys name things; they are no keys of the form.
            name = "UID" if key.startswith("1.2.840.") else key
            shape(inner, f"{path}.{name}", found)
    elif isinstance(value, list):
        for inner in value:
            shape(inner, path + "[]", found)
    return found


def shortened(value):
    """Of a list its first two, and those that show something new; of a long text the beginning."""
    if isinstance(value, dict):
        return {key: shortened(inner) for key, inner in value.items()}
    if isinstance(value, str) and len(value) > 800:
        return value[:400] + "..."
    if not isinstance(value, list):
        return value
    kept, seen = [], {}
    for inner in value:
        own = shape(inner)
        if len(kept) < 2 or any(not kinds <= seen.get(path, set()) for path, kinds in own.items()):
            kept.append(shortened(inner))
            for path, kinds in own.items():
                seen.setdefault(path, set()).update(kinds)
    return kept


def without_numbers(text, folder):
    for path, name in ((str(folder), "/home/you"), (str(ROOT), "/home/you/push2pacs")):
        text = text.replace(path, name)
    return text


class Documents:
    """Compares, and at the end says all that differs."""

    def __init__(self, folder):
        self.folder, self.wrong = folder, []

    def add(self, name, text):
        try:
            document = json.loads(text)
        except ValueError:
            self.wrong.append(f"{name}: no JSON document alone: {text[:300]!r}")
            return None
        example = EXAMPLES / f"{name}.json"
        if os.environ.get("PUSH2PACS_WRITE_EXAMPLES"):
            text = json.dumps(shortened(document), indent=2, ensure_ascii=False)
            example.write_text(without_numbers(text, self.folder) + "\n")
        known, now = shape(json.loads(example.read_text())), shape(document)
        for path in sorted(known.keys() | now.keys()):
            if known.get(path) != now.get(path):
                self.wrong.append(f"{name}{path}: example {known.get(path)}, now {now.get(path)}")
        return document

    def finish(self):
        assert not self.wrong, "\n".join(self.wrong)


@pytest.fixture
def documents(tmp_path):
    return Documents(tmp_path)


def last_document(text):
    """The document at the end of a conversation."""
    text = text.replace("\r\n", "\n")
    return text[text.rindex("\n{") + 1 : text.rindex("\n}") + 2]


def test_of_a_course(documents, run, brain, tmp_path):
    def add(name, *arguments):
        done = run(*arguments, "--json")
        assert done.code == 0, done.err
        return documents.add(name, done.out)

    add("inspect", "inspect", brain.folder)
    add("inspect-pixels", "inspect", "--pixels", brain.folder)
    scan = brain.slices()[0].filename
    add("inspect-digests", "inspect", "--digests", scan)
    made = add("export", "export", brain.folder, "--output", tmp_path / "out")
    add("review", "review", made["stage"])
    add("dose", "dose", brain.folder, "--at", "28,-12,41")
    subprocess.run(
        [sys.executable, ROOT / "Scripts" / "make-variants.py", "any", tmp_path, "boost"], check=True)
    add("dose-sum", "dose", tmp_path / "boost", "--sum", "sequential", "--at", "0,0,0")
    add("audit", "audit")
    documents.finish()


def test_of_a_pacs(documents, run, play, brain, orthanc, tmp_path):
    def add(name, *arguments):
        done = run(*arguments, "--json")
        assert done.code == 0, done.err
        return documents.add(name, done.out)

    def ask(name, *arguments):
        talk = play(reviewer.answers(brain), *arguments, "--json")
        assert talk.code == 0, talk.text
        return documents.add(name, last_document(talk.text))

    assert run("export", brain.folder, "--output", tmp_path / "out").code == 0
    stage, pacs = tmp_path / "out" / brain.label, orthanc.address
    orthanc.store(brain.slices())
    add("doctor", "doctor", "--pacs", pacs)
    ask("confirm", "confirm", stage)
    ask("push", "push", stage, "--pacs", pacs)
    add("verify", "verify", stage, "--pacs", pacs)
    study = brain.facts["studyInstanceUID"]
    add("verify-study", "verify", "--pacs", pacs, "--study", study)
    add("find", "find", "--pacs", pacs, "--patient-id", brain.facts["patientID"])
    add("find-image", "find", "--pacs", pacs, "--study", study, "--level", "image")
    add("fetch", "fetch", "--pacs", pacs, "--series", brain.facts["scanSeriesInstanceUID"], "--study", study,
        "-o", tmp_path / "scan")
    ask("retract", "retract", stage, "--pacs", pacs)
    of_another_day(brain.slices()[:2], tmp_path / "cbct")
    ask("send", "send", tmp_path / "cbct", "--pacs", pacs, "-o", tmp_path / "images")
    stage, _ = the_stage(tmp_path / "images")
    documents.finish()


def test_of_a_web_service(documents, run, brain, tmp_path):
    with servers.OrthancWeb(tmp_path / "orthanc") as server:
        server.store(brain.slices()[:1])
        done = run("doctor", "--pacs", server.web, "--json")
        assert done.code == 0, done.err
        documents.add("doctor-web", done.out)
    documents.finish()


def test_of_the_record(documents, binary, home, run, brain, tmp_path):
    def add(name, *arguments):
        done = run("summary", *arguments, "--json")
        assert done.code == 0, done.err
        return documents.add(name, done.out)

    bundle = tmp_path / "bundle.json"
    bundle.write_text(json.dumps(add("summary", brain.folder, "--details", DETAILS)))
    add("summary-read", "--read", bundle)
    broken = json.loads((ROOT / "Fixtures/summary/example.json").read_text())
    broken["entry"][8]["resource"]["statusReason"] = {"coding": [{"system": "http://snomed.info/sct", "code": "182992009"}]}
    bundle.write_text(json.dumps(broken))
    documents.add("summary-check", run("summary", "--check", bundle, "--json").out)
    with fhir_servers.Sekmet(tmp_path / "fhir") as server:
        code, text = test_summary.confirmed(binary, home, brain, server.url, "--json")
        assert code == 0, text
        documents.add("summary-fhir", last_document(text))
    documents.finish()


def test_of_the_program(documents, binary, home, run, orthanc, tmp_path):
    def add(name, *arguments):
        done = run(*arguments, "--json")
        assert done.code == 0, done.err
        return documents.add(name, done.out)

    servers.EmbeddedArchive.binary = binary
    process = subprocess.Popen(
        [binary, "archive", "--json", "--directory", tmp_path / "archive", "--port", "0"], stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True, env=reviewer.environment(home))
    try:
        lines = []
        while not lines or lines[-1] != "}\n":
            lines.append(process.stdout.readline())
            assert lines[-1], "the archive has ended"
        documents.add("archive", "".join(lines))
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
    given = test_setup.given(orthanc)
    code, text, _ = test_setup.talk(binary, home, given, "--json")
    assert code == 0, text
    documents.add("setup", last_document(text))
    add("config", "config")
    add("config-check", "config", "check")
    add("config-schema", "config", "schema")
    add("conformance", "conformance")
    add("completions", "completions", "bash")
    add("manual", "manual")
    documents.finish()


def parts():
    text = (EXAMPLES / "README.md").read_text()
    return {p.split("\n", 1)[0]: p for p in text.split("\n## ")[1:]}


def test_every_command_has_an_example_and_a_part(names):  # noqa: F811
    examples = {path.stem for path in EXAMPLES.glob("*.json")}
    assert set(names) == {example.split("-")[0] for example in examples}
    assert set(names) == set(parts())


@pytest.mark.parametrize("example", sorted(path.stem for path in EXAMPLES.glob("*.json")))
def test_every_key_is_explained(example):
    part = parts()[example.split("-")[0]]
    assert example in part
    if example in ELSEWHERE:
        return
    for path in shape(json.loads((EXAMPLES / f"{example}.json").read_text())):
        key = path.split(".")[-1].replace("[]", "")
        assert not key or key == "UID" or f"`{key}`" in part, f"{example}: `{key}` ({path}) is not explained"
