"""Fetching from other systems: only from the hosts that the administrator allowed, within a time and a size.

A name is resolved once, all its addresses are checked, and the connection goes to one that was checked: a name
that changes its mind in between (DNS rebinding) gains nothing. Redirects are followed by hand under the same
rules. One deadline holds for the token, the redirects and all pages; only the resolver keeps its own time.

Keys travel in headers. A key in the query of an address is not supported, because addresses end up in logs.
"""

import functools
import io
import json
import re
import socket
import string
import time
import zlib
from base64 import b64encode
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import quote, quote_plus, unquote_plus, urljoin, urlsplit

import jsonpath
from oauthlib.oauth2 import BackendApplicationClient
from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool, Timeout, exceptions
from urllib3.connection import HTTPConnection, HTTPSConnection

from seroja.core.addresses import check_host, may_reach
from seroja.core.numbers import format_number
from seroja.core.sources import AnswerError

STYLES = ("none", "page", "offset", "next")

_PORTS = {"http": 80, "https": 443}
_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_REDIRECTS = 5
_LONGEST_CONNECT = 10  # seconds for one address, so that the next one of the same name gets its turn
_LARGEST_TOKEN = 100_000  # bytes
_PART = 65_536  # bytes
_AROUND = 1_000_000  # bytes that headers may take beside the body

_MESSAGES = {
	"host_not_allowed": "Host “{host}” tidak ada dalam daftar host yang diizinkan administrator.",
	"address_not_allowed": "Host “{host}” mengarah ke alamat jaringan yang tidak diizinkan administrator.",
	"not_https": "Host “{host}” harus dihubungi dengan https; alamat lain tidak diizinkan administrator.",
	"too_many_redirects": f"Server mengalihkan permintaan lebih dari {_MOST_REDIRECTS} kali.",
	"timeout": "Server tidak menjawab sampai selesai dalam waktu yang ditentukan.",
	"unreachable": "Server tidak dapat dihubungi atau jawabannya tidak dapat dibaca.",
	"tls": "Sertifikat keamanan server tidak dapat dipercaya; minta pengelolanya memeriksa sertifikat itu.",
	"status": "Server menjawab dengan status {status}.",
	"too_large": "Jawaban server lebih besar dari batas ukuran yang ditentukan.",
	"truncated": "Jawaban server terputus sebelum lengkap.",
	"encoding": "Jawaban server dimampatkan dengan cara yang tidak didukung atau rusak.",
	"paging": "Server mengirim halaman yang sama dua kali; periksa nama parameter halaman.",
	"token": "Server tidak memberi token akses; periksa ID klien, rahasia, dan cakupannya.",
	"header": "Nama atau isi header memuat tanda yang tidak dapat dikirim; periksa kunci dan nama header.",
}
CODES = tuple(_MESSAGES)
_STATUS_MESSAGES = {
	401: "Server tidak menerima kunci akses; periksa kunci atau mintalah yang baru.",
	403: "Server tidak menerima kunci akses ini untuk data yang diminta.",
	404: "Server tidak mengenal alamat data ini; periksa alamatnya.",
	429: "Server meminta jeda karena terlalu banyak permintaan.",
}
_TOO_MANY_PAGES = "Jawaban server lebih dari {most} halaman; persempit permintaan atau naikkan batasnya."
_NOT_ALL = (
	"Server menyebut {stated} data, tetapi memberi {held}; ambil lagi atau periksa cara membagi halamannya."
)
_TEMPORARY = ("timeout", "unreachable", "truncated")


class FetchError(Exception):
	"""Why nothing was fetched: a sentence for people that holds no key, no query and no word of the server.

	`code` is one of CODES, `status` that of an answer that is not 200, `retry_after` the seconds that the server
	asks to wait.
	"""

	def __init__(self, code: str, message: str, status: int = 0, retry_after: int | None = None):
		super().__init__(message)
		self.code = code
		self.message = message
		self.status = status
		self.retry_after = retry_after

	@property
	def is_temporary(self) -> bool:
		"""Whether it is worth trying again later."""
		return self.code in _TEMPORARY or self.status == 429 or self.status >= 500


