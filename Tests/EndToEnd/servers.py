"""Real servers on loopback, each with a folder and a free port of its own."""

import contextlib
import io
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time
import urllib.request

from pynetdicom import AE, evt
from pynetdicom.sop_class import (
    CTImageStorage, KeyObjectSelectionDocumentStorage, MRImageStorage, SecondaryCaptureImageStorage,
    StudyRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelGet, Verification,
)
from pynetdicom import build_role
from pydicom.dataset import Dataset

HERE = "127.0.0.1"
RETRIEVED = (SecondaryCaptureImageStorage, KeyObjectSelectionDocumentStorage, CTImageStorage, MRImageStorage)


def free_port():
    """A port that was free just now; a server that loses the race for it is started again elsewhere."""
    with socket.socket() as s:
        s.bind((HERE, 0))
        return s.getsockname()[1]


def tool(name):
    path = shutil.which(name, path="/usr/bin:/usr/sbin:/usr/local/bin:/usr/local/sbin")
    assert path, f"{name} is not installed; run Scripts/setup tests"
    return path


class Server:
    """Started with `with`; `address` is what --pacs takes."""

    title = "SERVER"

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.process = None
        # Where push2pacs listens for what the server sends back.
        self.callback = free_port()

    @property
    def address(self):
        return f"{self.title}@{HERE}:{self.port}"

    def command(self):
        raise NotImplementedError

    def __enter__(self):
        for _ in range(5):
            self.port = free_port()
            self.log = open(self.folder / "server.log", "ab")
            self.process = subprocess.Popen(
                self.command(), stdout=self.log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                cwd=self.folder, start_new_session=True)
            if self.answers():
                return self
            self.stop()
        log = (self.folder / "server.log").read_text(errors="replace")[-2000:]
        raise AssertionError(f"{self.title} did not start:\n{log}")

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        if self.process and self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        self.log.close()

    def answers(self, within=30):
        """Polls with C-ECHO until the server answers or ends."""
        until = time.monotonic() + within
        while time.monotonic() < until and self.process.poll() is None:
            with contextlib.suppress(OSError):
                with socket.create_connection((HERE, self.port), 0.2):
                    pass
                if self.echo():
                    return True
            time.sleep(0.05)
        return False

    def configuration(self, folder, **changed):
        """A configuration in which the server is called main; its path."""
        own = {"host": HERE, "port": self.port, "aeTitle": self.title, **changed}
        path = pathlib.Path(folder) / "config.json"
        path.write_text(json.dumps({"port": self.callback, "pacs": {"main": own}}))
        return path

    # An independent client, for looking at what the server holds.

    def associate(self, *contexts, roles=(), handlers=()):
        ae = AE("TESTER")
        ae.acse_timeout = ae.dimse_timeout = ae.network_timeout = 120
        for c in contexts:
            ae.add_requested_context(c)
        return ae.associate(HERE, self.port, ae_title=self.title, ext_neg=list(roles), evt_handlers=list(handlers))

    def echo(self):
        a = self.associate(Verification)
        if not a.is_established:
            return False
        status = a.send_c_echo()
        a.release()
        return bool(status) and status.Status == 0

    def store(self, datasets):
        """Stores datasets; goes on where pynetdicom has lost an answer.

        Its own reactor may take an answer that comes at once for a request ("unexpected C-STORE service
        message"), and the sender waits in vain.
        """
        waiting = list(datasets)
        for _ in range(4):
            a = self.associate(CTImageStorage, MRImageStorage, SecondaryCaptureImageStorage)
            assert a.is_established, f"{self.title} takes no images"
            a.dimse_timeout = 10
            while waiting:
                status = a.send_c_store(waiting[0])
                if not status:
                    break
                assert status.Status == 0, f"{self.title} refused {waiting[0].SOPInstanceUID}: {status}"
                waiting.pop(0)
            if not waiting:
                a.release()
                return
        raise AssertionError(f"{self.title} never answered for {waiting[0].SOPInstanceUID}")

    def find(self, level="IMAGE", **keys):
        query = Dataset()
        query.QueryRetrieveLevel = level
        for name, value in keys.items():
            setattr(query, name, value)
        a = self.associate(StudyRootQueryRetrieveInformationModelFind)
        assert a.is_established, f"{self.title} cannot be asked"
        found = [d for s, d in a.send_c_find(query, StudyRootQueryRetrieveInformationModelFind)
                 if s and s.Status in (0xFF00, 0xFF01)]
        a.release()
        return found

    def instances(self, study, series):
        found = self.find(StudyInstanceUID=study, SeriesInstanceUID=series, SOPInstanceUID="")
        return sorted(d.SOPInstanceUID for d in found)

    def series(self, study):
        found = self.find("SERIES", StudyInstanceUID=study, SeriesInstanceUID="", Modality="", SeriesDescription="")
        return {d.SeriesInstanceUID: (d.Modality, d.get("SeriesDescription")) for d in found}

    def get(self, study, series):
        """Everything of a series, by C-GET."""
        received = []

        def keep(event):
            d = event.dataset
            d.file_meta = event.file_meta
            received.append(d)
            return 0

        query = Dataset()
        query.QueryRetrieveLevel, query.StudyInstanceUID, query.SeriesInstanceUID = "SERIES", study, series
        a = self.associate(
            StudyRootQueryRetrieveInformationModelGet, *RETRIEVED,
            roles=[build_role(c, scp_role=True) for c in RETRIEVED],
            handlers=[(evt.EVT_C_STORE, keep)])
        assert a.is_established
        for status, _ in a.send_c_get(query, StudyRootQueryRetrieveInformationModelGet):
            assert status and status.Status in (0, 0xFF00), f"C-GET: {status}"
        a.release()
        return received


