"""A real HTTP server on loopback that answers what a test tells it to, as the system of somebody else does."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from urllib.parse import parse_qs, urlsplit


class SourceServer:
	"""Answers every GET with `content`, a POST with a token; keeps what it was asked.

	content: bytes, a text, anything else as JSON, or a function of the query that gives one of these. headers: those
	of the answer. wait: seconds before it answers. asked: (path, headers) of each request in order, names of headers
	in lower case; posted: what came with a POST.
	"""

	def __init__(self, content=None, status: int = 200, media_type: str = "application/json"):
		self.content, self.status, self.wait = content, status, 0
		self.headers = {"Content-Type": media_type}
		self.token = {"access_token": "kunci-sementara", "token_type": "Bearer"}
		self.asked: list[tuple[str, dict]] = []
		self.posted: list[bytes] = []
		self._stopped = Event()
		source = self

		class Handler(BaseHTTPRequestHandler):
			def do_GET(self):
				self.note()
				source._stopped.wait(source.wait)
				content = source.content
				if callable(content):
					content = content(parse_qs(urlsplit(self.path).query))
				self.answer(source.status, _as_bytes(content), source.headers)

			def do_POST(self):
				self.note()
				source.posted.append(self.rfile.read(int(self.headers["Content-Length"])))
				self.answer(200, _as_bytes(source.token), {})

			def note(self):
				headers = {name.lower(): value for name, value in self.headers.items()}
				source.asked.append((self.path, headers))

			def answer(self, status: int, body: bytes, headers: dict):
				self.send_response(status)
				for name, value in ({"Content-Length": str(len(body))} | headers).items():
					self.send_header(name, value)
				self.end_headers()
				self.wfile.write(body)

			def log_message(self, *args):
				pass

		class Server(ThreadingHTTPServer):
			def handle_error(self, request, client_address):
				pass  # a client that goes away in the middle is what some tests want

		self._server = Server(("127.0.0.1", 0), Handler)
		Thread(target=self._server.serve_forever, daemon=True).start()

	@property
	def url(self) -> str:
		return f"http://localhost:{self._server.server_port}"

	def stop(self) -> None:
		self._stopped.set()
		self._server.shutdown()
		self._server.server_close()


def _as_bytes(content) -> bytes:
	if isinstance(content, bytes):
		return content
	return (content if isinstance(content, str) else json.dumps(content)).encode()


def ckan(records: list[dict]):
	"""The answers of a CKAN datastore that holds these records, for SourceServer.content."""

	def page(query: dict) -> dict:
		start, size = int(query.get("offset", ["0"])[0]), int(query.get("limit", ["100"])[0])
		return {"success": True, "result": {"records": records[start : start + size], "total": len(records)}}

	return page