def _error(code: str, host: str = "") -> FetchError:
	return FetchError(code, _MESSAGES[code].format(host=host))


@dataclass(frozen=True)
class Host:
	"""A host that the administrator allowed, at any port. Raises ValueError as check_host."""

	name: str
	may_be_private: bool = False
	may_be_http: bool = False

	def __post_init__(self):
		object.__setattr__(self, "name", check_host(self.name))


@dataclass(frozen=True)
class Basic:
	user: str
	password: str = field(repr=False)


@dataclass(frozen=True)
class Bearer:
	token: str = field(repr=False)


@dataclass(frozen=True)
class Header:
	"""A key in a header of the server's own, for example X-API-Key."""

	name: str
	value: str = field(repr=False)


@dataclass(frozen=True)
class ClientCredentials:
	"""OAuth 2 without a user (RFC 6749, 4.4); id and secret go as basic authentication to the token address."""

	token_url: str
	client_id: str
	secret: str = field(repr=False)
	scope: str = ""


Auth = Basic | Bearer | Header | ClientCredentials


@dataclass(frozen=True)
class Call:
	"""What to fetch: `timeout` in seconds for the whole exchange, `largest` in bytes after decompression."""

	url: str
	headers: Mapping[str, str] = field(default_factory=dict, repr=False)
	auth: Auth | None = None
	timeout: float = 30
	largest: int = 20_000_000


@dataclass(frozen=True)
class Paging:
	"""How a server divides its answer.

	`page` counts from `first`, `offset` the records that came so far; both end with an empty page, or one that the
	server does not know (404): a page of fewer than `size` records may be one that the server cut. `next` reads the
	address of the next page at `next_path`, a JSONPath of names and indexes only.
	"""

	style: str = "none"
	parameter: str = "page"
	size_parameter: str = ""
	size: int = 100
	first: int = 1
	next_path: str = ""
	most_pages: int = 100

	def __post_init__(self):
		if self.style not in STYLES:
			raise ValueError(f"Cara halaman “{self.style}” tidak dikenal. Pilihan: {', '.join(STYLES)}.")


@dataclass(frozen=True)
class Answer:
	"""What came with status 200; `url` is where it came from in the end, without the query."""

	status: int
	body: bytes = field(repr=False)
	media_type: str
	url: str


def _bare(function):
	"""Lets errors go without the frames of the libraries below, whose variables hold keys."""

	@functools.wraps(function)
	def outer(*args, **kwargs):
		try:
			return function(*args, **kwargs)
		except FetchError as error:
			error.__context__ = None
			raise error.with_traceback(None) from None
		except AnswerError:
			raise
		except Exception:  # the variables of these frames hold the key, and Frappe writes them into its log
			raise _error("unreachable") from None

	return outer


@_bare
def fetch(
	call: Call,
	hosts: Collection[Host],
	resolve: Callable = socket.getaddrinfo,
	clock: Callable[[], float] = time.monotonic,
) -> Answer:
	"""The answer to a GET, decompressed. Raises FetchError. `resolve` takes and gives what getaddrinfo does."""
	return _Exchange(call, hosts, resolve, clock).get(call.url, call.largest)


@_bare
def fetch_pages(
	call: Call,
	paging: Paging,
	hosts: Collection[Host],
	read: Callable[[bytes], Sequence],
	total: Callable[[bytes], int | None] = lambda body: None,
	resolve: Callable = socket.getaddrinfo,
	clock: Callable[[], float] = time.monotonic,
) -> list[bytes]:
	"""The bodies of all pages in order; `read` gives the records of a body, or raises AnswerError.

	total: how many records there are by the word of a body, None where it has none. `call.timeout` and
	`call.largest` hold for all pages together. An empty page after the first is left out. Raises FetchError, also
	for more than `paging.most_pages` and for other than the total: half of the records is not an answer.
	"""
	exchange = _Exchange(call, hosts, resolve, clock)
	pages: list[bytes] = []
	last, held, stated = None, 0, None
	url = _numbered(call.url, paging, 0, 0)
	while url and (answer := _page(exchange, url, call.largest - sum(map(len, pages)), paging, len(pages))):
		records = read(answer.body) if answer.body and paging.style != "none" else []
		_check_page(answer.body, records, pages, last, paging.most_pages)
		if records or not pages:
			pages.append(answer.body)
		last, held, stated = records, held + len(records), total(answer.body)
		is_whole = not records or (stated is not None and held >= stated)
		url = "" if is_whole else _following(exchange, paging, answer, len(pages), held)
	if stated is not None and held != stated:
		raise FetchError(
			"paging", _NOT_ALL.format(stated=format_number(stated, 0), held=format_number(held, 0))
		)
	return pages


