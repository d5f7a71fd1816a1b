"""Fetching from servers that are well, slow, broken, lying or hostile; all of them real and on loopback."""

import base64
import gzip
import json
import logging
import socket
import subprocess
import sys
import threading
import time
import traceback
import tracemalloc
import zlib
from contextlib import contextmanager
from ipaddress import IPv4Address, IPv6Address, ip_network
from itertools import chain, count, repeat
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from servers import make_certificates, message, redirect, serving

from seroja.core.sources import AnswerError
from seroja.services.fetching import (
	CODES,
	Basic,
	Bearer,
	Call,
	ClientCredentials,
	FetchError,
	Header,
	Host,
	Paging,
	check_host,
	check_url,
	fetch,
	fetch_pages,
)

LOCAL = Host("localhost", may_be_private=True, may_be_http=True)
NUMBER = Host("127.0.0.1", may_be_private=True, may_be_http=True)
NAMED = Host("data.contoh.go.id", may_be_private=True, may_be_http=True)
HOSTS = (LOCAL, NUMBER, NAMED)
DATA = b'{"jumlah": 12}'
SECRET = "kunci-yang-tidak-boleh-tampak"
PUBLIC = "93.184.216.34"


def resolver(*answers: list[str]):
	"""Gives one list of addresses after the other, and then none; `asked` are the names that it was asked for."""
	left = iter(answers)

	def resolve(name, port, *args, **kwargs):
		resolve.asked.append(name)
		return [(None, None, 0, "", (address, port)) for address in next(left, [])]

	resolve.asked = []
	return resolve


def loopback():
	return resolver(*repeat(["127.0.0.1"], 20))


def refusal(call: Call | str, hosts=HOSTS, **options) -> FetchError:
	"""The error that a call ends with."""
	call = Call(call, timeout=5) if isinstance(call, str) else call
	with pytest.raises(FetchError) as caught:
		fetch(call, hosts, **options)
	assert caught.value.code in CODES
	assert str(caught.value) == caught.value.message
	return caught.value


def code_before_connecting(url: str, hosts, resolve=socket.getaddrinfo, **call) -> str:
	"""`timeout` where every check was passed: the time is over just before the connection is made."""
	ticks = chain([0.0], repeat(1e9))
	return refusal(Call(url, **call), hosts, resolve=resolve, clock=lambda: next(ticks)).code


@contextmanager
def answering(answer):
	"""A plain server with one answer for everything."""
	with serving(lambda request: answer() if callable(answer) else answer) as server:
		yield server


def code_of(answer, **call) -> str:
	with answering(answer) as server:
		return refusal(Call(server.url(), **{"timeout": 5, **call})).code


# --- a good answer ---


def test_the_body_comes_with_its_type_and_its_address_without_the_query():
	with answering(message(DATA, content_type="Application/JSON; charset=utf-8")) as server:
		answer = fetch(Call(server.url("/data?tahun=2026#bagian")), HOSTS)
	assert (answer.status, answer.body, answer.media_type) == (200, DATA, "application/json")
	assert answer.url == server.url("/data")
	(request,) = server.requests
	assert (request.method, request.target) == ("GET", "/data?tahun=2026")
	assert request.headers["host"] == f"localhost:{server.port}"


def test_an_address_is_sent_as_it_is_written_and_other_signs_are_escaped():
	with answering(message(DATA)) as server:
		fetch(Call(server.url("//a/%2F/jalan é?f=(1)&q=a b;c='d'")), HOSTS)
	assert server.requests[0].target == "//a/%2F/jalan%20%C3%A9?f=(1)&q=a%20b;c='d'"


@pytest.mark.parametrize(
	("encoding", "compressed"),
	[
		("gzip", gzip.compress(DATA)),
		("X-GZIP", gzip.compress(DATA)),
		("deflate", zlib.compress(DATA)),
		("deflate", zlib.compress(DATA)[2:-4]),  # without the header of zlib, as some servers send it
		("identity", DATA),
	],
)
def test_a_compressed_body_is_opened(encoding, compressed):
	with answering(message(compressed, content_encoding=encoding)) as server:
		assert fetch(Call(server.url()), HOSTS).body == DATA


def test_a_chunked_body_and_one_that_ends_with_the_connection_are_whole():
	chunked = message(
		b"5\r\nkabar\r\n1;x=y\r\n!\r\n0\r\n\r\n", content_length="", transfer_encoding="chunked"
	)
	with answering(chunked) as server:
		assert fetch(Call(server.url()), HOSTS).body == b"kabar!"
	with answering(message(DATA, content_length="")) as server:
		assert fetch(Call(server.url()), HOSTS).body == DATA


def test_an_empty_body_is_no_error():
	with answering(message(b"", content_encoding="gzip")) as server:
		assert fetch(Call(server.url()), HOSTS).body == b""


def test_the_environment_puts_no_proxy_in_between(monkeypatch):
	for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
		monkeypatch.setenv(name, "http://127.0.0.1:9")
	with answering(message(DATA)) as server:
		assert fetch(Call(server.url()), HOSTS).body == DATA


def test_fetching_works_where_frappe_is_not_installed():
	code = "import sys; sys.modules['frappe'] = None; import seroja.services.fetching"
	assert subprocess.run([sys.executable, "-c", code]).returncode == 0


# --- hosts ---


@pytest.mark.parametrize(
	("written", "canonical"),
	[
		(" Data.Contoh.GO.ID.\n", "data.contoh.go.id"),
		("localhost", "localhost"),
		("münchen.example", "xn--mnchen-3ya.example"),
		("XN--mnchen-3ya.example", "xn--mnchen-3ya.example"),
		("192.0.2.1", "192.0.2.1"),
		("[2001:DB8:0:0::1]", "2001:db8::1"),
		("::1", "::1"),
	],
)
def test_a_host_has_one_way_to_be_written(written, canonical):
	assert check_host(written) == canonical
	assert Host(written).name == canonical


