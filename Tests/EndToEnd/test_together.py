"""The dose map and the treatment summary go out together, or it is said which of them did not."""

import datetime
import json
import pathlib
import re
import shlex

import fhir_servers
import pydicom
import pytest
import reviewer
import servers
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.documentreference import DocumentReference
from fhir.resources.R4B.imagingstudy import ImagingStudy
from test_refusals import made  # noqa: F401
from test_summary import DETAILS, talked

SUMMARY = r"Is this summary what happened, and may it go to \S+\? \[yes/no\] ?"


@pytest.fixture(autouse=True)
def asked_more(monkeypatch):
    """The question about the summary, beside those about the map."""
    monkeypatch.setitem(reviewer.ASKED, "summary", SUMMARY)


def answers(course, **changed):
    return {**reviewer.answers(course), "summary": "yes", **changed}


@pytest.fixture
def archive(tmp_path, binary, brain):
    """It holds the scan."""
    servers.EmbeddedArchive.binary = binary
    with servers.EmbeddedArchive(tmp_path / "archive") as server:
        server.store(brain.slices())
        yield server


@pytest.fixture
def sekmet(tmp_path):
    with fhir_servers.Sekmet(tmp_path / "fhir") as server:
        yield server


def words(course, address, url, folder, *more):
    return ["export", course.folder, "--pacs", address, "--fhir", url, "--details",
            DETAILS[course.folder.name], "--output", folder, *more]


def stages(folder):
    folder = pathlib.Path(folder)
    return [p for p in folder.iterdir() if (p / "manifest.json").is_file()] if folder.is_dir() else []


def resources(server, kind):
    return [e["resource"] for e in server.get(kind).get("entry", [])]


def stored(archive, manifest):
    study, series = manifest["study"]["instanceUID"], manifest["series"]["instanceUID"]
    held = archive.series(study)
    return archive.instances(study, series) if series in held else []


def test_both_arrive_and_refer_to_each_other(archive, sekmet, brain, play, run, tmp_path):
    """One confirmation; by pydicom's eyes and fhir.resources' the links lead to the series in the PACS."""
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"fhir": {"record": {"url": sekmet.url}}}))
    talk = play(answers(brain), *words(brain, archive.address, "record", tmp_path / "out", "--config", config))
    assert talk.code == 0, talk.text
    assert talk.asked == reviewer.ORDER[:6] + ["summary"] + reviewer.ORDER[6:]
    # The chart is asked before the summary shows a dose.
    assert "18 Gy" not in talk.text[: talk.text.index("Date of the last fraction")]
    [stage] = stages(tmp_path / "out")
    manifest = json.loads((stage / "manifest.json").read_text())
    uids = sorted(i["sopInstanceUID"] for i in manifest["instances"])
    assert stored(archive, manifest) == uids
    said = json.loads((stage / "confirmation.json").read_text())
    assert "may it go to" in json.dumps(said)

    [study] = resources(sekmet, "ImagingStudy")
    [document] = resources(sekmet, "DocumentReference")
    ImagingStudy.model_validate(study)
    DocumentReference.model_validate(document)
    [course] = [r for r in resources(sekmet, "Procedure") if r["code"]["coding"][0]["code"] == "1217123003"]
    assert course["report"][0]["reference"] == f"DocumentReference/{document['id']}"
    assert study["procedureReference"]["reference"] == f"Procedure/{course['id']}"
    assert study["identifier"][0]["value"] == f"urn:oid:{manifest['study']['instanceUID']}"
    [series] = study["series"]
    assert series["uid"] == manifest["series"]["instanceUID"] and series["modality"]["code"] == "OT"
    assert sorted(i["uid"] for i in series["instance"]) == uids
    assert document["identifier"][0]["value"] == f"urn:oid:{series['uid']}"
    related = [r["reference"] for r in document["context"]["related"]]
    assert related == [f"ImagingStudy/{study['id']}", f"Procedure/{course['id']}"]

    # The same Bundle in a file, for fhir.resources and the rules.
    bundle = tmp_path / "bundle.json"
    done = run("summary", brain.folder, "--details", DETAILS["brain-srs"], "--stage", stage, "-o", bundle)
    assert done.code == 0, done.err
    Bundle.model_validate(json.loads(bundle.read_text()))
    assert [e["resource"]["resourceType"] for e in json.loads(bundle.read_text())["entry"]][-2:] == [
        "ImagingStudy", "DocumentReference"]
    assert run("summary", "--check", bundle).code == 0

    # Again: both were confirmed with this stage, so nobody is asked; nothing is there twice.
    talk = play(answers(brain), *words(brain, archive.address, "record", tmp_path / "out", "--config", config))
    assert talk.code == 0, talk.text
    assert talk.asked == [] and stages(tmp_path / "out") == [stage]
    assert len(resources(sekmet, "ImagingStudy")) == len(resources(sekmet, "DocumentReference")) == 1
    done = run("summary", "--read", "record", "--patient", brain.facts["patientID"], "--config", config, "--json")
    assert done.code == 0, done.err
    assert json.loads(done.out)["course"]["status"] == "completed"
    done = run("summary", "--read", f"record/Procedure/{course['id']}", "--config", config)
    assert done.code == 0, done.err
    done = run("summary", "--read", "recrod", "--patient", "1", "--config", config)
    assert done.code == 66, done.err


