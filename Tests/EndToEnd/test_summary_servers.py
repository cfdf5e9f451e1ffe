"""Treatment summaries and the servers they go to: updates, refusals, pages, certificates, breaks."""

import datetime
import json
import pathlib
import subprocess

import fhir_servers
import pytest
import reviewer
from conftest import Finished
from test_summary import DETAILS, by_profile, confirmed, judged, made, sekmet, talked, unrecorded  # noqa: F401
from treatments import MC, Treatments, days

COURSE = "Procedure?code=http://snomed.info/sct%7C1217123003"


@pytest.fixture
def weekly(neck, tmp_path, binary, home):
    """A course of two targets that goes on, and how a person confirms it as it stands."""
    course = Treatments(tmp_path / "course", neck)
    course.patient = str(course.base.PatientID)
    course.plan_made = course.plan("A", 10, PTV=20, NODES=18)

    def send(url, status, fractions, *more, **variables):
        course.details["course"]["status"] = status
        path = course.folder / "details.json"
        path.write_text(json.dumps(course.details))
        chart = {"PTV": (fractions, 2 * fractions), "NODES": (fractions, 1.8 * fractions)}
        return talked(binary, home, course.folder, path, course.patient, chart, url, *more, **variables)

    course.send = send
    return course


def held(server, kind):
    return {r["id"]: r for r in (e["resource"] for e in server.get(f"{kind}?_count=200").get("entry", []))}


def test_from_week_to_week_until_it_is_completed(weekly, sekmet, run):  # noqa: F811
    """Planned, in progress twice, completed: the same resources, each there once, none goes back."""
    weekly.send(sekmet.url, "planned", 10)
    planned = held(sekmet, "ServiceRequest")
    assert len(planned) == 6 and held(sekmet, "Procedure") == {}
    done = run("summary", "--read", sekmet.url, "--patient", weekly.patient)
    assert done.code == 0 and "active" in done.out, done.err
    dates = days("2024-01-08", 10)
    ids = None
    for status, given in (("in-progress", 3), ("in-progress", 7), ("completed", 10)):
        weekly.treat(weekly.plan_made, dates[: given] if given == 3 else dates[3:7] if given == 7 else dates[7:],
                     first={3: 1, 7: 4, 10: 8}[given])
        code, text, asked = weekly.send(sekmet.url, status, given)
        assert code == 0, text
        # Each volume's dose is asked for, the fractions once, as they are the same.
        assert [q.split(" so far")[0] for q in asked if "so far" in q] == [
            "Fractions delivered to PTV", "Dose delivered to PTV", "Dose delivered to NODES"]
        procedures = held(sekmet, "Procedure")
        assert len(procedures) == 3 and (ids is None or set(procedures) == ids)
        ids = set(procedures)
        assert {r["status"] for r in procedures.values()} == {status}
        assert set(held(sekmet, "ServiceRequest")) == set(planned)
        assert len(held(sekmet, "BodyStructure")) == 2 and len(held(sekmet, "Patient")) == 1
        [course] = [e["resource"] for e in sekmet.get(COURSE)["entry"]]
        assert sorted(int(d["fractions"]) for d in doses(course)) == [given, given]
        assert sorted(float(d["cGy"]) for d in doses(course)) == [180 * given, 200 * given]
        assert ("end" in course["performedPeriod"]) == (status == "completed")
    assert course["meta"]["versionId"] == "3"
    assert {r["status"] for r in held(sekmet, "ServiceRequest").values()} == {"completed"}
    done = run("summary", "--read", sekmet.url, "--patient", weekly.patient, "--json")
    assert json.loads(done.out)["course"]["status"] == "completed", done.err
    # Neither back into treatment nor back to the plan.
    for record in list(weekly.folder.iterdir()):
        if record.suffix == ".dcm" and weekly.plan_made.SOPInstanceUID not in record.name:
            record.unlink()
    code, text, _ = weekly.send(sekmet.url, "planned", 10)
    assert code == 65 and "completed there" in text, text
    weekly.treat(weekly.plan_made, dates[:9])
    code, text, _ = weekly.send(sekmet.url, "in-progress", 9)
    assert code == 65 and "completed there" in text and held(sekmet, "Procedure")[course["id"]] == course


