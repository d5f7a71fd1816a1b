"""The tables of a LKjIP, per section (domain.md 5.1 and 5.2)."""

from __future__ import annotations

from collections.abc import Sequence

from seroja.core.numbers import format_number
from seroja.core.parts import Column, Paragraph, Table
from seroja.core.performance_report import (
	Benchmark,
	IndicatorRow,
	ObjectiveRow,
	ProgramRow,
	ReportData,
	budget_of,
	change_of,
	figures_of,
	grouped,
	objective_name,
	reached,
	row_heading,
	standing,
	valued,
	whole_budget,
)
from seroja.core.rendering import format_percent

NONE = "–"
_EARLIER_YEARS = 4  # beside the year of the report
_NO_OBJECTIVE = "Tanpa sasaran"


def section_tables(data: ReportData) -> dict[str, list]:
	"""Captions and tables by the key of their section; a section without data has none."""
	tables = {
		"summary": _key_figures(data),
		"agreement": _agreement(data),
		"achievement": _achievement(data),
		"history": _history(data),
		"medium_term": _medium_term(data),
		"benchmark": _benchmarks(data),
		"efficiency": _efficiency(data),
		"programs": _programs(data),
		"budget": _budget(data),
		"units": _units(data),
	}
	return {
		key: [Paragraph(caption, "caption"), table]
		for key, (caption, table) in tables.items()
		if table.groups
	}


def rupiah(value: float | None) -> str:
	return NONE if value is None else f"Rp {format_number(value, 0)}"


def count_text(count: int) -> str:
	return format_number(count, 0)


def program_heading(row: ProgramRow) -> str:
	return objective_name(row.objective) or _NO_OBJECTIVE


def _with_unit(row: IndicatorRow) -> str:
	return f"{row.name} ({row.unit})" if row.unit else row.name


def _key_figures(data: ReportData) -> tuple[str, Table]:
	whole, money, rows = data.overall, whole_budget(data), data.indicators
	figures = (
		("Jumlah indikator kinerja", count_text(len(rows))),
		("Indikator yang mempunyai nilai capaian", count_text(len(valued(rows)))),
		("Indikator yang mencapai target", count_text(len(reached(rows)))),
		("Rata-rata capaian", format_percent(whole.mean_raw)),
		("Rata-rata skor capaian", format_percent(whole.mean_score)),
		("Kategori", whole.category or NONE),
		("Anggaran", rupiah(money.budget)),
		("Realisasi anggaran", rupiah(money.realization)),
		("Serapan anggaran", format_percent(money.absorption)),
		("Efisiensi penggunaan sumber daya", whole.efficiency_label or NONE),
	)
	columns = (Column("Uraian", 60), Column(f"Tahun {data.year}", 40, True))
	return "Angka kunci", Table(columns, [[row] for row in figures], "")


def _agreement(data: ReportData) -> tuple[str, Table]:
	columns = (
		Column("No", 6),
		Column("Sasaran", 32),
		Column("Indikator kinerja", 42),
		Column("Target", 20),
	)
	groups = _objective_groups(data, lambda row: (row.target or NONE,))
	return f"Perjanjian Kinerja tahun {data.year}", Table(columns, groups, "", merged=2)


def _objective_groups(data: ReportData, cells) -> list[list[tuple[str, ...]]]:
	"""Indicators under their numbered objective."""
	return [
		[(str(number), heading, _with_unit(row), *cells(row)) for row in rows]
		for number, (heading, rows) in enumerate(grouped(data.indicators, row_heading).items(), 1)
	]


def _achievement(data: ReportData) -> tuple[str, Table]:
	columns = (
		Column("No", 6),
		Column("Sasaran dan indikator", 36),
		Column("Target", 12),
		Column("Realisasi", 12),
		Column("Capaian", 11, True),
		Column("Skor", 10, True),
		Column("Kategori", 13),
	)
	groups, heads = [], set()
	number = 0
	for heading, rows in grouped(data.indicators, row_heading).items():
		heads.add(len(groups))
		groups.append([_objective_cells(heading, figures_of(data, heading))])
		for row in rows:
			number += 1
			groups.append([(str(number), *_achievement_cells(row))])
	table = Table(columns, groups, "", strong=frozenset(heads))
	return f"Target dan realisasi kinerja tahun {data.year}", table


def _objective_cells(heading: str, figures: ObjectiveRow | None) -> tuple[str, ...]:
	if figures is None:
		return ("", heading, "", "", "", "", "")
	means = (format_percent(figures.mean_raw), format_percent(figures.mean_score))
	return ("", heading, "", "", *means, figures.category or NONE)


