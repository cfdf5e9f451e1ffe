"""What --json writes has the shape of the examples in Fixtures/json, which people program against."""

import json
import os

import pytest

import reviewer
from course import ROOT

EXAMPLES = ROOT / "Fixtures" / "json"


def shape(value, path="", found=None):
    """Every path in a document with the kinds of values seen there; what stands in lists is one path."""
    found = {} if found is None else found
    kind = {dict: "object", list: "array", str: "string", bool: "boolean", int: "number", float: "number",
            type(None): "null"}[type(value)]
    found.setdefault(path, set()).add(kind)
    if isinstance(value, dict):
        for key, inner in value.items():
            shape(inner, f"{path}.{key}", found)
    elif isinstance(value, list):
        for inner in value:
            shape(inner, path + "[]", found)
    return found


def outputs(run, play, brain, pacs, folder):
    """The documents of a whole way, by command."""
    documents = {}
    done = run("inspect", "--json", brain.folder)
    documents["inspect"] = json.loads(done.out)
    done = run("export", "--json", brain.folder, "--output", folder)
    documents["export"] = json.loads(done.out)
    stage = folder / brain.label
    talk = play(reviewer.answers(brain), "confirm", stage)
    assert talk.code == 0, talk.text
    pacs.store(brain.datasets("CT", "MR"))
    documents["doctor"] = json.loads(run("doctor", "--json", "--pacs", pacs.address).out)
    talk = play(reviewer.answers(brain), "push", stage, "--pacs", pacs.address)
    assert talk.code == 0, talk.text
    done = run("verify", "--json", stage, "--pacs", pacs.address)
    documents["verify"] = json.loads(done.out)
    documents["config"] = json.loads(run("config", "--json").out)
    return documents


@pytest.mark.parametrize("command", ["inspect", "export", "doctor", "verify", "config"])
def test_the_example_is_true(command, run, play, brain, orthanc, tmp_path):
    document = outputs(run, play, brain, orthanc, tmp_path / "out")[command]
    example = EXAMPLES / f"{command}.json"
    if os.environ.get("PUSH2PACS_WRITE_EXAMPLES"):
        text = json.dumps(document, indent=2, ensure_ascii=False).replace(str(tmp_path), "/home/you")
        EXAMPLES.mkdir(exist_ok=True)
        example.write_text(text.replace(str(ROOT), "/home/you/push2pacs") + "\n")
    assert shape(document) == shape(json.loads(example.read_text()))


@pytest.mark.parametrize("command", ["inspect", "export", "doctor", "verify", "config"])
def test_every_key_is_explained(command):
    text = (EXAMPLES / "README.md").read_text()
    part = text.split(f"## {command}\n", 1)[1].split("\n## ", 1)[0]
    for path in shape(json.loads((EXAMPLES / f"{command}.json").read_text())):
        key = path.split(".")[-1].replace("[]", "")
        assert not key or key.isdigit() or f"`{key}`" in part, f"{command}: `{key}` ({path}) is not explained"
