"""Treatment summaries: what they say, in the eyes of fhir.resources, pydicom and real servers."""

import json
import uuid
from decimal import Decimal

import fhir_servers
import pydicom
import pytest
from course import ROOT
from fhir.resources.R4B.bundle import Bundle

DETAILS = {"brain-srs": ROOT / "Fixtures/summary/details-brain.json", "head-neck": ROOT / "Fixtures/summary/details-neck.json"}
SPACE = uuid.UUID("963d56be-4c7d-565b-8904-80fd5bda74d1")
CX = "http://hl7.org/fhir/us/codex-radiation-therapy/StructureDefinition/"
MC = "http://hl7.org/fhir/us/mcode/StructureDefinition/"


def uid(*parts):
    return f"urn:oid:2.25.{uuid.uuid5(SPACE, '|'.join(parts)).int}"


@pytest.fixture(params=["brain-srs", "head-neck"])
def course(request, brain, neck):
    return {"brain-srs": brain, "head-neck": neck}[request.param]


@pytest.fixture
def sekmet(tmp_path):
    with fhir_servers.Sekmet(tmp_path / "fhir") as server:
        yield server


def made(run, course, *more):
    done = run("summary", course.folder, "--details", DETAILS[course.folder.name], "--json", *more)
    assert done.code == 0, done.err
    return json.loads(done.out)


def by_profile(bundle):
    found = {}
    for entry in bundle["entry"]:
        for profile in entry["resource"].get("meta", {}).get("profile", []):
            found.setdefault(profile.rsplit("/", 1)[-1], []).append(entry["resource"])
    return found


def extensions(resource, url):
    return [e for e in resource.get("extension", []) if e["url"] == url]


def doses(resource, url, part):
    return sorted(
        Decimal(str(p["valueQuantity"]["value"]))
        for e in extensions(resource, url) for p in e["extension"] if p["url"] == part)


def test_the_bundle_is_fhir(run, course):
    Bundle.model_validate(made(run, course))


def test_ten_profiles_with_values_by_pydicom(run, course):
    """Doses, fractions, dates and names computed from the files by pydicom alone."""
    bundle = made(run, course)
    found = by_profile(bundle)
    [plan] = course.datasets("RTPLAN")
    records = sorted(course.datasets("RTRECORD"), key=lambda d: d.TreatmentDate + d.TreatmentTime)
    names = ["course-prescription", "phase-prescription", "plan-prescription", "planned-course", "planned-phase",
             "treatment-plan", "course-summary", "treated-phase", "treated-plan"]
    for name in names:
        assert len(found[f"codexrt-radiotherapy-{name}"]) == 1, name
    targets = [r for r in plan.DoseReferenceSequence if r.DoseReferenceType == "TARGET"]
    assert len(found["codexrt-radiotherapy-volume"]) == len(targets)
    fractions = int(plan.FractionGroupSequence[0].NumberOfFractionsPlanned)
    planned = sorted(Decimal(str(t.TargetPrescriptionDose)) * 100 for t in targets)

    treated = found["codexrt-radiotherapy-treated-plan"][0]
    [count] = extensions(treated, CX + "codexrt-radiotherapy-fractions-delivered")
    assert count["valueUnsignedInt"] == fractions == len({
        b.CurrentFractionNumber for r in records for b in r.TreatmentSessionBeamSequence})
    delivered = MC + "mcode-radiotherapy-dose-delivered-to-volume"
    for name in ("treated-plan", "treated-phase", "course-summary"):
        resource = found[f"codexrt-radiotherapy-{name}"][0]
        assert doses(resource, delivered, "totalDoseDelivered") == planned
        assert resource["status"] == "completed"
        first, last = records[0].TreatmentDate, records[-1].TreatmentDate
        period = resource["performedPeriod"]
        assert period["start"][:10].replace("-", "") == first and period["end"][:10].replace("-", "") == last
    instances = [
        p["valueId"] for e in extensions(treated, CX + "codexrt-dicom-reference")
        for p in e["extension"] if p["url"] == "instanceUid"]
    assert instances == [r.SOPInstanceUID for r in records]
    order = found["codexrt-radiotherapy-treatment-plan"][0]
    each = doses(order, CX + "codexrt-radiotherapy-dose-planned-to-volume", "fractionDose")
    assert each == [dose / fractions for dose in planned]
    assert order["identifier"][1]["value"] == f"urn:oid:{plan.SOPInstanceUID}"

    system, patient = "https://hospital.example/ids/patient", str(plan.PatientID)
    summary = found["codexrt-radiotherapy-course-summary"][0]
    assert summary["identifier"][1]["value"] == uid("course-summary", system, patient, "C1")
    sessions = extensions(summary, MC + "mcode-radiotherapy-sessions")[0]["valueUnsignedInt"]
    assert sessions == len({r.TreatmentDate for r in records})
    assert {v["identifier"][1]["value"] for v in found["codexrt-radiotherapy-volume"]} == {
        f"urn:oid:{t.DoseReferenceUID}" for t in targets}


