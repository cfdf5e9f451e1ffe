"""The conformance statement lists what is negotiated and what is written, and nothing else."""

import contextlib
import json

import pydicom
import pytest
from pydicom.uid import UID
from pynetdicom import AE, build_context, build_role, evt

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


def stated(statement):
    listed = {}
    for context in statement["proposed"]:
        listed.setdefault((context["sopClass"], context["role"]), set()).update(context["transferSyntaxes"])
    return listed


def check(proposed, statement, expected):
    """Everything that was proposed is listed; of the expected classes everything listed was proposed."""
    listed = stated(statement)
    seen = {}
    for uid, syntaxes, role in proposed:
        assert (uid, role) in listed, f"{UID(uid).name} as {role} is proposed and not listed"
        assert set(syntaxes) <= listed[uid, role], f"{UID(uid).name}: {syntaxes}"
        seen.setdefault((uid, role), set()).update(syntaxes)
    for key in expected:
        assert seen.get(key) == listed[key], f"{UID(key[0]).name} as {key[1]}"


FIND = [("1.2.840.10008.5.1.4.1.2.1.1", "SCU"), ("1.2.840.10008.5.1.4.1.2.2.1", "SCU")]


def test_what_find_and_doctor_propose(run, statement):
    with logging_acceptor() as (address, proposed):
        run("doctor", "--pacs", address)
        run("find", "--pacs", address, "--level", "patient", "--patient-id", "nobody")
    check(proposed, statement, [("1.2.840.10008.1.1", "SCU"), *FIND])


def test_what_an_export_proposes(play, brain, tmp_path, statement):
    """Maps of every kind, sent without being asked for again."""
    with logging_acceptor() as (address, proposed):
        for kind in (["--compress", "--overlay"], ["--compress", "--multiframe"]):
            talk = play(
                reviewer.answers(brain), "export", brain.folder, "--pacs", address, "--no-query", "--output",
                tmp_path / kind[-1], *kind)
            assert talk.code in (0, 65, 69, 75), talk.text
    check(proposed, statement, [
        (STORAGE + "7", "SCU"), (STORAGE + "7.4", "SCU"), (STORAGE + "11.1", "SCU")])


def test_what_the_archive_accepts(binary, tmp_path, statement):
    """Asked by an independent requestor for every listed class, syntax by syntax, and for others."""
    servers.EmbeddedArchive.binary = binary
    listed = {}
    for context in statement["accepted"]["ARCHIVE"]:
        listed[context["sopClass"]] = set(context["transferSyntaxes"])
    every = sorted({s for syntaxes in listed.values() for s in syntaxes} | {"1.2.840.10008.1.2.4.103"})
    asked = [(uid, syntax) for uid in listed for syntax in every]
    # Modality worklist, print, and Storage Commitment's retired pull model are not listed.
    asked += [(uid, every[0]) for uid in ("1.2.840.10008.5.1.4.31", "1.2.840.10008.5.1.1.9", "1.2.840.10008.1.20.2")]
    with servers.EmbeddedArchive(tmp_path / "archive") as archive:
        for start in range(0, len(asked), 120):
            part = asked[start:start + 120]
            contexts = [build_context(uid, [syntax]) for uid, syntax in part]
            contexts.append(build_context("1.2.840.10008.1.1"))
            ae = AE("TESTER")
            ae.requested_contexts = contexts
            association = ae.associate(servers.HERE, archive.port, ae_title=archive.title)
            assert association.is_established
            accepted = {(str(c.abstract_syntax), str(c.transfer_syntax[0])) for c in association.accepted_contexts}
            association.release()
            for uid, syntax in part:
                assert ((uid, syntax) in accepted) == (syntax in listed.get(uid, ())), (UID(uid).name, UID(syntax).name)


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
    for heading in [
        "## 1 Conformance statement overview", "## 3 Networking", "### 4.1 Association policies",
        "### 4.2 PUSH2PACS: contexts proposed", "### 4.4 ARCHIVE: contexts accepted", "### 4.7 Statuses",
        "### 4.9 Configuration", "## 5 Created SOP instances", "## 6 Support of character sets", "## 7 Security",
    ]:
        assert heading in text, heading
    for name in ("Secondary Capture Image Storage", "Key Object Selection Document Storage", "A700-A7FF", "0000"):
        assert name in text, name