def _page(exchange: "_Exchange", url: str, largest: int, paging: Paging, number: int) -> Answer | None:
	"""The page after `number` others; None where there is none by that number."""
	try:
		return exchange.get(url, largest)
	except FetchError as error:
		if number and paging.style in ("page", "offset") and error.status == 404:
			return None
		raise


def _check_page(body: bytes, records: Sequence, pages: list[bytes], last: Sequence | None, most: int) -> None:
	"""Refuse a page that came before, also with another time or address around its records, and one too many."""
	if (body and body in pages) or (records and records == last):
		raise _error("paging")
	if records and len(pages) == most:
		raise FetchError("paging", _TOO_MANY_PAGES.format(most=most))


def _following(exchange: "_Exchange", paging: Paging, answer: Answer, number: int, held: int) -> str:
	"""The address of the page after `number` pages with `held` records, or "" after the last."""
	if paging.style == "next":
		return exchange.next_url(answer, paging.next_path)
	return _numbered(exchange.call.url, paging, number, held)


def _numbered(url: str, paging: Paging, number: int, held: int) -> str:
	"""The address of the page that follows `number` others, everything else in it left as it was written."""
	if paging.style not in ("page", "offset"):
		return url
	place = paging.first + number if paging.style == "page" else held
	asked = {paging.parameter: place, paging.size_parameter: paging.size}
	parts = urlsplit(url)
	kept = [part for part in parts.query.split("&") if part and _name_of(part) not in asked]
	added = [f"{quote_plus(name)}={value}" for name, value in asked.items() if name]
	return parts._replace(query="&".join(kept + added)).geturl()


def _name_of(part: str) -> str:
	return unquote_plus(part.partition("=")[0])


# Addresses

_CONTROL = re.compile(r"[\x00-\x1f\x7f\\]")
_PRINTABLE = string.ascii_letters + string.digits + string.punctuation
_ASCII = "".join(map(chr, range(0x80)))


def check_url(url: str, hosts: Collection[Host]) -> None:
	"""Whether an address may be fetched, as far as that shows without the network. Raises FetchError."""
	_target(url, hosts)


def check_reachable(url: str, hosts: Collection[Host], resolve: Callable = socket.getaddrinfo) -> None:
	"""Whether an address may be fetched by what its name resolves to now. Raises FetchError."""
	_addresses(_target(url, hosts), resolve)


@dataclass(frozen=True)
class _Target:
	"""The parts of an address that may be fetched."""

	scheme: str
	host: Host
	port: int
	path: str
	query: str

	@property
	def origin(self) -> tuple[str, str, int]:
		return self.scheme, self.host.name, self.port

	@property
	def netloc(self) -> str:
		name = f"[{self.host.name}]" if ":" in self.host.name else self.host.name
		return name if self.port == _PORTS[self.scheme] else f"{name}:{self.port}"

	@property
	def url(self) -> str:
		return f"{self.scheme}://{self.netloc}{self.path}"

	@property
	def asked(self) -> str:
		return f"{self.path}?{self.query}" if self.query else self.path


def _target(url: str, hosts: Collection[Host]) -> _Target:
	try:
		parts = urlsplit(url)
		if _CONTROL.search(url) or "@" in parts.netloc:
			raise ValueError
		name, port = check_host(parts.hostname or ""), parts.port
		path, query = (quote(text, safe=_PRINTABLE) for text in (parts.path or "/", parts.query))
	except ValueError:
		message = "Alamat data tidak sah; tulis lengkap dengan https:// dan tanpa nama pengguna di dalamnya."
		raise FetchError("host_not_allowed", message) from None
	host = next((host for host in hosts if host.name == name), None)
	if host is None:
		raise _error("host_not_allowed", name)
	if parts.scheme != "https" and not (parts.scheme == "http" and host.may_be_http):
		raise _error("not_https", name)
	return _Target(parts.scheme, host, _PORTS[parts.scheme] if port is None else port, path, query)


