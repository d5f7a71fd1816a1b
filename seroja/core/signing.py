"""Who signs a document, and the block of signatures under it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from seroja.core.parts import Signatures
from seroja.core.rendering import format_date

_DEFINITIVE = "Definitif"
_SEAL_CHARACTERS = 16  # enough to compare by eye; the whole seal stands in the Jejak Verifikasi


@dataclass(frozen=True)
class Party:
	"""Who signs. capacity: Definitif, Pj, Plt or Plh. signed_on: local time of the electronic signature,
	None for a wet one; seal: the seal of that signature."""

	name: str
	position: str
	capacity: str = _DEFINITIVE
	rank: str = ""
	nip: str = ""
	signed_on: datetime | None = None
	seal: str = ""


def printed_position(party: Party) -> str:
	"""The position, after its capacity unless it is definitive."""
	return party.position if party.capacity == _DEFINITIVE else f"{party.capacity}. {party.position}"


def signer_lines(party: Party, role: str = "") -> dict[str, str]:
	"""The lines of one signature by their place in the block. role: what stands above the position."""
	signed = party.signed_on
	return {
		"role": role,
		"position": printed_position(party),
		"space": "" if signed else "blank",
		"name": party.name,
		"rank": party.rank,
		"nip": f"NIP {party.nip}" if party.nip else "",
		"signed": f"Ditandatangani secara elektronik di SEROJA, {format_date(signed)} {signed:%H:%M}"
		if signed
		else "",
		"seal": f"Segel {party.seal[:_SEAL_CHARACTERS]}" if signed and party.seal else "",
	}


_SIGNATURE_STYLES = {"space": "space", "name": "name", "signed": "small", "seal": "small"}


def place_and_day(place: str, dated: date | None, year: str = "") -> str:
	"""Malang, 12 Januari 2026; without a day room to write it, before the year where that is known."""
	day = format_date(dated) if dated else f"{'.' * 30} {year}".strip()
	return ", ".join(filter(None, (place, day)))


def signatures(day: str, left: Mapping[str, str], right: Mapping[str, str]) -> Signatures:
	"""Both blocks line by line, so that names stand at one height; lines that nobody has are left out.

	day: place and day over the right block, "" for none.
	"""
	rows = [("plain", "", day)] if day else []
	for line in right:
		texts = left.get(line, ""), right[line]
		if any(texts):
			style = _SIGNATURE_STYLES.get(line, "plain")
			rows.append((style, *(("", "") if style == "space" else texts)))
	return Signatures(tuple(rows))
