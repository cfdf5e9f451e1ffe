"""Confirmations that nobody gave: each is refused with 77 and one line, and nothing is sent."""

import datetime
import hashlib
import hmac
import json
import os
import secrets
import shutil
import subprocess

import pytest

import reviewer
from test_transfer import the_stage

UTC = datetime.timezone.utc


@pytest.fixture(scope="module")
def genuine(binary, brain, tmp_path_factory):
    """A stage that a person has confirmed, and the home with the key that sealed it."""
    folder = tmp_path_factory.mktemp("genuine")
    (folder / "home").mkdir()
    subprocess.run(
        [binary, "export", brain.folder, "--output", folder / "out"], stdin=subprocess.DEVNULL, capture_output=True,
        check=True, env=reviewer.environment(folder / "home"), timeout=180)
    stage, _ = the_stage(folder / "out")
    talk = reviewer.play([binary, "confirm", stage], reviewer.answers(brain), folder / "home")
    assert talk.code == 0, talk.text
    return stage, folder / "home"


@pytest.fixture
def stage(genuine, tmp_path, home):
    """A copy of it, and of the home."""
    shutil.copytree(genuine[1], home, dirs_exist_ok=True)
    shutil.copytree(genuine[0], tmp_path / "copy" / genuine[0].name)
    return tmp_path / "copy" / genuine[0].name


@pytest.fixture
def refused(play, brain, storescp, stage):
    """Pushes at a terminal, with a person who would agree to everything; nobody may be asked."""

    def refused(names, *arguments):
        talk = play(reviewer.answers(brain), "push", stage, "--pacs", storescp.address, "--no-query", *arguments)
        assert talk.code == 77, talk.text
        assert talk.asked == [], talk.text
        said = [line for line in talk.text.splitlines() if line.startswith("push2pacs: ")]
        assert len(said) == 1 and names in talk.text.replace("\n", ""), talk.text
        assert storescp.files() == []
        return talk.text

    return refused


def key_of(home):
    return bytes.fromhex((home / ".config" / "push2pacs" / "key").read_text().strip())


def sealed(document, key):
    """The confirmation's own seal, made by somebody who holds the key."""
    body = {name: value for name, value in document.items() if name != "mac"}
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return {**body, "mac": hmac.new(key, text.encode(), hashlib.sha256).hexdigest()}


def changed(stage, change):
    path = stage / "confirmation.json"
    document = json.loads(path.read_text())
    path.write_text(json.dumps(change(document) or document))
    return document


def test_what_was_confirmed_goes_out(play, brain, storescp, stage, home):
    document = json.loads((stage / "confirmation.json").read_text())
    assert sealed(document, key_of(home)) == document
    talk = play(reviewer.answers(brain), "push", stage, "--pacs", storescp.address, "--no-query")
    assert talk.code == 0, talk.text
    assert len(storescp.files()) == len(list((stage / "slices").iterdir()))


# Answers that no person gives.


def lines_of(course):
    given = reviewer.answers(course)
    return "".join(given[name] + "\n" for name in reviewer.ORDER)


@pytest.mark.parametrize("command", ["confirm", "push", "export"])
def test_piped_answers_confirm_nothing(command, binary, brain, storescp, stage, home, tmp_path):
    (stage / "confirmation.json").unlink()
    to = ["--pacs", storescp.address, "--no-query"]
    arguments = {"confirm": [stage], "push": [stage, *to], "export": [brain.folder, *to, "--output", tmp_path / "out"]}
    done = subprocess.run(
        [binary, command, *arguments[command]], input=lines_of(brain), capture_output=True, text=True,
        env=reviewer.environment(home), timeout=180)
    assert done.returncode == (0 if command == "export" else 77), done.stderr
    assert list(tmp_path.rglob("confirmation.json")) == []
    assert storescp.files() == []


def test_a_terminal_behind_a_pipe_is_not_asked(binary, brain, stage, home):
    """The answers come over a pipe, though there is a terminal."""
    (stage / "confirmation.json").unlink()
    script = f"printf '%s' \"$ANSWERS\" | '{binary}' confirm '{stage}'"
    talk = reviewer.play(["/bin/sh", "-c", script], reviewer.answers(brain), home, ANSWERS=lines_of(brain))
    assert talk.code == 77 and talk.asked == [], talk.text
    assert not (stage / "confirmation.json").exists()


