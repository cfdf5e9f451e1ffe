"""A DICOMweb service in this process that keeps what it is sent, or lies, fails and breaks as it is told."""

import email.parser
import email.policy
import http.server
import io
import json
import re
import ssl
import threading
import urllib.parse
from dataclasses import dataclass, field

import pydicom

FAILED, STORED, OTHER = "00081198", "00081199", "0008119A"


@dataclass
class Behaviour:
    """What goes wrong; nothing, where nothing is set."""

    token: str | None = None            # the only one that is let in
    forbidden: bool = False             # 403 to everything
    empty_lists: bool = False           # 200, empty lists, nothing stored
    pretends: set = field(default_factory=set)   # says 'stored', and has not
    failures: dict = field(default_factory=dict)  # SOP Instance UID -> Failure Reason
    warnings: dict = field(default_factory=dict)  # SOP Instance UID -> Warning Reason
    no_packed: bool = False             # C122 to every packed transfer syntax
    busy: int = 0                       # so many store requests get 503 and Retry-After: 1
    drop_after: int | None = None       # the connection breaks in that store request (from 0) ...
    drop_stores: bool = False           # ... after it has stored it
    xml: bool = False                   # answers store requests with XML
    status: int | None = None           # answers store requests with this status and no lists
    altered: set = field(default_factory=set)     # a byte of the pixels differs when fetched
    other: dict = field(default_factory=dict)     # gives this instance for that one
    cut_off: int = 0                    # so many fetched instances end in the middle
    lost: set = field(default_factory=set)        # listed, and 404 when fetched
    page: int | None = None             # never more matches than these at once, and does not say so
    all_at_once: bool = False           # knows neither limit nor offset
    redirect: str | None = None         # sends everything on to there
    garbage: bool = False               # answers searches with HTML
    bare: bool = False                  # gives instances as they are, without multipart
    hides: set = field(default_factory=set)       # held, and not told in searches until somebody stores it again
    strike: object = None               # called with "before" or "after", and the number of the store request