def test_the_bundles_that_were_looked_at(run, course):
    """Kept after each value was held against plan and records."""
    golden = json.loads((ROOT / f"Fixtures/summary/golden-{course.folder.name}.json").read_text())
    Bundle.model_validate(golden)
    assert made(run, course) == golden


def test_a_course_that_goes_on(run, neck, tmp_path):
    """Two of thirty fractions: in progress, 2 x 2 Gy, no end; and no 'completed' before its time."""
    folder = tmp_path / "early"
    folder.mkdir()
    [plan] = neck.datasets("RTPLAN")
    records = sorted(neck.datasets("RTRECORD"), key=lambda d: d.TreatmentDate + d.TreatmentTime)
    plan.save_as(folder / "plan.dcm")
    for number, record in enumerate(records[:2]):
        record.save_as(folder / f"{number}.dcm")
    details = json.loads(DETAILS["head-neck"].read_text())
    path = tmp_path / "details.json"
    path.write_text(json.dumps(details))
    done = run("summary", folder, "--details", path, "--json")
    assert done.code == 65 and "2 of 30 fractions" in done.err
    details["course"]["status"] = "in-progress"
    path.write_text(json.dumps(details))
    done = run("summary", folder, "--details", path, "--json")
    assert done.code == 0, done.err
    found = by_profile(json.loads(done.out))
    summary = found["codexrt-radiotherapy-course-summary"][0]
    assert summary["status"] == "in-progress" and "end" not in summary["performedPeriod"]
    assert doses(summary, MC + "mcode-radiotherapy-dose-delivered-to-volume", "totalDoseDelivered") == [360, 400]
    details["course"].update(status="stopped", statusReason="refused")
    path.write_text(json.dumps(details))
    done = run("summary", folder, "--details", path, "--json")
    assert done.code == 0, done.err
    found = by_profile(json.loads(done.out))
    assert found["codexrt-radiotherapy-treated-plan"][0]["status"] == "stopped"
    assert found["codexrt-radiotherapy-treatment-plan"][0]["status"] == "revoked"


def test_no_terminal_no_sending(run, brain):
    with fhir_servers.Scripted() as server:
        done = run("summary", brain.folder, "--details", DETAILS["brain-srs"], "--fhir", server.url)
        assert done.code == 77, done.err
        assert server.requests == []


def confirmed(binary, home, course, url, *more, **variables):
    """A person at the terminal confirms a fixture's summary."""
    facts = {t["name"]: (t["fractions"], t["gray"]) for t in course.facts["targets"]}
    return talked(binary, home, course.folder, DETAILS[course.folder.name], course.facts["patientID"], facts, url,
                  *more, **variables)[:2]


def talked(binary, home, folder, details, patient, chart, url, *more, role="physicist", **variables):
    """Exit code, text and questions of a conversation; `chart`: fractions and Gy by volume."""
    import pexpect
    import reviewer

    child = pexpect.spawn(
        str(binary), ["summary", str(folder), "--details", str(details), "--fhir", url, *map(str, more)],
        env={**reviewer.environment(home), **variables}, encoding="utf-8", timeout=120, dimensions=(50, 500))
    patterns = [
        r"Patient ID: ", r"Fractions (?:delivered to|planned for) (.+?)(?: so far)?: ",
        r"Dose (?:delivered to|planned for) (.+?)(?: so far)?, Gy: ", r"may it go to .*\[yes/no\] ", r"Reviewer: ",
        r"Role .*: ", pexpect.EOF]
    answers = [
        lambda _: patient, lambda m: str(chart[m.group(1)][0]), lambda m: f"{chart[m.group(1)][1]:g}", lambda _: "yes",
        lambda _: "Ada Reviewer", lambda _: role]
    text, asked = "", []
    while True:
        which = child.expect(patterns)
        text += child.before
        if which == len(answers):
            break
        asked.append(child.after.strip())
        assert len(asked) < 60, asked
        child.sendline(answers[which](child.match))
    child.close()
    return child.exitstatus, text, asked