@pytest.mark.parametrize("flag", [
    "--yes", "-y", "--force", "--confirm", "--confirmed", "--batch", "--no-confirm", "--reviewer=Ada Reviewer",
    "--dose=18", "--answers=yes", "--assume-yes", "--skip-confirmation",
])
@pytest.mark.parametrize("command", ["confirm", "push"])
def test_no_flag_answers_for_a_person(command, flag, run, storescp, stage):
    (stage / "confirmation.json").unlink()
    to = ["--pacs", storescp.address, "--no-query"] if command == "push" else []
    done = run(command, stage, *to, flag)
    assert done.code == 64 and len(done.error_lines) == 1, done.err
    assert not (stage / "confirmation.json").exists()
    assert storescp.files() == []


@pytest.mark.parametrize("command", ["confirm", "push"])
def test_no_variable_and_no_configuration_answers_for_a_person(command, binary, storescp, stage, home, tmp_path):
    (stage / "confirmation.json").unlink()
    names = ["YES", "CONFIRM", "CONFIRMED", "REVIEWER", "ROLE", "FORCE", "ASSUME_YES", "ANSWERS", "NONINTERACTIVE", "BATCH"]
    variables = {f"PUSH2PACS_{name}": "yes" for name in names} | {name: "yes" for name in ("CI", "YES", "FORCE")}
    to = ["--pacs", storescp.address, "--no-query"] if command == "push" else []
    done = subprocess.run(
        [binary, command, stage, *to], stdin=subprocess.DEVNULL, capture_output=True, text=True,
        env=reviewer.environment(home) | variables, timeout=60)
    assert done.returncode == 77, done.stderr
    for key in ("reviewer", "yes", "skip", "people", "answers"):
        site = tmp_path / "site.json"
        site.write_text(json.dumps({"confirmation": {key: "yes"}}))
        done = subprocess.run(
            [binary, command, stage, *to, "--config", site], stdin=subprocess.DEVNULL, capture_output=True, text=True,
            env=reviewer.environment(home), timeout=60)
        assert done.returncode == 78 and f"confirmation.{key}" in done.stderr, done.stderr
    assert not (stage / "confirmation.json").exists()
    assert storescp.files() == []


# Confirmations that were not given for this stage.


def test_copied_from_another_stage(refused, stage, binary, brain, run, play, tmp_path):
    assert run("export", brain.folder, "--levels", "18,9", "--output", tmp_path / "other").code == 0
    other, _ = the_stage(tmp_path / "other")
    assert play(reviewer.answers(brain), "confirm", other).code == 0
    shutil.copy(other / "confirmation.json", stage / "confirmation.json")
    refused("confirmation.json belongs to another manifest.json")


def test_copied_from_another_stage_and_made_to_fit(refused, stage, genuine):
    """The digest of this stage's manifest is put into a confirmation of another one."""
    manifest = json.loads((stage / "manifest.json").read_text())
    manifest["created"] = "2020-01-01T00:00:00Z"
    (stage / "manifest.json").write_text(json.dumps(manifest))
    changed(stage, lambda d: {**d, "manifestSHA256": digest(stage / "manifest.json")})
    refused("confirmation.json is not sealed")


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("mac", [None, "", "00" * 32, "zz" * 32, "00" * 31, 5, True, []])
def test_written_by_hand(mac, refused, stage):
    def change(document):
        document["people"][0]["name"] = "Somebody Else"
        if mac is None:
            del document["mac"]
        else:
            document["mac"] = mac

    changed(stage, change)
    refused("confirmation.json")


@pytest.mark.parametrize("change", [
    lambda d: d["people"][0].update(name="Grace Other"),
    lambda d: d["people"][0].update(at="2999-01-01T00:00:00Z"),
    lambda d: d["people"][0]["answers"].pop(),
    lambda d: d["people"].append(d["people"][0] | {"name": "Second Person"}),
    lambda d: d["overrides"].append({"check": "dose.plausible", "reason": "because I say so", "person": "Me"}),
    lambda d: d.update(attested=True),
    lambda d: d.update(extra="nothing the seal covers"),
    lambda d: d["people"][0].update(extra="nothing the seal covers"),
    lambda d: d["people"][0]["answers"][0].update(extra="nothing the seal covers"),
    lambda d: d.update(format="push2pacs-confirmation/2"),
    lambda d: d.update(people=[]),
])
def test_altered_after_it_was_sealed(change, refused, stage):
    document = changed(stage, change)
    assert document["mac"], "the seal is the old one"
    refused("confirmation.json")


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", "{", "{\"mac\": \"00\"}", "\x00" * 100, "[" * 100000])
def test_no_confirmation_at_all(text, refused, stage):
    (stage / "confirmation.json").write_text(text)
    refused("confirmation.json")


