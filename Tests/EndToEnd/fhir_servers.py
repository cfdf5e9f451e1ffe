"""FHIR servers on loopback: a real one, and one that does as it is told."""

import json
import os
import pathlib
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HERE = pathlib.Path(__file__).resolve().parent


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Sekmet:
    """sekmet-fhir: R4, transactions with rollback, conditional updates, SQLite."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/fhir"

    def __enter__(self):
        environment = {**os.environ, "SEKMET_BASE_URL": self.url, "SEKMET_DB": str(self.folder / "fhir.db")}
        self.log = open(self.folder / "fhir.log", "w")
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "start_fhir.py"), "serve", "--host", "127.0.0.1", "--port", str(self.port)],
            stdout=self.log, stderr=subprocess.STDOUT, env=environment, cwd=self.folder)
        end = time.monotonic() + 120
        while True:
            try:
                urllib.request.urlopen(f"{self.url}/metadata", timeout=5).read()
                return self
            except OSError:
                assert self.process.poll() is None, (self.folder / "fhir.log").read_text()
                assert time.monotonic() < end, "the FHIR server does not answer"
                time.sleep(0.1)

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)
        self.log.close()

    def get(self, path):
        request = urllib.request.Request(f"{self.url}/{path}", headers={"Accept": "application/fhir+json"})
        return json.loads(urllib.request.urlopen(request, timeout=20).read())


class Scripted:
    """A FHIR server without transactions that keeps resources in memory and can be told to fail.

    `fail(method, path, number)` answers a status, a body and headers, or None to do the work, or "drop" to do it
    and break the connection in the place of an answer. `page`: how many resources a page of a search has.
    `certificate`: files of a certificate and its key, for https.
    """

    def __init__(self, fail=lambda *_: None, transactions=False, page=None, certificate=None):
        self.fail, self.transactions, self.page, self.certificate = fail, transactions, page, certificate
        self.resources, self.requests, self.headers = {}, [], []
        self.lock = threading.Lock()

    def __enter__(self):
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def answer(self, status, body=None, **headers):
                data = b"" if body is None else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/fhir+json")
                self.send_header("Content-Length", str(len(data)))
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            def work(self):
                length = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(length)) if length else None
                path, _, query = self.path.removeprefix("/fhir/").partition("?")
                with outer.lock:
                    outer.requests.append((self.command, self.path))
                    outer.headers.append(dict(self.headers))
                    failed = outer.fail(self.command, path, len(outer.requests))
                    if failed == "drop":
                        self.answer = lambda *_, **__: None
                        outer.serve(self, path, query, body)
                        self.close_connection = True
                        self.connection.shutdown(socket.SHUT_RDWR)
                    elif failed:
                        status, said, headers = (*failed, None, {})[:3] if len(failed) < 3 else failed
                        self.answer(status, said, **(headers or {}))
                    else:
                        outer.serve(self, path, query, body)

            do_GET = do_POST = do_PUT = work

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        scheme, host = "http", "127.0.0.1"
        if self.certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*self.certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
            scheme, host = "https", "localhost"
        self.url = f"{scheme}://{host}:{self.server.server_port}/fhir"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def serve(self, handler, path, query, body):
        from urllib.parse import parse_qsl

        parts = path.strip("/").split("/")
        if path == "metadata":
            return handler.answer(200, {"resourceType": "CapabilityStatement", "rest": [
                {"mode": "server", "interaction": [{"code": "transaction"}] if self.transactions else []}]})
        if handler.command == "POST" and len(parts) == 1 and parts[0] not in ("", "fhir"):
            body = {**body, "id": str(len(self.resources) + 1), "meta": {**body.get("meta", {}), "versionId": "1"}}
            self.resources[(parts[0], body["id"])] = body
            return handler.answer(201, None, Location=f"{self.url}/{parts[0]}/{body['id']}/_history/1")
        if handler.command == "PUT":
            old = self.resources[(parts[0], parts[1])]
            version = old["meta"]["versionId"]
            if handler.headers.get("If-Match") != f'W/"{version}"':
                return handler.answer(412)
            self.resources[(parts[0], parts[1])] = {
                **body, "meta": {**body.get("meta", {}), "versionId": str(int(version) + 1)}}
            return handler.answer(200, self.resources[(parts[0], parts[1])])
        if handler.command == "GET" and len(parts) == 2:
            found = self.resources.get((parts[0], parts[1]))
            return handler.answer(200, found) if found else handler.answer(404)
        if handler.command == "GET":
            found = [r for (kind, _), r in self.resources.items() if kind == parts[0]]
            for name, value in parse_qsl(query):
                if name == "identifier":
                    system, _, code = value.rpartition("|")
                    found = [r for r in found if any(
                        i["value"] == code and system in ("", i.get("system")) for i in r.get("identifier", []))]
                elif name in ("subject", "patient"):
                    found = [r for r in found if r.get(name, {}).get("reference") == value]
            start = int(dict(parse_qsl(query)).get("_offset", 0))
            bundle = {"resourceType": "Bundle", "type": "searchset", "total": len(found), "entry": [
                {"fullUrl": f"{self.url}/{r['resourceType']}/{r['id']}", "resource": r}
                for r in found[start:start + self.page if self.page else None]]}
            if self.page and start + self.page < len(found):
                rest = "&".join(p for p in query.split("&") if not p.startswith("_offset"))
                bundle["link"] = [{"relation": "next", "url": f"{self.url}/{path}?{rest}&_offset={start + self.page}"}]
            return handler.answer(200, bundle)
        handler.answer(404)
