"""A storage provider on a raw socket that does what a test says: well, badly, or not at all.

Only sockets and struct: what goes over the wire is seen as it is. PS3.8 9.3, PS3.7 6.3.
"""

import contextlib
import select
import socket
import struct
import threading

HERE = "127.0.0.1"
EXPLICIT, IMPLICIT = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2"


class Over(Exception):
    """The other side has closed, or the script has had enough."""


class Talk:
    """One association as the provider sees it."""

    def __init__(self, peer, connection, number):
        self.peer, self.socket, self.number = peer, connection, number
        self.answered = 0
        self.contexts = {}
        self.window = None

    def read(self, count):
        data = b""
        while len(data) < count:
            piece = self.socket.recv(min(count - len(data), 1 << 16))
            if not piece:
                raise Over
            data += piece
        return data

    def pdu(self):
        header = self.read(6)
        return header[0], self.read(struct.unpack(">I", header[2:])[0])

    def send(self, data):
        self.socket.sendall(data)

    def send_pdu(self, kind, body):
        self.send(struct.pack(">BBI", kind, 0, len(body)) + body)

    # Faults

    def drop(self):
        raise Over

    def reset(self):
        """Closes without goodbye: the other side gets a reset."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise Over

    def stall(self):
        """Neither reads nor writes until the other side has hung up."""
        poll = select.poll()
        poll.register(self.socket, select.POLLRDHUP | select.POLLHUP | select.POLLERR)
        poll.poll(60_000)
        raise Over

    def abort(self, source=2, reason=0):
        self.send_pdu(7, bytes([0, 0, source, reason]))
        self.linger()

    def linger(self):
        """Reads until the other side closes, so that it sees what was sent last."""
        with contextlib.suppress(OSError):
            while self.socket.recv(1 << 16):
                pass
        raise Over

    # The association

    def hear(self):
        kind, self.request = self.pdu()
        assert kind == 1, f"PDU {kind} instead of A-ASSOCIATE-RQ"
        at = 68
        self.proposed = []
        while at < len(self.request):
            item, _, length = struct.unpack(">BBH", self.request[at:at + 4])
            body = self.request[at + 4:at + 4 + length]
            if item == 0x20:
                syntaxes, inner, abstract = [], 4, ""
                while inner < len(body):
                    sub, _, size = struct.unpack(">BBH", body[inner:inner + 4])
                    text = body[inner + 4:inner + 4 + size].decode()
                    if sub == 0x30:
                        abstract = text
                    else:
                        syntaxes.append(text)
                    inner += 4 + size
                self.proposed.append((body[0], abstract, syntaxes))
            elif item == 0x50:
                self.offered_window = b"\x53\x00\x00\x04" in body
            at += 4 + length

    def acceptance(self, takes=lambda abstract, syntax: True, maximum=16384, window=None, syntax=None):
        """A-ASSOCIATE-AC; `takes` says which contexts are accepted, `syntax` lies about what was proposed."""
        body = b"\0\1\0\0" + self.request[4:68]

        def item(kind, value):
            return struct.pack(">BBH", kind, 0, len(value)) + value

        body += item(0x10, b"1.2.840.10008.3.1.1.1")
        for number, abstract, syntaxes in self.proposed:
            taken = next((s for s in syntaxes if takes(abstract, s)), None)
            self.contexts[number] = taken
            body += item(0x21, bytes([number, 0, 0 if taken else 3, 0])
                         + item(0x40, (syntax or taken or syntaxes[0]).encode()))
        user = item(0x51, struct.pack(">I", maximum)) + item(0x52, b"1.2.3.4")
        if window:
            user += item(0x53, struct.pack(">HH", window, 1))
        body += item(0x50, user)
        return struct.pack(">BBI", 2, 0, len(body)) + body

    def accept(self, **how):
        self.send(self.acceptance(**how))

    def reject(self, result, source, reason):
        self.send_pdu(3, bytes([0, result, source, reason]))
        self.linger()

    # Messages

    def fragments(self):
        while True:
            kind, body = self.pdu()
            if kind == 5:
                return
            if kind == 7:
                raise Over
            assert kind == 4, f"PDU {kind}"
            at = 0
            while at < len(body):
                length, context, control = struct.unpack(">IBB", body[at:at + 6])
                yield context, control, body[at + 6:at + 4 + length]
                at += 4 + length

    def messages(self, after_command=None):
        """Each C-STORE as (context, command, data set); ends when release is asked for."""
        command, data = b"", b""
        for context, control, fragment in self.fragments():
            if control & 1:
                command += fragment
                if control & 2 and after_command:
                    after_command(elements(command))
                continue
            data += fragment
            if control & 2:
                yield context, elements(command), data
                command, data = b"", b""

    def answer(self, message, status=0, **changed):
        self.send(self.response(message, status, **changed))
        self.answered += 1

    def response(self, message, status=0, number=None, uid=None, field=0x8001, context=None, comment=None):
        own, command, _ = message
        values = [
            (0x0002, text(command[0x0002])), (0x0100, struct.pack("<H", field)),
            (0x0120, struct.pack("<H", number if number is not None else command[0x0110])),
            (0x0800, struct.pack("<H", 0x0101)), (0x0900, struct.pack("<H", status)),
        ]
        if comment:
            values.append((0x0902, text(comment, b" ")))
        values.append((0x1000, text(uid or command[0x1000])))
        body = b"".join(struct.pack("<HHI", 0, tag, len(value)) + value for tag, value in values)
        body = struct.pack("<HHII", 0, 0, 4, len(body)) + body
        value = struct.pack(">IBB", len(body) + 2, own if context is None else context, 3) + body
        return struct.pack(">BBI", 4, 0, len(value)) + value

    def keep(self, message):
        context, command, data = message
        self.peer.keep(command[0x1000], self.contexts[context], data)

    def store(self, status=0):
        """Serves the association as it should be served."""
        for message in self.messages():
            self.keep(message)
            self.answer(message, status)
        self.part()

    def part(self):
        self.send_pdu(6, bytes(4))
        self.linger()


def text(value, pad=b"\0"):
    value = value.encode()
    return value + pad * (len(value) % 2)


def elements(command):
    """A command set: implicit little endian, group 0000."""
    found, at = {}, 0
    while at < len(command):
        _, tag, length = struct.unpack("<HHI", command[at:at + 8])
        value = command[at + 8:at + 8 + length]
        if tag in (0x0002, 0x1000):
            found[tag] = value.decode().rstrip("\0")
        elif length == 2:
            found[tag] = struct.unpack("<H", value)[0]
        at += 8 + length
    return found


def healthy(talk):
    talk.hear()
    talk.accept()
    talk.store()


class BadPeer:
    """Listens on one port for good; `script` says what it does with each association."""

    title = "BAD"

    def __init__(self):
        self.listener = socket.create_server((HERE, 0), backlog=16)
        self.port = self.listener.getsockname()[1]
        self.lock = threading.Lock()
        self.begin()
        threading.Thread(target=self.listen, daemon=True).start()

    @property
    def address(self):
        return f"{self.title}@{HERE}:{self.port}"

    def begin(self, script=healthy):
        with self.lock:
            self.script, self.held, self.associations, self.faults = script, {}, 0, []

    def go_on(self, script=healthy):
        """Does something else from now on, and keeps what it holds."""
        with self.lock:
            self.script = script

    def keep(self, uid, syntax, data):
        with self.lock:
            self.held.setdefault(uid, []).append((syntax, data))

    def listen(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                with self.lock:
                    self.associations += 1
                    talk = Talk(self, connection, self.associations)
                threading.Thread(target=self.serve, args=(talk, self.script), daemon=True).start()

    def serve(self, talk, script):
        with talk.socket:
            try:
                script(talk)
            except (Over, OSError):
                pass
            except Exception as error:  # what went wrong here is told by the test
                self.faults.append(error)

    def close(self):
        self.listener.close()