def test_sealed_with_another_key(refused, stage):
    path = stage / "confirmation.json"
    path.write_text(json.dumps(sealed(json.loads(path.read_text()), secrets.token_bytes(32))))
    refused("confirmation.json is not sealed with this site's key")


def test_another_site_does_not_know_the_seal(refused, stage, home):
    """The key is another one, as on a machine of another site."""
    path = home / ".config" / "push2pacs" / "key"
    path.write_text(secrets.token_hex(32) + "\n")
    refused("confirmation.json is not sealed with this site's key")


def test_without_the_key_a_new_one_does_not_help(refused, stage, home):
    (home / ".config" / "push2pacs" / "key").unlink()
    refused("confirmation.json is not sealed with this site's key")


def test_a_key_that_everybody_reads_is_no_key(run, storescp, stage, home):
    (home / ".config" / "push2pacs" / "key").chmod(0o644)
    done = run("push", stage, "--pacs", storescp.address, "--no-query")
    assert done.code == 78 and "chmod" in done.err, done.err
    assert storescp.files() == []


# Stages that are not as they were confirmed.


def test_altered_and_hashed_again(refused, stage):
    """A pixel is changed, and every digest on the way up to the confirmation is put right."""
    manifest = json.loads((stage / "manifest.json").read_text())
    entry = manifest["instances"][12]
    data = bytearray((stage / entry["file"]).read_bytes())
    data[-1000] ^= 1
    (stage / entry["file"]).write_bytes(bytes(data))
    entry["sha256"] = digest(stage / entry["file"])
    (stage / "manifest.json").write_text(json.dumps(manifest))
    changed(stage, lambda d: {**d, "manifestSHA256": digest(stage / "manifest.json")})
    refused("confirmation.json is not sealed")


def altered_and_hashed(stage, change=lambda manifest: None):
    """A pixel is changed before anybody confirmed, and the digest put right."""
    (stage / "confirmation.json").unlink()
    manifest = json.loads((stage / "manifest.json").read_text())
    entry = manifest["instances"][12]
    data = bytearray((stage / entry["file"]).read_bytes())
    data[-1000] ^= 1
    (stage / entry["file"]).write_bytes(bytes(data))
    entry["sha256"] = digest(stage / entry["file"])
    change(manifest)
    (stage / "manifest.json").write_text(json.dumps(manifest))


def test_an_untouched_stage_is_confirmed_without_a_caution(play, brain, stage):
    (stage / "confirmation.json").unlink()
    talk = play(reviewer.answers(brain), "confirm", stage)
    assert talk.code == 0 and "Caution" not in talk.text, talk.text


def test_altered_before_anybody_confirmed_it(play, brain, stage):
    altered_and_hashed(stage)
    talk = play(reviewer.answers(brain), "confirm", stage)
    assert talk.code == 77 and talk.asked == [], talk.text
    assert "manifest.json was altered after the export" in talk.text.replace("\r\n", " "), talk.text
    assert not (stage / "confirmation.json").exists()


HIDDEN = {
    "no seal": lambda m: [m.pop("mac"), m.pop("sealedBy")],
    "another key's name": lambda m: m.update(sealedBy="0123456789abcdef"),
}


@pytest.mark.parametrize("change", HIDDEN.values(), ids=HIDDEN)
def test_altered_and_the_seal_taken_for_anothers(change, play, brain, stage, home):
    """With keys of their own, people are told; the audit log keeps it."""
    altered_and_hashed(stage, change)
    talk = play(reviewer.answers(brain), "confirm", stage)
    assert "Caution    manifest.json is not sealed with your key" in talk.text, talk.text
    log = (home / ".local" / "state" / "push2pacs" / "audit.jsonl").read_text().splitlines()
    assert "not sealed" in log[-1] and "not sealed" not in log[-2]


