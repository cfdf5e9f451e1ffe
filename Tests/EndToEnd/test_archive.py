"""`push2pacs archive` as others use it: pynetdicom's own user against it, and an end at any moment."""

import os
import signal
import threading

import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian, SecondaryCaptureImageStorage, generate_uid
from pynetdicom import AE, build_role, evt
from pynetdicom.sop_class import (
    PatientRootQueryRetrieveInformationModelFind, StorageCommitmentPushModel,
    StudyRootQueryRetrieveInformationModelFind, StudyRootQueryRetrieveInformationModelGet, Verification,
)

import servers

STUDY = "1.2.826.0.1.3680043.9.9999.8"
COMMITMENT_INSTANCE = "1.2.840.10008.1.20.1.1"


@pytest.fixture
def archive(tmp_path, binary):
    servers.EmbeddedArchive.binary = binary
    with servers.EmbeddedArchive(tmp_path / "archive") as server:
        yield server


def capture(number, size=4096):
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.SOPClassUID = SecondaryCaptureImageStorage
    ds.SOPInstanceUID = f"{STUDY}.1.{number}"
    ds.StudyDate, ds.StudyTime, ds.AccessionNumber = "20200423", "101500", "A7"
    ds.Modality, ds.SeriesDescription = "OT", "RT_18Gy_1Fx_04.23.2020"
    ds.SpecificCharacterSet = "ISO_IR 100"
    ds.PatientName, ds.PatientID = "Müller^Eva", "P/../1"
    ds.StudyInstanceUID, ds.SeriesInstanceUID = STUDY, f"{STUDY}.1"
    ds.SeriesNumber, ds.InstanceNumber = 7, number
    ds.PixelData = bytes((i * number) % 256 for i in range(size))
    ds["PixelData"].VR = "OB"
    return ds


def connect(archive, contexts, ext_neg=(), handlers=()):
    ae = AE("PYNETDICOM")
    for uid, syntaxes in contexts:
        ae.add_requested_context(uid, syntaxes)
    assoc = ae.associate(
        servers.HERE, archive.port, ae_title="ARCHIVE", ext_neg=list(ext_neg), evt_handlers=list(handlers))
    assert assoc.is_established
    return assoc


def store(archive, numbers, size=4096):
    assoc = connect(archive, [(SecondaryCaptureImageStorage, ExplicitVRLittleEndian)])
    statuses = [assoc.send_c_store(capture(n, size)).Status for n in numbers]
    assoc.release()
    return statuses


def test_pynetdicom_stores_finds_and_gets(archive):
    assoc = connect(archive, [(Verification, None)])
    assert assoc.send_c_echo().Status == 0
    assoc.release()
    assert store(archive, range(1, 6)) == [0] * 5

    query = Dataset()
    query.QueryRetrieveLevel, query.PatientName, query.PatientID = "PATIENT", "mull*", ""
    query.NumberOfPatientRelatedInstances = ""
    assoc = connect(archive, [(PatientRootQueryRetrieveInformationModelFind, None)])
    answers = list(assoc.send_c_find(query, PatientRootQueryRetrieveInformationModelFind))
    assoc.release()
    assert [status.Status for status, _ in answers] == [0xFF00, 0]
    assert answers[0][1].PatientName == "Müller^Eva"
    assert answers[0][1].PatientID == "P/../1"
    assert answers[0][1].NumberOfPatientRelatedInstances == 5

    query = Dataset()
    query.QueryRetrieveLevel, query.StudyInstanceUID, query.SeriesInstanceUID = "IMAGE", STUDY, f"{STUDY}.1"
    query.SOPInstanceUID, query.InstanceNumber = "", ""
    assoc = connect(archive, [(StudyRootQueryRetrieveInformationModelFind, None)])
    answers = list(assoc.send_c_find(query, StudyRootQueryRetrieveInformationModelFind))
    assoc.release()
    assert sorted(int(ds.InstanceNumber) for _, ds in answers if ds) == [1, 2, 3, 4, 5]

    received = {}

    def handle(event):
        received[event.dataset.SOPInstanceUID] = event.dataset.PixelData
        return 0

    wanted = Dataset()
    wanted.QueryRetrieveLevel, wanted.StudyInstanceUID = "STUDY", STUDY
    for syntax in (ExplicitVRLittleEndian, ImplicitVRLittleEndian):
        received.clear()
        assoc = connect(
            archive, [(StudyRootQueryRetrieveInformationModelGet, None), (SecondaryCaptureImageStorage, syntax)],
            [build_role(SecondaryCaptureImageStorage, scp_role=True)], [(evt.EVT_C_STORE, handle)])
        final = list(assoc.send_c_get(wanted, StudyRootQueryRetrieveInformationModelGet))[-1][0]
        assoc.release()
        assert final.Status == 0 and final.NumberOfCompletedSuboperations == 5
        assert received == {capture(n).SOPInstanceUID: capture(n).PixelData for n in range(1, 6)}