def test_an_imaging_study_of_somebody_else_stays_as_it_is(archive, brain, play, tmp_path):
    """The hospital's own ImagingStudy lists the scan: it is referred to and not replaced."""
    with fhir_servers.Scripted() as server:
        own = {"resourceType": "ImagingStudy", "id": "7", "meta": {"versionId": "1"}, "status": "available",
               "identifier": [{"system": "urn:dicom:uid", "value": f"urn:oid:{brain.facts['studyInstanceUID']}"}],
               "series": [{"uid": "1.2.3"}]}
        server.resources[("ImagingStudy", "7")] = own
        talk = play(answers(brain), *words(brain, archive.address, server.url, tmp_path / "out"))
        assert talk.code == 0, talk.text
        found = {k: r for k, r in server.resources.items() if k[0] in ("ImagingStudy", "DocumentReference")}
        assert found.pop(("ImagingStudy", "7")) == own
        [document] = found.values()
        assert document["context"]["related"][0] == {"reference": "ImagingStudy/7"}


@pytest.mark.parametrize("what, code, said", [
    ("no details", 64, "--details"), ("no pacs", 64, "--pacs"), ("details alone", 64, "--fhir"),
    ("unknown name", 78, "recrod"), ("broken details", 65, "course"), ("contradiction", 65, "fractions"),
])
def test_where_the_summary_cannot_be_made_nothing_is_staged(brain, run, tmp_path, what, code, said):
    details = json.loads(DETAILS["brain-srs"].read_text())
    if what == "broken details":
        del details["course"]
    if what == "contradiction":
        details["course"].update(status="stopped", statusReason="refused")
    path = tmp_path / "details.json"
    path.write_text(json.dumps(details))
    options = {"--pacs": "ARCHIVE@127.0.0.1:9", "--fhir": "http://127.0.0.1:9/fhir", "--details": path}
    if what == "no details":
        del options["--details"]
    if what == "no pacs":
        del options["--pacs"]
    if what == "details alone":
        del options["--fhir"]
    if what == "unknown name":
        options["--fhir"] = "recrod"
    done = run("export", brain.folder, "--output", tmp_path / "out", *sum(options.items(), ()))
    assert done.code == code, done.err
    [line] = done.error_lines
    assert said in line, line
    assert stages(tmp_path / "out") == []
    assert what in ("no pacs", "details alone", "unknown name") or "nothing was staged" in line