@pytest.mark.parametrize(
	"name",
	[
		"",
		".",
		"https://data.contoh.go.id",
		"data.contoh.go.id:8080",
		"data.contoh.go.id/jalan",
		"pengguna@data.contoh.go.id",
		"data..contoh",
		"*.contoh.go.id",
		"data contoh",
		"a" * 64,
		"a." * 127 + "a",
		"é" * 250,
		"faß.example",  # would become fass.example, which is somebody else
		"１２７.0.0.1",
		"127。0。0。1",
		"2130706433",
		"0x7f.1",
		"0x7f000001",
		"127.1",
		"0177.0.0.1",
		"127.0.0.01",
		"127.0.0.1.1",
		"256.0.0.1",
		"fe80::1%eth0",
		"::ffff:127.0.0.1",
		"[::1",
		"::1::",
		"%31",
		"\udcff",
	],
)
def test_a_name_that_is_no_host_or_hides_a_number_is_refused(name):
	with pytest.raises(ValueError, match="ulis"):
		check_host(name)


@given(st.text(max_size=30) | st.from_regex(r"[0-9a-fx:.%\[\]]{1,20}", fullmatch=True))
@example("xn--a")
@example("xn--")
def test_a_canonical_name_is_canonical_for_good(text):
	try:
		name = check_host(text)
	except ValueError as error:
		assert not isinstance(error, UnicodeError)
		return
	assert name.isascii() and check_host(name) == name


@pytest.mark.parametrize("host", ["LOCALHOST", "localhost.", "LocalHost."])
def test_a_host_is_known_however_it_is_written(host):
	with answering(message(DATA)) as server:
		assert fetch(Call(server.url(host=host)), HOSTS).body == DATA


@pytest.mark.parametrize(
	"url",
	[
		"https://lain.example/",
		"https://localhost.lain.example/",
		"https://lain.example/@localhost",
		"https://lain.example#@localhost",
		"https://127.0.0.2/",
		"https://2130706433/",
		"https://0x7f.1/",
		"https://017700000001/",
		"https://127.1/",
		"https://[::ffff:127.0.0.1]/",
		"https://[::1%25lo]/",
		"https://pengguna:kunci@localhost/",
		"https://pengguna@localhost/",
		"https://lain.example\\@localhost/",
		"https://local\thost/",
		"https://localhost/\r\nX-Lain: 1",
		"https://localhost:99999/",
		"https://localhost:abc/",
		"https://[::1/",
		"https:///jalan",
		"file:///etc/passwd",
		"localhost/data",
		"",
		"https://localhost/\udcff",
	],
)
def test_an_address_elsewhere_or_in_disguise_is_refused_before_its_name_is_looked_up(url):
	resolve = loopback()
	assert refusal(url, resolve=resolve).code == "host_not_allowed"
	assert not resolve.asked
	with pytest.raises(FetchError) as caught:
		check_url(url, HOSTS)
	assert caught.value.code == "host_not_allowed"


def test_an_address_on_the_list_passes_the_check_of_the_form():
	check_url("http://LOCALHOST:8080/data?tahun=2026", HOSTS)


@pytest.mark.parametrize("url", ["http://localhost/", "ftp://localhost/", "gopher://localhost:70/_x"])
def test_only_https_unless_the_administrator_allows_http(url):
	resolve = loopback()
	assert refusal(url, [Host("localhost", may_be_private=True)], resolve=resolve).code == "not_https"
	assert not resolve.asked


@given(st.text(max_size=40) | st.builds("https://localhost{}".format, st.text(max_size=40)))
def test_whatever_is_written_as_an_address_ends_as_a_refusal(url):
	assert code_before_connecting(url, [LOCAL], resolve=resolver([PUBLIC])) in CODES


# --- addresses ---

# The special-purpose registries of IANA, those that are not globally reachable, with multicast.
SPECIAL = (
	"0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 "
	"192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 "
	"::/128 ::1/128 100::/64 2001:db8::/32 2001:10::/28 2002::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8"
).split()
NEVER = "0.0.0.0/32 169.254.0.0/16 224.0.0.0/4 255.255.255.255/32 ::/128 fe80::/10 ff00::/8".split()
OPEN = "1.0.0.0/8 8.0.0.0/8 36.64.0.0/11 93.184.216.0/24 103.0.0.0/10 2400:cb00::/32 2a00:1450::/32".split()


def wrapped(address) -> list:
	"""An IPv4 address in every IPv6 address that leads to it."""
	if address.version == 6:
		return [address]
	bits = int(address)
	return [
		address,
		IPv6Address(0xFFFF << 32 | bits),
		IPv6Address(0x0064FF9B << 96 | bits),
		IPv6Address(0x2002 << 112 | bits << 80),
		IPv6Address(0x20010000 << 96 | bits << 64),  # a Teredo server
		IPv6Address(0x20010000 << 96 | 0x08080808 << 64 | bits ^ 0xFFFFFFFF),  # a Teredo client
		IPv6Address(bits),
	]


def addresses_of(networks):
	return st.sampled_from(networks).flatmap(lambda text: st.ip_addresses(network=ip_network(text)))


def code_for(*addresses, may_be_private=False) -> str:
	host = Host("data.contoh.go.id", may_be_private=may_be_private)
	resolve = resolver([str(address) for address in addresses])
	return code_before_connecting("https://data.contoh.go.id/", [host], resolve=resolve)


@given(addresses_of(SPECIAL), addresses_of(OPEN))
@example(IPv4Address("192.0.0.192"), IPv4Address(PUBLIC))
@example(IPv4Address("100.100.100.200"), IPv4Address(PUBLIC))
def test_a_name_with_an_address_of_an_inner_network_is_refused(inner, outer):
	for address in wrapped(inner):
		assert code_for(address) == "address_not_allowed"
		assert code_for(outer, address) == "address_not_allowed"
		assert code_for(address, outer) == "address_not_allowed"


@given(addresses_of(NEVER))
def test_link_local_unspecified_and_group_addresses_are_refused_whatever_the_administrator_says(address):
	for disguise in wrapped(address):
		assert code_for(disguise, may_be_private=True) == "address_not_allowed"


@given(addresses_of(OPEN))
def test_public_addresses_are_connected_to_also_behind_nat64(address):
	assert code_for(address) == "timeout"
	if address.version == 4:
		assert code_for(IPv6Address(0x0064FF9B << 96 | int(address))) == "timeout"


