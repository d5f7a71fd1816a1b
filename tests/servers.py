"""Real HTTP servers on loopback whose answers a test writes byte by byte, also over TLS and also wrong ones."""

import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Request:
	"""What a client asked for; names of headers in lower case."""

	method: str
	target: str
	headers: dict[str, str]
	body: bytes


@dataclass
class Server:
	"""A running server: its port and whatever it was asked, in order."""

	port: int
	scheme: str = "http"
	requests: list[Request] = field(default_factory=list, repr=False)  # they hold keys

	def url(self, path: str = "/", host: str = "localhost") -> str:
		return f"{self.scheme}://{host}:{self.port}{path}"


def message(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
	"""A whole HTTP answer; `content_type="…"` becomes Content-Type, and so on. An empty header is left out."""
	named = {"content_length": str(len(body)), "connection": "close", **headers}
	lines = [f"{name.replace('_', '-')}: {value}" for name, value in named.items() if value]
	return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode("latin-1") + body


def redirect(location: str, status: str = "302 Found") -> bytes:
	return message(status=status, location=location)


@contextmanager
def serving(
	answer: Callable[[Request], bytes | Iterable[bytes]],
	tls: ssl.SSLContext | None = None,
	address: str = "127.0.0.1",
) -> Iterator[Server]:
	"""A server that sends what `answer` gives, piece by piece if it gives pieces, and then closes the connection."""
	family = socket.AF_INET6 if ":" in address else socket.AF_INET
	with socket.socket(family) as listener:
		listener.bind((address, 0))
		listener.listen(20)
		server = Server(listener.getsockname()[1], "https" if tls else "http")
		threading.Thread(target=_accept, args=(listener, server, answer, tls), daemon=True).start()
		try:
			yield server
		finally:
			listener.shutdown(socket.SHUT_RDWR)  # wakes accept


def _accept(listener: socket.socket, server: Server, answer: Callable, tls: ssl.SSLContext | None) -> None:
	while True:
		try:
			connection, _ = listener.accept()
		except OSError:
			return
		threading.Thread(target=_converse, args=(connection, server, answer, tls), daemon=True).start()


def _converse(
	connection: socket.socket, server: Server, answer: Callable, tls: ssl.SSLContext | None
) -> None:
	# A client that goes away in the middle, or does not like the certificate, is what some tests want.
	with suppress(OSError, ValueError), connection:
		connection.settimeout(30)
		channel = tls.wrap_socket(connection, server_side=True) if tls else connection
		with channel:
			request = _read_request(channel)
			server.requests.append(request)
			given = answer(request)
			for piece in [given] if isinstance(given, bytes) else given:
				channel.sendall(piece)


def _read_request(channel: socket.socket) -> Request:
	"""Raises ValueError where a client sends nothing."""
	with channel.makefile("rb") as stream:
		method, target, _ = stream.readline().decode("latin-1").split(" ")
		headers = {}
		while line := stream.readline().strip():
			name, _, value = line.decode("latin-1").partition(":")
			headers[name.lower()] = value.strip()
		return Request(method, target, headers, stream.read(int(headers.get("content-length", 0))))


@dataclass(frozen=True)
class Certificates:
	"""An authority made for one test run: `file` is what a client trusts."""

	file: Path
	_certificate: x509.Certificate
	_key: ec.EllipticCurvePrivateKey

	def context(self, *names: str) -> ssl.SSLContext:
		"""For a server with a certificate of these host names or IP addresses."""
		key = ec.generate_private_key(ec.SECP256R1())
		certificate = _signed(names[0], key, self._certificate.subject, self._key, _alternatives(names))
		file = self.file.with_name(f"{names[0].replace(':', '-')}.pem")
		file.write_bytes(_pem(certificate) + _private_pem(key))
		context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
		context.load_cert_chain(file)
		return context


def make_certificates(folder: Path) -> Certificates:
	key = ec.generate_private_key(ec.SECP256R1())
	authority = x509.BasicConstraints(ca=True, path_length=0)
	certificate = _signed("SEROJA test", key, _name("SEROJA test"), key, authority)
	file = folder / "authority.pem"
	file.write_bytes(_pem(certificate))
	return Certificates(file, certificate, key)


def _name(text: str) -> x509.Name:
	return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _alternatives(names: Iterable[str]) -> x509.SubjectAlternativeName:
	return x509.SubjectAlternativeName([_alternative(name) for name in names])


def _alternative(name: str) -> x509.GeneralName:
	try:
		return x509.IPAddress(ipaddress.ip_address(name))
	except ValueError:
		return x509.DNSName(name)


def _signed(name: str, key, issuer: x509.Name, signer, extension: x509.ExtensionType) -> x509.Certificate:
	now = datetime.now(timezone.utc)
	return (
		x509.CertificateBuilder()
		.subject_name(_name(name))
		.issuer_name(issuer)
		.public_key(key.public_key())
		.serial_number(x509.random_serial_number())
		.not_valid_before(now - timedelta(days=1))
		.not_valid_after(now + timedelta(days=1))
		.add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
		.sign(signer, hashes.SHA256())
	)


def _pem(certificate: x509.Certificate) -> bytes:
	return certificate.public_bytes(serialization.Encoding.PEM)


def _private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
	return key.private_bytes(
		serialization.Encoding.PEM,
		serialization.PrivateFormat.PKCS8,
		serialization.NoEncryption(),
	)
