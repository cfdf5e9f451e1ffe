"""DIMSE through the tunnel of the README's recipe, with certificates made here."""

import contextlib
import re
import socket
import ssl
import subprocess
import time

import pydicom
import pytest

import reviewer
import servers
from course import ROOT
from test_transfer import confirmed, the_stage

HOST = "localhost"


class Certificates:
    """Two authorities: one that both sides trust, one that nobody does."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        for authority in ("hospital", "stranger"):
            self.openssl(
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", self.key(authority), "-out",
                self.certificate(authority), "-days", "2", "-subj", f"/CN={authority} authority")
        self.issue("pacs", "hospital", HOST)
        self.issue("elsewhere", "hospital", "elsewhere.example")
        self.issue("push2pacs", "hospital", "push2pacs.example")
        self.issue("false-pacs", "stranger", HOST)
        self.issue("false-push2pacs", "stranger", "push2pacs.example")

    def key(self, name):
        return str(self.folder / f"{name}.key")

    def certificate(self, name):
        return str(self.folder / f"{name}.pem")

    def openssl(self, *arguments):
        done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr

    def issue(self, name, authority, host):
        request, extension = str(self.folder / "request"), self.folder / "extension"
        extension.write_text(f"subjectAltName=DNS:{host}\nbasicConstraints=CA:FALSE\n")
        self.openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", self.key(name), "-out", request,
                     "-subj", f"/CN={host}")
        self.openssl("x509", "-req", "-in", request, "-CA", self.certificate(authority), "-CAkey",
                     self.key(authority), "-CAcreateserial", "-out", self.certificate(name), "-days", "2",
                     "-extfile", str(extension))


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    return Certificates(tmp_path_factory.mktemp("tls") / "certificates")


def shakes_hands(port, certificates, within=30, process=None):
    """Whether a TLS server answers, as an independent client with a good certificate sees it."""
    context = ssl.create_default_context(cafile=certificates.certificate("hospital"))
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.load_cert_chain(certificates.certificate("push2pacs"), certificates.key("push2pacs"))
    until = time.monotonic() + within
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection((servers.HERE, port), 1) as plain:
            with context.wrap_socket(plain) as wrapped:
                return wrapped.version()
        time.sleep(0.05)
    return None


class TLSStorescp(servers.Storescp):
    """dcmtk's, which wants a certificate of whoever calls."""

    certificates = None
    name = "pacs"
    profile = "+py"

    def command(self):
        storage = self.folder / "storage"
        storage.mkdir(exist_ok=True)
        c = self.certificates
        return [servers.tool("storescp"), "-aet", self.title, "--output-directory", str(storage), self.profile,
                "+tls", c.key(self.name), c.certificate(self.name), "+cf", c.certificate("hospital"),
                str(self.port)]

    def answers(self, within=30):
        return shakes_hands(self.port, self.certificates, within, self.process) is not None


class TLSOrthanc(servers.Orthanc):
    certificates = None

    @property
    def options(self):
        c = self.certificates
        return {"DicomTlsEnabled": True, "DicomTlsCertificate": c.certificate("pacs"),
                "DicomTlsPrivateKey": c.key("pacs"), "DicomTlsTrustedCertificates": c.certificate("hospital"),
                "DicomTlsRemoteCertificateRequired": True}

    def answers(self, within=30):
        # A handshake that is broken off would hold it up: it takes one caller after the other.
        until = time.monotonic() + within
        while time.monotonic() < until and self.process.poll() is None:
            with contextlib.suppress(OSError):
                return self.rest("/system") is not None
            time.sleep(0.05)
        return False


class Tunnel(servers.Server):
    """stunnel, set up as the README says."""

    def __init__(self, folder, server, certificates, name="push2pacs"):
        super().__init__(folder)
        self.server, self.certificates, self.name = server, certificates, name
        self.title = server.title

    def command(self):
        recipe, = re.findall(r"^```ini\n(.*?)^```", (ROOT / "README.md").read_text(), re.M | re.S)
        c = self.certificates
        for ours, theirs in (
                ("foreground = no", f"foreground = yes\npid =\ndebug = info\noutput = {self.folder}/stunnel.log"),
                ("127.0.0.1:11113", f"127.0.0.1:{self.port}"), ("pacs.example:2762", f"{HOST}:{self.server.port}"),
                ("/etc/stunnel/push2pacs.pem", c.certificate(self.name)),
                ("/etc/stunnel/push2pacs.key", c.key(self.name)),
                ("/etc/stunnel/pacs-authority.pem", c.certificate("hospital")),
                ("checkHost = pacs.example", f"checkHost = {HOST}")):
            assert ours in recipe, f"the README's recipe has no {ours!r}"
            recipe = recipe.replace(ours, theirs)
        path = self.folder / "stunnel.conf"
        path.write_text(recipe)
        return [servers.tool("stunnel"), str(path)]

    def answers(self, within=30):
        until = time.monotonic() + within
        while time.monotonic() < until and self.process.poll() is None:
            # Not by a connection: the tunnel would open one to the PACS as well.
            with contextlib.suppress(OSError):
                if f"bound to {servers.HERE}:{self.port}" in self.said():
                    return True
            time.sleep(0.05)
        return False

    def said(self):
        return (self.folder / "stunnel.log").read_text(errors="replace")


