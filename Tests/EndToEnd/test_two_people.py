"""Who has to confirm: roles, lists of people, accounts of their own, expected warnings, expired words."""

import datetime
import grp
import json
import os
import pathlib
import shutil
import stat
import subprocess
import tempfile

import pytest

import reviewer
from test_confirmation import changed, key_of, sealed
from test_refusals import made  # noqa: F401
from test_transfer import the_stage

ADA = {"reviewer": "Ada Reviewer", "role": "physicist"}
GRACE = {"reviewer": "Grace Second", "role": "physician"}
DORA = {"reviewer": "Dora Third", "role": "dosimetrist"}
MAX = {"reviewer": "Max Fourth", "role": "physicist"}


@pytest.fixture
def site(tmp_path):
    def write(**confirmation):
        path = tmp_path / "site.json"
        path.write_text(json.dumps({"confirmation": confirmation}))
        return path

    return write


@pytest.fixture
def staged(made, run, tmp_path):  # noqa: F811
    """Stages a variant; gives the stage and what a person answers who has looked at it."""

    def stage(variant, brain, *arguments):
        done = run("export", made(variant, "brain-srs"), "--output", tmp_path / "out", *arguments)
        assert done.code == 0, done.err
        folder, manifest = the_stage(tmp_path / "out")
        return folder, reviewer.answers(brain, slice=str(manifest["hottestSlices"][0]))

    return stage


def people(stage):
    return [(p["name"], p["role"]) for p in json.loads((stage / "confirmation.json").read_text())["people"]]


# Fused maps: a physicist and a physician.


@pytest.mark.parametrize("first, second, missing, third", [
    (ADA, GRACE, None, None),
    (GRACE, ADA, None, None),
    (ADA, MAX, "a physician", GRACE),
    (DORA, GRACE, "a physicist", ADA),
])
def test_a_fused_map_needs_a_physicist_and_a_physician(
        first, second, missing, third, staged, brain, play, run, storescp):
    stage, given = staged("follow-up-scan", brain)
    to = ["--pacs", storescp.address, "--no-query"]
    talk = play({**given, **first}, "confirm", stage)
    assert talk.code == 0 and "a physicist and a physician" in talk.text, talk.text
    assert "Still missing: " in talk.text, talk.text
    done = run("push", stage, *to)
    assert done.code == 77 and len(done.error_lines) == 1 and first["reviewer"] in done.err, done.err
    wanted = {"physicist": "a physician", "physician": "a physicist", "dosimetrist": "a physicist and a physician"}
    assert wanted[first["role"]] in done.err, done.err
    talk = play({**given, **second}, "confirm", stage)
    assert talk.code == 0, talk.text
    if missing:
        assert "Still missing: a second person" in talk.text and missing in talk.text, talk.text
        done = run("push", stage, *to)
        assert done.code == 77 and missing in done.err, done.err
        assert storescp.files() == []
        assert play({**given, **third}, "confirm", stage).code == 0
    assert people(stage) == [(p["reviewer"], p["role"]) for p in (first, second, third) if p]
    assert play({**given, **first}, "push", stage, *to).code == 0
    assert storescp.files()


def test_export_says_who_is_missing(made, brain, play, storescp, tmp_path):  # noqa: F811
    talk = play({**reviewer.answers(brain), **ADA}, "export", made("follow-up-scan", "brain-srs"),
                "--pacs", storescp.address, "--no-query", "--output", tmp_path / "out")
    assert talk.code == 0, talk.text
    text = " ".join(talk.text.split())
    assert "Still missing: a second person" in text and "a physician" in text, talk.text
    assert "Next: push2pacs confirm" in text and storescp.files() == []


def test_an_override_needs_two_people_of_any_role(staged, brain, play, run, storescp):
    stage, given = staged("unapproved", brain)
    assert play({**given, **ADA}, "confirm", stage).code == 0
    done = run("push", stage, "--pacs", storescp.address, "--no-query")
    assert done.code == 77 and "a second person" in done.err, done.err
    talk = play({**given, "reviewer": "ada  REVIEWER"}, "confirm", stage)
    assert talk.code == 77 and "has confirmed already" in talk.text, talk.text
    talk = play({**given, **MAX}, "confirm", stage)
    assert talk.code == 0 and talk.asked.count("reason") == 1, talk.text
    assert play({**given, **MAX}, "push", stage, "--pacs", storescp.address, "--no-query").code == 0
    document = json.loads((stage / "confirmation.json").read_text())
    assert [(o["check"], o["person"]) for o in document["overrides"] if o["check"] == "plan.approved"] == [("plan.approved", "Max Fourth")]


