"""The connection, step by step, and the page for the PACS team."""

import contextlib
import json
import socket

import pexpect
import pytest
from pynetdicom import AE, evt
from pynetdicom.sop_class import (
    SecondaryCaptureImageStorage, StorageCommitmentPushModel, StudyRootQueryRetrieveInformationModelFind as FIND,
    StudyRootQueryRetrieveInformationModelGet as GET, StudyRootQueryRetrieveInformationModelMove as MOVE, Verification,
)

import fhir_servers
import reviewer
import servers


def steps(done):
    return [(s["step"], s["verdict"]) for s in json.loads(done.out)["steps"]]


def test_every_step_is_tried(pacs, run, tmp_path):
    config = pacs.configuration(tmp_path, commit="try")
    done = run("doctor", "--config", config, "--pacs", "main", "--json")
    assert done.code == 0, done.err
    found = steps(done)
    assert [n for n, _ in found][:4] == ["resolve", "connect", "associate", "C-ECHO"]
    assert [n for n, _ in found].count("store") == 6
    assert ("query", "ok") in found and ("retrieval", "ok") in found
    assert ("storage commitment", "missing" if "DCMQRSCP" in pacs.address else "ok") in found
    details = {s["step"]: s["detail"] for s in json.loads(done.out)["steps"]}
    assert "a study that does not exist, it says:" in details["retrieval"]
    if "DCMQRSCP" not in pacs.address:
        assert "an instance that does not exist, its word came" in details["storage commitment"]
    shown = run("doctor", "--config", config, "--pacs", "main")
    assert shown.code == 0 and max(map(len, shown.out.splitlines())) <= 80
    for words in ("PUSH2PACS", "1.2.840.10008.5.1.4.1.1.7)", "1.2.840.10008.1.2.1)", "Secondary Capture"):
        assert words in shown.out, shown.out


def test_each_step_is_shown_as_soon_as_it_is_known(binary, home, orthanc):
    """Of a server that says nothing somebody at a terminal waits for a minute: not before an empty screen."""
    with socket.create_server((servers.HERE, 0)) as silent:
        child = pexpect.spawn(
            str(binary), ["doctor", "--pacs", orthanc.address, "--fhir", f"http://{servers.HERE}:{silent.getsockname()[1]}/r4"],
            env=reviewer.environment(home), encoding="utf-8", timeout=40, dimensions=(50, 80))
        for line in ("Trying ", "ok       resolve", "ok       associate", "ok       C-ECHO", "ok       query",
                     f"Trying http://{servers.HERE}"):
            child.expect_exact(line)
        assert child.isalive() and "For the PACS team" not in child.before
        child.sendcontrol("c")
        child.expect(pexpect.EOF)
        child.close()


def peer(contexts, **options):
    ae = AE("PEER")
    for name, value in options.items():
        setattr(ae, name, value)
    for c in contexts:
        ae.add_supported_context(c)
    server = ae.start_server((servers.HERE, 0), block=False)
    return server, f"PEER@{servers.HERE}:{server.socket.getsockname()[1]}"


@pytest.mark.parametrize("contexts, options, last, says", [
    ([Verification, FIND], {}, "store", "Secondary Capture Image Storage"),
    ([Verification, SecondaryCaptureImageStorage], {}, "query", "--no-query"),
    ([Verification, SecondaryCaptureImageStorage, FIND,
      MOVE], {}, "retrieval", '"retrieve": "move"'),
    ([Verification], {"require_calling_aet": ["SOMEBODY"]}, "associate", "calling AE title not recognised"),
    ([Verification], {"require_called_aet": True, "ae_title": "OTHER"}, "associate", "called AE title not recognised"),
])
def test_what_fails_is_said_in_words(run, contexts, options, last, says):
    server, address = peer(contexts, **options)
    try:
        done = run("doctor", "--pacs", address, "--json")
        assert done.code == 69 and len(done.error_lines) == 1, done.err
        assert says in done.error_lines[0]
        assert (last, "failed") in steps(done)
    finally:
        server.shutdown()


def test_nobody_listens_and_nobody_is_known(run):
    done = run("doctor", "--pacs", f"NOBODY@127.0.0.1:{servers.free_port()}", "--json")
    assert done.code == 69 and steps(done) == [("resolve", "ok"), ("connect", "failed")]
    done = run("doctor", "--pacs", "NOBODY@no-such-host.invalid:104", "--json")
    assert done.code == 69 and steps(done) == [("resolve", "failed")]


def test_being_moved_to_is_tried(pacs, run, tmp_path):
    """The archive knows us at the callback's port; at a port that is taken nothing could be received."""
    config = pacs.configuration(tmp_path, retrieve="move")
    done = run("doctor", "--config", config, "--pacs", "main", "--json")
    assert done.code == 0, done.err
    assert ("retrieval", "ok") in steps(done)
    [detail] = [s["detail"] for s in json.loads(done.out)["steps"] if s["step"] == "retrieval"]
    # A study that is not there is not sent: whether a call would reach us nobody has seen.
    assert "does not show" in detail and str(pacs.callback) in detail and "firewall" in detail
    with socket.create_server((servers.HERE, pacs.callback)):
        done = run("doctor", "--config", config, "--pacs", "main", "--json")
    assert done.code == 69 and ("retrieval", "failed") in steps(done)
    assert str(pacs.callback) in done.error_lines[0], done.err