def test_sent_updated_and_read_back(run, binary, home, brain, sekmet):
    """The first run makes everything, the second updates it: nothing is there twice."""
    code, text = confirmed(binary, home, brain, sekmet.url)
    assert code == 0, text
    count = len(made(run, brain)["entry"])
    assert f"{count} resources made" in text
    code, text = confirmed(binary, home, brain, sekmet.url)
    assert code == 0, text
    assert f"{count} updated" in text
    [course] = [e["resource"] for e in sekmet.get(
        "Procedure?code=http://snomed.info/sct%7C1217123003").get("entry", [])]
    assert course["status"] == "completed"
    assert doses(course, MC + "mcode-radiotherapy-dose-delivered-to-volume", "totalDoseDelivered") == [1800, 1800]
    done = run("summary", "--read", sekmet.url, "--patient", brain.facts["patientID"], "--json")
    assert done.code == 0, done.err
    read = json.loads(done.out)
    assert read["course"]["status"] == "completed"
    assert [d["deliveredCentigray"] for d in read["course"]["doses"]] == [1800, 1800]
    assert [d["plannedCentigray"] for d in read["plans"][0]["doses"]] == [1800, 1800]
    done = run("summary", "--read", f"{sekmet.url}/Procedure/{course['id']}")
    assert done.code == 0 and "SRS_2METS" in done.out, done.err
    assert run("summary", "--read", sekmet.url, "--patient", "NOBODY").code == 66


def test_one_by_one_and_on_after_a_break(run, binary, home, brain):
    """A server without transactions that fails in the middle: the next run goes on, nothing twice."""
    broken = {"at": 8, "made": 0}

    def fail(method, path, _):
        if method == "POST":
            broken["made"] += 1
            if broken["made"] == broken["at"]:
                return 500, {"resourceType": "OperationOutcome", "issue": [
                    {"severity": "error", "code": "exception", "diagnostics": "the disk is full"}]}
        return None

    with fhir_servers.Scripted(fail) as server:
        code, text = confirmed(binary, home, brain, server.url, FHIR_TOKEN="s3cret")
        assert code == 75 and "the disk is full" in " ".join(text.split()) and "s3cret" not in text, text
        assert {h.get("Authorization") for h in server.headers} == {"Bearer s3cret"}
        assert len(server.resources) == 7
        code, text = confirmed(binary, home, brain, server.url)
        assert code == 0, text
        entries = made(run, brain)["entry"]
        assert len(server.resources) == len(entries)
        assert "urn:uuid" not in json.dumps(list(server.resources.values()))


@pytest.mark.parametrize("status, code, words", [
    (400, 69, "no such profile"), (401, 69, "token"), (403, 69, "permission"), (404, 69, ""), (409, 75, "another version"),
    (412, 69, "several"), (422, 69, "a rule"), (500, 69, "")])
def test_a_server_that_says_no(binary, home, brain, status, code, words):
    """Its own words are shown where it has some."""
    said = {"resourceType": "OperationOutcome", "issue": [
        {"severity": "error", "code": "invalid", "diagnostics": words or "nothing"}]}

    def fail(method, path, _):
        return (status, said) if method == "POST" or status == 404 else None

    with fhir_servers.Scripted(fail, transactions=True) as server:
        got, text = confirmed(binary, home, brain, server.url)
        assert got == code and words in text, text


def test_a_summary_does_not_go_back(binary, home, brain, run):
    """What the server has as completed with more dose is not overwritten."""
    with fhir_servers.Scripted() as server:
        code, text = confirmed(binary, home, brain, server.url)
        assert code == 0, text
        for resource in server.resources.values():
            if resource["resourceType"] == "Procedure" and resource["code"]["coding"][0]["code"] == "1217123003":
                for extension in resource["extension"]:
                    for part in extension.get("extension", []):
                        if part["url"] == "totalDoseDelivered":
                            part["valueQuantity"]["value"] = 3600
        before = len(server.requests)
        code, text = confirmed(binary, home, brain, server.url)
        assert code == 65 and "36" in text, text
        assert all(method == "GET" for method, _ in server.requests[before:])


def test_rules_are_checked(run, tmp_path):
    example = ROOT / "Fixtures/summary/example.json"
    assert run("summary", "--check", example).code == 0
    broken = json.loads(example.read_text())
    broken["entry"][8]["resource"]["statusReason"] = {
        "coding": [{"system": "http://snomed.info/sct", "code": "182992009"}]}
    (tmp_path / "broken.json").write_text(json.dumps(broken))
    done = run("summary", "--check", tmp_path / "broken.json", "--json")
    assert done.code == 65
    assert [f["rule"] for f in json.loads(done.out)["findings"]] == [36]
    done = run("summary", "--read", example)
    assert done.code == 0 and "18 Gy" in done.out


@pytest.fixture
def unrecorded(brain, tmp_path):
    """The course without its treatment records."""
    folder = tmp_path / "unrecorded"
    folder.mkdir()
    for path in brain.folder.iterdir():
        if pydicom.dcmread(path, stop_before_pixels=True).Modality != "RTRECORD":
            (folder / path.name).write_bytes(path.read_bytes())
    return folder


def judged(run, folder, *options):
    done = run("inspect", folder, *options, "--json")
    assert done.out, done.err
    [export] = json.loads(done.out)["exports"]
    return {check["id"]: check for check in export["checks"]}