def test_two_who_confirm_at_the_same_time_both_count(staged, brain, play, run, storescp):
    stage, given = staged("follow-up-scan", brain)

    def meanwhile():
        talk = play({**given, **GRACE}, "confirm", stage)
        assert talk.code == 0, talk.text
        return "yes"

    assert play({**given, **ADA, "confirm": meanwhile}, "confirm", stage).code == 0
    assert people(stage) == [("Grace Second", "physician"), ("Ada Reviewer", "physicist")]
    assert play({**given, **ADA}, "push", stage, "--pacs", storescp.address, "--no-query").code == 0


# People that the site lists.


LIST = [
    {"name": "Ada Reviewer", "role": "physicist"},
    {"name": "Otto Elsewhere", "role": "physician", "account": "somebody-else"},
    {"name": "Grace Second", "role": "physician"},
]


def test_people_on_a_list_are_picked_by_number(staged, brain, site, play, run, storescp):
    stage, given = staged("follow-up-scan", brain)
    config = ["--config", site(people=LIST)]
    tries = iter(["Ada Reviewer", "0", "3", "1"])
    talk = play({**given, "reviewer": lambda: next(tries)}, "confirm", stage, *config)
    assert talk.code == 0 and "role" not in talk.asked and talk.asked.count("reviewer") == 4, talk.text
    # Who has confirmed, or has another account, cannot be picked.
    assert "Otto" not in talk.text and "1  Ada Reviewer, physicist" in talk.text, talk.text
    talk = play({**given, "reviewer": "1"}, "confirm", stage, *config)
    assert talk.code == 0 and "1  Grace Second, physician" in talk.text, talk.text
    assert people(stage) == [("Ada Reviewer", "physicist"), ("Grace Second", "physician")]
    talk = play({**given, "reviewer": "2"}, "push", stage, "--pacs", storescp.address, "--no-query", *config)
    assert talk.code == 0 and "role" not in talk.asked, talk.text
    assert people(stage)[2:] == [("Grace Second", "physician")]


def test_who_is_not_on_the_list_does_not_count(staged, brain, site, play, run, storescp):
    stage, given = staged("no-approval", brain)
    assert play({**given, "reviewer": "Eve Unlisted"}, "confirm", stage).code == 0
    config = ["--config", site(people=LIST)]
    done = run("push", stage, "--pacs", storescp.address, "--no-query", *config)
    assert done.code == 77 and "Eve Unlisted" in done.err and "list" in done.err, done.err
    assert storescp.files() == []
    assert play({**given, "reviewer": "1"}, "confirm", stage, *config).code == 0
    to = ["--pacs", storescp.address, "--no-query", *config]
    assert play({**given, "reviewer": "1"}, "push", stage, *to).code == 0



def test_nobody_on_the_list_may_confirm_here(staged, brain, site, play):
    stage, given = staged("no-approval", brain)
    talk = play(given, "confirm", stage, "--config", site(people=LIST[1:2]))
    assert talk.code == 77 and "confirmation.people" in talk.text, talk.text
    assert not (stage / "confirmation.json").exists()


@pytest.mark.parametrize("confirmation, names", [
    ({"people": [{"name": "Ada Reviewer"}]}, "confirmation.people[0].role"),
    ({"people": [{"name": "Ada Reviewer", "role": "boss"}]}, "confirmation.people[0].role"),
    ({"people": [{"name": "X", "role": "physicist"}]}, "confirmation.people[0].name"),
    ({"people": [LIST[0], {"name": "ADA reviewer", "role": "physician"}]}, "confirmation.people[1].name"),
    ({"people": [{**LIST[0], "answers": "yes"}]}, "confirmation.people[0].answers"),
    ({"differentAccounts": "yes"}, "confirmation.differentAccounts"),
    ({"expected": ["dose.nothing"]}, "confirmation.expected[0]"),
    ({"expected": "all"}, "confirmation.expected"),
])
def test_rules_that_are_none(confirmation, names, site, run, brain):
    done = run("inspect", brain.folder, "--config", site(**confirmation))
    assert done.code == 78 and names in done.err and len(done.error_lines) == 1, done.err


# Accounts of their own.


def test_one_account_is_not_two_where_the_site_says_so(staged, brain, site, play, run, storescp):
    stage, given = staged("follow-up-scan", brain)
    config = ["--config", site(differentAccounts=True)]
    assert play({**given, **ADA}, "confirm", stage, *config).code == 0
    talk = play({**given, **GRACE}, "confirm", stage, *config)
    assert talk.code == 77 and talk.asked == [] and "accounts of their own" in talk.text, talk.text
    # Confirmed under one account elsewhere: what counts is the site that sends.
    assert play({**given, **GRACE}, "confirm", stage).code == 0
    done = run("push", stage, "--pacs", storescp.address, "--no-query", *config)
    assert done.code == 77 and "another account" in done.err and storescp.files() == [], done.err


