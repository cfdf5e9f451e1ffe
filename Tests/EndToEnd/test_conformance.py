"""The conformance statement lists what is negotiated and what is written, and nothing else."""

import contextlib
import json
import socket
import threading

import pydicom
import pytest
from pydicom.encaps import encapsulate
from pydicom.uid import UID
from pynetdicom import AE, build_context, evt
from pynetdicom.pdu import A_ASSOCIATE_RQ
from pynetdicom.pdu_primitives import SCP_SCU_RoleSelectionNegotiation

import reviewer
import servers

STORAGE = "1.2.840.10008.5.1.4.1.1."


@pytest.fixture
def statement(run):
    done = run("conformance", "--json")
    assert done.code == 0, done.err
    return json.loads(done.out)


@contextlib.contextmanager
def logging_acceptor():
    """Takes every context that is proposed, and keeps what was proposed with its role."""
    proposed = []
    ae = AE("LOGGER")
    ae.require_called_aet = False

    def requested(event):
        request = event.assoc.requestor
        roles = {uid: item for uid, item in request.role_selection.items()}
        contexts = []
        for context in request.requested_contexts:
            role = roles.get(context.abstract_syntax)
            proposed.append((
                str(context.abstract_syntax), tuple(map(str, context.transfer_syntax)),
                "SCP" if role is not None and role.scp_role else "SCU"))
            contexts.append(build_context(context.abstract_syntax, list(context.transfer_syntax)))
            if role is not None:
                contexts[-1].scu_role, contexts[-1].scp_role = True, True
        event.assoc.acceptor.supported_contexts = merged(contexts)

    def nothing(event):
        yield 0
        return

    def none_found(event):
        return iter(())

    def action(event):
        return 0x0110, None

    handlers = [
        (evt.EVT_REQUESTED, requested), (evt.EVT_C_ECHO, lambda e: 0), (evt.EVT_C_STORE, lambda e: 0),
        (evt.EVT_C_FIND, none_found), (evt.EVT_C_GET, nothing), (evt.EVT_N_ACTION, action),
    ]
    ae.add_supported_context("1.2.840.10008.1.1")
    server = ae.start_server((servers.HERE, 0), block=False, evt_handlers=handlers)
    try:
        yield f"LOGGER@{servers.HERE}:{server.server_address[1]}", proposed
    finally:
        server.shutdown()


def merged(contexts):
    """One supported context a class, with all its syntaxes."""
    by_class = {}
    for context in contexts:
        known = by_class.setdefault(context.abstract_syntax, context)
        for syntax in context.transfer_syntax:
            if syntax not in known.transfer_syntax:
                known.add_transfer_syntax(syntax)
    return list(by_class.values())


