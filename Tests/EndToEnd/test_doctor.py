"""The connection, step by step, and the page for the PACS team."""

import json

import pytest
from pynetdicom import AE
from pynetdicom.sop_class import (
    SecondaryCaptureImageStorage, StudyRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelMove, Verification,
)

import servers


def steps(done):
    return [(s["step"], s["verdict"]) for s in json.loads(done.out)["steps"]]


def test_every_step_is_tried(pacs, run):
    done = run("doctor", "--pacs", pacs.address, "--json")
    assert done.code == 0, done.err
    found = steps(done)
    assert [n for n, _ in found][:4] == ["resolve", "connect", "associate", "C-ECHO"]
    assert [n for n, _ in found].count("store") == 6
    assert ("query", "ok") in found and ("retrieval", "ok") in found
    assert ("storage commitment", "missing" if "DCMQRSCP" in pacs.address else "ok") in found
    shown = run("doctor", "--pacs", pacs.address)
    assert shown.code == 0 and max(map(len, shown.out.splitlines())) <= 80
    for words in ("PUSH2PACS", "1.2.840.10008.5.1.4.1.1.7)", "1.2.840.10008.1.2.1)", "Secondary Capture"):
        assert words in shown.out, shown.out


def peer(contexts, **options):
    ae = AE("PEER")
    for name, value in options.items():
        setattr(ae, name, value)
    for c in contexts:
        ae.add_supported_context(c)
    server = ae.start_server((servers.HERE, 0), block=False)
    return server, f"PEER@{servers.HERE}:{server.socket.getsockname()[1]}"


@pytest.mark.parametrize("contexts, options, last, says", [
    ([Verification, StudyRootQueryRetrieveInformationModelFind], {}, "store", "Secondary Capture Image Storage"),
    ([Verification, SecondaryCaptureImageStorage], {}, "query", "--no-query"),
    ([Verification, SecondaryCaptureImageStorage, StudyRootQueryRetrieveInformationModelFind,
      StudyRootQueryRetrieveInformationModelMove], {}, "retrieval", '"retrieve": "move"'),
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