def test_pynetdicom_is_promised_what_is_there(archive):
    store(archive, [1, 2])
    came = threading.Event()
    reports = []

    def handle(event):
        reports.append((event.event_type, event.event_information))
        came.set()
        return 0, None

    request = Dataset()
    request.TransactionUID = generate_uid()
    request.ReferencedSOPSequence = []
    for number in (1, 2, 99):
        item = Dataset()
        item.ReferencedSOPClassUID = SecondaryCaptureImageStorage
        item.ReferencedSOPInstanceUID = f"{STUDY}.1.{number}"
        request.ReferencedSOPSequence.append(item)
    assoc = connect(archive, [(StorageCommitmentPushModel, None)], handlers=[(evt.EVT_N_EVENT_REPORT, handle)])
    status, _ = assoc.send_n_action(request, 1, StorageCommitmentPushModel, COMMITMENT_INSTANCE)
    assert status.Status == 0
    assert came.wait(20)
    assoc.release()
    kind, information = reports[0]
    assert kind == 2
    assert information.TransactionUID == request.TransactionUID
    assert [i.ReferencedSOPInstanceUID for i in information.ReferencedSOPSequence] == [f"{STUDY}.1.1", f"{STUDY}.1.2"]
    assert [(i.ReferencedSOPInstanceUID, i.FailureReason) for i in information.FailedSOPSequence] == [
        (f"{STUDY}.1.99", 0x0112)]


@pytest.mark.parametrize("killed_after", [1, 7, 20])
def test_killed_at_any_moment_it_holds_all_it_has_acknowledged(archive, binary, killed_after):
    """What was answered with 0000 is there after kill -9, whole; nothing else is offered."""
    assoc = connect(archive, [(SecondaryCaptureImageStorage, ExplicitVRLittleEndian)])
    acknowledged = set()
    for number in range(1, 200):
        try:
            status = assoc.send_c_store(capture(number, 200_000))
        except RuntimeError:  # The association is gone.
            break
        if getattr(status, "Status", None) != 0:
            break
        acknowledged.add(f"{STUDY}.1.{number}")
        if number == killed_after:
            # The next instance is on its way when the process ends.
            threading.Timer(0.002, os.kill, (archive.process.pid, signal.SIGKILL)).start()
    assert len(acknowledged) >= killed_after
    assoc.abort()
    archive.process.wait()
    (archive.folder / "server.log").unlink()

    with servers.EmbeddedArchive(archive.folder) as again:
        query = Dataset()
        query.QueryRetrieveLevel, query.StudyInstanceUID, query.SeriesInstanceUID = "IMAGE", STUDY, f"{STUDY}.1"
        query.SOPInstanceUID = ""
        assoc = connect(again, [(StudyRootQueryRetrieveInformationModelFind, None)])
        held = {ds.SOPInstanceUID for _, ds in assoc.send_c_find(query, StudyRootQueryRetrieveInformationModelFind) if ds}
        assoc.release()
        assert held >= acknowledged and len(held - acknowledged) <= 1
        # All of them can be sent again: the bytes are the same, or they would be refused.
        assert set(store(again, range(1, len(held) + 1), 200_000)) == {0}