@given(addresses_of(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "fc00::/7", "::1/128"]))
def test_private_addresses_are_connected_to_where_the_administrator_says_so(address):
	assert code_for(address, may_be_private=True) == "timeout"


@pytest.mark.parametrize("answer", ["bukan alamat", "fe80::1%2", ""])
def test_an_answer_of_the_resolver_that_is_no_address_is_refused(answer):
	assert code_for(answer, may_be_private=True) == "address_not_allowed"


@pytest.mark.parametrize("number", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "0.0.0.0"])
def test_a_listed_number_is_still_no_way_into_the_inner_network(number):
	hosts = [Host(number, may_be_http=True)]
	assert refusal(f"http://{number}/", hosts).code == "address_not_allowed"


def test_the_address_of_the_machines_secrets_is_refused_even_if_listed_as_private():
	hosts = [Host("169.254.169.254", may_be_private=True, may_be_http=True)]
	assert refusal("http://169.254.169.254/latest/meta-data/", hosts).code == "address_not_allowed"


def test_a_name_is_looked_up_once_and_the_connection_goes_to_the_checked_address(monkeypatch):
	tried = []

	def connect(self, address):
		tried.append(address[0])
		raise ConnectionRefusedError

	monkeypatch.setattr(socket.socket, "connect", connect)
	resolve = resolver([PUBLIC], ["127.0.0.1"])
	assert (
		refusal("https://data.contoh.go.id/", [Host("data.contoh.go.id")], resolve=resolve).code
		== "unreachable"
	)
	assert (tried, resolve.asked) == ([PUBLIC], ["data.contoh.go.id"])


def test_a_name_that_changes_its_mind_is_refused_at_the_redirect():
	with answering(lambda: redirect("/lagi")) as server:
		resolve = resolver(["127.0.0.1"], ["169.254.169.254"])
		url = server.url(host="data.contoh.go.id")
		assert refusal(url, resolve=resolve).code == "address_not_allowed"
	assert len(server.requests) == 1


def test_the_next_address_is_tried_where_the_first_refuses():
	with answering(message(DATA)) as server:
		resolve = resolver(["127.0.0.2", "127.0.0.1"])
		answer = fetch(Call(server.url(host="data.contoh.go.id")), HOSTS, resolve=resolve)
	assert answer.body == DATA
	assert server.requests[0].headers["host"] == f"data.contoh.go.id:{server.port}"


def test_a_name_without_an_address_is_worth_another_try():
	def resolve(*args, **kwargs):
		raise socket.gaierror(-2, "Name or service not known")

	for resolver_of_nothing in (resolve, resolver()):
		error = refusal("https://data.contoh.go.id/", resolve=resolver_of_nothing)
		assert (error.code, error.is_temporary) == ("unreachable", True)


def test_a_number_of_ipv6_is_reached_without_a_resolver():
	try:
		with serving(lambda request: message(DATA), address="::1") as server:
			resolve = resolver()
			host = Host("::1", may_be_private=True, may_be_http=True)
			assert fetch(Call(server.url(host="[::1]")), [host], resolve=resolve).body == DATA
	except OSError:
		pytest.skip("no IPv6 on this machine")
	assert server.requests[0].headers["host"] == f"[::1]:{server.port}"
	assert not resolve.asked


# --- redirects ---


@pytest.mark.parametrize("status", ["301 A", "302 B", "303 C", "307 D", "308 E"])
def test_a_redirect_on_the_same_server_is_followed_with_the_key(status):
	def answer(request):
		return message(DATA) if request.target == "/b?c=1" else redirect("b?c=1", status)

	with serving(answer) as server:
		result = fetch(Call(server.url("/a"), auth=Bearer(SECRET)), HOSTS)
	assert (result.body, result.url) == (DATA, server.url("/b"))
	assert [request.headers["authorization"] for request in server.requests] == [f"Bearer {SECRET}"] * 2


@pytest.mark.parametrize("auth", [Bearer(SECRET), Basic("u", SECRET), Header("X-API-Key", SECRET)])
def test_the_key_and_own_headers_stay_behind_at_another_port_or_host_and_do_not_come_back(auth):
	def elsewhere(request):
		return redirect(first.url("/kembali"))

	def here(request):
		return message(DATA) if request.target == "/kembali" else redirect(target)

	for host in ("localhost", "127.0.0.1"):
		with serving(elsewhere) as other, serving(here) as first:
			target = other.url(host=host)
			call = Call(first.url(), headers={"X-Asal": "ini"}, auth=auth)
			assert fetch(call, HOSTS).body == DATA
		with_key, *others = first.requests + other.requests
		assert SECRET in str(with_key.headers) or "Basic" in with_key.headers["authorization"]
		assert len(others) == 2
		for request in others:
			assert not {"authorization", "x-api-key", "x-asal"} & request.headers.keys()


def test_redirects_without_end_are_given_up():
	with answering(lambda: redirect("/lagi")) as server:
		assert refusal(server.url()).code == "too_many_redirects"
	assert len(server.requests) == 6


@pytest.mark.parametrize(
	("location", "code"),
	[
		("http://lain.example/", "host_not_allowed"),
		("//lain.example/", "host_not_allowed"),
		("http://2130706433/", "host_not_allowed"),
		("http://0x7f.1/", "host_not_allowed"),
		("http://[::ffff:7f00:1]/", "host_not_allowed"),
		("http://u:p@localhost/", "host_not_allowed"),
		("http://lain.example\\@localhost/", "host_not_allowed"),
		("http://[::1", "host_not_allowed"),
		("http://l\xf6calhost/", "host_not_allowed"),
		("http://127.0.0.1:9/", "address_not_allowed"),
		("http://10.0.0.1/", "address_not_allowed"),
		("http://169.254.169.254/latest/meta-data/", "address_not_allowed"),
		("file:///etc/passwd", "host_not_allowed"),
		("file://localhost/etc/passwd", "not_https"),
		("ftp://localhost/", "not_https"),
		("gopher://localhost:6379/_FLUSHALL", "not_https"),
		("data:application/json,1", "host_not_allowed"),
		("javascript:1", "host_not_allowed"),
	],
)
def test_a_redirect_is_checked_like_an_address_of_ones_own(location, code):
	numbers = ("127.0.0.1", "10.0.0.1", "169.254.169.254")
	hosts = [LOCAL, *(Host(number, may_be_http=True) for number in numbers)]
	with answering(redirect(location)) as server:
		assert refusal(server.url(), hosts).code == code


