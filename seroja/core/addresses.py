"""Hosts and addresses of the network: how a host is written, and which addresses may be reached. Nothing is asked here."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_LONGEST_NAME = 253
_LABEL = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")

_LAST_BITS = 0xFFFFFFFF
_COMPATIBLE = IPv6Network("::/96")
_NAT64 = IPv6Network("64:ff9b::/96")
_UNICAST = IPv6Network("2000::/3")
_6TO4 = IPv6Network("2002::/16")
_BROADCAST = IPv4Address("255.255.255.255")
_SPECIAL = IPv4Network("192.0.0.0/24")  # older versions of Python take most of it for public


def check_host(name: str) -> str:
	"""The one way to write a host: lower case, ASCII, no dot at the end, numbers as the machine writes them.

	Raises ValueError with a sentence for whoever lists the host.
	"""
	text = name.strip().lower().removesuffix(".")
	if text.count(":") > 1 and "/" not in text:
		return _checked_ipv6(text[1:-1] if text.startswith("[") and text.endswith("]") else text)
	if _NUMBER.fullmatch(text.rpartition(".")[2]):
		return _checked_ipv4(text)
	if len(text) <= _LONGEST_NAME:
		encoded = _encoded(text)
		if len(encoded) <= _LONGEST_NAME and _NAME.fullmatch(encoded):
			return encoded
	raise ValueError("Tulis nama host saja, tanpa https:// dan garis miring, misalnya data.contoh.go.id.")


def _encoded(text: str) -> str:
	"""The name in ASCII, or "" for one that would come back as another name (ß, full-width letters)."""
	try:
		encoded = text.encode("idna").decode("ascii")
		return encoded if text in (encoded, encoded.encode().decode("idna")) else ""
	except UnicodeError:
		return ""


def _checked_ipv4(text: str) -> str:
	try:
		return str(IPv4Address(text))
	except ValueError:
		message = "Tulis alamat IP sebagai empat angka desimal, misalnya 192.0.2.1."
		raise ValueError(message) from None


def _checked_ipv6(text: str) -> str:
	try:
		address = IPv6Address(text)
	except ValueError:
		address = None
	if address is None or address.scope_id or address.ipv4_mapped:
		raise ValueError("Alamat IPv6 tidak sah; tulis tanpa zona dan tanpa alamat IPv4 di dalamnya.")
	return str(address)


def may_reach(text: str, may_be_private: bool) -> bool:
	"""Whether a connection may go to an address. may_be_private: the administrator allowed the own network."""
	try:
		meant = _meant(ip_address(text))
	except ValueError:
		return False
	if any(map(_is_never, meant)):
		return False
	return may_be_private or all(map(_is_public, meant))


def _meant(address: IPv4Address | IPv6Address) -> list[IPv4Address | IPv6Address]:
	"""Where packets to an address may end: itself, or an IPv4 address that is wrapped in it, or both."""
	if address.version == 4:
		return [address]
	if address.ipv4_mapped:
		return [address.ipv4_mapped]
	last = IPv4Address(int(address) & _LAST_BITS)
	if address in _NAT64:
		return [last]
	wrapped = [last] if address in _COMPATIBLE else [address.sixtofour, *(address.teredo or ())]
	return [address, *(inner for inner in wrapped if inner)]


def _is_never(address: IPv4Address | IPv6Address) -> bool:
	"""Refused whatever the administrator says: link-local is where clouds tell their machines secrets."""
	return address.is_link_local or address.is_multicast or address.is_unspecified or address == _BROADCAST


def _is_public(address: IPv4Address | IPv6Address) -> bool:
	if address.version == 4:
		return address.is_global and address not in _SPECIAL
	return address.is_global and address in _UNICAST and address not in _6TO4