@pytest.fixture
def accounts(binary):
    """Two accounts of one group with homes of their own, and a folder that they share."""
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("only root can run things under two other accounts")
    base = pathlib.Path(tempfile.mkdtemp(prefix="push2pacs-accounts-"))
    base.chmod(0o755)
    group = grp.getgrnam("users")
    (base / "shared").mkdir()
    os.chown(base / "shared", 0, group.gr_gid)
    (base / "shared").chmod(0o2770)
    (base / "site.json").write_text(json.dumps({
        "stage": {"group": "users"}, "audit": str(base / "shared" / "audit.jsonl"),
        "confirmation": {"keyFile": str(base / "shared" / "key"), "differentAccounts": True}}))
    commands = {}
    for name, number in (("daemon", 1), ("nobody", 65534)):
        home = base / name
        home.mkdir(mode=0o700)
        os.chown(home, number, group.gr_gid)
        commands[name] = ["setpriv", f"--reuid={number}", f"--regid={group.gr_gid}", "--clear-groups", str(binary)], home
    if subprocess.run([*commands["daemon"][0], "--version"], capture_output=True).returncode:
        pytest.skip("other accounts cannot run the binary where it lies")
    yield base, commands, group
    shutil.rmtree(base)


def test_two_accounts_share_stage_key_log_and_journal(accounts, made, brain, storescp, tmp_path):  # noqa: F811
    base, commands, group = accounts
    folder = made("follow-up-scan", "brain-srs")
    shutil.copytree(folder, base / "course")
    more = ["--config", str(base / "site.json")]
    to = ["--pacs", storescp.address, "--no-query", *more]

    def run(account, *arguments):
        command, home = commands[account]
        return subprocess.run([*command, *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              env=reviewer.environment(home), timeout=180, cwd=base)

    def play(account, given, *arguments):
        command, home = commands[account]
        return reviewer.play([*command, *arguments], given, home, cwd=base)

    done = run("daemon", "export", base / "course", "--output", base / "shared" / "out", *more)
    assert done.returncode == 0, done.stderr
    stage, manifest = the_stage(base / "shared" / "out")
    given = reviewer.answers(brain, slice=str(manifest["hottestSlices"][0]))
    assert play("daemon", {**given, **ADA}, "confirm", stage, *more).code == 0
    assert play("daemon", {**given, **GRACE}, "confirm", stage, *more).code == 77
    talk = play("nobody", {**given, **GRACE}, "confirm", stage, *more)
    assert talk.code == 0, talk.text
    assert [p["account"] for p in json.loads((stage / "confirmation.json").read_text())["people"]] == ["daemon", "nobody"]

    # One sends, the other goes on: the journal changes hands and loses no line.
    talk = play("daemon", {**given, **ADA}, "push", stage, *to)
    assert talk.code == 0, talk.text
    before = (stage / "journal.jsonl").read_text()
    assert (stage / "journal.jsonl").stat().st_uid == 1
    done = run("nobody", "push", stage, *to)
    assert done.returncode == 0, done.stderr
    after = (stage / "journal.jsonl").read_text()
    assert after.startswith(before) and len(after) > len(before)
    assert (stage / "journal.jsonl").stat().st_uid == 65534
    assert run("daemon", "push", stage, *to).returncode == 0
    assert after.count('"sent"') == len(manifest["instances"])

    for path in [stage, *stage.rglob("*")]:
        status = path.lstat()
        assert (stat.S_IMODE(status.st_mode), status.st_gid) == (0o2770 if path.is_dir() else 0o640, group.gr_gid), path
    assert sorted(p.name for p in (base / "shared" / "out").iterdir()) == [stage.name]
    assert stat.S_IMODE((base / "shared" / "key").stat().st_mode) == 0o640
    assert stat.S_IMODE((base / "shared" / "audit.jsonl").stat().st_mode) == 0o660
    log = [json.loads(line) for line in (base / "shared" / "audit.jsonl").read_text().splitlines()]
    assert [(r["event"], r["account"]) for r in log[:3]] == [("staged", "daemon"), ("confirmed", "daemon"), ("confirmed", "nobody")]
    assert run("nobody", "audit", *more).returncode == 0


# Warnings that the site expects.


def test_expected_warnings_are_accepted_together(made, brain, site, play, run, tmp_path):  # noqa: F811
    from fixtures import variants

    folder = pathlib.Path(brain.folder)
    case = variants.load(folder, brain.facts)
    for name in ("no-approval", "same-frame-other-study", "plan-after-first-fraction"):
        variants.VARIANTS[name].change(case)
    variants.write(case, tmp_path / "course", "three-warnings")
    config = ["--config", site(expected=["plan.approved", "treatment.dates", "dose.plausible"])]

    # Without the rule each by itself; a rule that came after the review page does not count.
    assert run("export", tmp_path / "course", "--output", tmp_path / "plain").code == 0
    plain, _ = the_stage(tmp_path / "plain")
    talk = play(reviewer.answers(brain), "confirm", plain, *config)
    assert talk.code == 0 and talk.asked.count("accept") == 3, talk.text
    assert "Warnings that this site expects" not in (plain / "review" / "index.html").read_text()

    assert run("export", tmp_path / "course", "--output", tmp_path / "ruled", *config).code == 0
    ruled, manifest = the_stage(tmp_path / "ruled")
    shown = "Warnings that this site expects, and accepts together: dose.plausible, plan.approved, treatment.dates"
    assert shown in (ruled / "review" / "index.html").read_text()
    assert manifest["site"]["expected"] == ["dose.plausible", "plan.approved", "treatment.dates"]
    talk = play({**reviewer.answers(brain), "accept": "no"}, "confirm", ruled, *config)
    assert talk.code == 77 and "geometry.frame was not accepted" in " ".join(talk.text.split()), talk.text
    talk = play(reviewer.answers(brain), "confirm", ruled, *config)
    assert talk.code == 0 and talk.asked.count("accept") == 2, talk.text
    asked = [a["question"] for a in json.loads((ruled / "confirmation.json").read_text())["people"][0]["answers"]]
    assert [q for q in asked if "Accept" in q] == [
        "geometry.frame: Accept? [yes/no]", "plan.approved, treatment.dates: Accept? [yes/no]"]


def test_an_expected_failure_is_still_one(made, brain, site, play, run, storescp, tmp_path):  # noqa: F811
    config = ["--config", site(expected=["plan.approved"])]
    done = run("export", made("unapproved", "brain-srs"), "--output", tmp_path / "out", *config)
    assert done.code == 0, done.err
    stage, _ = the_stage(tmp_path / "out")
    talk = play(reviewer.answers(brain), "confirm", stage, *config)
    assert talk.code == 0 and "Still missing: a second person" in talk.text, talk.text
    assert run("push", stage, "--pacs", storescp.address, "--no-query", *config).code == 77


def test_a_loosened_limit_makes_another_map(made, site, run, tmp_path):  # noqa: F811
    """What was burned in as overridden is not taken for what passes by a site's own limit."""
    folder = made("prescribed-to-half", "brain-srs")
    tight, loose = tmp_path / "tight.json", tmp_path / "loose.json"
    tight.write_text(json.dumps({"limits": {"dose.plausible": {"max": 1.2}}}))
    loose.write_text(json.dumps({"limits": {"dose.plausible": {"max": 3.5}}}))
    assert run("export", folder, "--output", tmp_path / "out", "--config", tight).code == 0
    done = run("export", folder, "--output", tmp_path / "out", "--config", loose)
    assert done.code == 0 and "staged before" not in done.err, done.err
    found = [json.loads((p / "manifest.json").read_text()) for p in sorted((tmp_path / "out").iterdir())]
    assert len(found) == 2 and found[0]["series"]["instanceUID"] != found[1]["series"]["instanceUID"]
    status = [{c["id"]: c["status"] for c in m["checks"]}["dose.plausible"] for m in found]
    assert status == ["failure", "pass"]
    assert [bool(m["site"]["loosened"]) for m in found] == [False, True]


# Words that are too old.


def test_an_expired_confirmation_is_asked_for_anew(staged, brain, site, home, play, run, storescp):
    stage, given = staged("follow-up-scan", brain)
    assert play({**given, **ADA}, "confirm", stage).code == 0
    assert play({**given, **GRACE}, "confirm", stage).code == 0
    config = ["--config", site(expiresHours=24)]
    at = (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=25)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def age(document):
        # The first word is too old, the second is not: as old as the oldest.
        document["people"][0]["at"] = at
        return sealed(document, key_of(home))

    changed(stage, age)
    done = run("push", stage, "--pacs", storescp.address, "--no-query", *config)
    assert done.code == 77 and "older than 24 hours" in done.err, done.err
    talk = play({**given, **ADA}, "confirm", stage, *config)
    assert talk.code == 0 and "older than 24 hours" in talk.text, talk.text
    assert people(stage) == [("Ada Reviewer", "physicist")]
    assert play({**given, **GRACE}, "confirm", stage, *config).code == 0
    assert play({**given, **ADA}, "push", stage, "--pacs", storescp.address, "--no-query", *config).code == 0