def test_a_course_that_has_begun_is_not_planned_again(weekly, sekmet, run):  # noqa: F811
    weekly.treat(weekly.plan_made, days("2024-01-08", 3))
    assert weekly.send(sekmet.url, "in-progress", 3)[0] == 0
    before = held(sekmet, "Procedure")
    for record in list(weekly.folder.iterdir()):
        if record.suffix == ".dcm" and weekly.plan_made.SOPInstanceUID not in record.name:
            record.unlink()
    code, text, _ = weekly.send(sekmet.url, "planned", 10)
    assert code == 65 and "in-progress there, and would become planned" in " ".join(text.split()), text
    assert held(sekmet, "Procedure") == before


def doses(course):
    for extension in course["extension"]:
        if extension["url"] == MC + "mcode-radiotherapy-dose-delivered-to-volume":
            parts = {p["url"]: p for p in extension["extension"]}
            yield {"cGy": parts["totalDoseDelivered"]["valueQuantity"]["value"],
                   "fractions": parts["fractionsDelivered"]["valueUnsignedInt"]}


@pytest.mark.parametrize("which", ["PTV", "NODES"])
def test_a_dose_that_the_chart_does_not_have_stops_it(weekly, binary, home, which):
    weekly.treat(weekly.plan_made, days("2024-01-08", 4))
    weekly.details["course"]["status"] = "in-progress"
    path = weekly.folder / "details.json"
    path.write_text(json.dumps(weekly.details))
    chart = {"PTV": (4, 8), "NODES": (4, 7.2)}
    chart[which] = (4, 9)
    with fhir_servers.Scripted() as server:
        code, text, _ = talked(binary, home, weekly.folder, path, weekly.patient, chart, server.url)
        assert code == 77 and f"of {which}" in text and server.requests == [], text


# What servers say.


def outcome(words):
    return {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "x", "diagnostics": words}]}


@pytest.mark.parametrize("after, waits, code", [("1", True, 0), ("3600", False, 75), (None, True, 0)])
def test_a_busy_server_is_asked_again(binary, home, brain, after, waits, code):
    """Once, after as long as it says; not where it says an hour."""
    busy = []

    def fail(method, path, _):
        if method == "POST" and not busy:
            busy.append(datetime.datetime.now())
            return 503, outcome("backup is running"), {"Retry-After": after} if after else {}
        return None

    with fhir_servers.Scripted(fail) as server:
        got, text = confirmed(binary, home, brain, server.url)
        assert got == code, text
        posts = [m for m, _ in server.requests].count("POST")
        assert posts == (len(server.resources) + 1 if waits else 1)
        if code:
            assert "backup is running" in text and "Run it again" in text, text


@pytest.mark.parametrize("status", [409, 412])
def test_somebody_else_was_quicker(binary, home, brain, status):
    """One by one: the version that was read is not the server's any more."""
    with fhir_servers.Scripted() as server:
        assert confirmed(binary, home, brain, server.url)[0] == 0
        server.fail = lambda method, *_: (status, outcome("version 2 is there")) if method == "PUT" else None
        code, text = confirmed(binary, home, brain, server.url)
        assert code == 75 and "version 2 is there" in text and "somebody else" in text, text


@pytest.mark.parametrize("status, code, said", [
    (401, 69, "token"), (403, 69, "permission"), (404, 69, "path of the address"), (500, 69, "the disk"), (503, 75, "the disk")])
def test_a_server_that_does_not_want_to_be_read(run, status, code, said):
    with fhir_servers.Scripted(lambda *_: (status, outcome("the disk") if status >= 500 else None)) as server:
        done = run("summary", "--read", server.url, "--patient", "4711")
        assert done.code == code and said in done.err and len(done.error_lines) == 1, done.err


