"""The table of checks: every id is there, once, and something that it must catch is planted for each."""

import csv
import html
import json
import re

import pydicom
import pytest

import reviewer
from course import ROOT
from test_refusals import made  # noqa: F401
from test_transfer import confirmed


def hottest(stage):
    return json.loads((stage / "manifest.json").read_text())["hottestSlices"][0]

# Each check, and the test that plants what it must catch; `None`: rows of Fixtures/hazards.tsv do.
PLANTED = {
    "identity.patient": None,
    "identity.pacs": ("Tests/EndToEnd/test_checks.py", "def test_the_study_of_another_patient("),
    "dose.units": None,
    "dose.type": None,
    "dose.scaling": None,
    "dose.geometry": None,
    "dose.summation": None,
    "dose.plan": None,
    "dose.plausible": None,
    "dose.covered": None,
    "dose.lowest-covered": None,
    "dose.sum-extent": None,
    "plan.approved": None,
    "plan.prescription": None,
    "treatment.complete": None,
    "treatment.fractions": None,
    "treatment.dates": None,
    "treatment.plan": None,
    "geometry.frame": None,
    "geometry.registration": None,
    "geometry.overlap": None,
    "geometry.slices": None,
    "geometry.prior": None,
    "render.background": ("Tests/DoseMapTests/RenderCheckTests.swift", "one changed pixel away from the ink is found"),
    "render.lines": ("Tests/DoseMapTests/RenderCheckTests.swift", "a recoloured or missing line is found"),
    "render.lettering": ("Tests/EndToEnd/test_checks.py", "def test_a_character_that_the_font_lacks("),
    "label.form": ("Tests/EndToEnd/test_checks.py", "def test_a_label_that_is_too_long("),
    "label.facts": ("Tests/EndToEnd/planted.toml", 'name = "label-fraction-short"'),
    "label.unique": ("Tests/EndToEnd/test_checks.py", "def test_another_series_of_that_name("),
    "encoding.valid": None,
}
SOURCE = (ROOT / "Sources" / "Quality" / "Checks" / "CheckID.swift").read_text()
HAZARDS = list(csv.DictReader((ROOT / "Fixtures" / "hazards.tsv").open(), delimiter="\t"))


def test_the_code_has_one_table_with_every_id_and_a_sentence_for_each():
    cases = dict(re.findall(r'^  case (\w+) = "([^"]+)"$', SOURCE, re.M))
    assert list(cases.values()) == list(PLANTED), "the order of the table is that of the design"
    said = re.findall(r'^    case \.(\w+):\s+"([^"]{10,})"$', SOURCE, re.M)
    assert [name for name, _ in said] == list(cases)
    for path in (ROOT / "Sources").rglob("*.swift"):
        if path.name != "CheckID.swift":
            for name in PLANTED:
                # A limit of the configuration is named after its check.
                allowed = name == "dose.plausible" and path.name in ("SiteSchema.swift", "SiteLimits.swift", "CourseArguments.swift")
                assert allowed or f'"{name}"' not in path.read_text(), (path, name)


@pytest.mark.parametrize("check", PLANTED)
def test_something_is_planted_for(check):
    if PLANTED[check] is None:
        rows = [h for h in HAZARDS if h["check"] == check and h["verdict"] != "pass"]
        assert rows, "no row of hazards.tsv"
    else:
        file, text = PLANTED[check]
        assert text in (ROOT / file).read_text()


def test_every_check_is_in_the_manifest_or_the_journal(exported):
    """Once each, in the order of the table, with a sentence."""
    _, stage = exported
    checks = json.loads((stage / "manifest.json").read_text())["checks"]
    ids = [c["id"] for c in checks]
    assert ids == [name for name in PLANTED if name in ids]
    # Sums have a check of their own.
    assert set(PLANTED) - set(ids) <= {"identity.pacs", "label.unique", "dose.sum-extent", "geometry.registration", "geometry.prior"}
    assert all(len(c["detail"]) > 5 for c in checks)
    page = (stage / "review" / "index.html").read_text()
    assert all(name in page for name in ids)


SAME = ["follow-up-scan", "gap-outside-dose", "half-dose", "no-approval", "boost-not-shown", "registration-into-the-air"]