def test_a_redirect_in_bytes_beyond_ascii_asks_for_those_bytes():
	def answer(request):
		return redirect("/d\xc3\xa9 p") if request.target == "/" else message(DATA)  # UTF-8 read as Latin-1

	with serving(answer) as server:
		fetch(Call(server.url()), HOSTS)
	assert server.requests[1].target == "/d%C3%A9%20p"


def test_a_redirect_to_nowhere_is_a_status():
	assert code_of(message(status="302 Found")) == "status"


# --- TLS ---


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
	return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def trusted(certificates, monkeypatch):
	"""The authority of the test is one that the machine trusts."""
	monkeypatch.setenv("SSL_CERT_FILE", str(certificates.file))
	return certificates


def test_the_certificate_is_that_of_the_name_although_the_connection_goes_to_a_number(trusted):
	seen = []
	context = trusted.context("data.contoh.go.id")
	context.sni_callback = lambda channel, name, context: seen.append(name)
	with serving(lambda request: message(DATA), context) as server:
		call = Call(server.url(host="data.contoh.go.id"), auth=Bearer(SECRET))
		assert fetch(call, [Host("data.contoh.go.id", may_be_private=True)], resolve=loopback()).body == DATA
	assert seen == ["data.contoh.go.id"]


def test_a_number_needs_a_certificate_of_that_number(trusted):
	hosts = [Host("127.0.0.1", may_be_private=True)]
	with serving(lambda request: message(DATA), trusted.context("127.0.0.1")) as server:
		assert fetch(Call(server.url(host="127.0.0.1")), hosts).body == DATA
	with serving(lambda request: message(DATA), trusted.context("127.0.0.9")) as server:
		assert refusal(server.url(host="127.0.0.1"), hosts).code == "tls"


@pytest.mark.parametrize("names", [("lain.example",), ("127.0.0.1", "localhost"), ("*.id",)])
def test_a_certificate_of_another_name_ends_before_the_key_is_sent(trusted, names):
	with serving(lambda request: message(DATA), trusted.context(*names)) as server:
		call = Call(server.url(host="data.contoh.go.id"), auth=Bearer(SECRET), timeout=5)
		error = refusal(call, resolve=loopback())
	assert (error.code, error.is_temporary, server.requests) == ("tls", False, [])


def test_a_certificate_that_nobody_vouches_for_is_refused(certificates):
	with serving(lambda request: message(DATA), certificates.context("localhost")) as server:
		assert refusal(server.url()).code == "tls"
	assert not server.requests


def test_a_server_without_tls_is_refused_where_https_is_asked():
	def answer():
		connection, _ = listener.accept()
		with connection:
			connection.sendall(message(status="400 Bad Request"))
			connection.recv(65_536)

	with socket.create_server(("127.0.0.1", 0)) as listener:
		threading.Thread(target=answer, daemon=True).start()
		assert refusal(f"https://127.0.0.1:{listener.getsockname()[1]}/").code == "tls"


def test_a_redirect_from_https_to_http_is_refused(trusted):
	with answering(message(DATA)) as plain:
		with serving(lambda request: redirect(plain.url()), trusted.context("localhost")) as server:
			assert refusal(server.url()).code == "not_https"
	assert not plain.requests


def test_a_server_that_does_not_shake_hands_ends_in_time():
	with socket.create_server(("127.0.0.1", 0)) as silent:
		started = time.monotonic()
		error = refusal(Call(f"https://127.0.0.1:{silent.getsockname()[1]}/", timeout=0.5))
	assert (error.code, error.is_temporary) == ("timeout", True)
	assert time.monotonic() - started < 8


# --- time ---


def dripping(first: bytes, drop: bytes):
	def pieces():
		yield first
		for _ in range(200):
			time.sleep(0.05)
			yield drop

	return pieces


def silence():
	time.sleep(3)
	yield b""


@pytest.mark.parametrize(
	"answer",
	[
		silence,
		dripping(b"H", b"T"),
		dripping(b"HTTP/1.1 200 OK\r\n", b"X-A: 1\r\n"),
		dripping(b"HTTP/1.1 200 OK\r\nX-A: ", b"1"),
		dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
		dripping(message(b"", content_length="100000"), b"1"),
		dripping(message(b"", content_length=""), b"1"),
		dripping(message(b"", content_length="", transfer_encoding="chunked"), b"1\r\n1\r\n"),
		dripping(message(b"0\r\n", content_length="", transfer_encoding="chunked"), b"X-A: 1\r\n"),
	],
)
def test_a_slow_server_ends_in_time_wherever_it_is_slow(answer):
	started = time.monotonic()
	assert code_of(answer, timeout=0.5) == "timeout"
	assert time.monotonic() - started < 6  # the servers go on for ten seconds


def test_silence_after_a_slow_beginning_gets_only_the_time_that_is_left():
	def answer():
		time.sleep(3)
		yield message(b"1", content_length="10")
		time.sleep(12)

	started = time.monotonic()
	assert code_of(answer, timeout=4) == "timeout"
	assert time.monotonic() - started < 6.5  # seven, if each reading had the whole time


def test_the_time_is_one_for_all_redirects():
	def answer():
		time.sleep(0.2)
		return redirect("/lagi")

	assert code_of(answer, timeout=0.5) == "timeout"


# --- broken answers ---