@pytest.mark.parametrize("body", [b"<html>login</html>", b"[]", b"{}"])
def test_what_is_no_fhir(run, body, monkeypatch):
    with fhir_servers.Scripted(lambda *_: (200, json.loads(body) if body[:1] != b"<" else "login")) as server:
        done = run("summary", "--read", server.url, "--patient", "4711")
        assert done.code == 76 and "no FHIR" in done.err, done.err


@pytest.mark.parametrize("page", [1, 2, 5])
def test_a_search_in_pages(run, binary, home, brain, page):
    with fhir_servers.Scripted(page=page) as server:
        code, text = confirmed(binary, home, brain, server.url)
        assert code == 0, text
        done = run("summary", "--read", server.url, "--patient", brain.facts["patientID"], "--json")
        assert done.code == 0, done.err
        whole = json.loads(done.out)
        assert len(whole["plans"]) == len(whole["phases"]) == 1 and len(whole["course"]["doses"]) == 2
        assert any("_offset" in path for _, path in server.requests)


def test_a_search_that_never_ends_or_leads_elsewhere(run):
    def endless(url):
        return 200, {"resourceType": "Bundle", "type": "searchset", "link": [{"relation": "next", "url": url}]}

    with fhir_servers.Scripted() as server:
        server.fail = lambda *_: endless(f"{server.url}/Patient?page=2")
        done = run("summary", "--read", server.url, "--patient", "4711")
        assert done.code == 76 and "pages" in done.err and len(server.requests) < 100, done.err
        with fhir_servers.Scripted() as other:
            server.fail = lambda *_: endless(f"{other.url}/Patient")
            done = run("summary", "--read", server.url, "--patient", "4711", FHIR_TOKEN="s3cret")
            assert done.code == 69 and other.requests == [] and "s3cret" not in done.err, done.err


def test_a_search_that_leads_back_to_itself(run):
    with fhir_servers.Scripted() as server:
        server.fail = lambda method, path, _: (200, {
            "resourceType": "Bundle", "type": "searchset", "link": [
                {"relation": "next", "url": f"{server.url}/Patient?page=2"}]}) if path == "Patient" else None
        done = run("summary", "--read", server.url, "--patient", "4711")
        assert done.code == 76 and len(server.requests) == 2, done.err


def test_a_search_that_keeps_something_back(run, binary, home, brain):
    """It finds more than it gives, and there is no next page: a course without a part of it is another course."""
    with fhir_servers.Scripted(page=5) as server:
        assert confirmed(binary, home, brain, server.url)[0] == 0
        server.fail = lambda method, path, number: (200, {
            "resourceType": "Bundle", "type": "searchset", "total": 3, "entry": [
                {"resource": r} for (kind, _), r in server.resources.items() if kind == path][:2]}) if path == "Procedure" else None
        done = run("summary", "--read", server.url, "--patient", brain.facts["patientID"])
        assert done.code == 76 and "finds 3 Procedures and gives 2" in done.err, done.err


def test_the_same_id_on_another_server_is_somebody_else(run, binary, home, brain):
    """Volumes that are referred to on another server are not looked up here under the same number."""
    with fhir_servers.Scripted() as server:
        assert confirmed(binary, home, brain, server.url)[0] == 0
        text = json.dumps([[list(key), r] for key, r in server.resources.items()])
        there = {tuple(key): r for key, r in json.loads(
            text.replace('"reference": "BodyStructure/', '"reference": "https://other.example/fhir/BodyStructure/'))}
        server.resources = there
        done = run("summary", "--read", server.url, "--patient", brain.facts["patientID"], "--json")
        assert done.code == 0, done.err
        volumes = json.loads(done.out)["volumes"]
        assert volumes and all(not v.get("uid") for v in volumes), volumes