@pytest.mark.parametrize("name", SAME)
def test_a_verdict_is_the_same_wherever_it_is_shown(name, made, run, play, brain, neck, tmp_path):  # noqa: F811
    """inspect, manifest, review page, confirmation: the same statuses and the same sentences."""
    course = next(h["course"] for h in HAZARDS if h["variant"] == name)
    folder = made(name, course)
    export, = json.loads(run("inspect", folder, "--json").out)["exports"]
    done = run("export", folder, "--output", tmp_path / "out", "--json")
    assert done.code == 0 and export["isPossible"], done.err
    stage, = (tmp_path / "out").iterdir()
    told = {c["id"]: (c["status"], c["detail"]) for c in json.loads((stage / "manifest.json").read_text())["checks"]}
    inspected = {c["id"]: (c["status"], c["detail"]) for c in export["checks"]}
    assert {i: told[i] for i in inspected} == inspected
    assert all(i.startswith("render.") or i.startswith("encoding.") for i in set(told) - set(inspected))
    page = html.unescape((stage / "review" / "index.html").read_text())
    assert all(detail in page for _, detail in told.values())
    open_ones = {i: d for i, (s, d) in told.items() if s != "pass"}
    given = reviewer.answers({"brain-srs": brain, "head-neck": neck}[course], slice=str(hottest(stage)))
    if name == "boost-not-shown":
        given = {**given, "dose": "50", "fractions": "25", "date": "2017-02-23"}
    talk = play({**given, "confirm": "no"}, "confirm", stage)
    assert talk.code == 77
    for identifier, detail in open_ones.items():
        assert f"{identifier}: {detail}" in talk.text, talk.text


@pytest.mark.parametrize("name", ["relative-units", "boost-going-on", "half-of-the-records-meterset"])
def test_what_blocks_is_the_same_for_inspect_and_export(name, made, run, tmp_path):  # noqa: F811
    hazard = next(h for h in HAZARDS if h["variant"] == name)
    folder = made(name, hazard["course"])
    export, = json.loads(run("inspect", folder, "--json").out)["exports"]
    blocked = [c for c in export["checks"] if c["remedy"] == "blocked"]
    assert hazard["check"] in [c["id"] for c in blocked] and not export["isPossible"]
    done = run("export", folder, "--output", tmp_path / "out", COLUMNS="400")
    assert done.code == 65 and not list((tmp_path / "out").glob("*")), done.err
    said = " ".join(done.err.split())
    assert all(f"{c['id']} {' '.join(c['detail'].split())}" in said for c in blocked), done.err


# What only the archive can tell.


def test_the_study_of_another_patient(orthanc, brain, run, play, tmp_path):
    """The archive holds the very study, but for somebody else."""
    stage = confirmed(run, play, brain, tmp_path / "out")
    scan = brain.slices()[:2]
    for d in scan:
        d.PatientID = "SOMEBODY-ELSE"
    orthanc.store(scan)
    before = len(orthanc.rest("/instances"))
    talk = play(reviewer.answers(brain), "push", stage, "--pacs", orthanc.address)
    assert talk.code == 65 and "identity.pacs" in talk.text and "SOMEBODY-ELSE" in talk.text, talk.text
    assert talk.asked == [] and len(orthanc.rest("/instances")) == before


def test_a_study_that_is_not_there(orthanc, brain, run, play, tmp_path):
    """A second person may send it all the same; nobody else."""
    stage = confirmed(run, play, brain, tmp_path / "out")
    done = run("push", stage, "--pacs", orthanc.address)
    assert done.code == 77 and "identity.pacs" in done.err, done.err
    assert orthanc.rest("/instances") == []
    talk = play(reviewer.answers(brain, reviewer="Grace Second"), "push", stage, "--pacs", orthanc.address)
    assert talk.code == 0 and "reason" in talk.asked, talk.text


def test_another_series_of_that_name(orthanc, brain, run, play, tmp_path):
    """Somebody has made a map of that name already."""
    stage = confirmed(run, play, brain, tmp_path / "out")
    orthanc.store(brain.slices())
    manifest = json.loads((stage / "manifest.json").read_text())
    other = pydicom.dcmread(stage / manifest["instances"][0]["file"])
    other.SeriesInstanceUID, other.SOPInstanceUID = "2.25.1234567890", "2.25.1234567891"
    other.file_meta.MediaStorageSOPInstanceUID = other.SOPInstanceUID
    orthanc.store([other])
    before = len(orthanc.rest("/instances"))
    done = run("push", stage, "--pacs", orthanc.address)
    assert done.code == 77 and "label.unique" in done.err and "2.25.1234567890" in done.err, done.err
    assert len(orthanc.rest("/instances")) == before


# What the site can bring about.


def test_a_label_that_is_too_long(brain, run, tmp_path):
    site = tmp_path / "site.json"
    site.write_text(json.dumps({"label": {"date": "yyyy-MM-dd" + "-" * 50}}))
    done = run("export", brain.folder, "--output", tmp_path / "out", "--config", site)
    assert done.code == 65 and "label.form" in done.err, done.err
    assert len(done.error_lines) == 1 and list((tmp_path / "out").glob("*")) == []


def test_a_character_that_the_font_lacks(brain, run, tmp_path):
    site = tmp_path / "site.json"
    site.write_text(json.dumps({"contact": "Radiation Oncology \U0001F4DE 1234"}))
    done = run("export", brain.folder, "--output", tmp_path / "out", "--config", site)
    assert done.code == 65 and "render.lettering" in done.err, done.err
    assert len(done.error_lines) == 1 and list((tmp_path / "out").glob("*")) == []