@pytest.mark.parametrize(
	("answer", "code"),
	[
		(b"", "unreachable"),
		(b"bukan HTTP\r\n\r\n", "unreachable"),
		(b"HTTP/1.1 abc OK\r\n\r\n", "unreachable"),
		(b"HTTP/1.1 200 OK\r\n" + b"X-A: 1\r\n" * 200 + b"\r\n", "unreachable"),
		(b"HTTP/1.1 200 OK\r\nX-A: " + b"1" * 100_000 + b"\r\n\r\n", "unreachable"),
		(message(b"123", content_length="10"), "truncated"),
		(message(b"", content_length="10"), "truncated"),
		(message(b"5\r\n12", content_length="", transfer_encoding="chunked"), "truncated"),
		(message(b"5\r\n12345\r\n", content_length="", transfer_encoding="chunked"), "truncated"),
		(message(b"zz\r\n12345\r\n", content_length="", transfer_encoding="chunked"), "truncated"),
		(message(gzip.compress(DATA)[:-9], content_encoding="gzip"), "truncated"),
		(message(DATA, content_encoding="gzip"), "encoding"),
		(message(gzip.compress(DATA) + b"1", content_encoding="gzip"), "encoding"),
		(message(gzip.compress(DATA), content_encoding="gzip, gzip"), "encoding"),
		(message(DATA, content_encoding="br"), "encoding"),
		(message(DATA, content_encoding="zstd"), "encoding"),
		(message(DATA, transfer_encoding="gzip, chunked"), "encoding"),
	],
)
def test_a_broken_answer_ends_as_a_refusal(answer, code):
	assert code_of(answer) == code


def test_what_follows_the_stated_length_is_not_read():
	with answering(message(DATA + b" dan seterusnya", content_length=str(len(DATA)))) as server:
		assert fetch(Call(server.url()), HOSTS).body == DATA


def test_a_connection_that_is_reset_in_the_body_is_a_truncated_answer():
	def answer():
		yield message(b"1", content_length="1000")
		raise OSError

	error_code = code_of(answer)
	assert error_code == "truncated"


@given(
	st.binary(max_size=200), st.sampled_from([b"", b"HTTP/1.1 200 OK\r\n", message(b"", content_length="")])
)
def test_any_bytes_end_as_an_answer_or_a_refusal(fuzz_server, tail, head):
	fuzz_server.answer = head + tail
	try:
		fetch(Call(fuzz_server.url(), timeout=5, largest=1000), HOSTS)
	except FetchError as error:
		assert error.code in CODES


@pytest.fixture(scope="module")
def fuzz_server():
	with serving(lambda request: server.answer) as server:
		yield server


@pytest.mark.parametrize(
	("status", "is_temporary", "words"),
	[
		("401 Unauthorized", False, "kunci"),
		("403 Forbidden", False, "kunci"),
		("404 Not Found", False, "alamat"),
		("429 Too Many Requests", True, "jeda"),
		("500 Oops", True, "500"),
		("503 Later", True, "503"),
		("204 No Content", False, "204"),
		("206 Partial Content", False, "206"),
		("304 Not Modified", False, "304"),
	],
)
def test_another_status_is_an_error_that_says_what_to_do_and_quotes_nothing(status, is_temporary, words):
	with answering(message(b"<b>rahasia server</b>", status=status, retry_after="120")) as server:
		error = refusal(server.url())
	assert (error.code, error.status, error.retry_after) == ("status", int(status[:3]), 120)
	assert error.is_temporary is is_temporary
	assert words in error.message and "rahasia" not in error.message and status[4:] not in error.message


@pytest.mark.parametrize("wait", ["", "sebentar", "-5", "²", "Wed, 21 Oct 2026 07:28:00 GMT", "9" * 5000])
def test_a_wait_that_is_no_number_of_seconds_is_not_kept(wait):
	with answering(message(status="429 Later", retry_after=wait)) as server:
		assert refusal(server.url()).retry_after is None


# --- size ---


@pytest.fixture
def peak():
	"""The most memory taken since the test began, in bytes."""
	tracemalloc.start()
	yield lambda: tracemalloc.get_traced_memory()[1]
	tracemalloc.stop()


def test_a_body_of_exactly_the_limit_is_taken_and_one_more_byte_is_not():
	for body, headers in ((b"x" * 1000, {}), (gzip.compress(b"x" * 1000), {"content_encoding": "gzip"})):
		with answering(message(body, **headers)) as server:
			assert len(fetch(Call(server.url(), largest=1000), HOSTS).body) == 1000
			assert refusal(Call(server.url(), largest=999)).code == "too_large"


@pytest.mark.parametrize(
	("head", "code"),
	[
		(message(b"", content_length=""), "too_large"),
		(message(b"", content_length=str(10**15)), "too_large"),
		(message(b"", content_length="", content_encoding="gzip"), "too_large"),
		# http.client takes a chunk of -1 bytes for all that comes
		(message(b"-1\r\n", content_length="", transfer_encoding="chunked"), "too_large"),
		(message(b"7fffffff\r\n", content_length="", transfer_encoding="chunked"), "too_large"),
		(message(b"1;", content_length="", transfer_encoding="chunked"), "truncated"),
		(b"HTTP/1.1 100 Continue\r\n\r\n", "unreachable"),
	],
)
def test_a_body_without_end_is_left_at_the_limit(head, code, peak):
	def answer():
		yield head
		yield from repeat(b"1" * 65_536)

	assert code_of(answer, largest=1_000_000) == code
	assert peak() < 12_000_000