def _addresses(target: _Target, resolve: Callable) -> list[str]:
	"""Every address of the host, each one checked: a name with one address that is not allowed is refused."""
	try:
		ip_address(target.host.name)
		found = [target.host.name]
	except ValueError:
		found = _resolved(target, resolve)
	if not all(may_reach(text, target.host.may_be_private) for text in found):
		raise _error("address_not_allowed", target.host.name)
	return found


def _resolved(target: _Target, resolve: Callable) -> list[str]:
	try:
		found = resolve(target.host.name, target.port, type=socket.SOCK_STREAM)
	except (OSError, UnicodeError):
		found = []
	if not found:
		raise _error("unreachable")
	return list(dict.fromkeys(entry[4][0] for entry in found))


# Headers and keys

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\xa0-\xff]*")
_TOKEN = re.compile(r"[\x21-\x7e]+")
_OURS = {"host", "content-length", "transfer-encoding", "connection", "te", "trailer", "upgrade", "expect"}
_ALWAYS = {"accept": "*/*", "accept-encoding": "gzip, deflate", "user-agent": "SEROJA"}


def _sendable(headers: Mapping[str, str]) -> dict[str, str]:
	"""The headers with their names in lower case, so that none goes twice."""
	named = {name.lower(): value for name, value in headers.items()}
	are_clean = all(_HEADER_NAME.fullmatch(name) and _HEADER_VALUE.fullmatch(named[name]) for name in named)
	if not are_clean or named.keys() & (_OURS | {"accept-encoding"}):
		raise _error("header")
	return named


def _escaped(text: str) -> str:
	"""As RFC 6749 (2.3.1) wants an id and a secret within basic authentication."""
	return quote_plus(text, errors="replace")