def test_the_map_is_there_and_the_summary_is_not(archive, brain, play, home, tmp_path):
    """The FHIR server fails once the PACS is served: one line, and its command sends the rest."""
    broken = {"is": True}

    def fail(method, path, _):
        if method == "POST" and broken["is"]:
            return 500, {"resourceType": "OperationOutcome", "issue": [
                {"severity": "error", "code": "exception", "diagnostics": "the disk is full"}]}
        return None

    with fhir_servers.Scripted(fail, transactions=False) as server:
        talk = play(answers(brain), *words(brain, archive.address, server.url, tmp_path / "out dir"))
        assert talk.code == 75, talk.text
        text = re.sub(r"\s+", " ", talk.text)
        assert f"the map is in {archive.address}, the summary is not at {server.url}" in text
        assert "the disk is full" in text
        [stage] = stages(tmp_path / "out dir")
        manifest = json.loads((stage / "manifest.json").read_text())
        assert len(stored(archive, manifest)) == len(manifest["instances"])
        assert server.resources == {}
        last = [json.loads(line) for line in (stage / "journal.jsonl").read_text().splitlines()][-1]
        assert (last["pacs"], last["event"]) == (server.url, "missing") and "summary" in last["detail"], last
        broken["is"] = False
        command = shlex.split(text.split("send it with: ")[1].split(" push2pacs: ")[0])
        assert command[:3] == ["push2pacs", "push", str(stage)]
        end = command.index("--pacs") + 2
        talk = play(answers(brain), *command[1:end])
        assert talk.code == 0 and talk.asked == [], talk.text
        last = [json.loads(line) for line in (stage / "journal.jsonl").read_text().splitlines()][-1]
        assert (last["pacs"], last["event"]) == (server.url, "sent") and "made" in last["detail"], last
        # Nothing of the map goes a second time.
        assert f"holds all {len(manifest['instances'])} instances already" in re.sub(r"\s+", " ", talk.text), talk.text
        [course] = [r for r in server.resources.values() if r["resourceType"] == "Procedure" and r.get("report")]
        kinds = [kind for kind, _ in server.resources]
        assert kinds.count("DocumentReference") == kinds.count("ImagingStudy") == 1
        assert course["report"][0]["reference"].startswith("DocumentReference/")


def test_refused_for_good(archive, brain, play, tmp_path):
    with fhir_servers.Scripted(
            lambda method, *_: (403, None) if method == "POST" else None, transactions=True) as server:
        talk = play(answers(brain), *words(brain, archive.address, server.url, tmp_path / "out"))
        assert talk.code == 69 and "the summary is not at" in talk.text, talk.text


def test_a_record_that_does_not_answer_keeps_the_map_back(archive, brain, play, tmp_path):
    """It is asked before the PACS is served: neither goes alone."""
    with fhir_servers.Scripted(lambda *_: (401, None)) as server:
        talk = play(answers(brain), *words(brain, archive.address, server.url, tmp_path / "out"))
        assert talk.code == 69, talk.text
        assert "neither the map nor the summary was sent" in re.sub(r"\s+", " ", talk.text)
        [stage] = stages(tmp_path / "out")
        assert stored(archive, json.loads((stage / "manifest.json").read_text())) == []


def test_no_map_no_summary(brain, play, tmp_path):
    """The PACS does not answer: nothing goes to the FHIR server, and that is said."""
    with fhir_servers.Scripted() as server:
        nobody = f"ARCHIVE@127.0.0.1:{servers.free_port()}"
        talk = play(answers(brain), *words(brain, nobody, server.url, tmp_path / "out"))
        assert talk.code in (69, 75), talk.text
        assert f"nothing went to {server.url}" in re.sub(r"\s+", " ", talk.text)
        assert {method for method, _ in server.requests} == {"GET"} and server.resources == {}


def test_a_summary_that_is_not_confirmed_stops_both(archive, brain, play, tmp_path):
    with fhir_servers.Scripted() as server:
        talk = play(answers(brain, summary="no"), *words(brain, archive.address, server.url, tmp_path / "out"))
        assert talk.code == 77, talk.text
        assert server.requests == []
        [stage] = stages(tmp_path / "out")
        assert not (stage / "confirmation.json").exists()
        assert stored(archive, json.loads((stage / "manifest.json").read_text())) == []


def test_links_only_to_what_a_pacs_holds(run, exported, tmp_path):
    course, stage = exported
    done = run("summary", course.folder, "--details", DETAILS[course.folder.name], "--stage", stage, "--json")
    assert done.code == 65 and "no PACS is known to hold the map" in done.err, done.err