class Tap:
    """Stands before a server and keeps what callers propose: (class, syntaxes, role) of each context."""

    def __init__(self, server):
        self.server, self.proposed, self.threads = server, [], []

    @property
    def address(self):
        return f"{self.server.title}@{servers.HERE}:{self.port}"

    def __enter__(self):
        self.listener = socket.create_server((servers.HERE, 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.close()

    def accept(self):
        while True:
            try:
                caller, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.carry, args=(caller,), daemon=True).start()

    def carry(self, caller):
        with caller, socket.create_connection((servers.HERE, self.server.port)) as callee:
            with contextlib.suppress(OSError):
                head = exactly(caller, 6)
                request = head + exactly(caller, int.from_bytes(head[2:], "big"))
                self.note(request)
                callee.sendall(request)
                back = threading.Thread(target=pump, args=(callee, caller), daemon=True)
                back.start()
                pump(caller, callee)
                back.join()

    def note(self, request):
        pdu = A_ASSOCIATE_RQ()
        pdu.decode(request)
        asked = pdu.to_primitive()
        roles = {item.sop_class_uid: item for item in asked.user_information
                 if isinstance(item, SCP_SCU_RoleSelectionNegotiation)}
        for context in asked.presentation_context_definition_list:
            role = roles.get(context.abstract_syntax)
            self.proposed.append((
                str(context.abstract_syntax), tuple(map(str, context.transfer_syntax)),
                "SCP" if role is not None and role.scp_role else "SCU"))


def exactly(connection, count):
    data = b""
    while len(data) < count:
        piece = connection.recv(count - len(data))
        if not piece:
            raise OSError("closed")
        data += piece
    return data


def pump(source, target):
    with contextlib.suppress(OSError):
        while data := source.recv(1 << 16):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def stated(statement, contexts):
    """What a list allows, by class and role; a row for all storage classes counts for each of them."""
    storage = [c["sopClass"] for c in statement["storageClasses"]]
    listed = {}
    for context in contexts:
        for uid in storage if context["sopClass"] == "storage" else [context["sopClass"]]:
            listed.setdefault((uid, context["role"][:3]), set()).update(context["transferSyntaxes"])
    return listed


def check(proposed, statement, purposes):
    """Everything that was proposed is listed; everything listed for the purposes was proposed."""
    listed = stated(statement, statement["proposed"])
    storage = {c["sopClass"] for c in statement["storageClasses"]}
    seen = {}
    for uid, syntaxes, role in proposed:
        assert (uid, role) in listed, f"{UID(uid).name} as {role} is proposed and not listed"
        assert set(syntaxes) <= listed[uid, role], f"{UID(uid).name}: {set(syntaxes) - listed[uid, role]}"
        seen.setdefault((uid, role), set()).update(syntaxes)
        if uid in storage:
            seen.setdefault(("storage", role), set()).update(syntaxes)
    for context in statement["proposed"]:
        if context["purpose"] in purposes:
            lacking = set(context["transferSyntaxes"]) - seen.get((context["sopClass"], context["role"]), set())
            assert not lacking, f"{context['purpose']}: {context['name']} in {lacking} is listed and was not proposed"


CONNECTION = {"verify the connection", "query"}
MAPS = {"send maps"}
BACK = {"withdraw", "retrieve (C-GET)", "retrieve (C-MOVE)", "storage commitment", "store sub-operations of C-GET"}
IMAGES = {"send images as they are"}


def test_each_purpose_is_looked_at(statement):
    assert {c["purpose"] for c in statement["proposed"]} == CONNECTION | MAPS | BACK | IMAGES


def test_what_find_and_doctor_propose(run, statement):
    with logging_acceptor() as (address, proposed):
        run("doctor", "--pacs", address)
        run("find", "--pacs", address, "--level", "patient", "--patient-id", "nobody")
    check(proposed, statement, CONNECTION)


def test_what_an_export_proposes(play, brain, tmp_path, statement):
    """Maps of every kind, sent without being asked for again."""
    with logging_acceptor() as (address, proposed):
        for kind in (["--compress", "--overlay"], ["--compress", "--multiframe"]):
            talk = play(
                reviewer.answers(brain), "export", brain.folder, "--pacs", address, "--no-query", "--output",
                tmp_path / kind[-1], *kind)
            assert talk.code in (0, 65, 69, 75), talk.text
    check(proposed, statement, MAPS)


def test_what_comes_after_sending_proposes(orthanc, play, run, brain, tmp_path, statement):
    """Verified by C-GET and by C-MOVE, committed, fetched, withdrawn: a real archive, tapped."""
    orthanc.store(brain.slices())
    with Tap(orthanc) as tap:
        talk = play(reviewer.answers(brain), "export", brain.folder, "--pacs", tap.address, "--output", tmp_path)
        assert talk.code == 0, talk.text
        stage = tmp_path / brain.label
        config = orthanc.configuration(tmp_path, retrieve="move", port=tap.port)
        # The journal knows the archive by its address.
        done = run("verify", stage, "--config", config, "--pacs", "main", "--commit")
        assert done.code == 0, done.err
        done = run("fetch", "--pacs", tap.address, "--study", brain.facts["studyInstanceUID"], "-o", tmp_path / "scan")
        assert done.code == 0, done.err
        talk = play(reviewer.answers(brain), "retract", stage, "--pacs", tap.address)
        assert talk.code == 0, talk.text
    check(tap.proposed, statement, BACK)


def test_what_send_proposes(play, brain, tmp_path, statement):
    """One image in each listed transfer syntax."""
    [row] = [c for c in statement["proposed"] if c["purpose"] in IMAGES]
    folder = tmp_path / "images"
    folder.mkdir()
    for number, syntax in enumerate(map(UID, row["transferSyntaxes"])):
        d = pydicom.dcmread(brain.slices()[number].filename)
        d.file_meta.TransferSyntaxUID = syntax
        if syntax.is_encapsulated:
            # Nobody decodes it here: what is not understood goes out as it is, or not at all.
            d.PixelData = encapsulate([b"\0" * 64])
            d["PixelData"].VR = "OB"
            d["PixelData"].is_undefined_length = True
        elif not syntax.is_little_endian:
            d.PixelData = d.pixel_array.astype(">u2").tobytes()
        pydicom.dcmwrite(
            folder / f"{number}.dcm", d, implicit_vr=syntax.is_implicit_VR, little_endian=syntax.is_little_endian,
            enforce_file_format=True)
    with logging_acceptor() as (address, proposed):
        talk = play(reviewer.answers(brain), "send", folder, "--pacs", address, "--no-query", "--output", tmp_path / "out")
        assert talk.code in (0, 69), talk.text
    check(proposed, statement, IMAGES)


# Modality worklist, print, Storage Commitment's retired pull model; below the root of the storage
# classes the queries of protocol approvals and inventories. None of them is listed.
OTHERS = ["1.2.840.10008.5.1.4.31", "1.2.840.10008.5.1.1.9", "1.2.840.10008.1.20.2", STORAGE + "200.4", STORAGE + "201.2"]


def accepts(port, title, statement, contexts):
    """Asks for every class in every syntax, and for others: what is wrong with the answers."""
    listed = stated(statement, contexts)
    syntaxes = {uid: syntaxes for (uid, _), syntaxes in listed.items()}
    every = sorted({s for own in syntaxes.values() for s in own} | {"1.2.840.10008.1.2.4.103"})
    classes = sorted(set(syntaxes) | {c["sopClass"] for c in statement["storageClasses"]}) + OTHERS
    asked = [(uid, syntax) for uid in classes for syntax in every]
    wrong = []
    for start in range(0, len(asked), 127):
        part = asked[start:start + 127]
        ae = AE("TESTER")
        ae.requested_contexts = [build_context(uid, [syntax]) for uid, syntax in part] + [
            build_context("1.2.840.10008.1.1")]
        association = ae.associate(servers.HERE, port, ae_title=title)
        if not association.is_established:
            return [f"no association: {association}"]
        taken = {(str(c.abstract_syntax), str(c.transfer_syntax[0])) for c in association.accepted_contexts}
        association.release()
        wrong += [(UID(uid).name, UID(syntax).name) for uid, syntax in part
                  if ((uid, syntax) in taken) != (syntax in syntaxes.get(uid, ()))]
    return wrong


def test_what_the_archive_accepts(binary, tmp_path, statement):
    """Asked by an independent requestor for every storage class, syntax by syntax, and for others."""
    servers.EmbeddedArchive.binary = binary
    with servers.EmbeddedArchive(tmp_path / "archive") as archive:
        assert accepts(archive.port, archive.title, statement, statement["accepted"]["ARCHIVE"]) == []


def test_what_is_accepted_while_waiting(run, tmp_path, statement):
    """An archive that is asked for a C-MOVE, or a promise, first asks back what we would take."""
    own, found = servers.free_port(), {}
    waiting = {purpose: [c for c in statement["accepted"]["PUSH2PACS"] if purpose in c["purpose"]]
               for purpose in ("C-MOVE", "promise")}

    def find(event):
        match = event.identifier
        match.StudyInstanceUID, match.SeriesInstanceUID = "1.2.3", "1.2.3.4"
        match.PatientID, match.SOPInstanceUID, match.SOPClassUID = "P", "1.2.3.4.5", STORAGE + "2"
        yield 0xFF00, match

    def move(event):
        found["C-MOVE"] = accepts(own, "PUSH2PACS", statement, waiting["C-MOVE"])
        yield None, None

    def action(event):
        found["promise"] = accepts(own, "PUSH2PACS", statement, waiting["promise"])
        return 0x0110, None

    ae = AE("ASKER")
    ae.network_timeout = ae.dimse_timeout = 120
    for uid in ("1.2.840.10008.1.1", "1.2.840.10008.1.20.1", "1.2.840.10008.5.1.4.1.2.2.1", "1.2.840.10008.5.1.4.1.2.2.2",
                STORAGE + "7"):
        ae.add_supported_context(uid)
    server = ae.start_server((servers.HERE, 0), block=False, evt_handlers=[
        (evt.EVT_C_FIND, find), (evt.EVT_C_MOVE, move), (evt.EVT_N_ACTION, action)])
    try:
        config = tmp_path / "config.json"
        config.write_text(json.dumps({"port": own, "pacs": {"main": {
            "host": servers.HERE, "port": server.server_address[1], "aeTitle": "ASKER", "retrieve": "move"}}}))
        done = run("fetch", "--config", config, "--pacs", "main", "--series", "1.2.3.4", "-o", tmp_path / "out")
        assert done.code != 0 and found["C-MOVE"] == [], done.err
        run("doctor", "--config", config, "--pacs", "main")
        assert found["promise"] == []
    finally:
        server.shutdown()


def tags(path):
    return {f"{e.tag.group:04X},{e.tag.element:04X}" for e in pydicom.dcmread(path, defer_size=64)}


@pytest.mark.parametrize("options", [[], ["--multiframe"], ["--overlay"]])
def test_which_attributes_are_written(options, run, brain, tmp_path, statement):
    done = run("export", brain.folder, "--output", tmp_path, *options)
    assert done.code == 0, done.err
    seen = set()
    for path in (tmp_path / brain.label).rglob("*.dcm"):
        uid = str(pydicom.dcmread(path, stop_before_pixels=True, specific_tags=["SOPClassUID"]).SOPClassUID)
        listed = {a["tag"] for a in statement["attributes"][uid]}
        written = tags(path)
        assert written <= listed, f"{UID(uid).name} has {sorted(written - listed)}, which is not listed"
        # What does not come from the scan is always there, with few exceptions that are said.
        certain = {
            a["tag"] for a in statement["attributes"][uid]
            if a["source"].startswith(("fixed", "generated", "drawn", "empty")) and "where" not in a["source"]}
        assert certain <= written, f"{UID(uid).name} lacks {sorted(certain - written)}"
        seen.add(uid)
    assert seen, "nothing was staged"


def test_the_statement_is_whole(run):
    text = run("conformance").out
    # PS3.2 annex A, section by section.
    for heading in [
        "## 1 Conformance statement overview", "## 2 Table of contents", "## 3 Introduction", "## 4 Networking",
        "### 4.1 Implementation model", "#### 4.1.1 Application data flow", "#### 4.1.2 Functional definition",
        "#### 4.1.3 Sequencing", "### 4.2 Application entity specifications", "##### 4.2.1.1 SOP classes",
        "##### 4.2.1.2 Association policies", "##### 4.2.1.3 Association initiation by activity",
        "##### 4.2.1.4 Association acceptance", "##### 4.2.1.5 SOP specific behaviour", "#### 4.2.2 ARCHIVE",
        "#### 4.2.3 PUSH2PACS over DICOMweb", "### 4.3 Network interfaces", "### 4.4 Configuration",
        "## 5 Media interchange", "## 6 Support of character sets", "## 7 Security", "### 8.1 IOD contents",
        "#### 8.1.1 Created SOP instances", "### 8.2 Data dictionary of private attributes",
        "### 8.3 Coded terminology", "### 8.4 Grayscale image consistency", "### 8.5 Extended, specialized and private",
        "### 8.6 Private transfer syntaxes", "### 8.7 Storage classes",
    ]:
        assert heading in text, heading
    assert [text.index(f"\n## {n} ") for n in range(1, 9)] == sorted(text.index(f"\n## {n} ") for n in range(1, 9))
    for name in ("Secondary Capture Image Storage", "Key Object Selection Document Storage", "A700-A7FF", "0000"):
        assert name in text, name
