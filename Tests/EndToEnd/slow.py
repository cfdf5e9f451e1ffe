"""A wire that is slow: what goes through it takes its time, so that somebody can watch, or stop it."""

import contextlib
import selectors
import socket
import threading
import time


class SlowWire:
    """Passes bytes on to `port`, at most so many a second each way."""

    def __init__(self, port, rate):
        self.port, self.rate = port, rate
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.own_port = self.listener.getsockname()[1]
        self.closing = threading.Event()

    def __enter__(self):
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.closing.set()
        # Closing alone does not wake who waits for a caller.
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(10)

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                here, _ = self.listener.accept()
                threading.Thread(target=self.talk, args=[here], daemon=True).start()

    def talk(self, here):
        with contextlib.suppress(OSError), here, socket.create_connection(("127.0.0.1", self.port)) as there:
            for end in (here, there):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with selectors.DefaultSelector() as selector:
                selector.register(here, selectors.EVENT_READ, there)
                selector.register(there, selectors.EVENT_READ, here)
                while not self.closing.is_set():
                    for key, _ in selector.select(0.2):
                        data = key.fileobj.recv(1 << 15)
                        if not data:
                            return
                        key.data.sendall(data)
                        time.sleep(len(data) / self.rate)