def test_xml_in_the_place_of_json_is_named(run):
    import http.server
    import threading

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_GET(self):
            data = b"<Bundle xmlns='http://hl7.org/fhir'/>"
            self.send_response(200)
            self.send_header("Content-Type", "application/fhir+xml")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        done = run("summary", "--read", f"http://127.0.0.1:{server.server_port}/fhir", "--patient", "4711")
        server.shutdown()
    assert done.code == 76 and "application/fhir+xml where application/fhir+json was asked for" in done.err, done.err


def test_a_server_that_dies_in_the_middle(run, binary, home, brain):
    """It has stored the ninth resource and answers nothing any more; the next run goes on."""
    count = len(made(run, brain)["entry"])
    state = {"posts": 0, "dead": True}

    def fail(method, path, _):
        if not state["dead"]:
            return None
        if method == "POST":
            state["posts"] += 1
        return "drop" if state["posts"] >= 9 else None

    with fhir_servers.Scripted(fail) as server:
        code, text = confirmed(binary, home, brain, server.url)
        assert code == 75 and f"of {count} resources are there" in text and "goes on" in text, text
        before = len(server.resources)
        assert 9 <= before < count
        state["dead"] = False
        code, text = confirmed(binary, home, brain, server.url)
        assert code == 0, text
        kinds = [(r["resourceType"], i["value"]) for r in server.resources.values() for i in r["identifier"]
                 if i["use"] == "official"]
        assert len(server.resources) == count and len(set(kinds)) == len(kinds)
        assert "urn:uuid" not in json.dumps(list(server.resources.values()))
        [course] = [r for r in server.resources.values() if r["resourceType"] == "Procedure"
                    and r["code"]["coding"][0]["code"] == "1217123003"]
        assert course["status"] == "completed" and len(course["basedOn"]) == 2


def test_a_machine_is_made_once_and_never_changed(weekly):
    """The hospital's own Device stays as it is, one by one as well."""
    weekly.details["identifierSystems"]["device"] = "https://hospital.example/ids/device"
    weekly.treat(weekly.plan_made, days("2024-01-08", 10))
    with fhir_servers.Scripted() as server:
        assert weekly.send(server.url, "completed", 10)[0] == 0
        [(key, device)] = [(k, r) for k, r in server.resources.items() if k[0] == "Device"]
        server.resources[key] = own = {**device, "manufacturer": "As the hospital writes it"}
        code, text, _ = weekly.send(server.url, "completed", 10)
        assert code == 0, text
        assert [r for k, r in server.resources.items() if k[0] == "Device"] == [own]


# Names, tokens, certificates.


@pytest.fixture
def site(tmp_path):
    def write(url, **more):
        path = tmp_path / "site.json"
        path.write_text(json.dumps({"fhir": {"record": {"url": url, **more}}}))
        return path

    return write


def test_the_token_of_a_named_server(run, binary, home, brain, site):
    with fhir_servers.Scripted() as server:
        config = site(server.url, tokenVariable="RECORD_TOKEN")
        words = ["--read", "record", "--patient", "4711", "--config", config]
        done = run("summary", *words)
        assert done.code == 78 and "RECORD_TOKEN" in done.err and server.requests == [], done.err
        run("summary", *words, RECORD_TOKEN="of-the-record", FHIR_TOKEN="another")
        assert {h.get("Authorization") for h in server.headers} == {"Bearer of-the-record"}
        server.headers.clear()
        run("summary", *words, "--token", "MINE", MINE="mine", RECORD_TOKEN="of-the-record")
        assert {h.get("Authorization") for h in server.headers} == {"Bearer mine"}