@contextlib.contextmanager
def scripted(**handlers):
    """A peer that takes everything and answers as it is told; its address, and how it was asked."""
    asked = []
    ae = AE("PEER")
    for uid in (Verification, SecondaryCaptureImageStorage, FIND, GET, MOVE, StorageCommitmentPushModel):
        ae.add_supported_context(uid, scu_role=True, scp_role=True)

    def noting(name, handler):
        def answer(event):
            asked.append((name, event))
            return handler(event)
        return answer

    events = {"get": evt.EVT_C_GET, "move": evt.EVT_C_MOVE, "action": evt.EVT_N_ACTION}
    server = ae.start_server(
        (servers.HERE, 0), block=False, evt_handlers=[(events[n], noting(n, h)) for n, h in handlers.items()])
    try:
        yield f"PEER@{servers.HERE}:{server.server_address[1]}", asked
    finally:
        server.shutdown()


def sends_nothing(event):
    yield 0


def knows_nobody(event):
    yield None, None


def refuses(event):
    yield 1
    yield 0x0124, None


def configured(folder, address, **more):
    host, port = address.split("@")[1].split(":")
    path = folder / "config.json"
    path.write_text(json.dumps({"port": servers.free_port(), "pacs": {"main": {
        "host": host, "port": int(port), "aeTitle": "PEER", **more}}}))
    return path


def test_an_archive_that_does_not_know_where_we_are(run, tmp_path):
    with scripted(move=knows_nobody, action=lambda e: (0x0110, None)) as (address, asked):
        config = configured(tmp_path, address, retrieve="move")
        done = run("doctor", "--config", config, "--pacs", "main", "--json")
    assert done.code == 69 and ("retrieval", "failed") in steps(done)
    port = json.loads(config.read_text())["port"]
    assert "A801" in done.error_lines[0] and "PUSH2PACS" in done.error_lines[0] and str(port) in done.error_lines[0]
    [keys] = [e.identifier for n, e in asked if n == "move"]
    assert keys.QueryRetrieveLevel == "STUDY" and keys.StudyInstanceUID.startswith("2.25.") and "PatientID" not in keys


def test_an_archive_that_lets_us_associate_but_not_retrieve(run, tmp_path):
    with scripted(get=refuses, action=lambda e: (0x0110, None)) as (address, _):
        done = run("doctor", "--pacs", address, "--json")
    assert done.code == 69 and ("retrieval", "failed") in steps(done)
    assert "0124" in done.error_lines[0], done.err


def test_a_promise_that_never_comes_or_proves_nothing(run, tmp_path):
    with scripted(get=sends_nothing, action=lambda e: (0, None)) as (address, asked):
        config = configured(tmp_path, address, commit="required", timeouts={"commitment": 1})
        done = run("doctor", "--config", config, "--pacs", "main", "--json")
        assert done.code == 69 and ("storage commitment", "failed") in steps(done)
        assert "firewall" in done.error_lines[0], done.err
        [wish] = [e.action_information for n, e in asked if n == "action"]
        assert len(wish.ReferencedSOPSequence) == 1
        assert wish.ReferencedSOPSequence[0].ReferencedSOPInstanceUID.startswith("2.25.")
        # Where no promises are wanted, it is a note and costs no long wait.
        done = run("doctor", "--pacs", address, "--json")
        assert done.code == 0 and ("storage commitment", "missing") in steps(done), done.err
    with scripted(get=sends_nothing, action=lambda e: (0x0124, None)) as (address, _):
        config = configured(tmp_path, address, commit="required")
        done = run("doctor", "--config", config, "--pacs", "main", "--json")
        assert done.code == 69 and "0124" in done.error_lines[0]


def test_a_fhir_server_is_tried(run, tmp_path):
    with fhir_servers.Sekmet(tmp_path / "fhir") as server:
        done = run("doctor", "--fhir", server.url, "--json")
        assert done.code == 0, done.err
        assert steps(done) == [("FHIR metadata", "ok"), ("FHIR search", "ok"), ("FHIR transaction", "ok")]
        assert json.loads(done.out)["pacs"] is None


@pytest.mark.parametrize("answer, code, says", [
    ((401, {}), 69, "401"), ((200, {"resourceType": "Patient"}), 76, "CapabilityStatement"),
    ((200, {"resourceType": "CapabilityStatement", "fhirVersion": "3.0.2"}), 69, "R4"),
    ((503, {}), 69, "503"),
])
def test_a_fhir_server_that_would_not_do(run, answer, code, says):
    with fhir_servers.Scripted(lambda method, path, n: answer if path == "metadata" else None) as server:
        done = run("doctor", "--fhir", server.url, "--json")
        assert done.code in (code, 75) and len(done.error_lines) == 1 and says in done.err, done.err
        assert ("FHIR metadata", "failed") in steps(done)
        assert server.resources == {} and {method for method, _ in server.requests} == {"GET"}


def test_a_fhir_server_that_does_not_let_us_search(run):
    """Metadata is open to all; whether the token is good shows in a search."""
    with fhir_servers.Scripted(lambda m, path, n: (403, {}) if path.startswith("Procedure") else None) as server:
        done = run("doctor", "--fhir", server.url, "--json")
        assert done.code == 69 and ("FHIR search", "failed") in steps(done)


def test_nothing_to_try_is_a_usage_error(run):
    done = run("doctor")
    assert done.code == 64 and "--pacs" in done.err and "--fhir" in done.err
