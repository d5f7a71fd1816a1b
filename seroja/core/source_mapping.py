"""Where the figures of indicators stand in the records of another system, and what they say there.

A row names either a path (json_paths) or a column with a condition. What it finds becomes one figure: a number in
plain decimal text, computed in decimals, the same in whatever order the records came. Nothing found is no
figure, never 0; only a count may be 0, with a remark, where the data is of the period asked for. Whatever cannot be
read is refused with its place and a sentence in Indonesian.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import reduce
from itertools import islice

from seroja.core.json_paths import find, path_problem, record_equalities, record_fields, steps, sweeps
from seroja.core.numbers import NumberFormatError, format_number, is_no_value, parse_number
from seroja.core.source_records import CELL, PATH_STEP, Equalities, Names, Records, word_of

VALUE, NUMERATOR, DENOMINATOR = "value", "numerator", "denominator"
BUDGET_REALIZATION = "budget_realization"
FIELDS = {
	VALUE: "nilai",
	NUMERATOR: "pembilang",
	DENOMINATOR: "penyebut",
	BUDGET_REALIZATION: "realisasi anggaran",
}
AGGREGATES = SINGLE, SUM, COUNT, MEAN, LAST = "single", "sum", "count", "mean", "last"
MOST_PLACES = 200

# Figures have twelve decimals at most (numbers.snap); sums of them are then exact in any order.
_EXACT = Context(prec=80)
_FINEST = Decimal("1e-12")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_HOW_CONDITION = "tulis misalnya Status = Selesai; Tahun = {year}; Jenis != Uji"


SHEET_DECIMALS = 6  # a sheet keeps no more


@dataclass(frozen=True)
class MappingRow:
	"""Where one figure of an indicator stands.

	number: of the row on the form. field: one of FIELDS. path: JSONPath over the list of records; or else
	column: its name as in the records, of those for which condition holds. aggregate: what becomes of
	several. factor: what the figure is multiplied by, as Indonesians write it (0,001); "" for 1.
	"""

	number: int
	indicator: str
	field: str
	path: str = ""
	column: str = ""
	condition: str = ""
	aggregate: str = SINGLE
	factor: str = ""


@dataclass(frozen=True)
class Moment:
	"""The quarter that figures are asked for; start and end are ISO dates."""

	year: int
	quarter: int
	start: str
	end: str


@dataclass(frozen=True)
class Figure:
	"""A figure that was found.

	text: plain decimal text, at most twelve decimals. places: the first records of it. remark: why a count is
	0, "" for every other figure.
	"""

	row: int
	indicator: str
	field: str
	value: float
	text: str
	places: tuple[str, ...]
	remark: str = ""


@dataclass(frozen=True)
class Refused:
	"""A row that gave no figure, and why."""

	row: int
	indicator: str
	field: str
	reason: str


@dataclass(frozen=True)
class Mapped:
	"""What rows made of records. unmapped: the first MOST_PLACES records that no row used, unmapped_count: all."""

	figures: tuple[Figure, ...]
	refused: tuple[Refused, ...]
	unmapped: tuple[str, ...]
	unmapped_count: int


# --- placeholders ---


def fill(text: str, moment: Moment, quote: Callable[[str], str] = str) -> str:
	"""A path, condition or address with {year}, {quarter}, {period} (2026-TW1), {start} and {end} put in.

	quote: what makes a value safe where it goes. Raises ValueError for any other word in braces.
	"""
	values = {
		"year": str(moment.year),
		"quarter": str(moment.quarter),
		"period": f"{moment.year}-TW{moment.quarter}",
		"start": moment.start,
		"end": moment.end,
	}
	if set("{}") & set(_PLACEHOLDER.sub("", text)) or set(_PLACEHOLDER.findall(text)) - set(values):
		known = ", ".join(f"{{{name}}}" for name in values)
		raise ValueError(f"Tanda kurung kurawal pada “{text[:60]}” hanya untuk {known}.")
	return _PLACEHOLDER.sub(lambda match: quote(_plain(values[match[1]])), text)


def _plain(value: str) -> str:
	"""A value that cannot change the path or condition that it is put into."""
	if not re.fullmatch("[0-9A-Za-z-]+", value):
		raise ValueError(f"“{value[:40]}” bukan tahun, triwulan, atau tanggal.")
	return value


_ANY_MOMENT = Moment(2000, 1, "2000-01-01", "2000-03-31")
_NO_MOMENT = Moment(9999, 9, "9999-09-09", "9999-09-09")
_YEAR = re.compile(r"(19|20)\d\d([-/ ].*)?", re.DOTALL)


# --- conditions ---


@dataclass(frozen=True)
class _Clause:
	column: str
	word: str
	is_equal: bool

	def holds(self, record: Mapping) -> bool:
		return (word_of(record.get(self.column)) == self.word) is self.is_equal


def _clauses(condition: str) -> list[_Clause]:
	"""The clauses of a condition, all of which must hold. Raises ValueError."""
	parts = condition.strip().removesuffix(";").split(";") if condition.strip() else []
	return [_clause(part) for part in parts]


def _clause(text: str) -> _Clause:
	column, sign, word = text.partition("=")
	name = column.strip().removesuffix("!").strip()
	if not sign or not name:
		raise ValueError(f"Saringan “{text.strip()[:60]}” tidak dapat dibaca; {_HOW_CONDITION}.")
	return _Clause(name, word_of(word), not column.rstrip().endswith("!"))


# --- checks ---


def check_rows(rows: Sequence[MappingRow]) -> list[str]:
	"""What keeps rows from working, a sentence each: "Baris 3: …"; none when they can."""
	problems = [(row.number, problem) for row in rows for problem in _row_problems(row)]
	problems += _problems_together(rows)
	return [f"Baris {number}: {problem}" for number, problem in sorted(problems, key=lambda pair: pair[0])]


def _row_problems(row: MappingRow) -> Iterator[str]:
	if not row.indicator:
		yield "Pilih indikatornya."
	if row.field not in FIELDS:
		yield f"Jenis angka “{row.field[:40]}” tidak dikenal; pilih {', '.join(FIELDS)}."
	if row.aggregate not in AGGREGATES:
		yield f"Cara menggabung “{row.aggregate[:40]}” tidak dikenal; pilih {', '.join(AGGREGATES)}."
	yield from _place_problems(row)
	try:
		_factor(row)
	except ValueError as error:
		yield str(error)


def _place_problems(row: MappingRow) -> Iterator[str]:
	if row.path and (row.column or row.condition):
		yield "Isi jalur saja, atau kolom dengan saringannya saja, jangan keduanya."
	if not row.path and not row.column and row.aggregate != COUNT:
		yield "Isi jalur atau kolom tempat angkanya."
	try:
		_clauses(fill(row.condition, _ANY_MOMENT))
		problem = path_problem(fill(row.path, _ANY_MOMENT)) if row.path else ""
	except ValueError as error:
		problem = str(error)
	if problem:
		yield problem


def _problems_together(rows: Sequence[MappingRow]) -> Iterator[tuple[int, str]]:
	times = Counter((row.indicator, row.field) for row in rows if row.indicator)
	for row in rows:
		if times[row.indicator, row.field] > 1:
			yield (
				row.number,
				f"Angka {FIELDS.get(row.field, row.field[:40])} {row.indicator} dipetakan lebih dari sekali.",
			)
		partner = {NUMERATOR: DENOMINATOR, DENOMINATOR: NUMERATOR}.get(row.field)
		if row.indicator and partner and not times[row.indicator, partner]:
			yield row.number, f"Angka {FIELDS[row.field]} {row.indicator} memerlukan baris {FIELDS[partner]}."
		if row.field == VALUE and times[row.indicator, NUMERATOR]:
			yield (
				row.number,
				f"Nilai {row.indicator} sudah mengikuti pembilang dan penyebut; hapus salah satunya.",
			)


def _factor(row: MappingRow) -> Decimal:
	"""What the figure of a row is multiplied by. Raises ValueError."""
	try:
		factor = _decimal(parse_number(row.factor)) if row.factor else Decimal(1)
	except NumberFormatError as error:
		raise ValueError(f"Faktor {error}") from None
	if not factor:
		raise ValueError("Faktor 0 akan menghapus semua angka; isi angka lain atau kosongkan.")
	return factor


# --- figures ---


def apply(
	rows: Sequence[MappingRow], records: Sequence[Mapping], moment: Moment, decimal: str = ","
) -> Mapped:
	"""The figures that rows find in records (`sources.read_pages`), and what they cannot read.

	decimal: the decimal sign of numbers written as text, "," or ".". Numbers of JSON and XLSX are taken
	as they are. A row that cannot work is refused with the reason. The cost grows with the rows plus the records
	where conditions ask for equality. Raises TooMuchWork where it would take more than MOST_WORK.
	"""
	data = Records(records, [_asked(row, moment) for row in rows])
	figures, refused, used = [], [], set()
	for row in rows:
		try:
			_refuse_unusable(row)
			found = _found(row, data, moment)
			used.update(place for place, _ in found)
			figures.append(_figure(row, found, bool(data.all), decimal))
		except ValueError as error:
			refused.append(Refused(row.number, row.indicator, row.field, str(error)))
	figures, halves = _whole_ratios(figures, {(row.indicator, row.field) for row in refused})
	refused = sorted([*refused, *halves], key=lambda row: row.row)
	unmapped = [place for place in range(len(data.all)) if place not in used]
	return Mapped(tuple(figures), tuple(refused), _places(unmapped), len(unmapped))


def _whole_ratios(figures: list[Figure], refused: set[tuple[str, str]]) -> tuple[list[Figure], list[Refused]]:
	"""(figures, refusals): half of a ratio beside an old other half would be a figure that nobody ever had."""
	whole, halves = [], []
	for figure in figures:
		if (figure.indicator, _OTHER_HALF.get(figure.field)) in refused:
			reason = "Pembilang dan penyebut hanya diterima bersama; yang satunya ditolak."
			halves.append(Refused(figure.row, figure.indicator, figure.field, reason))
		else:
			whole.append(figure)
	return whole, halves


_OTHER_HALF = {"numerator": "denominator", "denominator": "numerator"}


def _refuse_unusable(row: MappingRow) -> None:
	for problem in _row_problems(row):
		raise ValueError(problem)


def _asked(row: MappingRow, moment: Moment) -> Equalities:
	"""The equalities that hold for every record that a row finds; none for a row that cannot work."""
	try:
		return tuple((names, word_of(value)) for names, value in _equalities(row, moment))
	except ValueError:
		return ()


def _equalities(row: MappingRow, moment: Moment) -> list[tuple[Names, object]]:
	if row.path:
		return record_equalities(fill(row.path, moment))
	clauses = _clauses(fill(row.condition, moment))
	return [((clause.column,), clause.word) for clause in clauses if clause.is_equal]


# --- what a row finds ---

_Found = list[tuple[int | None, object]]


def _found(row: MappingRow, data: Records, moment: Moment) -> _Found:
	"""The cells of a row, each with the position of its record."""
	places = data.where(_asked(row, moment))
	found = (
		_found_by_path(fill(row.path, moment), data, places)
		if row.path
		else _found_by_column(row, _clauses(fill(row.condition, moment)), data, places)
	)
	if not found:
		_refuse_other_periods(row, data, moment)
	return found


def _found_by_column(row: MappingRow, clauses: list[_Clause], data: Records, places: list[int]) -> _Found:
	_refuse_unknown([*(clause.column for clause in clauses), *filter(None, [row.column])], data)
	others = [clause for clause in clauses if not clause.is_equal]
	data.take(len(places) * (CELL + len(others)))
	return [
		(place, data.all[place].get(row.column) if row.column else True)
		for place in places
		if all(clause.holds(data.all[place]) for clause in others)
	]


def _found_by_path(path: str, data: Records, places: list[int]) -> _Found:
	fields = record_fields(path)
	_refuse_unknown({names[0] for names in fields}, data)
	looked = sum(data.sizes[place] for place in places) if sweeps(path) else len(places)
	data.take(PATH_STEP * looked * steps(path))
	found = find(path, [data.all[place] for place in places])
	data.take(2 * CELL * len(found))
	if not found:
		_refuse_unreached(fields, data)
	return [(places[parts[0]] if parts else None, cell) for parts, cell in found]


def _refuse_unknown(names: Iterable[str], data: Records) -> None:
	"""A renamed column would make a condition hold for nothing, or for everything."""
	for name in sorted(names):
		if data.columns and name not in data.columns:
			raise ValueError(
				f"Kolom “{name[:60]}” tidak ada pada jawaban; yang ada antara lain {data.known}."
			)


def _refuse_unreached(fields: Iterable[Names], data: Records) -> None:
	for names in sorted(fields):
		if data.all and not data.any_reaches(names):
			raise ValueError(f"Bidang “{'.'.join(names)[:60]}” tidak ada pada satu data pun dari jawaban.")


def _refuse_other_periods(row: MappingRow, data: Records, moment: Moment) -> None:
	"""Where no record is of the period that a row names, a count of 0 would say what nobody knows."""
	asked, unasked = _period_of(row, moment)
	if not data.all or not asked:
		return
	is_known_absent = not unasked and not data.where(_asked(row, moment))
	if is_known_absent or not data.any_has(asked, is_exact=bool(row.path)):
		named = "; ".join(f"{'.'.join(names)} = {value}" for names, value in asked)
		raise ValueError(
			f"Tidak ditemukan: tidak ada data yang cocok dengan {named[:120]} pada seluruh jawaban."
		)


def _period_of(row: MappingRow, moment: Moment) -> tuple[tuple, tuple]:
	"""The equalities of a row that name a period, by a placeholder or a year, and the others."""
	asked, unasked = [], []
	at_no_moment = (value for _, value in _equalities(row, _NO_MOMENT))
	for (names, value), other in zip(_equalities(row, moment), at_no_moment, strict=True):
		is_period = value != other or _YEAR.fullmatch(str(value))
		(asked if is_period else unasked).append((names, value))
	return tuple(asked), tuple(unasked)


def _figure(row: MappingRow, found: _Found, has_records: bool, decimal: str) -> Figure:
	spoken = [(place, cell) for place, cell in found if not is_no_value(cell)]
	total = _times(_combined(row, found, spoken, has_records, decimal), _factor(row))
	value = parse_number(total)
	if value and not round(value, SHEET_DECIMALS):
		raise ValueError("Angkanya terlalu kecil untuk lembar; ubah satuannya dengan kolom Kali.")
	if row.field == BUDGET_REALIZATION and value < 0:
		raise ValueError(f"Realisasi anggaran {format_number(value, None)} tidak boleh negatif.")
	places = dict.fromkeys(place for place, _ in spoken if place is not None)
	remark = "" if spoken else _why_zero(row, found)
	return Figure(row.number, row.indicator, row.field, value, _text(total), _places(places), remark)


def _why_zero(row: MappingRow, found: _Found) -> str:
	if found:
		return "Dihitung 0: semua isinya kosong pada data yang cocok."
	return f"Dihitung 0: tidak ada data yang cocok dengan “{(row.path or row.condition)[:100]}”."


def _combined(row: MappingRow, found: _Found, spoken: _Found, has_records: bool, decimal: str) -> Decimal:
	"""One number from the cells of a row."""
	if row.aggregate == COUNT and has_records:
		return Decimal(len(spoken))
	if not spoken:
		raise ValueError(
			f"Tidak ditemukan: {_nothing(found) if has_records else 'jawaban tidak memuat data.'}"
		)
	if row.aggregate == SINGLE and len(spoken) > 1:
		raise ValueError(
			f"Ditemukan {format_number(len(spoken), 0)} isi, seharusnya satu; persempit saringannya "
			"atau pilih cara menggabungkannya."
		)
	if row.aggregate == LAST:
		spoken = spoken[-1:]
	return _COMBINE[row.aggregate]([_number(place, cell, decimal) for place, cell in spoken])


def _nothing(found: _Found) -> str:
	return f"tidak ada isi pada {_where(found[0][0])}." if found else "tidak ada data yang cocok."


def _mean(numbers: list[Decimal]) -> Decimal:
	return _EXACT.divide(_sum(numbers), Decimal(len(numbers)))


def _sum(numbers: list[Decimal]) -> Decimal:
	return reduce(_EXACT.add, numbers)


_COMBINE = {SINGLE: _sum, SUM: _sum, MEAN: _mean, LAST: _sum}


def _number(place: int | None, cell: object, decimal: str) -> Decimal:
	if isinstance(cell, (bool, list, dict)):
		kind = "ya/tidak" if isinstance(cell, bool) else "daftar atau objek"
		raise ValueError(f"Isi pada {_where(place)} adalah {kind}, bukan angka.")
	try:
		return _decimal(parse_number(cell, decimal))
	except NumberFormatError as error:
		raise ValueError(f"Isi pada {_where(place)}: {error}") from None


def _decimal(number: float) -> Decimal:
	"""A number as its shortest decimal writing, without the noise of binary arithmetic."""
	return Decimal(repr(number)).quantize(_FINEST, context=_EXACT)


def _times(number: Decimal, factor: Decimal) -> Decimal:
	product = _EXACT.multiply(number, factor).quantize(_FINEST, context=_EXACT)
	return _EXACT.plus(product)  # no −0


def _text(number: Decimal) -> str:
	return f"{number.normalize(_EXACT):f}"


def _where(place: int | None) -> str:
	return "jawaban" if place is None else f"baris data {place + 1}"


def _places(places: Iterable[int]) -> tuple[str, ...]:
	return tuple(_where(place) for place in islice(places, MOST_PLACES))
