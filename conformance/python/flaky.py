"""A proxy in front of the server that fails first: how a client's own retries fare is then seen."""

import http.server

import requests

from loopback import Loopback


class Flaky(Loopback):
    """Answers with each (status, headers) of the list once, then forwards; counts what came."""

    def __init__(self, root, failures):
        self.seen = []
        outer = self
        pending = list(failures)

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                outer.seen.append(dict(self.headers.items()))
                if pending:
                    status, headers = pending.pop(0)
                    self._answer(status, headers, b'{"error":{"message":"not now","type":"server_error"}}')
                    return
                names = ("authorization", "content-type", "x-request-id")
                sent = {n: self.headers[n] for n in names if self.headers[n]}
                answer = requests.post(root + self.path, data=body, headers=sent, timeout=120)
                kept = ("x-request-id", "x-should-retry", "retry-after")
                headers = {n: answer.headers[n] for n in kept if n in answer.headers}
                self._answer(answer.status_code, headers, answer.content)

            def _answer(self, status, headers, body):
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        super().__init__(Handler)