def test_links_only_to_the_map_of_the_same_course(run, exported, brain, neck, tmp_path):
    """Another patient, and the same one with another last day by its records."""
    course, stage = exported
    other = neck if course is brain else brain
    done = run("summary", other.folder, "--details", DETAILS[other.folder.name], "--stage", stage, "--json")
    assert done.code == 65 and "the map of" in done.err and done.out == "", done.err
    folder = tmp_path / "later"
    folder.mkdir()
    last = datetime.date.fromisoformat(course.chart["lastFraction"])
    next_day = last + datetime.timedelta(1)

    def a_day_later(_, element):
        if element.VR == "DA" and element.value == last.strftime("%Y%m%d"):
            element.value = next_day.strftime("%Y%m%d")

    for dataset in course.datasets("RTPLAN") + course.datasets("RTRECORD"):
        if dataset.Modality == "RTRECORD":
            dataset.walk(a_day_later)
        dataset.save_as(folder / f"{dataset.SOPInstanceUID}.dcm")
    done = run("summary", folder, "--details", DETAILS[course.folder.name], "--stage", stage, "--json")
    assert done.code == 65 and "contradicts the map" in done.err and done.out == "", done.err


# Several people, and the commands by themselves.


@pytest.fixture
def fused(made, brain, run, tmp_path):  # noqa: F811
    """A map on a follow-up scan, which needs two people, with a summary; and who says what."""
    folder = made("follow-up-scan", "brain-srs")

    def stage(url, archive=None):
        done = run("export", folder, "--pacs", archive or "ARCHIVE@127.0.0.1:9", "--fhir", url, "--details",
                   DETAILS["brain-srs"], "--output", tmp_path / "out")
        assert done.code == 0, done.err
        [found] = stages(tmp_path / "out")
        manifest = json.loads((found / "manifest.json").read_text())
        return found, answers(brain, slice=str(manifest["hottestSlices"][0])), done

    return stage


def test_everybody_who_confirms_the_map_confirms_the_summary(fused, brain, play, run, storescp):
    with fhir_servers.Scripted() as server:
        stage, given, done = fused(server.url)
        assert "which sends the map and the summary" in " ".join(done.err.split())
        talk = play(given, "confirm", stage)
        assert talk.code == 0 and "summary" in talk.asked and server.url in talk.text, talk.text
        assert "18 Gy" not in talk.text[: talk.text.index("Date of the last fraction")]
        done = run("push", stage, "--pacs", storescp.address, "--no-query")
        assert done.code == 77 and server.requests == [] and storescp.files() == [], done.err
        # The second one is asked as well, and may say no.
        second = {**given, "reviewer": "Grace Second", "role": "physician"}
        talk = play({**second, "summary": "no"}, "confirm", stage)
        assert talk.code == 77, talk.text
        talk = play(second, "confirm", stage)
        assert talk.code == 0 and "summary" in talk.asked, talk.text
        assert "which sends the map and the summary" in " ".join(talk.text.split())
        people = json.loads((stage / "confirmation.json").read_text())["people"]
        assert all(any("may it go to" in a["question"] and a["answer"] == "yes" for a in p["answers"]) for p in people)
        # A PACS that cannot be asked: somebody answers for that at the terminal.
        talk = play({**second, "reviewer": "Max Fourth"}, "push", stage, "--pacs", storescp.address, "--no-query",
                    "--json")
        assert talk.code == 0, talk.text
        said, _ = json.JSONDecoder().raw_decode(talk.text[talk.text.index("{"):])
        assert said["summary"]["fhir"] == server.url and said["summary"]["created"] > 10
        assert "A treatment summary belongs to it" in talk.text
        manifest = json.loads((stage / "manifest.json").read_text())
        assert len(storescp.files()) == len(manifest["instances"])
        [course] = [r for r in server.resources.values() if r["resourceType"] == "Procedure" and r.get("report")]
        assert course["status"] == "completed"


