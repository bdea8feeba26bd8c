"""A proxy in front of the server that hands on answers in slices of random length, each flushed by
itself: a client must put lines, UTF-8 characters and JSON together across any of their ends."""

import http.server
import random

import requests

from loopback import Loopback

LONGEST = 40  # bytes


class Splitting(Loopback):
    """Forwards POSTs; the same seed slices in the same places."""

    def __init__(self, root, seed):
        draw = random.Random(seed)

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                names = ("authorization", "content-type")
                sent = {n: self.headers[n] for n in names if self.headers[n]}
                with requests.post(
                    root + self.path, data=body, headers=sent, stream=True, timeout=120
                ) as answer:
                    self.send_response(answer.status_code)
                    self.send_header("content-type", answer.headers["content-type"])
                    self.send_header("transfer-encoding", "chunked")
                    self.end_headers()
                    for piece in answer.iter_content(None):
                        self._slice(piece)
                    self.wfile.write(b"0\r\n\r\n")

            def _slice(self, piece):
                while piece:
                    end = draw.randint(1, LONGEST)
                    part, piece = piece[:end], piece[end:]
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
                    self.wfile.flush()

            def log_message(self, *_):
                pass

        super().__init__(Handler)