def _achievement_cells(row: IndicatorRow) -> tuple[str, ...]:
	return (
		_with_unit(row),
		row.target or NONE,
		row.realization or NONE,
		format_percent(row.achievement),
		format_percent(row.score),
		row.category or row.status_label or NONE,
	)


# --- comparisons ---


def past_years(data: ReportData) -> list[int]:
	"""The earlier years that a comparison shows, ascending."""
	years = {past.year for row in data.indicators for past in row.history}
	return sorted(years)[-_EARLIER_YEARS:]


def _history(data: ReportData) -> tuple[str, Table]:
	years = past_years(data)
	columns = (
		Column("No", 6),
		Column("Indikator kinerja", 28),
		*(Column(str(year), 54 / (len(years) + 1)) for year in (*years, data.year)),
		Column("Selisih (poin)", 12),
	)
	rows = [row for row in data.indicators if row.history]
	groups = [[(str(number), *_history_cells(data, row, years))] for number, row in enumerate(rows, 1)]
	return "Realisasi dan capaian (dalam kurung) menurut tahun", Table(columns, groups, "")


def _history_cells(data: ReportData, row: IndicatorRow, years: Sequence[int]) -> tuple[str, ...]:
	found = {past.year: past for past in row.history}
	cells = [_year_cell(found.get(year)) for year in years]
	return _with_unit(row), *cells, _year_cell(row), change_text(change_of(row, data.year))


def _year_cell(figure) -> str:
	if figure is None or not figure.realization:
		return NONE
	if figure.achievement is None:
		return figure.realization
	return f"{figure.realization} ({format_percent(figure.achievement)})"


def change_text(change: float | None) -> str:
	"""naik 5,20; tetap; – for no comparison."""
	if change is None:
		return NONE
	return f"{'naik' if change > 0 else 'turun'} {format_number(abs(change))}" if change else "tetap"


def _medium_term(data: ReportData) -> tuple[str, Table]:
	columns = (
		Column("No", 6),
		Column("Indikator kinerja", 36),
		Column(f"Realisasi {data.year}", 15),
		Column("Target akhir", 15),
		Column("Tahun", 8),
		Column("Tingkat pencapaian", 20, True),
	)
	rows = [row for row in data.indicators if row.plan_target]
	groups = [[(str(number), *_medium_term_cells(row))] for number, row in enumerate(rows, 1)]
	return "Realisasi terhadap target akhir dokumen perencanaan", Table(columns, groups, "")


def _medium_term_cells(row: IndicatorRow) -> tuple[str, ...]:
	year = str(row.plan_year) if row.plan_year else NONE
	reach = format_percent(row.plan_achievement)
	return _with_unit(row), row.realization or NONE, row.plan_target, year, reach


def _benchmarks(data: ReportData) -> tuple[str, Table]:
	columns = (
		Column("No", 6),
		Column("Indikator kinerja", 26),
		Column("Realisasi", 11),
		Column("Pembanding", 17),
		Column("Tahun", 8),
		Column("Nilai", 10),
		Column("Sumber", 12),
		Column("Posisi", 10),
	)
	rows = [row for row in data.indicators if row.benchmarks]
	groups = [
		[
			(str(number), _with_unit(row), row.realization or NONE, *_benchmark_cells(row, benchmark))
			for benchmark in row.benchmarks
		]
		for number, row in enumerate(rows, 1)
	]
	return "Realisasi dan pembanding", Table(columns, groups, "", merged=3)


def _benchmark_cells(row: IndicatorRow, benchmark: Benchmark) -> tuple[str, ...]:
	return (
		benchmark.name,
		str(benchmark.year),
		benchmark.value or NONE,
		benchmark.source or NONE,
		_standing_text(standing(row, benchmark)),
	)


def _standing_text(difference: float | None) -> str:
	if difference is None:
		return NONE
	return "lebih baik" if difference > 0 else "belum sebaik" if difference else "sama"


# --- resources ---


def _efficiency(data: ReportData) -> tuple[str, Table]:
	columns = (
		Column("Sasaran", 29),
		Column("Capaian", 11, True),
		Column("Serapan", 11, True),
		Column("Selisih (poin)", 10, True),
		Column("Efisiensi", 11, True),
		Column("Nilai efisiensi", 11, True),
		Column("Keterangan", 17),
	)
	rows = [row for row in data.objectives if row.absorption is not None]
	groups = [[(objective_name(row.objective) or _NO_OBJECTIVE, *_efficiency_cells(row))] for row in rows]
	total = ("Keseluruhan", *_efficiency_cells(data.overall))
	return "Efisiensi penggunaan sumber daya per sasaran", Table(columns, groups, "", total=total)