def test_evidence_from_a_server(run, binary, home, brain, unrecorded, site):  # noqa: F811
    """--course-summary: by address, and by name with the name's token."""
    with fhir_servers.Scripted() as server:
        assert confirmed(binary, home, brain, server.url)[0] == 0
        [key] = [k for k, r in server.resources.items() if r["resourceType"] == "Procedure"
                 and r["code"]["coding"][0]["code"] == "1217123003"]
        address = f"Procedure/{key[1]}"
        checks = judged(run, unrecorded, "--course-summary", f"{server.url}/{address}")
        for name in ("treatment.complete", "treatment.fractions", "treatment.dates"):
            assert checks[name]["status"] == "pass", checks[name]
        config = site(server.url, tokenVariable="RECORD_TOKEN")
        server.headers.clear()
        done = run("inspect", unrecorded, "--course-summary", f"record/{address}", "--config", config, "--json",
                   RECORD_TOKEN="t")
        [export] = json.loads(done.out)["exports"]
        assert {c["id"]: c["status"] for c in export["checks"]}["treatment.complete"] == "pass"
        assert {h.get("Authorization") for h in server.headers} == {"Bearer t"}
        # It is asked, and nothing is sent.
        assert {m for m, _ in server.requests[-len(server.headers):]} == {"GET"}
        server.resources[key]["status"] = "in-progress"
        checks = judged(run, unrecorded, "--course-summary", f"{server.url}/{address}")
        assert checks["treatment.complete"]["status"] == "failure"
        server.fail = lambda *_: (404, None)
        done = run("inspect", unrecorded, "--course-summary", f"{server.url}/{address}")
        assert done.code == 66 and len(done.error_lines) == 1, done.err


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """An authority, and certificates of it for this machine and for another one."""
    folder = tmp_path_factory.mktemp("authority")

    def openssl(*words):
        subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True, cwd=folder)

    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-days", 2, "-subj", "/CN=Example Hospital CA",
            "-addext", "basicConstraints=critical,CA:TRUE")
    for name, host in (("own", "localhost"), ("other", "records.example")):
        openssl("req", *key, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={host}")
        (folder / f"{name}.cnf").write_text(f"subjectAltName=DNS:{host}\n")
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", 2,
                "-extfile", f"{name}.cnf", "-out", f"{name}.pem")
    return folder


STORE = pathlib.Path("/etc/ssl/certs/ca-certificates.crt")


@pytest.fixture
def trusting(binary, home, authority):
    """Runs push2pacs on a machine whose trusted certificates are the authority's: in a mount name space of its own."""
    words = ["unshare", "-rm", "sh", "-c", f'mount --bind "$0" {STORE} && exec "$@"', str(authority / "ca.pem")]
    if not STORE.is_file() or subprocess.run([*words, "true"], capture_output=True).returncode:
        pytest.skip("no mount name space here")

    def run(*arguments, **variables):
        done = subprocess.run([*words, str(binary), *map(str, arguments)], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, env={**reviewer.environment(home), **variables})
        return Finished(done.returncode, done.stdout, done.stderr)

    return run


def test_a_certificate_that_the_hospital_vouches_for(run, trusting, authority):
    with fhir_servers.Scripted(certificate=(authority / "own.pem", authority / "own.key")) as server:
        server.resources[("Patient", "1")] = {
            "resourceType": "Patient", "id": "1", "identifier": [{"system": "x", "value": "4711"}]}
        words = ["summary", "--read", server.url, "--patient", "4711"]
        done = run(*words, FHIR_TOKEN="s3cret")
        assert done.code == 69 and "not trusted" in done.err and "update-ca-certificates" in done.err, done.err
        assert server.requests == [] and "s3cret" not in done.err
        done = trusting(*words, FHIR_TOKEN="s3cret")
        assert done.code == 66 and "no Course Summary" in done.err, done.err
        assert {h.get("Authorization") for h in server.headers} == {"Bearer s3cret"}


def test_a_certificate_of_somebody_else(trusting, authority):
    with fhir_servers.Scripted(certificate=(authority / "other.pem", authority / "other.key")) as server:
        done = trusting("summary", "--read", server.url, "--patient", "4711")
        assert done.code == 69 and "not trusted" in done.err and server.requests == [], done.err


def test_no_encryption_to_another_machine(run):
    done = run("summary", "--read", "http://records.example/fhir", "--patient", "4711")
    assert done.code == 78 and "not encrypted" in done.err, done.err
