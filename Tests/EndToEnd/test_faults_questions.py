"""Asking a PACS that fails, and fetching from it: one line, the right exit code, and no waiting without end."""

import io
import json
import signal
import struct
import subprocess
import threading

import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset

import reviewer
import servers
from bad_peer import BadPeer

FIND, GET = 0x0020, 0x0010
STUDY, SERIES, INSTANCE, CLASS = "1.2.826.0.1.3680043.9.9999.31", "1.2.826.0.1.3680043.9.9999.32", (
    "1.2.826.0.1.3680043.9.9999.33"), "1.2.840.10008.5.1.4.1.1.7"
TIMES = {"connect": 5, "associate": 1, "response": 1, "write": 1, "release": 1}


@pytest.fixture(scope="module")
def peer():
    peer = BadPeer()
    yield peer
    peer.close()


def encoded(**values):
    data = Dataset()
    for name, value in values.items():
        setattr(data, name, value)
    stream = DicomBytesIO()
    stream.is_little_endian, stream.is_implicit_VR = True, False
    write_dataset(stream, data)
    return stream.getvalue()


def message(context, values, data=None):
    """A command and perhaps its data set, each in a PDU."""
    values = [*values, (0x0800, struct.pack("<H", 0x0101 if data is None else 1))]
    body = b"".join(struct.pack("<HHI", 0, tag, len(v)) + v for tag, v in sorted(values))
    body = struct.pack("<HHII", 0, 0, 4, len(body)) + body
    pdus = b""
    for control, part in ((3, body), (2, data)):
        if part is not None:
            value = struct.pack(">IBB", len(part) + 2, context, control) + part
            pdus += struct.pack(">BBI", 4, 0, len(value)) + value
    return pdus


def response(request, status, data=None, number=None):
    context, command, _ = request
    return message(context, [
        (0x0100, struct.pack("<H", command[0x0100] | 0x8000)),
        (0x0120, struct.pack("<H", number or command[0x0110])), (0x0900, struct.pack("<H", status))], data)


def found(request):
    """One match at the level that was asked for."""
    level = pydicom.dcmread(io.BytesIO(request[2]), force=True).QueryRetrieveLevel
    own = {"StudyInstanceUID": STUDY, "PatientID": "1", "QueryRetrieveLevel": level}
    if level != "STUDY":
        own.update(SeriesInstanceUID=SERIES, Modality="OT")
    if level == "IMAGE":
        own.update(SOPInstanceUID=INSTANCE, SOPClassUID=CLASS)
    return encoded(**own)


def storing(talk):
    """A C-STORE on the first storage context that was accepted."""
    context = next(number for number, abstract, _ in talk.proposed if abstract == CLASS)
    data = encoded(
        SOPClassUID=CLASS, SOPInstanceUID=INSTANCE, PatientID="1", StudyInstanceUID=STUDY, SeriesInstanceUID=SERIES,
        Modality="OT")
    own = (CLASS + "\0").encode()[:len(CLASS) + len(CLASS) % 2]
    uid = (INSTANCE + "\0").encode()[:len(INSTANCE) + len(INSTANCE) % 2]
    return message(context, [
        (0x0002, own), (0x0100, struct.pack("<H", 1)), (0x0110, struct.pack("<H", 9)),
        (0x0700, struct.pack("<H", 0)), (0x1000, uid)], data)