def test_a_course_summary_shows_that_the_course_has_ended(run, brain, unrecorded, tmp_path):
    bundle = made(run, brain)
    path = tmp_path / "bundle.json"
    path.write_text(json.dumps(bundle))
    assert judged(run, unrecorded)["treatment.complete"]["status"] == "failure"
    checks = judged(run, unrecorded, "--course-summary", path)
    for name in ("treatment.complete", "treatment.fractions", "treatment.dates"):
        assert checks[name]["status"] == "pass", checks[name]
    assert "Course Summary" in checks["treatment.complete"]["detail"]


def changed(bundle, level, change):
    """The bundle with one Procedure changed."""
    bundle = json.loads(json.dumps(bundle))
    for resource in by_profile(bundle)[f"codexrt-radiotherapy-{level}"]:
        change(resource)
    return bundle


def set_fractions(resource):
    extensions(resource, CX + "codexrt-radiotherapy-fractions-delivered")[0]["valueUnsignedInt"] = 2


def halve(resource):
    for extension in extensions(resource, MC + "mcode-radiotherapy-dose-delivered-to-volume"):
        for part in extension["extension"]:
            if part["url"] == "totalDoseDelivered":
                part["valueQuantity"]["value"] = 900


@pytest.mark.parametrize("level, change, check", [
    ("course-summary", lambda r: r.update(status="in-progress"), "treatment.complete"),
    ("course-summary", lambda r: r.update(status="stopped"), "treatment.complete"),
    ("treatment-plan", lambda r: extensions(r, CX + "codexrt-dicom-reference")[0]["extension"][0].update(
        valueId="1.2.3"), "treatment.complete"),
    ("treated-plan", set_fractions, "treatment.fractions"),
    ("treated-plan", halve, "treatment.fractions"),
    ("treated-plan", lambda r: r["performedPeriod"].update(
        start="2020-04-24T10:00:00+02:00", end="2020-04-24T10:30:00+02:00"), "treatment.dates"),
])
def test_a_course_summary_that_contradicts_is_refused(run, brain, tmp_path, level, change, check):
    """Beside the records, which are all there."""
    path = tmp_path / "bundle.json"
    path.write_text(json.dumps(changed(made(run, brain), level, change)))
    verdict = judged(run, brain.folder, "--course-summary", path)[check]
    assert verdict["status"] == "failure" and "Course Summary" in verdict["detail"], verdict


@pytest.mark.parametrize("level, change, said", [
    ("treated-plan", lambda r: r.update(status="in-progress"), "is in-progress"),
    ("treated-phase", halve, "add up to 900"),
    ("course-summary", lambda r: [
        part["valueQuantity"].update(value=18, unit="Gy", code="Gy")
        for e in extensions(r, MC + "mcode-radiotherapy-dose-delivered-to-volume") for part in e["extension"]
        if part["url"] == "totalDoseDelivered"], "UCUM cGy"),
])
def test_a_summary_that_contradicts_itself(run, brain, tmp_path, level, change, said):
    """It is shown, and is an error; as evidence it is refused. Changed in all that refers to it, it would be fine."""
    path = tmp_path / "bundle.json"
    path.write_text(json.dumps(changed(made(run, brain), level, change)))
    done = run("summary", "--read", path)
    assert done.code == 65 and said in done.err and "SRS_2METS" in done.out and len(done.error_lines) == 1, done.err
    done = run("inspect", brain.folder, "--course-summary", path)
    if done.code == 64:
        done = run("export", brain.folder, "--course-summary", path, "--output", tmp_path / "out")
    assert done.code == 65 and said in done.err, done.err


@pytest.mark.parametrize("width", [50, 60, 80, 120])
@pytest.mark.parametrize("name", ["brain-srs", "head-neck"])
def test_nothing_is_cut_on_a_terminal(binary, home, name, width):
    """Status, fractions and doses are whole at every width, and no line is wider than it."""
    import pexpect
    import reviewer

    child = pexpect.spawn(
        str(binary), ["summary", "--read", str(ROOT / f"Fixtures/summary/golden-{name}.json")],
        env={**reviewer.environment(home), "COLUMNS": str(width)}, encoding="utf-8", dimensions=(60, width))
    child.expect(pexpect.EOF)
    lines = child.before.replace("\r\n", "\n").split("\n")
    assert max(map(len, lines)) <= width, max(lines, key=len)
    text = " ".join(child.before.split())
    assert "…" not in text and "completed" in text and "(procedure)" not in text
    for figure in {"brain-srs": ["18 Gy", "1 of 1", "LINAC2"], "head-neck": ["60 Gy", "54 Gy", "30 of 30", "LINAC1"]}[name]:
        assert figure in text, text
