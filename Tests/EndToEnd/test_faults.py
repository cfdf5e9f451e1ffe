"""Pushing to a PACS that fails: what is said, how it ends, and that everything arrives once it is well."""

import io
import json
import os
import random
import shutil
import signal
import subprocess
import threading
from dataclasses import dataclass

import pydicom
import pytest

import reviewer
from bad_peer import EXPLICIT, IMPLICIT, BadPeer
from conftest import Finished, staged

SHORT = {"connect": 5, "associate": 1, "response": 1, "write": 1, "release": 1}


@pytest.fixture(scope="session")
def peer():
    peer = BadPeer()
    yield peer
    peer.close()


@pytest.fixture(scope="session")
def settled(binary, brain, peer, tmp_path_factory):
    """A stage that may be sent to the peer: confirmed, and its warnings accepted by somebody."""
    folder = tmp_path_factory.mktemp("settled")
    stage = staged(binary, brain, folder)
    home = folder / "home"
    assert reviewer.play([binary, "confirm", stage], reviewer.answers(brain), home).code == 0
    peer.begin()
    talk = reviewer.play(
        [binary, "push", stage, "--pacs", peer.address, "--no-query"],
        reviewer.answers(brain, reviewer="Grace Second"), home)
    assert talk.code == 0, talk.text
    (stage / "journal.jsonl").unlink()
    for name, timeouts in (("patient", {}), ("hasty", SHORT)):
        (home / f"{name}.json").write_text(json.dumps({"pacs": {"bad": {
            "host": "127.0.0.1", "port": peer.port, "aeTitle": peer.title, "query": False, "timeouts": timeouts}}}))
    return folder


@dataclass
class Transfer:
    """A stage of its own, and push."""

    binary: object
    peer: object
    stage: object
    home: object

    def __post_init__(self):
        self.manifest = json.loads((self.stage / "manifest.json").read_text())
        self.uids = [i["sopInstanceUID"] for i in self.manifest["instances"]]

    def command(self, *options, hasty=True):
        return [str(self.binary), "push", str(self.stage), "--pacs", "bad", "--config",
                str(self.home / ("hasty.json" if hasty else "patient.json")), *options]

    def push(self, *options, hasty=True):
        done = subprocess.run(
            self.command(*options, hasty=hasty), stdin=subprocess.DEVNULL, capture_output=True, text=True,
            env=reviewer.environment(self.home), timeout=120)
        assert not self.peer.faults, self.peer.faults
        return Finished(done.returncode, done.stdout, done.stderr)

    def start(self, *options):
        return subprocess.Popen(
            self.command(*options, hasty=False), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, env=reviewer.environment(self.home))

    def data(self, uid):
        """The data set as it was staged: what follows the file's meta information."""
        entry = next(i for i in self.manifest["instances"] if i["sopInstanceUID"] == uid)
        file = (self.stage / entry["file"]).read_bytes()
        return file[144 + int.from_bytes(file[140:144], "little"):]

    def events(self):
        path = self.stage / "journal.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def acknowledged(self):
        return [e["sopInstanceUID"] for e in self.events() if e["event"] == "sent"]

    def finishes(self, *options):
        """Once the peer is well: the rest goes out, nothing else, and all is there as it was staged."""
        before = {uid: len(copies) for uid, copies in self.peer.held.items()}
        acknowledged = set(self.acknowledged())
        self.peer.go_on()
        done = self.push(*options, hasty=False)
        assert done.code == 0, done.err
        assert sorted(self.peer.held) == sorted(self.uids)
        for uid, copies in self.peer.held.items():
            assert all(copy == (EXPLICIT, self.data(uid)) for copy in copies), uid
            if uid in acknowledged:
                assert len(copies) == before[uid], f"{uid} was acknowledged and sent again"
        assert sorted(self.acknowledged()) == sorted(self.uids)

    def fails(self, code, *words, options=()):
        done = self.push(*options)
        assert done.code == code, (done.code, done.err)
        assert len(done.error_lines) == 1, done.err
        for word in words:
            assert word in done.error_lines[0], done.error_lines[0]
        return done


@pytest.fixture
def transfer(binary, peer, settled, tmp_path):
    shutil.copytree(settled / "home", tmp_path / "home", dirs_exist_ok=True)
    source = next((settled / "stages").iterdir())
    shutil.copytree(source, tmp_path / source.name, copy_function=shutil.copy2)
    peer.begin()
    yield Transfer(binary, peer, tmp_path / source.name, tmp_path / "home")
    peer.begin()