FAULTS = {
    "stall": (75, lambda talk, m: talk.stall()),
    "drop": (75, lambda talk, m: talk.drop()),
    "reset": (75, lambda talk, m: talk.reset()),
    "abort": (75, lambda talk, m: talk.abort()),
    "garbage": (76, lambda talk, m: talk.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")),
    "a PDU of 4 GB": (76, lambda talk, m: talk.send(b"\x04\0\xff\xff\xff\xff" + bytes(100))),
    "half an answer": (75, lambda talk, m: (talk.send(response(m, 0)[:30]), talk.stall())),
    "an answer to another message": (76, lambda talk, m: talk.send(response(m, 0, number=77))),
    "a request for release": (76, lambda talk, m: talk.send_pdu(5, bytes(4))),
    "out of resources": (75, lambda talk, m: talk.send(response(m, 0xA700))),
    "unable to process": (69, lambda talk, m: talk.send(response(m, 0xC001))),
    "not authorised": (69, lambda talk, m: talk.send(response(m, 0x0124))),
}
OF_QUERIES = {
    "a match that is no data set": (76, lambda talk, m: talk.send(response(m, 0xFF00, b"\x08\0\x52\0CS\xff\xff"))),
    "a match without its data set": (76, lambda talk, m: talk.send(response(m, 0xFF00))),
}
OF_RETRIEVALS = {
    "half an instance": (75, lambda talk, m: (talk.send(storing(talk)[:-20]), talk.stall())),
    "done, and nothing sent": (65, lambda talk, m: talk.send(response(m, 0))),
}
COMMANDS = {
    "find": (FIND, ["find", "--patient-id", "1"]),
    "verify": (FIND, ["verify", "--study", STUDY]),
    "fetch, asking": (FIND, ["fetch", "--study", STUDY]),
    "fetch, retrieving": (GET, ["fetch", "--study", STUDY]),
    "verify, retrieving": (GET, ["verify", "--study", STUDY]),
}


def cases():
    for name, (kind, _) in COMMANDS.items():
        for fault in {**FAULTS, **(OF_QUERIES if kind == FIND else OF_RETRIEVALS)}:
            yield pytest.param(name, fault, id=f"{name}: {fault}")


def configured(peer, folder, **times):
    config = folder / "config.json"
    config.write_text(json.dumps({"pacs": {"bad": {
        "host": servers.HERE, "port": peer.port, "aeTitle": peer.title, "timeouts": {**TIMES, **times}}}}))
    return config


@pytest.mark.parametrize("name, fault", list(cases()))
def test_a_question_that_goes_wrong(peer, run, tmp_path, name, fault):
    kind, command = COMMANDS[name]
    code, does = {**FAULTS, **OF_QUERIES, **OF_RETRIEVALS}[fault]
    if code == 65 and command[0] == "fetch":
        code = 69  # It is no proof that fails, but a PACS that does not give what it lists.

    def script(talk):
        talk.hear()
        talk.accept(takes=lambda abstract, syntax: syntax == "1.2.840.10008.1.2.1")
        for m in talk.messages():
            if m[1][0x0100] == kind:
                does(talk, m)
            elif m[1][0x0100] == FIND:
                talk.send(response(m, 0xFF00, found(m)) + response(m, 0))
        talk.part()

    peer.begin(script)
    config = configured(peer, tmp_path)
    folder = tmp_path / "fetched"
    more = ["-o", folder] if command[0] == "fetch" else []
    done = run(*command, *more, "--pacs", "bad", "--config", config, timeout=60)
    assert not peer.faults, peer.faults
    assert done.code == code and len(done.error_lines) == 1, (done.code, done.err)
    if fault in ("out of resources", "unable to process", "not authorised"):
        assert "Ask the PACS team" in done.error_lines[0], done.err
    # Nothing is left of what did not come whole.
    assert not [p for p in folder.rglob("*") if p.is_file()]


def test_the_rest_of_an_answer_has_a_time_of_its_own(peer, run, tmp_path):
    """The answer may take long; once its first PDU is there, the rest of it may not."""

    def script(talk):
        talk.hear()
        talk.accept()
        for m in talk.messages():
            answer = response(m, 0xFF00, found(m))
            talk.send(answer[: 6 + struct.unpack(">I", answer[2:6])[0]])
            talk.stall()

    peer.begin(script)
    config = configured(peer, tmp_path, response=600, read=1)
    done = run("find", "--patient-id", "1", "--pacs", "bad", "--config", config, timeout=60)
    assert done.code == 75 and len(done.error_lines) == 1, (done.code, done.err)


def test_a_retrieval_without_end_can_be_stopped(peer, binary, home, tmp_path):
    """A PACS that says 'pending' again and again is at work, for all that is known: a person ends it."""
    pending = threading.Event()

    def script(talk):
        talk.hear()
        talk.accept(takes=lambda abstract, syntax: syntax == "1.2.840.10008.1.2.1")
        for m in talk.messages():
            if m[1][0x0100] == FIND:
                talk.send(response(m, 0xFF00, found(m)) + response(m, 0))
                continue
            talk.socket.settimeout(0.05)
            while True:
                talk.send(response(m, 0xFF00))
                pending.set()
                try:
                    if not talk.socket.recv(100):
                        return
                except TimeoutError:
                    pass

    peer.begin(script)
    process = subprocess.Popen(
        [binary, "fetch", "--study", STUDY, "-o", tmp_path / "fetched", "--pacs", "bad", "--config",
         configured(peer, tmp_path)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=reviewer.environment(home))
    assert pending.wait(20)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    lines = [line for line in err.splitlines() if line.startswith("push2pacs: ")]
    assert process.returncode == 75 and len(lines) == 1 and "stopped" in lines[0], (process.returncode, err)