def _efficiency_cells(row: ObjectiveRow) -> tuple[str, ...]:
	return (
		format_percent(row.mean_raw),
		format_percent(row.absorption),
		format_number(row.efficiency_gap),
		format_percent(row.efficiency),
		format_percent(row.efficiency_value),
		row.efficiency_label or NONE,
	)


def _programs(data: ReportData) -> tuple[str, Table]:
	columns = (
		Column("Sasaran", 36),
		Column("Capaian sasaran", 13, True),
		Column("Program penunjang", 39),
		Column("Serapan", 12, True),
	)
	groups = []
	for heading, rows in grouped(data.programs, program_heading).items():
		figures = figures_of(data, heading)
		reach = format_percent(figures.mean_raw if figures else None)
		groups.append(
			[(heading, reach, row.program, format_percent(budget_of([row]).absorption)) for row in rows]
		)
	return "Program penunjang sasaran", Table(columns, groups, "", merged=2)


_BUDGET_COLUMNS = (
	Column("Anggaran (Rp)", 20, True),
	Column("Realisasi (Rp)", 20, True),
	Column("Serapan", 12, True),
)


def _budget(data: ReportData) -> tuple[str, Table]:
	"""The programs under their objective, which stands above them with their sum."""
	groups, heads = [], set()
	for heading, rows in grouped(data.programs, program_heading).items():
		heads.add(len(groups))
		groups.append([(heading, *_money_cells(rows))])
		groups += [[(row.program, *_money_cells([row]))] for row in rows]
	table = Table(
		(Column("Sasaran dan program", 48), *_BUDGET_COLUMNS),
		groups,
		"",
		total=("Jumlah", *_money_cells(data.programs)),
		strong=frozenset(heads),
	)
	return "Anggaran dan realisasi per sasaran dan program", table


def _money_cells(rows: Sequence[ProgramRow]) -> tuple[str, str, str]:
	money = budget_of(rows)
	return (
		format_number(money.budget, 0),
		format_number(money.realization, 0),
		format_percent(money.absorption),
	)


def _units(data: ReportData) -> tuple[str, Table]:
	columns = (
		Column("Peringkat", 12),
		Column("Perangkat daerah", 36),
		Column("Indikator", 10, True),
		Column("Bernilai", 10, True),
		Column("Rata-rata skor", 11, True),
		Column("Kategori", 11),
		Column("Serapan", 10, True),
	)
	rows = sorted(data.units, key=lambda row: (row.rank is None, row.rank or 0, row.unit))
	groups = [
		[
			(
				NONE if row.rank is None else str(row.rank),
				row.unit,
				count_text(row.indicators),
				count_text(row.valued),
				format_percent(row.mean_score),
				row.category or NONE,
				format_percent(row.absorption),
			)
		]
		for row in rows
	]
	return "Peringkat perangkat daerah menurut rata-rata skor capaian", Table(columns, groups, "")


# --- annexes ---


def measurement_tables(data: ReportData) -> list[Table]:
	"""The form Pengukuran Kinerja: indicators, then programs (domain.md 5.2)."""
	columns = (
		Column("No", 6),
		Column("Sasaran strategis", 27),
		Column("Indikator kinerja", 31),
		Column("Target", 12),
		Column("Realisasi", 12),
		Column("Capaian (%)", 12, True),
	)
	groups = _objective_groups(
		data, lambda row: (row.target or NONE, row.realization or NONE, format_number(row.achievement))
	)
	programs = [
		[(str(number), row.program, *_money_cells([row]))] for number, row in enumerate(data.programs, 1)
	]
	return [
		Table(columns, groups, "Belum ada indikator kinerja.", merged=2),
		Table(
			(Column("No", 6), Column("Program", 42), *_BUDGET_COLUMNS),
			programs,
			"Belum ada program.",
			total=("Jumlah", *_money_cells(data.programs)),
		),
	]


def explanation_table(data: ReportData) -> Table:
	"""How the achievement of each indicator was calculated."""
	columns = (Column("No", 6), Column("Indikator kinerja", 36), Column("Perhitungan capaian", 58))
	rows = [
		[(str(number), _with_unit(row), row.explanation or row.status_label or NONE)]
		for number, row in enumerate(data.indicators, 1)
	]
	return Table(columns, rows, "Belum ada indikator kinerja.")