def _basic(user: str, password: str) -> dict[str, str]:
	if ":" in user or not f"{user}{password}".isprintable():
		raise _error("header")
	return {"authorization": f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"}


# One exchange

_NOT_CONNECTED = (exceptions.NewConnectionError, exceptions.ConnectTimeoutError)
_AS_IT_COMES = {
	"retries": False,
	"redirect": False,
	"preload_content": False,
	"decode_content": False,
	"enforce_content_length": True,
}


class _Exchange:
	"""What one call may reach, how long it may still take, and the headers that only its own server gets."""

	def __init__(self, call: Call, hosts: Collection[Host], resolve: Callable, clock: Callable[[], float]):
		self.call, self.hosts, self.resolve, self.clock = call, hosts, resolve, clock
		self.deadline = clock() + call.timeout
		self.origin = _target(call.url, hosts).origin  # before any key leaves
		self.headers = _sendable(call.headers)
		self.headers |= self._credentials(call.auth)

	def left(self) -> float:
		"""Seconds. Raises FetchError when there are none."""
		left = self.deadline - self.clock()
		if left <= 0:
			raise _error("timeout")
		return left

	def get(self, url: str, largest: int) -> Answer:
		"""The answer in at most `largest` bytes; the own headers stay behind where a redirect leaves the server."""
		target, headers = _target(url, self.hosts), self.headers
		for _ in range(_MOST_REDIRECTS + 1):
			with closing(self._open("GET", target, headers, None, largest)) as response:
				location = response.headers.get("location")
				if response.status not in _REDIRECTS or not location:
					return _answer(response, target, largest)
			target = self._redirected(target, location)
			if target.origin != self.origin:
				headers = {}
		raise _error("too_many_redirects")

	def next_url(self, answer: Answer, path: str) -> str:
		"""The address of the next page, which gets the key: on the server of the call and nowhere else."""
		link = _link(answer.body, path)
		if not link:
			return ""
		url = _joined(answer.url, link)
		if _target(url, self.hosts).origin != self.origin:
			raise FetchError("paging", "Halaman berikutnya berada di server lain; periksa alamat data.")
		return url

	def _redirected(self, target: _Target, location: str) -> _Target:
		# http.client reads headers as Latin-1; what is not ASCII goes back as the bytes that came
		url = _joined(target.url, quote(location, safe=_ASCII, encoding="latin-1", errors="replace"))
		following = _target(url, self.hosts)
		if target.scheme == "https" and following.scheme != "https":
			raise _error("not_https", following.host.name)
		return following

	def _credentials(self, auth: Auth | None) -> dict[str, str]:
		if isinstance(auth, Basic):
			return _basic(auth.user, auth.password)
		if isinstance(auth, Header):
			return _sendable({auth.name: auth.value})
		if auth is None:
			return {}
		token = auth.token if isinstance(auth, Bearer) else self._token(auth)
		return _sendable({"authorization": f"Bearer {token}"})

	def _token(self, auth: ClientCredentials) -> str:
		target = _target(auth.token_url, self.hosts)
		body = BackendApplicationClient(auth.client_id).prepare_request_body(scope=auth.scope or None)
		headers = {"accept": "application/json", "content-type": "application/x-www-form-urlencoded"}
		headers |= _basic(_escaped(auth.client_id), _escaped(auth.secret))
		try:
			with closing(self._open("POST", target, headers, body, _LARGEST_TOKEN)) as response:
				return _read_token(_answer(response, target, _LARGEST_TOKEN).body)
		except FetchError as error:
			if error.code == "status" and not error.is_temporary:
				raise _error("token") from None
			raise

	def _open(self, method: str, target: _Target, headers: dict, body: str | None, most: int) -> HTTPResponse:
		"""The beginning of an answer, from the first address that can be connected to."""
		wire = functools.partial(_Wire, left=self.left, room=2 * most + _AROUND)
		sent = {**_ALWAYS, **headers, "host": target.netloc}
		for address in _addresses(target, self.resolve):
			wait = Timeout(connect=min(self.left(), _LONGEST_CONNECT), read=self.left())
			try:
				pool = _pool(target, address, wire)
				return pool.urlopen(method, target.asked, body, sent, timeout=wait, **_AS_IT_COMES)
			except FetchError:
				raise
			except Exception as failure:  # of any kind: the variables below this hold the key
				error = _opening_error(failure)
				if not isinstance(failure, _NOT_CONNECTED):
					raise error from None
		raise error


def _joined(base: str, link: str) -> str:
	try:
		return urljoin(base, link)
	except ValueError:
		return ""  # refused as an address without a host


def _opening_error(failure: Exception) -> FetchError:
	if isinstance(failure, exceptions.NewConnectionError):  # in urllib3 1.26 this is a timeout as well
		return _error("unreachable")
	if isinstance(failure, exceptions.TimeoutError):
		return _error("timeout")
	return _error("tls" if isinstance(failure, exceptions.SSLError) else "unreachable")


def _read_token(body: bytes) -> str:
	"""The access token of an answer; what else the answer says is for nobody's eyes."""
	try:
		found = BackendApplicationClient("").parse_request_body_response(body.decode())
		if found["token_type"].lower() == "bearer" and _TOKEN.fullmatch(found["access_token"]):
			return found["access_token"]
	except Exception:
		pass
	raise _error("token")


def _link(body: bytes, path: str) -> str:
	"""The text at a path, "" where there is none."""
	problem = "Alamat halaman berikutnya tidak terbaca dari jawaban server; periksa letaknya."
	try:
		compiled = jsonpath.compile(path)
		if not compiled.singular_query():  # others can be made to search for ever
			raise ValueError
		content = json.loads(body)
		found = compiled.findall(content) if isinstance(content, dict | list) else []
	except (ValueError, RecursionError, jsonpath.JSONPathError):
		raise FetchError("paging", problem) from None
	link = found[0] if found else ""
	if link is not None and not isinstance(link, str):
		raise FetchError("paging", problem)
	return link or ""


# What comes over the wire


def _answer(response: HTTPResponse, target: _Target, largest: int) -> Answer:
	if response.status != 200:
		raise _status_error(response)
	if response.headers.get("transfer-encoding", "chunked").strip().lower() != "chunked":
		raise _error("encoding")
	encoding = response.headers.get("content-encoding", "").strip().lower()
	if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
		raise _error("encoding")
	body = _body(response, largest)
	if encoding not in ("", "identity"):
		body = _inflated(body, encoding == "deflate", largest)
	media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
	return Answer(response.status, body, media_type, target.url)


def _status_error(response: HTTPResponse) -> FetchError:
	status = response.status
	message = _STATUS_MESSAGES.get(status) or _MESSAGES["status"].format(status=status)
	wait = response.headers.get("retry-after", "").strip()
	seconds = int(wait) if re.fullmatch("[0-9]{1,6}", wait) else None
	return FetchError("status", message, status=status, retry_after=seconds)


def _body(response: HTTPResponse, largest: int) -> bytes:
	body = io.BytesIO()
	try:
		while part := response.read(_PART, decode_content=False):
			body.write(part)
			if body.tell() > largest:
				raise _error("too_large")
	except FetchError:
		raise
	except Exception:  # urllib3 and http.client have many names for an answer that breaks off
		raise _error("truncated") from None
	return body.getvalue()


def _inflated(body: bytes, is_deflate: bool, largest: int) -> bytes:
	"""The content of a compressed body, stopped where it grows beyond `largest`."""
	if not body:
		return body
	has_header = body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
	kind = (
		31 if not is_deflate else 15 if has_header else -15
	)  # gzip, zlib, or deflate as some servers take it
	inflater = zlib.decompressobj(kind)
	try:
		content = inflater.decompress(body, largest + 1)
	except zlib.error:
		raise _error("encoding") from None
	if len(content) > largest:
		raise _error("too_large")
	if not inflater.eof:
		raise _error("truncated")
	if inflater.unused_data:
		raise _error("encoding")
	return content


def _pool(target: _Target, address: str, wire: Callable) -> HTTPConnectionPool:
	"""A pool for one connection to one address, with the certificate of the name."""
	if target.scheme == "http":
		return _PlainPool(address, target.port, wire=wire)
	name = target.host.name
	return _SafePool(
		address,
		target.port,
		wire=wire,
		server_hostname=name,
		assert_hostname=name,
		cert_reqs="CERT_REQUIRED",
	)


class _Wire(io.RawIOBase):
	"""What a server sends, whichever part of HTTP it claims to be: not after the deadline, and not without end."""

	def __init__(self, sock: socket.socket, left: Callable[[], float], room: int):
		self._socket, self._left, self._room = sock, left, room
		self._raw = sock.makefile("rb", buffering=0)

	def readable(self) -> bool:
		return True

	def readinto(self, buffer) -> int:
		self._socket.settimeout(self._left())
		try:
			size = self._raw.readinto(buffer)
		except TimeoutError:
			raise _error("timeout") from None
		self._room -= size
		if self._room < 0:
			raise _error("too_large")
		return size

	def close(self) -> None:
		self._raw.close()
		super().close()


class _Watched:
	"""A socket of which http.client reads through a wire."""

	def __init__(self, sock: socket.socket, wire: Callable):
		self._socket, self._wire = sock, wire

	def makefile(self, *args, **kwargs) -> io.BufferedReader:
		return io.BufferedReader(self._wire(self._socket))

	def __getattr__(self, name: str):
		return getattr(self._socket, name)


class _WatchedConnection:
	def __init__(self, *args, wire: Callable, **kwargs):
		super().__init__(*args, **kwargs)
		self._wire = wire

	def connect(self) -> None:
		super().connect()
		self.sock = _Watched(self.sock, self._wire)


class _PlainConnection(_WatchedConnection, HTTPConnection):
	pass


class _SafeConnection(_WatchedConnection, HTTPSConnection):
	pass


class _PlainPool(HTTPConnectionPool):
	ConnectionCls = _PlainConnection


class _SafePool(HTTPSConnectionPool):
	ConnectionCls = _SafeConnection
