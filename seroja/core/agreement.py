"""The Perjanjian Kinerja and its Rencana Aksi as PDF and as DOCX (domain.md 1.2, 2.6 and 5.2).

A document is first laid out as a list of parts that hold every word and every cell; the template and
the DOCX writer only draw these parts, so that the two files cannot say different things.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter

from seroja.core.numbers import format_number
from seroja.core.parts import (
	Column,
	Document,
	Heading,
	Identity,
	Letterhead,
	Paragraph,
	Table,
	clean,
	footer_text,
)
from seroja.core.rendering import Stamper, render_document
from seroja.core.signing import Party, place_and_day, printed_position, signatures, signer_lines
from seroja.core.word import write_docx

_DRAFT_MARK = "RANCANGAN"
_QUARTERS = ("TW I", "TW II", "TW III", "TW IV")


@dataclass(frozen=True)
class TargetRow:
	"""One indicator of the annex. target: text in Indonesian form, without its unit."""

	objective: str
	indicator: str
	unit: str
	target: str


@dataclass(frozen=True)
class ProgramRow:
	"""One program of the annex. budget: rupiah."""

	program: str
	budget: float
	note: str = ""


@dataclass(frozen=True)
class Agreement:
	"""A Perjanjian Kinerja. second: the superior of the first party; None where the head of the region
	signs alone. dated: None leaves room to write the day. revision: 0 for the first agreement of the year,
	n for its n-th change. Rows of one objective stand together."""

	government: str
	unit: str
	year: int
	place: str
	dated: date | None
	first: Party
	second: Party | None
	targets: Sequence[TargetRow]
	programs: Sequence[ProgramRow]
	revision: int = 0
	revision_reason: str = ""
	is_signed: bool = False
	reference: str = ""
	letterhead: Letterhead | None = None


@dataclass(frozen=True)
class ActionRow:
	"""One action under an indicator. source: its kegiatan or sub kegiatan; budgets: rupiah per quarter."""

	indicator: str
	source: str
	action: str
	budgets: tuple[float, float, float, float]
	responsible: str


@dataclass(frozen=True)
class QuarterRow:
	"""The targets of one indicator, as text in Indonesian form, without their unit."""

	objective: str
	indicator: str
	unit: str
	year_target: str
	quarters: tuple[str, str, str, str]


@dataclass(frozen=True)
class ActionPlan:
	"""A Rencana Aksi. signer: None prints no signature. Rows of one objective, and of one indicator,
	stand together."""

	government: str
	unit: str
	year: int
	reference: str
	is_approved: bool
	targets: Sequence[QuarterRow]
	actions: Sequence[ActionRow]
	place: str
	dated: date | None
	signer: Party | None
	letterhead: Letterhead | None = None


def agreement_pdf(agreement: Agreement, stamper: Stamper | None = None) -> bytes:
	"""The agreement as PDF/A-3b: statement, then the annex on a new page."""
	return render_document(_agreement_document(clean(agreement)), stamper)


def agreement_docx(agreement: Agreement) -> bytes:
	"""The agreement as DOCX, with the words and tables of `agreement_pdf`."""
	return write_docx(_agreement_document(clean(agreement)))


def action_plan_pdf(plan: ActionPlan, stamper: Stamper | None = None) -> bytes:
	"""The action plan as PDF/A-3b in landscape: quarterly targets, then actions with their budgets."""
	return render_document(_action_plan_document(clean(plan)), stamper)


def action_plan_docx(plan: ActionPlan) -> bytes:
	"""The action plan as DOCX, with the words and tables of `action_plan_pdf`."""
	return write_docx(_action_plan_document(clean(plan)))


def _head(source: Agreement | ActionPlan, title: str, below: tuple[str, ...] = ()) -> list:
	"""The letter head where there is one, else government and unit above the title."""
	if source.letterhead:
		return [source.letterhead, Heading("title", title.upper(), (), below)]
	names = tuple(dict.fromkeys((source.government.upper(), source.unit.upper())))
	return [Heading("title", title.upper(), names, below)]


# --- agreement ---


def _agreement_document(agreement: Agreement) -> Document:
	change = "Perubahan " if agreement.revision else ""
	title = f"Perjanjian Kinerja {change}Tahun {agreement.year}"
	day = place_and_day(agreement.place, agreement.dated, str(agreement.year))
	block = signatures(day, *_signers(agreement))
	number = (f"Perubahan ke-{agreement.revision}",) if agreement.revision else ()
	return Document(
		title=f"{title} – {agreement.unit}",
		author=agreement.government,
		dated=agreement.dated,
		footer=footer_text(title, agreement.unit, agreement.reference),
		mark="" if agreement.is_signed else _DRAFT_MARK,
		parts=(
			*_head(agreement, title, number),
			*_statement(agreement),
			block,
			Heading("annex", f"LAMPIRAN {title.upper()}", below=(*number, agreement.unit.upper())),
			_target_table(agreement.targets),
			_program_table(agreement.programs),
			block,
		),
	)


_PURPOSE = (
	"Dalam rangka mewujudkan manajemen pemerintahan yang efektif, transparan, dan akuntabel serta "
	"berorientasi pada hasil, {} yang bertanda tangan di bawah ini:"
)
_PROMISE = (
	"{} berjanji akan mewujudkan target kinerja yang seharusnya sesuai lampiran perjanjian ini, dalam rangka "
	"mencapai target kinerja jangka menengah seperti yang telah ditetapkan dalam dokumen perencanaan. "
	"Keberhasilan dan kegagalan pencapaian target kinerja tersebut menjadi tanggung jawab {}."
)
_SUPERVISION = (
	"Pihak kedua akan melakukan supervisi yang diperlukan serta akan melakukan evaluasi terhadap capaian "
	"kinerja dari perjanjian ini dan mengambil tindakan yang diperlukan dalam rangka pemberian penghargaan "
	"dan sanksi."
)


def _statement(agreement: Agreement) -> list[Paragraph | Identity]:
	"""The words of the first part (PermenPAN-RB 53/2014, domain.md 5.2)."""
	first, second = agreement.first, agreement.second
	change = _change(agreement)
	if second is None:
		return [
			Paragraph(_PURPOSE.format("saya")),
			_identity(first),
			*change,
			Paragraph(_PROMISE.format("Saya", "saya")),
		]
	return [
		Paragraph(_PURPOSE.format("kami")),
		_identity(first),
		Paragraph("selanjutnya disebut pihak pertama;"),
		_identity(second),
		Paragraph("selaku atasan pihak pertama, selanjutnya disebut pihak kedua."),
		*change,
		Paragraph(_PROMISE.format("Pihak pertama", "kami")),
		Paragraph(_SUPERVISION),
	]


def _change(agreement: Agreement) -> list[Paragraph]:
	if not agreement.revision:
		return []
	text = f"Perjanjian ini merupakan perubahan ke-{agreement.revision} atas Perjanjian Kinerja Tahun {agreement.year}."
	if agreement.revision_reason:
		text += f" Alasan perubahan: {agreement.revision_reason.rstrip('.')}."
	return [Paragraph(text)]


def _identity(party: Party) -> Identity:
	return Identity((("Nama", party.name), ("Jabatan", printed_position(party))))


def _target_table(rows: Sequence[TargetRow]) -> Table:
	return Table(
		(
			Column("No", 6),
			Column("Sasaran", 32),
			Column("Indikator Kinerja", 40),
			Column("Target", 22),
		),
		_numbered_groups(
			rows, "objective", lambda row: (row.indicator or "–", _with_unit(row.target, row.unit))
		),
		"Belum ada sasaran dan indikator kinerja.",
		merged=2,
	)


def _program_table(rows: Sequence[ProgramRow]) -> Table:
	return Table(
		(
			Column("No", 6),
			Column("Program", 46),
			Column("Anggaran (Rp)", 22, True),
			Column("Keterangan", 26),
		),
		[
			[(str(number), row.program or "–", _rupiah(row.budget), row.note)]
			for number, row in enumerate(rows, 1)
		],
		"Belum ada program.",
		total=("Jumlah", _rupiah(math.fsum(row.budget for row in rows)), ""),
	)


def _numbered_groups(rows: Sequence, name: str, cells) -> list[list[tuple[str, ...]]]:
	"""Rows with a running number per value of `name`; neighbours with the same value form a group."""
	return [
		[(str(number), value or "–", *cells(row)) for row in group]
		for number, (value, group) in enumerate(groupby(rows, attrgetter(name)), 1)
	]


def _with_unit(target: str, unit: str) -> str:
	"""A target with its unit; a label such as WTP or A has none."""
	if not target.lstrip("-−–+<>≤≥± ")[:1].isdigit():
		return target or "–"
	return f"{target}%" if unit == "%" else f"{target} {unit}".strip()


def _rupiah(value: float) -> str:
	return format_number(value, 0)


# --- signatures ---


def _signers(agreement: Agreement) -> tuple[dict, dict]:
	if agreement.second is None:
		return {}, signer_lines(agreement.first)
	return signer_lines(agreement.second, "Pihak Kedua,"), signer_lines(agreement.first, "Pihak Pertama,")


# --- action plan ---


def _action_plan_document(plan: ActionPlan) -> Document:
	title = f"Rencana Aksi Perjanjian Kinerja Tahun {plan.year}"
	parts = [
		*_head(plan, title),
		Heading("section", "A. Target Triwulan"),
		_quarter_table(plan.targets),
		Heading("section", "B. Kegiatan dan Anggaran"),
		_action_table(plan.actions),
	]
	if plan.signer:
		day = place_and_day(plan.place, plan.dated, str(plan.year))
		parts.append(signatures(day, {}, signer_lines(plan.signer)))
	return Document(
		title=f"{title} – {plan.unit}",
		author=plan.government,
		dated=plan.dated,
		footer=footer_text(title, plan.unit, plan.reference),
		mark="" if plan.is_approved else _DRAFT_MARK,
		parts=tuple(parts),
		is_landscape=True,
	)


def _quarter_table(rows: Sequence[QuarterRow]) -> Table:
	return Table(
		(
			Column("No", 4),
			Column("Sasaran", 21),
			Column("Indikator", 26),
			Column("Satuan", 11),
			Column("Target tahun", 10, True),
			*(Column(quarter, 7, True) for quarter in _QUARTERS),
		),
		_numbered_groups(
			rows,
			"objective",
			lambda row: tuple(
				text or "–" for text in (row.indicator, row.unit, row.year_target, *row.quarters)
			),
		),
		"Belum ada target triwulan.",
		merged=2,
	)


def _action_table(rows: Sequence[ActionRow]) -> Table:
	columns = [[row.budgets[quarter] for row in rows] for quarter in range(len(_QUARTERS))]
	return Table(
		(
			Column("No", 3.5),
			Column("Indikator", 12.5),
			Column("Kegiatan/Sub kegiatan", 12),
			Column("Aksi", 12),
			*(Column(f"Anggaran {quarter} (Rp)", 10, True) for quarter in _QUARTERS),
			Column("Jumlah (Rp)", 10.5, True),
			Column("Penanggung jawab", 9.5),
		),
		_numbered_groups(
			rows,
			"indicator",
			lambda row: (
				row.source or "–",
				row.action or "–",
				*_budget_cells(row.budgets),
				row.responsible or "–",
			),
		),
		"Belum ada rencana aksi.",
		merged=2,
		total=("Jumlah", *_budget_cells([math.fsum(column) for column in columns]), ""),
	)


def _budget_cells(budgets: Iterable[float]) -> list[str]:
	"""The four quarters and their sum."""
	return [_rupiah(value) for value in (*budgets, math.fsum(budgets))]