@pytest.mark.parametrize(
	("head", "more"),
	[
		(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
		(message(b"0\r\n", content_length="", transfer_encoding="chunked"), b"X-A: 1\r\n" * 1000),
		(message(b"", content_length="", transfer_encoding="chunked"), b"1;" + b"x" * 60_000 + b"\r\n1\r\n"),
	],
)
def test_what_comes_around_a_body_is_limited_too(head, more):
	def answer():
		yield head
		yield from repeat(more)

	assert code_of(answer, largest=1000) == "too_large"


def bomb(kind: int) -> bytes:
	"""10 MB that open to 10 GB."""
	zeros = bytes(10_000_000)
	packer = zlib.compressobj(9, zlib.DEFLATED, kind)
	head = packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH)
	again = packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH)
	return head + again * (10_000_000 // len(again))


@pytest.mark.parametrize(("encoding", "kind"), [("gzip", 31), ("deflate", 15), ("deflate", -15)])
def test_a_bomb_is_stopped_at_the_limit(encoding, kind, request):
	answer = message(bomb(kind), content_encoding=encoding)
	peak = request.getfixturevalue("peak")
	assert code_of(answer, largest=20_000_000) == "too_large"
	assert peak() < 4 * 20_000_000


# --- keys ---


def test_each_kind_of_key_arrives_in_its_header():
	expected = {
		Bearer("abc"): ("authorization", "Bearer abc"),
		Header("X-API-Key", "abc"): ("x-api-key", "abc"),
		Basic("dinas", "é:b"): ("authorization", "Basic " + base64.b64encode("dinas:é:b".encode()).decode()),
	}
	for auth, (name, value) in expected.items():
		with answering(message(DATA)) as server:
			fetch(Call(server.url(), headers={name.title(): "lain", "Accept": "text/csv"}, auth=auth), HOSTS)
		assert server.requests[0].headers[name] == value
		assert server.requests[0].headers["accept"] == "text/csv"


@pytest.mark.parametrize(
	"auth",
	[
		Header("X-A", "a\r\nX-B: b"),
		Header("X-A", "a\nb"),
		Header("X-A", "a\0b"),
		Header("X-A", "kunci–panjang"),
		Header("X-A\r\nX-B", "a"),
		Header("X-A: b\r\nX-B", "a"),
		Header("", "a"),
		Header("X A", "a"),
		Header("X-é", "a"),
		*(
			Header(name, "a")
			for name in ("Host", "content-length", "TRANSFER-ENCODING", "Connection", "Accept-Encoding")
		),
		Bearer("a\r\nX-B: b"),
		Basic("a:b", "c"),
		Basic("a", "b\r\n"),
		Basic("a", "b\udcff"),
	],
)
def test_a_key_that_would_write_another_header_is_refused(auth):
	assert code_before_connecting("http://localhost/", HOSTS, auth=auth) == "header"
	if isinstance(auth, Header):
		assert code_before_connecting("http://localhost/", HOSTS, headers={auth.name: auth.value}) == "header"


@given(st.text(max_size=20))
@example("a\x85b")
def test_a_key_goes_as_it_is_or_not_at_all(fuzz_server, text):
	fuzz_server.answer = message(DATA)
	try:
		fetch(Call(fuzz_server.url(), auth=Header("X-A", f"<{text}>")), HOSTS)
	except FetchError as error:
		assert error.code == "header"
		assert not (text.isascii() and text.isprintable())
	else:
		assert fuzz_server.requests[-1].headers["x-a"] == f"<{text}>"


SECRET_AUTHS = (
	Basic("dinas", SECRET),
	Bearer(SECRET),
	Header("X-API-Key", SECRET),
	ClientCredentials("http://localhost/", "dinas", SECRET),
)
CODED = base64.b64encode(f"dinas:{SECRET}".encode()).decode()


def shown(error: BaseException) -> str:
	"""Whatever any log could make of an error, with the variables of every frame."""
	parts = [repr(error), str(error), repr(error.args), repr(vars(error))]
	while error:
		parts += traceback.TracebackException.from_exception(error, capture_locals=True).format()
		error = error.__cause__ or error.__context__
	return "\n".join(parts)


@pytest.mark.parametrize("auth", SECRET_AUTHS, ids=lambda auth: type(auth).__name__)
@pytest.mark.parametrize(
	"answer",
	[
		b"",
		b"HTTP/1.1 abc\r\n\r\n",
		message(b"1", content_length="5"),
		message(DATA, status="401 No"),
		message(DATA, content_encoding="br"),
		redirect("http://lain.example/"),
		redirect("/"),
		silence,
		None,
	],
)
def test_a_key_is_shown_by_no_error_no_log_and_no_repr(auth, answer, caplog):
	caplog.set_level(logging.DEBUG)
	if answer is None:
		port = 9  # nobody listens
		error = refusal_at(port, auth)
	else:
		with answering(answer) as server:
			error = refusal_at(server.port, auth)
		assert any(SECRET in str(one.headers) or CODED in str(one.headers) for one in server.requests)
	assert "lain.example" not in caplog.text
	text = shown(error) + caplog.text + repr(auth) + str(auth) + repr(Call("https://a/", auth=auth))
	assert SECRET not in text and CODED not in text


def refusal_at(port: int, auth) -> FetchError:
	"""In a frame of its own, because the one above knows the requests."""
	url = f"http://localhost:{port}/?tahun=2026"
	if isinstance(auth, ClientCredentials):
		auth = ClientCredentials(url, auth.client_id, auth.secret)
	return refusal(Call(url, headers={"X-Lain": SECRET}, auth=auth, timeout=0.3))


def test_a_key_that_cannot_be_sent_is_not_shown_either():
	for auth in (Header("X-A", SECRET + "\n"), Bearer(SECRET + "é–"), Basic("a", SECRET + "\0")):
		assert SECRET not in shown(refusal(Call("http://localhost/", auth=auth)))


# --- OAuth 2 ---

GRANTED = {"access_token": "token-dari-server", "token_type": "Bearer", "expires_in": 3600}


@contextmanager
def token_server(answer: bytes):
	"""Gives `answer` at /token, and data to whoever has the token."""

	def respond(request):
		if request.target == "/token":
			return answer
		is_known = request.headers.get("authorization") == "Bearer token-dari-server"
		return message(DATA) if is_known else message(status="401 No")

	with serving(respond) as server:
		yield server


def with_token(server, scope: str = "", **call) -> Call:
	auth = ClientCredentials(server.url("/token"), "dinas+1", "r&h", scope)
	return Call(server.url("/data"), auth=auth, **{"timeout": 5, **call})


@pytest.mark.parametrize("scope", ["", "baca tulis"])
def test_a_token_is_fetched_for_the_call_and_sent_with_it(scope):
	with token_server(message(json.dumps({**GRANTED, "scope": "baca"}).encode())) as server:
		assert fetch(with_token(server, scope), HOSTS).body == DATA
	asked, _ = server.requests
	assert asked.method == "POST"
	expected = {"grant_type": ["client_credentials"], **({"scope": [scope]} if scope else {})}
	assert parse_qs(asked.body.decode()) == expected
	name_and_secret = base64.b64decode(asked.headers["authorization"].removeprefix("Basic ")).decode()
	assert name_and_secret == "dinas%2B1:r%26h"


@pytest.mark.parametrize(
	"answer",
	[
		message(b""),
		message(b"<html>masuk</html>"),
		message(b"[" * 50_000),
		message(b"[]"),
		message(b"\xff\xfe"),
		message(json.dumps({"access_token": "a"}).encode()),
		message(json.dumps({**GRANTED, "token_type": "mac"}).encode()),
		message(json.dumps({**GRANTED, "token_type": 1}).encode()),
		message(json.dumps({**GRANTED, "access_token": "a\r\nX-B: b"}).encode()),
		message(json.dumps({**GRANTED, "access_token": ["a"]}).encode()),
		message(json.dumps({**GRANTED, "access_token": ""}).encode()),
		message(json.dumps({**GRANTED, "expires_in": "abc"}).encode()),
		message(json.dumps({"error": "invalid_client", "error_description": "rahasia server"}).encode()),
		message(b'{"error":"invalid_client","error_description":"rahasia server"}', status="400 Bad"),
		message(b"", status="401 No"),
		redirect("/data"),
		redirect("http://lain.example/", "307 X"),
	],
)
def test_a_token_that_is_not_given_ends_the_call_and_nothing_is_quoted(answer):
	with token_server(answer) as server:
		error = refusal(with_token(server))
	assert (error.code, error.is_temporary) == ("token", False)
	assert "rahasia server" not in shown(error)
	assert [request.target for request in server.requests] == ["/token"]


def test_a_token_server_in_trouble_is_worth_another_try():
	with token_server(message(status="503 Later", retry_after="60")) as server:
		error = refusal(with_token(server))
	assert (error.code, error.is_temporary, error.retry_after) == ("status", True, 60)


def test_the_token_server_keeps_the_same_rules():
	for url, code in (
		("https://lain.example/token", "host_not_allowed"),
		("http://169.254.169.254/token", "address_not_allowed"),
		("file:///etc/passwd", "host_not_allowed"),
	):
		hosts = [*HOSTS, Host("169.254.169.254", may_be_private=True, may_be_http=True)]
		call = Call("http://localhost/", auth=ClientCredentials(url, "a", "b"))
		assert refusal(call, hosts).code == code


def test_no_token_is_asked_for_an_address_that_is_refused():
	with token_server(message(json.dumps(GRANTED).encode())) as server:
		call = Call("https://lain.example/", auth=with_token(server).auth)
		assert refusal(call).code == "host_not_allowed"
	assert not server.requests


# --- pages ---

RECORDS = [{"nomor": number} for number in range(7)]


def records_in(body: bytes) -> list[dict]:
	return json.loads(body)["data"]


def total_in(body: bytes) -> int | None:
	return json.loads(body).get("total")


def numbers_in(pages: list[bytes]) -> list[int]:
	return [record["nomor"] for page in pages for record in json.loads(page)["data"]]


def paged(start, **options):
	"""A server of RECORDS: `start` tells from the query where a page of three begins."""

	def respond(request):
		query = {name: values[0] for name, values in parse_qs(urlsplit(request.target).query).items()}
		begin = start(query)
		return message(json.dumps({"data": RECORDS[begin : begin + 3], **options}).encode())

	return serving(respond)


def all_pages(server, paging: Paging, path: str = "/data", **call) -> list[bytes]:
	call = {"timeout": 5, **call}
	return fetch_pages(Call(server.url(path), **call), paging, HOSTS, records_in, total_in)


def paging_error(server, paging: Paging, **call) -> FetchError:
	with pytest.raises(FetchError) as caught:
		all_pages(server, paging, **call)
	return caught.value


def test_one_page_is_what_fetch_gives():
	with answering(message(b"bukan JSON")) as server:
		assert fetch_pages(Call(server.url()), Paging(), HOSTS, records_in) == [b"bukan JSON"]


@pytest.mark.parametrize("first", [0, 1])
def test_numbered_pages_end_with_an_empty_one(first):
	with paged(lambda query: (int(query["hal"]) - first) * 3) as server:
		paging = Paging("page", parameter="hal", size_parameter="per", size=3, first=first)
		pages = all_pages(server, paging, "/data?f=%5B1%5D&hal=9&kosong=")
	assert numbers_in(pages) == list(range(7))
	assert [request.target for request in server.requests] == [
		f"/data?f=%5B1%5D&kosong=&hal={number}&per=3" for number in range(first, first + 4)
	]


@pytest.mark.parametrize("style", ["page", "offset"])
def test_a_server_that_cuts_its_pages_below_what_was_asked_gives_all(style):
	def begin(query):
		return (int(query["page"]) - 1) * 3 if style == "page" else int(query["page"])

	with paged(begin) as server:
		assert numbers_in(all_pages(server, Paging(style, size_parameter="per", size=1000))) == list(range(7))


@pytest.mark.parametrize("style", ["page", "offset"])
def test_a_page_that_the_server_does_not_know_is_the_end_but_the_first_is_not(style):
	def respond(request):
		number = int(request.target.partition("page=")[2])
		begin = (number - 1) * 3 if style == "page" else number
		data = RECORDS[begin : begin + 3]
		return message(json.dumps({"data": data}).encode()) if data else message(status="404 Not Found")

	with serving(respond) as server:
		assert numbers_in(all_pages(server, Paging(style, size=3))) == list(range(7))
	with answering(message(status="404 Not Found")) as server:
		assert paging_error(server, Paging(style)).status == 404


def test_a_stated_total_ends_without_another_page():
	with paged(lambda query: int(query["offset"]), total=7) as server:
		assert numbers_in(all_pages(server, Paging("offset", parameter="offset"))) == list(range(7))
	assert len(server.requests) == 3


@pytest.mark.parametrize(("total", "held"), [(9, 7), (5, 6)])
def test_other_than_the_stated_total_is_refused_with_both_numbers(total, held):
	with paged(lambda query: int(query["offset"]), total=total) as server:
		error = paging_error(server, Paging("offset", parameter="offset"))
	assert error.code == "paging"
	assert f"menyebut {total} data, tetapi memberi {held}" in error.message


def test_a_page_that_comes_back_with_another_time_around_it_is_the_same_page():
	moments = count()

	def respond(request):
		return message(json.dumps({"data": RECORDS[:3], "waktu": next(moments), "total": 6}).encode())

	with serving(respond) as server:
		assert "halaman yang sama" in paging_error(server, Paging("offset", parameter="offset")).message
	assert len(server.requests) == 2


def test_offsets_count_records_from_zero():
	with paged(lambda query: int(query["offset"])) as server:
		pages = all_pages(server, Paging("offset", parameter="offset", size_parameter="limit", size=3))
	assert numbers_in(pages) == list(range(7))
	assert [request.target for request in server.requests][1:] == [
		"/data?offset=3&limit=3",
		"/data?offset=6&limit=3",
		"/data?offset=7&limit=3",
	]


def test_an_empty_page_ends_and_is_left_out_unless_it_is_the_only_one():
	with paged(lambda query: (int(query["page"]) - 1) * 7) as server:
		assert numbers_in(all_pages(server, Paging("page", size=3))) == [0, 1, 2]
	with paged(lambda query: 7) as server:
		assert all_pages(server, Paging("page", size=3)) == [b'{"data": []}']


def linked(link):
	"""A server of three pages, of which the first two name the next as `link` gives it."""

	def respond(request):
		number = int(request.target.partition("hal=")[2] or 0)
		following = {"next": link(number + 1)} if number < 2 else {}
		content = {"data": RECORDS[number * 3 : number * 3 + 3], "links": following}
		return message(json.dumps(content).encode())

	return serving(respond)


@pytest.mark.parametrize("form", ["?hal={}", "/data?hal={}", "http://LOCALHOST:{port}/data?hal={}"])
def test_the_next_page_is_where_the_last_one_says(form):
	with linked(lambda number: form.format(number, port=server.port).replace("{}", str(number))) as server:
		if "LOCALHOST" in form:
			form = f"http://LOCALHOST:{server.port}/data?hal={{}}"
		pages = all_pages(server, Paging("next", next_path="$.links.next"), auth=Bearer(SECRET))
	assert numbers_in(pages) == list(range(7))
	assert all(request.headers["authorization"] == f"Bearer {SECRET}" for request in server.requests)


def test_a_next_page_that_is_named_for_ever_ends_where_nothing_more_comes():
	"""As CKAN does."""

	def respond(request):
		begin = int(request.target.partition("=")[2] or 0)
		content = {"data": RECORDS[begin : begin + 3], "next": f"?mulai={begin + 3}"}
		return message(json.dumps(content).encode())

	with serving(respond) as server:
		assert numbers_in(all_pages(server, Paging("next", next_path="$.next"))) == list(range(7))


@pytest.mark.parametrize(
	("link", "code"),
	[
		("https://lain.example/", "host_not_allowed"),
		("http://127.0.0.1/data", "paging"),
		("http://localhost:9/data", "paging"),
		("file:///etc/passwd", "host_not_allowed"),
		("http://[", "host_not_allowed"),
		(5, "paging"),
		({"href": "?hal=1"}, "paging"),
	],
)
def test_a_next_page_elsewhere_gets_neither_a_visit_nor_the_key(link, code):
	with linked(lambda number: link) as server:
		assert (
			paging_error(server, Paging("next", next_path="$.links.next"), auth=Bearer(SECRET)).code == code
		)
	assert len(server.requests) == 1


@pytest.mark.parametrize("path", ["$..next", "$.links[?@.a == 1]", "$.links[*]", "$.links[", ""])
def test_a_path_to_the_next_page_that_may_search_is_refused(path):
	with linked(lambda number: "?hal=1") as server:
		assert paging_error(server, Paging("next", next_path=path)).code == "paging"


def test_a_page_that_is_no_json_has_no_next():
	for body in (b"<html>", b"[" * 100_000, b'{"a": NaN', b"\xff"):
		with answering(message(body)) as server, pytest.raises(FetchError) as caught:
			paging = Paging("next", next_path="$.next")
			fetch_pages(Call(server.url()), paging, HOSTS, lambda body: [1])
		assert caught.value.code == "paging"


def test_the_same_page_twice_is_an_error_and_not_twice_the_figures():
	with paged(lambda query: 0) as server:
		assert paging_error(server, Paging("page", size=3)).code == "paging"
	assert len(server.requests) == 2


def test_more_pages_than_agreed_are_an_error():
	numbers = count()
	with serving(
		lambda request: message(json.dumps({"data": [{"nomor": next(numbers)}]}).encode())
	) as server:
		assert "lebih dari 4 halaman" in paging_error(server, Paging("page", size=1, most_pages=4)).message
	assert len(server.requests) == 5
	with paged(lambda query: (int(query["page"]) - 1) * 3) as server:
		assert len(all_pages(server, Paging("page", size=3, most_pages=3))) == 3


def test_size_and_time_hold_for_all_pages_together():
	with paged(lambda query: (int(query["page"]) - 1) * 3, isi="x" * 1000) as server:
		paging = Paging("page", size=3)
		assert paging_error(server, paging, largest=3000).code == "too_large"
		assert len(all_pages(server, paging, largest=5000)) == 3
		ticks = count(0, 2)
		with pytest.raises(FetchError) as caught:
			call = Call(server.url(), timeout=15)
			fetch_pages(call, paging, HOSTS, records_in, clock=lambda: next(ticks))
	assert caught.value.code == "timeout"


def test_one_token_serves_all_pages():
	def respond(request):
		if request.target == "/token":
			return message(json.dumps(GRANTED).encode())
		begin = int(request.target.partition("=")[2])
		return message(json.dumps({"data": RECORDS[begin : begin + 3]}).encode())

	with serving(respond) as server:
		paging = Paging("offset", parameter="offset", size=3)
		pages = fetch_pages(with_token(server), paging, HOSTS, records_in)
	assert numbers_in(pages) == list(range(7))
	assert [request.method for request in server.requests] == ["POST", "GET", "GET", "GET", "GET"]


def test_what_the_reader_cannot_read_is_its_own_error():
	def read(body):
		raise AnswerError("Halaman web.")

	with answering(message(b"<html>")) as server, pytest.raises(AnswerError, match="Halaman web"):
		fetch_pages(Call(server.url()), Paging("page"), HOSTS, read)


def test_an_unknown_style_of_paging_is_refused():
	with pytest.raises(ValueError, match="page, offset, next"):
		Paging("cursor")