def test_what_was_staged_is_what_is_sent(archive, brain, play, run, tmp_path):
    """The details may change after staging: what goes out is what was shown."""
    details = json.loads(DETAILS["brain-srs"].read_text())
    path = tmp_path / "details.json"
    path.write_text(json.dumps(details))
    with fhir_servers.Scripted() as server:
        options = ["--pacs", archive.address, "--fhir", server.url, "--details", path, "--output", tmp_path / "out"]
        done = run("export", brain.folder, *options)
        assert done.code == 0, done.err
        [stage] = stages(tmp_path / "out")
        assert play(answers(brain), "confirm", stage).code == 0
        details["course"]["name"] = "C1 renamed"
        path.write_text(json.dumps(details))
        done = run("push", stage, "--pacs", archive.address)
        assert done.code == 0, done.err
        names = {i["value"] for r in server.resources.values() for i in r["identifier"]}
        assert "C1 SRS Brain" in names and "C1 renamed" not in names
        # Another summary is another stage, to be confirmed anew.
        done = run("export", brain.folder, *options)
        assert done.code == 0 and len(stages(tmp_path / "out")) == 2, done.err
        other = next(s for s in stages(tmp_path / "out") if s != stage)
        assert run("push", other, "--pacs", archive.address).code == 77
        # One that was altered counts for nothing.
        summary = stage / "review" / "summary.json"
        summary.write_text(summary.read_text().replace("1800", "1900"))
        before = len(server.requests)
        done = run("push", stage, "--pacs", archive.address)
        assert done.code == 77 and len(server.requests) == before, done.err


def test_a_push_that_cannot_reach_the_record_sends_nothing(archive, brain, play, run, tmp_path):
    with fhir_servers.Scripted() as server:
        done = run("export", brain.folder, "--pacs", archive.address, "--fhir", server.url, "--details",
                   DETAILS["brain-srs"], "--output", tmp_path / "out")
        assert done.code == 0, done.err
    [stage] = stages(tmp_path / "out")
    assert play(answers(brain), "confirm", stage).code == 0
    done = run("push", stage, "--pacs", archive.address)
    assert done.code == 69 and "neither the map nor the summary was sent" in done.err, done.err
    assert stored(archive, json.loads((stage / "manifest.json").read_text())) == []
    # The one line says both ways out, and both are ways out.
    [line] = done.error_lines
    assert f"once that is mended: push2pacs push {stage} --pacs {archive.address}" in line, line
    assert "to send the map alone, export again without --fhir" in line, line
    alone = play(reviewer.answers(brain), "export", brain.folder, "--pacs", archive.address, "--output", tmp_path / "out")
    assert alone.code == 0, alone.text
    [other] = [s for s in stages(tmp_path / "out") if s != stage]
    assert not (other / "review/summary.json").exists()
    manifest = json.loads((other / "manifest.json").read_text())
    assert len(stored(archive, manifest)) == len(manifest["instances"])


def test_what_course_json_got_wrong_is_put_right_there(archive, brain, play, run, tmp_path):
    """The server knows more already: no push of this stage can help, and the line says what can."""
    with fhir_servers.Scripted() as server:
        talk = play(answers(brain), *words(brain, archive.address, server.url, tmp_path / "out"))
        assert talk.code == 0, talk.text
        [course] = [r for r in server.resources.values() if r["resourceType"] == "Procedure" and r.get("report")]
        course["status"] = "stopped"
        [stage] = stages(tmp_path / "out")
        done = run("push", stage, "--pacs", archive.address)
        assert done.code == 65 and "put course.json right and export again" in done.err, done.err


def test_as_one_document(archive, brain, play, tmp_path):
    """export --fhir --json: what was staged, and what the record took of it."""
    with fhir_servers.Scripted() as server:
        talk = play(answers(brain), *words(brain, archive.address, server.url, tmp_path / "out", "--json"))
        assert talk.code == 0, talk.text
        document, _ = json.JSONDecoder().raw_decode(talk.text[talk.text.index('{'):])
        [stage] = stages(tmp_path / "out")
        assert document["stage"] == str(stage) and document["label"] == stage.name
        assert document["summary"] == {
            "fhir": server.url, "created": len(server.resources), "updated": 0, "transaction": False}


