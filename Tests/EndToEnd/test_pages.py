"""README and module pages against what is there: commands, names, arrows, pictures."""

import json
import re
import shlex
import struct
import subprocess

import pytest

import reviewer
import servers
from course import BRAIN, ROOT

README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", README, re.M | re.S)


def commands():
    """Every push2pacs command of the README's blocks and sentences, as words."""
    found = []
    for _, block in (b for b in BLOCKS if b[0] == ""):
        found += [line.split("  #")[0].strip() for line in block.splitlines() if line.startswith("push2pacs ")
                  and "->" not in line]
    # The bench's table says what it ran, with its own names for files.
    text = re.sub(r"<!-- Scripts/bench: from here -->.*<!-- Scripts/bench: to here -->", "", README, flags=re.S)
    flowing = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S).replace("\n", " ")
    found += re.findall(r"`(push2pacs [^`]+)`", flowing)
    return sorted({re.sub(r"\s+", " ", c) for c in found})


@pytest.fixture(scope="module")
def known(binary):
    """The options of each command, from its help."""
    cache = {}

    def options(command):
        if command not in cache:
            done = subprocess.run([binary, command, "--help"], capture_output=True, text=True, timeout=30)
            assert done.returncode == 0, done.stderr
            cache[command] = done.stdout
        return cache[command]

    return options


def test_the_readme_has_commands():
    assert len(commands()) > 20


@pytest.mark.parametrize("command", commands())
def test_every_command_of_the_readme_exists_with_its_options(known, command):
    words = shlex.split(re.sub(r" > \S+$", "", command))[1:]
    if words[0].startswith("--"):
        assert words[0] in ("--version", "--help"), command
        return
    text = known(words[0])
    for word in words[1:]:
        if word.startswith("-"):
            assert re.search(rf"(^|[\s,]){re.escape(word)}\b", text), f"{command}: {word}"


def test_the_commands_that_can_be_run_work_as_written(binary, run, play, brain, tmp_path):
    """The daily use, line by line, on a course of the fixtures; FOLDER, names and places put in."""
    servers.EmbeddedArchive.binary = binary
    given = {**reviewer.answers(brain), "wrong": "Only a trial of the way", "withdraw": "yes"}
    with servers.EmbeddedArchive(tmp_path / "archive") as archive:
        archive.store(brain.datasets("MR"))
        config = tmp_path / "config.json"
        title, place = archive.address.split("@")
        host, port = place.split(":")
        config.write_text(json.dumps({"pacs": {"main": {"host": host, "port": int(port), "aeTitle": title}}}))
        done = []
        order = ["inspect", "doctor", "export", "verify", "push", "find", "dose", "conformance", "config", "audit"]
        lines = [c for c in commands() if c.split()[1] in order
                 and not any(w in c for w in ("REGISTRATION", "--fhir", "--study", "--completed"))]
        lines.sort(key=lambda c: (order.index(c.split()[1]), "--looked" in c))
        for line in lines:
            words = shlex.split(line)[1:]
            if len(words) == 1 and words[0] not in ("audit", "config", "conformance"):
                continue  # a sentence that names the command
            places = {"FOLDER": str(BRAIN), "STAGE": brain.label, "NAME": "main", "4711": "P2P-0001",
                      "ARCHIVE@pacs.example:104": "main", "2020-05-01..": "2020-01-01..", "x,y,z": "0,0,0"}
            words = [places.get(w, w) for w in words]
            how = {"cwd": tmp_path, "PUSH2PACS_CONFIG": str(config)}
            if words[0] in ("export", "verify"):
                talk = play(given, *words, **how)
                code, text = talk.code, talk.text
            else:
                finished = run(*words, **how)
                code, text = finished.code, finished.out + finished.err
            assert code == 0, f"{line}: {code}\n{text}"
            done.append(line)
        assert len(done) >= 8, done


def test_the_summarys_commands_work_as_written(run, tmp_path):
    template = run("summary", "--template")
    assert template.code == 0
    json.loads(template.out)


# Modules.

PACKAGE = (ROOT / "Package.swift").read_text()


def declared():
    """Each module of Package.swift and those that it may know."""
    arrows = {}
    for name, knows in re.findall(r'module\(\s*"(\w+)"(?:,\s*knows:\s*\[(.*?)\])?\s*,?\s*\)', PACKAGE, re.S):
        arrows[name] = set(re.findall(r'"(\w+)"', knows))
    assert len(arrows) > 15
    return arrows


def sources(module):
    return "\n".join(p.read_text() for p in sorted((ROOT / "Sources" / module).rglob("*.swift")))


def test_modules_know_what_package_swift_says_and_nothing_else():
    arrows = declared()
    for module, knows in arrows.items():
        imported = set(re.findall(r"^(?:package |@_exported )?import (\w+)", sources(module), re.M)) & {*arrows, "CZlib"}
        assert imported == knows, module


def test_the_readmes_modules_are_those_of_package_swift():
    block = next(b for _, b in BLOCKS if b.startswith("push2pacs  "))
    told = {}
    for line in block.splitlines():
        name = line.split()[0]
        if line.endswith(": know nothing"):
            told.update({n.strip(): set() for n in line.split(":")[0].split(",")})
        elif name != "push2pacs":
            told[name] = {n.strip() for n in line.split("->")[1].split(",")}
    assert told == {name: knows - {"CLibrary"} for name, knows in declared().items() if name != "CLibrary"}


@pytest.mark.parametrize("page", sorted((ROOT / "Sources").glob("*/*.docc/*.md")), ids=lambda p: p.stem)
def test_a_modules_page_names_what_is_there(page):
    code = sources(page.parent.parent.name)
    for name in set(re.findall(r"``([A-Z]\w+)", page.read_text())) - {page.stem}:
        assert re.search(rf"\b(struct|enum|class|protocol|typealias|actor) {name}\b", code), name


# Pictures.


def test_the_readmes_pictures_are_there_and_small():
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert len(pictures) == 2
    for path in pictures:
        data = (ROOT / path).read_bytes()
        assert data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) < 200_000
        assert struct.unpack(">II", data[16:24])[0] >= 400


def test_the_readmes_links_lead_somewhere():
    for path in re.findall(r"`((?:Scripts|Fixtures|Tests|Sources)/[\w./-]+)`", README):
        assert "NAME" in path or (ROOT / path).exists(), path