def test_every_slice_reaches_storescp_encrypted(certificates, brain, play, tmp_path):
    TLSStorescp.certificates = certificates
    with TLSStorescp(tmp_path / "storescp") as server, \
            Tunnel(tmp_path / "tunnel", server, certificates) as tunnel:
        talk = play(reviewer.answers(brain), "export", brain.folder, "--pacs", tunnel.address, "--no-query",
                    "--output", tmp_path / "out")
        assert talk.code == 0, talk.text
        stage, manifest = the_stage(tmp_path / "out")
        held = {d.SOPInstanceUID: d for d in map(pydicom.dcmread, server.files())}
        assert sorted(held) == sorted(i["sopInstanceUID"] for i in manifest["instances"])
        for i in manifest["instances"]:
            assert held[i["sopInstanceUID"]].PixelData == pydicom.dcmread(stage / i["file"]).PixelData
        assert re.search(r"TLSv1\.[23]", tunnel.said()), tunnel.said()


def test_sent_asked_and_fetched_back_from_orthanc_encrypted(certificates, brain, play, run, tmp_path):
    TLSOrthanc.certificates = certificates
    with TLSOrthanc(tmp_path / "orthanc") as server, \
            Tunnel(tmp_path / "tunnel", server, certificates) as tunnel:
        for path in sorted(brain.folder.rglob("*.dcm")):
            server.rest("/instances", "POST", path.read_bytes())
        stage = confirmed(run, play, brain, tmp_path / "out")
        assert run("doctor", "--pacs", tunnel.address).code == 0
        assert run("push", stage, "--pacs", tunnel.address).code == 0
        done = run("verify", stage, "--pacs", tunnel.address)
        assert done.code == 0 and "VERIFIED" in done.out, done.err


@pytest.mark.parametrize("server_name, client_name, why", [
    ("false-pacs", "push2pacs", "certificate"), ("elsewhere", "push2pacs", "certificate|host"),
    ("pacs", "false-push2pacs", "alert|SSL_|certificate"),
])
def test_the_wrong_certificate_on_either_side_sends_nothing(
        certificates, brain, play, run, tmp_path, server_name, client_name, why):
    TLSStorescp.certificates = certificates

    class Named(TLSStorescp):
        name = server_name

    with Named(tmp_path / "storescp") as server, \
            Tunnel(tmp_path / "tunnel", server, certificates, client_name) as tunnel:
        done = run("doctor", "--pacs", tunnel.address)
        assert done.code in (69, 75) and len(done.error_lines) == 1, done.err
        assert "connection broke" in done.err or "aborted" in done.err, done.err
        assert re.search(why, tunnel.said()), tunnel.said()
        assert server.files() == []


def test_nothing_older_than_tls_1_2_is_spoken(certificates, run, tmp_path):
    class Old(servers.Server):
        def command(self):
            c = certificates
            return ["openssl", "s_server", "-accept", f"{servers.HERE}:{self.port}", "-cert",
                    c.certificate("pacs"), "-key", c.key("pacs"), "-CAfile", c.certificate("hospital"), "-www", "-tls1_1",
                    "-cipher", "ALL:@SECLEVEL=0"]

        def answers(self, within=30):
            until = time.monotonic() + within
            while time.monotonic() < until and self.process.poll() is None:
                with contextlib.suppress(OSError), socket.create_connection((servers.HERE, self.port), 0.2):
                    return True
                time.sleep(0.05)
            return False

    with Old(tmp_path / "old") as server, Tunnel(tmp_path / "tunnel", server, certificates) as tunnel:
        done = run("doctor", "--pacs", tunnel.address)
        assert done.code in (69, 75), done.err
        assert re.search("protocol|version", tunnel.said()), tunnel.said()