def at(place, fault, good=3):
    """A script that fails at a place: after some good instances of the first association, at once later on."""

    def script(talk):
        left = good if talk.number == 1 else 0
        if place == "connection" and talk.number > 1 or place == "connection" and not good:
            fault(talk)
        talk.hear()
        if place == "acceptance" and talk.number > 1:
            fault(talk)
        if place == "half an acceptance" and talk.number > 1:
            talk.send(talk.acceptance()[:50])
            fault(talk)
        talk.accept()
        if left == 0 and place == "first data":
            fault(talk)

        def after_command(command):
            if talk.answered >= left and place == "inside an instance":
                talk.read(20_000)
                fault(talk)

        for message in talk.messages(after_command):
            if talk.answered >= left:
                if place == "half an answer":
                    talk.send(talk.response(message)[:30])
                if place == "stored, answer lost":
                    talk.keep(message)
                fault(talk)
            talk.keep(message)
            talk.answer(message)
        if place == "release":
            fault(talk)
        talk.part()

    return script


PLACES = ["connection", "acceptance", "half an acceptance", "first data", "inside an instance", "answer",
          "half an answer", "stored, answer lost"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("fault", ["drop", "reset", "stall", "abort"])
def test_broken_off_and_gone_on(transfer, place, fault):
    if place == "stored, answer lost" and fault in ("reset", "abort"):
        fault = "drop"
    transfer.peer.begin(at(place, lambda talk: getattr(talk, fault)()))
    done = transfer.fails(75)
    sent = len(transfer.acknowledged())
    assert f"{sent} of {len(transfer.uids)} instances are there" in done.error_lines[0] and ".;" not in done.error_lines[0]
    assert sent == 3 or place in ("connection", "acceptance", "half an acceptance", "first data")
    transfer.finishes()


def test_nobody_there_from_the_start(transfer):
    transfer.peer.begin(at("connection", lambda talk: talk.drop(), good=0))
    transfer.fails(75, "the connection broke")
    transfer.finishes()


@pytest.mark.parametrize("fault", ["drop", "reset", "stall", "abort"])
def test_a_release_that_fails_loses_nothing(transfer, fault):
    transfer.peer.begin(at("release", lambda talk: getattr(talk, fault)(), good=1000))
    done = transfer.push()
    assert done.code == 0, done.err
    assert sorted(transfer.peer.held) == sorted(transfer.uids)


def test_an_association_that_breaks_now_and_then_is_replaced(transfer):
    def script(talk):
        talk.hear()
        talk.accept()
        for message in talk.messages():
            if talk.answered == 17:
                talk.reset()
            talk.keep(message)
            talk.answer(message)
        talk.part()

    transfer.peer.begin(script)
    done = transfer.push()
    assert done.code == 0, done.err
    assert transfer.peer.associations > 2
    assert {uid: len(copies) for uid, copies in transfer.peer.held.items()} == dict.fromkeys(transfer.uids, 1)


REJECTIONS = [
    (1, 1, 1, 69, "no reason given"), (1, 1, 2, 69, "application context"), (1, 1, 3, 69, "calling AE title"),
    (1, 1, 7, 69, "called AE title"), (1, 2, 1, 69, "no reason"), (1, 2, 2, 69, "protocol version"),
    (2, 1, 1, 75, "no reason given"), (2, 3, 1, 75, "congestion"), (2, 3, 2, 75, "limit"), (1, 1, 9, 69, "reason 9"),
]


@pytest.mark.parametrize("result, source, reason, code, word", REJECTIONS)
def test_rejected(transfer, result, source, reason, code, word):
    def script(talk):
        talk.hear()
        talk.reject(result, source, reason)

    transfer.peer.begin(script)
    transfer.fails(code, word, f"(result {result}, source {source}, reason {reason})", "PACS team"
                   if code == 69 and reason != 7 else "")
    assert transfer.peer.held == {}
    transfer.finishes()


def test_no_context_is_accepted(transfer):
    def script(talk):
        talk.hear()
        talk.accept(takes=lambda abstract, syntax: False)
        talk.linger()

    transfer.peer.begin(script)
    transfer.fails(69, "presentation contexts", "AE title")
    transfer.finishes()


def test_only_implicit_little_endian_is_accepted(transfer):
    def script(talk):
        talk.hear()
        talk.accept(takes=lambda abstract, syntax: syntax == IMPLICIT, maximum=4096)
        talk.store()

    transfer.peer.begin(script)
    assert transfer.push().code == 0
    for uid in transfer.uids:
        (syntax, data), = transfer.peer.held[uid]
        assert syntax == IMPLICIT
        got = pydicom.dcmread(io.BytesIO(data), force=True)
        staged = pydicom.dcmread(io.BytesIO(transfer.data(uid)), force=True)
        assert got.PixelData == staged.PixelData
        assert [e.tag for e in got] == [e.tag for e in staged]


STATUSES = [
    (0xA700, 75, "out of resources"), (0xA701, 75, "out of resources"), (0x0213, 75, "resource limitation"),
    (0xA900, 69, "does not match its SOP class"), (0xC000, 69, "not understood"), (0xC123, 69, "not understood"),
    (0x0110, 69, "processing failure"), (0x0117, 69, "invalid instance UID"), (0x0122, 69, "SOP class not supported"),
    (0x0124, 69, "not authorised"), (0x0210, 69, "message ID"), (0x0211, 69, "not recognised"),
    (0x0212, 69, "wrong type"), (0x0111, 69, "already"), (0x4321, 69, "4321"),
]


@pytest.mark.parametrize("status, code, words", STATUSES)
def test_one_instance_is_refused_and_the_rest_is_sent(transfer, status, code, words):
    refused = transfer.uids[5]

    def script(talk):
        talk.hear()
        talk.accept()
        for message in talk.messages():
            if message[1][0x1000] == refused:
                talk.answer(message, status, comment="because")
                continue
            talk.keep(message)
            talk.answer(message)
        talk.part()

    transfer.peer.begin(script)
    done = transfer.fails(code, words, "1 of")
    assert refused in done.err
    # Each status comes with what to do about it.
    assert done.error_lines[0].split(". ")[-1].startswith(("Ask the PACS team", "Verify that")), done.error_lines[0]
    assert sorted(transfer.peer.held) == sorted(set(transfer.uids) - {refused})
    transfer.finishes()


@pytest.mark.parametrize("status, words", [
    (0xB000, "values were changed"), (0xB006, "left out"), (0xB007, "does not match"), (0x0107, "not supported"),
    (0x0116, "out of range")])
def test_a_warning_is_listed_and_counts_as_stored(transfer, status, words):
    warned = transfer.uids[7]

    def script(talk):
        talk.hear()
        talk.accept()
        for message in talk.messages():
            talk.keep(message)
            talk.answer(message, status if message[1][0x1000] == warned else 0)
        talk.part()

    transfer.peer.begin(script)
    done = transfer.push()
    assert done.code == 0, done.err
    line, = [line for line in done.err.splitlines() if words in line]
    number = next(i["instanceNumber"] for i in transfer.manifest["instances"] if i["sopInstanceUID"] == warned)
    assert str(number) in line and f"{status:04X}" in line and (". Compare" in line or ". Ask the PACS team" in line)
    event, = [e for e in transfer.events() if e["event"] == "warning"]
    assert event["sopInstanceUID"] == warned and event["status"] == f"{status:04X}"
    transfer.finishes()


def outcomes(transfer, code):
    """What `push --json` says of each instance, and of all."""
    done = transfer.push("--json")
    assert done.code == code and len(done.error_lines) == (code != 0), (done.code, done.err)
    document = json.loads(done.out)
    assert [i["sopInstanceUID"] for i in document["instances"]] == transfer.uids
    assert document["complete"] == (code == 0)
    return document, {i["sopInstanceUID"]: (i["outcome"], i["detail"]) for i in document["instances"]}


def test_what_became_of_each_instance_is_a_document_too(transfer):
    refused, warned = transfer.uids[5], transfer.uids[7]

    def script(talk):
        talk.hear()
        talk.accept()
        for message in talk.messages():
            status = {refused: 0xC000, warned: 0xB006}.get(message[1][0x1000], 0)
            if status != 0xC000:
                talk.keep(message)
            talk.answer(message, status, comment="because")
        talk.part()

    transfer.peer.begin(script)
    document, each = outcomes(transfer, 69)
    assert (document["refused"], document["warnings"]) == (1, 1) and document["sent"] == len(transfer.uids) - 1
    assert each[refused][0] == "refused" and "C000" in each[refused][1] and "because" in each[refused][1]
    assert each[warned][0] == "warning" and "B006" in each[warned][1]
    assert {v for u, v in each.items() if u not in (refused, warned)} == {("sent", None)}
    transfer.peer.go_on()
    document, each = outcomes(transfer, 0)
    assert (document["sent"], document["alreadyThere"]) == (1, len(transfer.uids) - 1)
    assert each.pop(refused) == ("sent", None) and set(each.values()) == {("alreadyThere", None)}


def test_a_run_that_is_broken_off_tells_how_far_it_came(transfer):
    transfer.peer.begin(at("answer", lambda talk: talk.drop()))
    document, each = outcomes(transfer, 75)
    assert document["sent"] == 3
    assert [each[u][0] for u in transfer.uids] == 3 * ["sent"] + (len(transfer.uids) - 3) * ["notSent"]
    transfer.finishes()


NONSENSE = {
    "an answer to another message": lambda talk, m: talk.send(talk.response(m, number=4711)),
    "an answer about another instance": lambda talk, m: talk.send(talk.response(m, uid="1.2.3.4.5")),
    "an answer of another kind": lambda talk, m: talk.send(talk.response(m, field=0x8030)),
    "an answer in a context that was not accepted": lambda talk, m: talk.send(talk.response(m, context=201)),
    "the same answer twice": lambda talk, m: talk.send(2 * talk.response(m)),
    "garbage": lambda talk, m: talk.send(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
    "a PDU of 4 GB": lambda talk, m: talk.send(b"\x04\0\xff\xff\xff\xff" + bytes(100)),
    "a PDU of no known type": lambda talk, m: talk.send(b"\x42\0\0\0\0\4abcd"),
    "a PDV that is longer than its PDU": lambda talk, m: talk.send(b"\x04\0\0\0\0\x0a\0\0\xff\xff\x01\x03abcd"),
    "a command set that is none": lambda talk, m: talk.send(b"\x04\0\0\0\0\x0a\0\0\0\x06\x01\x03abcd"),
    "a second acceptance": lambda talk, m: talk.send(talk.acceptance()),
    "a request for release": lambda talk, m: talk.send_pdu(5, bytes(4)),
}


@pytest.mark.parametrize("what", NONSENSE)
def test_the_peer_breaks_the_protocol(transfer, what):
    def script(talk):
        talk.hear()
        talk.accept()
        for message in talk.messages():
            if talk.answered == 4:
                NONSENSE[what](talk, message)
                talk.linger()
            talk.keep(message)
            talk.answer(message)

    transfer.peer.begin(script)
    transfer.fails(76, "protocol")
    assert len(transfer.acknowledged()) in (4, 5)
    transfer.peer.go_on()
    done = transfer.push(hasty=False)
    assert done.code == 0, done.err
    assert sorted(transfer.acknowledged()) == sorted(transfer.uids)


def test_an_acceptance_of_what_was_not_proposed(transfer):
    def script(talk):
        talk.hear()
        talk.accept(syntax="1.2.840.10008.1.2.4.50")
        talk.linger()

    transfer.peer.begin(script)
    transfer.fails(76, "protocol", "not proposed")
    transfer.finishes()


@pytest.mark.parametrize("maximum", [4096, 16385, 0, 1 << 20])
def test_no_pdu_is_longer_than_the_peer_allows(transfer, maximum):
    longest = []

    def script(talk):
        talk.hear()
        talk.accept(maximum=maximum)
        inner = talk.pdu

        def pdu():
            kind, body = inner()
            longest.append(len(body))
            return kind, body

        talk.pdu = pdu
        talk.store()

    transfer.peer.begin(script)
    assert transfer.push().code == 0
    assert max(longest) <= (maximum or 1 << 20)
    assert max(longest) > min(maximum or 1 << 20, 100_000) // 2
    transfer.finishes()


@pytest.mark.parametrize("window", [3, 8])
def test_several_operations_at_once_answered_backwards(transfer, window):
    total = len(transfer.uids)
    most = []

    def script(talk):
        talk.hear()
        assert talk.offered_window
        talk.accept(window=window)
        waiting = []
        for message in talk.messages():
            talk.keep(message)
            waiting.append(message)
            if len(waiting) == window or talk.answered + len(waiting) == total:
                most.append(len(waiting))
                for late in reversed(waiting):
                    talk.answer(late)
                waiting = []
        talk.part()

    transfer.peer.begin(script)
    assert transfer.push().code == 0
    assert max(most) == window
    transfer.finishes()


def test_several_associations_share_the_work(transfer):
    both = threading.Barrier(3)

    def script(talk):
        talk.hear()
        talk.accept()
        both.wait(20)  # all three are open at the same time
        talk.store()

    transfer.peer.begin(script)
    assert transfer.push("--associations", "3", hasty=False).code == 0
    assert transfer.peer.associations == 3
    assert {uid: len(copies) for uid, copies in transfer.peer.held.items()} == dict.fromkeys(transfer.uids, 1)
    transfer.finishes()


def test_where_fewer_associations_are_granted_those_do_the_work(transfer):
    first = threading.Event()

    def script(talk):
        talk.hear()
        if talk.number > 1:
            first.set()
            talk.reject(1, 3, 2)
        talk.accept()
        first.wait(20)
        talk.store()

    transfer.peer.begin(script)
    done = transfer.push("--associations", "2", hasty=False)
    assert done.code == 0, done.err
    assert sorted(transfer.peer.held) == sorted(transfer.uids)


def test_one_of_several_associations_breaks(transfer):
    def script(talk):
        talk.hear()
        talk.accept()
        for message in talk.messages():
            if talk.number == 2 and talk.answered == 2:
                talk.reset()
            talk.keep(message)
            talk.answer(message)
        talk.part()

    transfer.peer.begin(script)
    assert transfer.push("--associations", "3").code == 0
    assert {uid: len(copies) for uid, copies in transfer.peer.held.items()} == dict.fromkeys(transfer.uids, 1)


POINTS = ["acceptance", "inside an instance", "before the answer", "after the answer"]


def signalling(process, number, point, instance):
    """Signals the process at a point of its talk, once."""
    done = threading.Event()

    def strike():
        if not done.is_set():
            done.set()
            os.kill(process().pid, number)

    def script(talk):
        talk.hear()
        if point == "acceptance":
            strike()
        talk.accept()

        def after_command(command):
            if point == "inside an instance" and talk.answered == instance:
                talk.read(10_000)
                strike()
                talk.linger()

        for message in talk.messages(after_command):
            talk.keep(message)
            if point == "before the answer" and talk.answered == instance:
                strike()
            talk.answer(message)
            if point == "after the answer" and talk.answered == instance + 1:
                strike()
        talk.part()

    return script


@pytest.mark.parametrize("associations", ["1", "3"])
def test_killed_at_any_moment_and_run_again(transfer, associations):
    seed = 20200423 + int(associations)
    random_point = random.Random(seed)
    for _ in range(8):
        ready, processes = threading.Event(), []

        def process():
            ready.wait(20)
            return processes[0]

        transfer.peer.go_on(signalling(
            process, signal.SIGKILL, random_point.choice(POINTS), random_point.randrange(3)))
        processes.append(transfer.start("--associations", associations))
        ready.set()
        processes[0].communicate(timeout=60)
        assert processes[0].returncode in (-signal.SIGKILL, 0), (seed, processes[0].returncode)
    transfer.finishes("--associations", associations)
    for copies in transfer.peer.held.values():
        assert len(set(copies)) == 1, f"seed {seed}"


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_by_the_user(transfer, point, number):
    ready, processes = threading.Event(), []

    def process():
        ready.wait(20)
        return processes[0]

    def stubborn(talk):
        talk.hear()
        if point == "acceptance":
            os.kill(process().pid, number)
            talk.linger()
        talk.accept()

        def after_command(command):
            if point == "inside an instance" and talk.answered == 2:
                os.kill(process().pid, number)
                talk.stall()

        for message in talk.messages(after_command):
            talk.keep(message)
            if point == "before the answer" and talk.answered == 2:
                os.kill(process().pid, number)
                talk.linger()
            talk.answer(message)
            if point == "after the answer" and talk.answered == 3:
                os.kill(process().pid, number)
                talk.linger()
        talk.part()

    transfer.peer.begin(stubborn)
    processes.append(transfer.start())
    ready.set()
    _, errors = processes[0].communicate(timeout=60)
    assert processes[0].returncode == 75, (processes[0].returncode, errors)
    assert len([line for line in errors.splitlines() if line.startswith("push2pacs: ")]) == 1, errors
    transfer.finishes()


def test_a_second_push_at_the_same_time_waits_its_turn(transfer):
    reached, go_on = threading.Event(), threading.Event()

    def script(talk):
        talk.hear()
        reached.set()
        go_on.wait(30)
        talk.accept()
        talk.store()

    transfer.peer.begin(script)
    first = transfer.start()
    assert reached.wait(30)
    transfer.fails(75, "another push of this stage is running")
    go_on.set()
    first.communicate(timeout=60)
    assert first.returncode == 0
    transfer.finishes()
