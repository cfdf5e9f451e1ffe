"""A web server on loopback that answers well or badly, as the path says; prints its port."""

import hashlib
import http.server
import json
import ssl
import sys
import threading
import urllib.parse

gone = threading.Event()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def received(self):
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            body = b""
            while count := int(self.rfile.readline(), 16):
                body += self.rfile.read(count)
                self.rfile.readline()
            self.rfile.readline()
            return body
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def serve(self):
        address = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(address.query))
        what = address.path.strip("/").split("/")
        if what[0] == "drop":
            self.close_connection = True
            return
        if what[0] == "garbage":
            self.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n" * 20)
            self.close_connection = True
            return
        body = self.received()
        if what[0] == "echo":
            told = {
                "method": self.command, "target": self.path, "count": len(body),
                "sha256": hashlib.sha256(body).hexdigest(), "client": self.client_address[1],
                "headers": {name.lower(): value for name, value in self.headers.items()},
            }
            self.answer(200, json.dumps(told).encode(), Content_Type="application/json")
        elif what[0] == "status":
            more = {"WWW_Authenticate": 'Bearer realm="x"'} if what[1] == "401" else {}
            if "retry" in query:
                more["Retry_After"] = query["retry"]
            self.answer(int(what[1]), b"no", **more)
        elif what[0] == "basic":
            self.answer(401, b"no", WWW_Authenticate='Basic realm="x"')
        elif what[0] == "redirect":
            self.answer(int(query.get("code", 302)), Location=query["to"])
        elif what[0] == "big":
            left = int(query["bytes"])
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            while left:
                piece = b"x" * min(left, 65536)
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
                left -= len(piece)
            self.wfile.write(b"0\r\n\r\n")
        elif what[0] == "stall":
            gone.wait(60)
            self.close_connection = True
        elif what[0] == "half":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b"x" * 10)
            self.wfile.flush()
            if "stall" in query:
                gone.wait(60)
            self.close_connection = True
        else:
            self.answer(404)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = serve


class Quiet(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass


server = Quiet(("127.0.0.1", 0), Handler)
if len(sys.argv) > 2:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1], sys.argv[2])
    server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_address[1], flush=True)
server.serve_forever()