class Stow:
    """Started with `with`; `address` is what --pacs takes."""

    def __init__(self, certificate=None, **how):
        """`certificate`: files of a certificate for localhost and its key; then it speaks TLS alone."""
        self.certificate = certificate
        self.behaviour = Behaviour(**how)
        self.held = {}
        self.stores = []  # of each store request, the SOP Instance UIDs
        self.seen = []    # method, path, Authorization

    @property
    def address(self):
        origin = "https://localhost" if self.certificate else "http://127.0.0.1"
        return f"{origin}:{self.server.server_address[1]}/dicom-web"

    def __enter__(self):
        service = self

        class Bound(Handler):
            stow = service

        class Quiet(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass

        self.server = Quiet(("127.0.0.1", 0), Bound)
        if self.certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*self.certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def store(self, datasets):
        for d in datasets:
            stream = io.BytesIO()
            d.save_as(stream, enforce_file_format=True)
            self.held[d.SOPInstanceUID] = stream.getvalue()

    def instances(self, study, series):
        return sorted(uid for uid, d in self.datasets().items()
                      if d.StudyInstanceUID == study and d.SeriesInstanceUID == series)

    def datasets(self):
        return {uid: pydicom.dcmread(io.BytesIO(data)) for uid, data in list(self.held.items())}

    def heads(self):
        return [pydicom.dcmread(io.BytesIO(data), stop_before_pixels=True) for data in list(self.held.values())]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    stow: Stow

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", kind="application/dicom+json", **headers):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def is_refused(self):
        how = self.stow.behaviour
        self.stow.seen.append((self.command, self.path, self.headers.get("Authorization")))
        if how.redirect:
            self.answer(307, Location=how.redirect)
        elif how.token and self.headers.get("Authorization") != f"Bearer {how.token}":
            self.answer(401, b"who?", "text/plain", WWW_Authenticate='Bearer realm="pacs"')
        elif how.forbidden:
            self.answer(403, b"no", "text/plain")
        else:
            return False
        return True

    # STOW-RS

    def do_POST(self):
        how = self.stow.behaviour
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.is_refused():
            return
        if self.path != "/dicom-web/studies":
            return self.answer(404)
        if how.busy:
            how.busy -= 1
            return self.answer(503, b"later", "text/plain", Retry_After="1")
        if how.status:
            return self.answer(how.status, b"no", "text/plain")
        # Python's own MIME parser is the judge of what was sent.
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
        assert message.get_content_type() == "multipart/related" and message.get_param("type") == "application/dicom"
        assert not message.defects or body.endswith(b"--\r\n"), message.defects
        boundary = b"--" + message.get_boundary().encode()
        parts = [p.split(b"\r\n\r\n", 1) for p in body.split(boundary)[1:-1]]
        lists = {STORED: [], FAILED: []}
        number, uids = len(self.stow.stores), []
        if how.strike:
            how.strike("before", number)
        is_dropped = how.drop_after == number
        self.stow.stores.append(uids)
        for part in parts:
            assert part[0].strip().lower() == b"content-type: application/dicom", part[0]
            data = part[1].removesuffix(b"\r\n")
            d = pydicom.dcmread(io.BytesIO(data), stop_before_pixels=True)
            uid = d.SOPInstanceUID
            uids.append(uid)
            how.hides.discard(uid)
            item = {"00081150": {"vr": "UI", "Value": [d.SOPClassUID]}, "00081155": {"vr": "UI", "Value": [uid]}}
            reason = how.failures.get(uid)
            if how.no_packed and d.file_meta.TransferSyntaxUID.is_compressed:
                reason = 0xC122
            if how.empty_lists:
                continue
            if reason is not None:
                lists[FAILED].append(item | {"00081197": {"vr": "US", "Value": [reason]}})
                continue
            if uid in how.warnings:
                item["00081196"] = {"vr": "US", "Value": [how.warnings[uid]]}
            lists[STORED].append(item)
            if uid not in how.pretends and (not is_dropped or how.drop_stores):
                self.stow.held[uid] = data
        if how.strike:
            how.strike("after", number)
        if is_dropped:
            self.close_connection = True
            return
        if how.xml:
            return self.answer(200, b"<NativeDicomModel/>", "application/dicom+xml")
        document = {tag: {"vr": "SQ", "Value": items} if items else {"vr": "SQ"} for tag, items in lists.items()}
        status = 200 if not lists[FAILED] else 202 if lists[STORED] else 409
        self.answer(status, json.dumps([document]).encode())

    # QIDO-RS and WADO-RS

    def do_GET(self):
        if self.is_refused():
            return
        url = urllib.parse.urlsplit(self.path)
        query = urllib.parse.parse_qs(url.query)
        path = url.path.removeprefix("/dicom-web")
        if match := re.fullmatch(r"/studies/([^/]+)/series/([^/]+)/instances/([^/]+)(/metadata)?", path):
            return self.fetch(*match.groups())
        found = re.fullmatch(r"/studies(?:/([^/]+)/series(?:/([^/]+)/instances)?)?", path)
        if not found:
            return self.answer(404)
        self.search(query, *found.groups())

    def search(self, query, study, series):
        how = self.stow.behaviour
        if how.garbage:
            return self.answer(200, b"<html>Login</html>", "text/html")
        matches = {}
        for d in self.stow.heads():
            if d.SOPInstanceUID in how.hides:
                continue
            if study and d.StudyInstanceUID != study or series and d.SeriesInstanceUID != series:
                continue
            if wanted := query.get("StudyInstanceUID"):
                if d.StudyInstanceUID not in wanted[0].split(","):
                    continue
            names = ["StudyInstanceUID", "PatientID", "PatientName", "AccessionNumber", "StudyDate"]
            key = d.StudyInstanceUID
            if study:
                names, key = ["StudyInstanceUID", "SeriesInstanceUID", "SeriesDescription", "Modality"], d.SeriesInstanceUID
            if series:
                names, key = names[:2] + ["SOPClassUID", "SOPInstanceUID", "InstanceNumber"], d.SOPInstanceUID
            told = pydicom.Dataset()
            for name in names:
                if name in d:
                    told[name] = d[name]
            matches[key] = told.to_json_dict()
        answers = list(matches.values())
        if not how.all_at_once:
            offset = int(query.get("offset", ["0"])[0])
            answers = answers[offset : offset + min(int(query.get("limit", ["1000"])[0]), how.page or 1000)]
        if not answers:
            return self.answer(204)
        self.answer(200, json.dumps(answers).encode())

    def fetch(self, study, series, uid, metadata):
        how = self.stow.behaviour
        data = self.stow.held.get(how.other.get(uid, uid))
        if data is None or uid in how.lost:
            return self.answer(404)
        if metadata:
            d = pydicom.dcmread(io.BytesIO(data), stop_before_pixels=True)
            return self.answer(200, json.dumps([d.to_json_dict()]).encode())
        if uid in how.altered:
            data = data[:-1001] + bytes([data[-1001] ^ 1]) + data[-1000:]
        if how.bare:
            return self.answer(200, data, "application/dicom")
        # Text around the parts, a quoted boundary with odd characters: all as RFC 2046 allows.
        body = (b"This is a multipart message.\r\n--a'b:c?\r\nContent-Type: application/dicom\r\n\r\n" + data
                + b"\r\n--a'b:c?--\r\nthe end\r\n")
        kind = 'multipart/related; type="application/dicom"; boundary="a\'b:c?"'
        if how.cut_off:
            how.cut_off -= 1
            # Whole for HTTP, cut off for MIME.
            body = body[: len(body) // 2]
        self.answer(200, body, kind)