class Orthanc(Server):
    title = "ORTHANC"
    options: dict = {}

    def command(self):
        self.http = free_port()
        configuration = {
            "Name": "test", "StorageDirectory": str(self.folder / "storage"), "IndexDirectory": str(self.folder / "storage"),
            "DicomAet": self.title, "DicomPort": self.port, "HttpPort": self.http, "RemoteAccessAllowed": False,
            "AuthenticationEnabled": False, "DicomCheckCalledAet": False, "DicomAlwaysAllowEcho": True,
            "DicomAlwaysAllowStore": True, "Plugins": [],
            "DicomModalities": {
                "client": ["PUSH2PACS", HERE, self.callback], "tester": ["TESTER", HERE, 2],
            },
            **self.options,
        }
        path = self.folder / "orthanc.json"
        path.write_text(json.dumps(configuration))
        return [tool("Orthanc"), str(path)]

    def rest(self, path, method="GET", body=None):
        request = urllib.request.Request(f"http://{HERE}:{self.http}{path}", method=method, data=body)
        with urllib.request.urlopen(request, timeout=20) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def picture(self, path):
        """The bytes of a rendered picture."""
        request = urllib.request.Request(f"http://{HERE}:{self.http}{path}", headers={"Accept": "image/png"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read()

    def lookup(self, sop_instance_uid):
        return self.rest("/tools/lookup", "POST", sop_instance_uid.encode())[0]["ID"]

    def delete(self, sop_instance_uid):
        self.rest(f"/instances/{self.lookup(sop_instance_uid)}", "DELETE")


class OrthancWeb(Orthanc):
    """With its DICOMweb plugin."""

    @property
    def options(self):
        plugin = pathlib.Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
        assert plugin.exists(), f"{plugin} is missing; run Scripts/setup tests"
        return {"Plugins": [str(plugin)], "DicomWeb": {"Enable": True, "Root": "/dicom-web/"}}

    @property
    def web(self):
        return f"http://{HERE}:{self.http}/dicom-web"

    def file(self, sop_instance_uid):
        """The file that is kept of an instance."""
        path = f"/instances/{self.lookup(sop_instance_uid)}/file"
        with urllib.request.urlopen(f"http://{HERE}:{self.http}{path}", timeout=60) as answer:
            return io.BytesIO(answer.read())


class Dcmqrscp(Server):
    title = "DCMQRSCP"

    def command(self):
        storage = self.folder / "storage"
        storage.mkdir(exist_ok=True)
        path = self.folder / "dcmqrscp.cfg"
        path.write_text(
            f'NetworkTCPPort = {self.port}\nMaxPDUSize = 131072\nMaxAssociations = 16\n'
            f"HostTable BEGIN\nclient = (PUSH2PACS, {HERE}, {self.callback})\nHostTable END\nVendorTable BEGIN\nVendorTable END\n"
            f"AETable BEGIN\n{self.title} {storage} RW (500, 1024mb) ANY\nAETable END\n")
        return [tool("dcmqrscp"), "--log-level", "info", "-c", str(path)]


class Storescp(Server):
    title = "STORESCP"

    def command(self):
        storage = self.folder / "storage"
        storage.mkdir(exist_ok=True)
        return [tool("storescp"), "-aet", self.title, "--output-directory", str(storage), str(self.port)]

    def files(self):
        return sorted(p for p in (self.folder / "storage").iterdir() if p.is_file())


class EmbeddedArchive(Server):
    """`push2pacs archive`; its one line on stdout says that it is ready, and where."""

    title = "ARCHIVE"
    binary = None
    options: tuple = ()

    def command(self):
        storage = self.folder / "storage"
        storage.mkdir(exist_ok=True)
        return [str(self.binary), "archive", "--directory", str(storage), "--port", str(self.port),
                "--peer", f"PUSH2PACS@{HERE}:{self.callback}", *self.options]

    def answers(self, within=30):
        if not super().answers(within):
            return False
        line = (self.folder / "server.log").read_text().splitlines()[0]
        assert line == f"archive {self.title} listening on {HERE}:{self.port}"
        return True