@pytest.mark.parametrize("change", HIDDEN.values(), ids=HIDDEN)
def test_a_site_that_shares_a_key_takes_no_stage_that_it_did_not_seal(change, play, brain, stage, home):
    altered_and_hashed(stage, change)
    shared = home / "site-key"
    shared.write_text((home / ".config" / "push2pacs" / "key").read_text())
    shared.chmod(0o600)
    (home / ".config" / "push2pacs" / "config.json").write_text(
        json.dumps({"confirmation": {"keyFile": str(shared)}}))
    talk = play(reviewer.answers(brain), "confirm", stage)
    assert talk.code == 77 and talk.asked == [], talk.text
    assert "is not sealed with the site's key" in talk.text.replace("\r\n", " "), talk.text


FILES = ["manifest.json", "slices/0012.dcm", "review/index.html", "review/scan/0001.png", "contact-sheet.png"]


@pytest.mark.parametrize("file", FILES)
def test_a_changed_byte(file, refused, stage):
    data = bytearray((stage / file).read_bytes())
    data[len(data) // 2] ^= 1
    (stage / file).write_bytes(bytes(data))
    # Of the manifest only the confirmation knows the digest, unless it is no manifest any more.
    refused("manifest.json" if file == "manifest.json" else file)


@pytest.mark.parametrize("file", FILES)
def test_a_file_that_is_missing(file, refused, stage):
    (stage / file).unlink()
    refused(file)


@pytest.mark.parametrize("file", ["slices/0099.dcm", "slices/.hidden", "notes.txt", "review/scan/x.png", "deep/er/x"])
def test_a_file_too_many(file, refused, stage):
    (stage / file).parent.mkdir(parents=True, exist_ok=True)
    (stage / file).write_bytes(b"")
    refused(file.split("/")[0] if file.startswith("deep") else file)


@pytest.mark.parametrize("file", [*FILES, "confirmation.json", "journal.jsonl", "slices/0098.dcm", "slices", "review/scan"])
def test_a_planted_link(file, refused, stage, tmp_path):
    """What it leads to has the very bytes that were confirmed."""
    path, elsewhere = stage / file, tmp_path / "elsewhere"
    if path.exists():
        shutil.move(path, elsewhere)
    else:
        elsewhere.write_text("")
    path.symlink_to(elsewhere)
    refused(file)


def test_a_folder_and_a_pipe_in_the_place_of_files(refused, stage):
    (stage / "slices" / "0012.dcm").unlink()
    os.mkfifo(stage / "slices" / "0012.dcm")
    refused("slices/0012.dcm")
    (stage / "slices" / "0012.dcm").unlink()
    (stage / "slices" / "0012.dcm").mkdir()
    refused("slices/0012.dcm")


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "null", "{\"format\": \"push2pacs-stage/2\"}", "[" * 100000])
def test_a_manifest_that_is_none(text, refused, stage):
    (stage / "manifest.json").write_text(text)
    refused("manifest.json")


# Time.


def aged(stage, home, hours):
    """As if it had been given so many hours ago; by somebody who holds the key."""
    at = (datetime.datetime.now(UTC) - datetime.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def change(document):
        document["people"][0]["at"] = at
        return sealed(document, key_of(home))

    changed(stage, change)


def test_expired(refused, play, brain, storescp, stage, home, tmp_path):
    site = tmp_path / "site.json"
    site.write_text(json.dumps({"confirmation": {"expiresHours": 24}}))
    aged(stage, home, 25)
    refused("confirmation.json is older than 24 hours", "--config", site)
    aged(stage, home, 23)
    talk = play(reviewer.answers(brain), "push", stage, "--pacs", storescp.address, "--no-query", "--config", site)
    assert talk.code == 0, talk.text


def test_a_time_that_lies_ahead(refused, stage, home):
    aged(stage, home, -2)
    refused("confirmation.json is of a time that lies ahead")


def test_a_time_that_is_none(refused, stage, home):
    def change(document):
        document["people"][0]["at"] = "yesterday"
        return sealed(document, key_of(home))

    changed(stage, change)
    refused("confirmation.json")