def test_a_second_map_in_the_same_study(archive, sekmet, brain, play, run, binary, home, tmp_path):
    """Two maps of one course on one scan: one ImagingStudy with both series, a document of each."""
    for folder, more in (("one", ()), ("two", ("--levels", "15,10"))):
        # The study holds a series of that name already: a second person says why.
        names = iter(["Ada Reviewer", "Grace Second"])
        talk = play(answers(brain, reason="Asked for by the tumour board", reviewer=lambda: next(names)),
                    *words(brain, archive.address, sekmet.url, tmp_path / folder, *more))
        assert talk.code == 0, talk.text
    uids = {json.loads((s / "manifest.json").read_text())["series"]["instanceUID"]
            for folder in ("one", "two") for s in stages(tmp_path / folder)}
    assert len(uids) == 2
    [study] = resources(sekmet, "ImagingStudy")
    assert {s["uid"] for s in study["series"]} == uids
    assert study["numberOfSeries"] == 2
    assert study["numberOfInstances"] == sum(s["numberOfInstances"] for s in study["series"])
    documents = resources(sekmet, "DocumentReference")
    assert {d["identifier"][0]["value"] for d in documents} == {f"urn:oid:{uid}" for uid in uids}
    [course] = [r for r in resources(sekmet, "Procedure") if r["code"]["coding"][0]["code"] == "1217123003"]
    assert {r["reference"] for r in course["report"]} == {f"DocumentReference/{d['id']}" for d in documents}
    ImagingStudy.model_validate(study)
    # A later summary by itself takes nothing of that away.
    code, text, _ = talked(binary, home, brain.folder, DETAILS["brain-srs"], brain.facts["patientID"],
                           {t["name"]: (t["fractions"], t["gray"]) for t in brain.facts["targets"]}, sekmet.url)
    assert code == 0, text
    [again] = [r for r in resources(sekmet, "Procedure") if r["code"]["coding"][0]["code"] == "1217123003"]
    assert again["report"] == course["report"] and len(resources(sekmet, "ImagingStudy")) == 1


def test_a_withdrawal_says_what_it_does_not_reach(archive, sekmet, brain, play, tmp_path):
    """The summary on the FHIR server names the series: the note does not withdraw that."""
    talk = play(answers(brain), *words(brain, archive.address, sekmet.url, tmp_path / "out"))
    assert talk.code == 0, talk.text
    stage, = stages(tmp_path / "out")
    talk = play(answers(brain), "retract", stage, "--pacs", archive.address)
    assert talk.code == 0, talk.text
    before, after = talk.text.split("What is wrong with the map?")
    assert sekmet.url in before and "does not reach it" in before
    assert sekmet.url in after and "entered-in-error" in after


def test_a_withdrawal_knows_a_summary_that_went_later(archive, sekmet, brain, play, binary, home, tmp_path):
    """It does not lie in the stage: the audit log tells of it."""
    talk = play(answers(brain), "export", brain.folder, "--pacs", archive.address, "--output", tmp_path / "out")
    assert talk.code == 0, talk.text
    stage, = stages(tmp_path / "out")
    code, text, _ = talked(binary, home, brain.folder, DETAILS["brain-srs"], brain.facts["patientID"],
                           {t["name"]: (t["fractions"], t["gray"]) for t in brain.facts["targets"]}, sekmet.url, "--stage", stage)
    assert code == 0, text
    talk = play(answers(brain), "retract", stage, "--pacs", archive.address)
    assert talk.code == 0 and "entered-in-error" in talk.text and sekmet.url in talk.text, talk.text


def test_a_withdrawal_speaks_of_no_summary_where_there_is_none(archive, brain, play, tmp_path):
    talk = play(answers(brain), "export", brain.folder, "--pacs", archive.address, "--output", tmp_path / "out")
    assert talk.code == 0, talk.text
    stage, = stages(tmp_path / "out")
    talk = play(answers(brain), "retract", stage, "--pacs", archive.address)
    assert talk.code == 0 and "summary" not in talk.text, talk.text
