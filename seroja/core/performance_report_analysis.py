"""What a LKjIP says about its figures: the sentences that its summary and its end share, and chapter III
(domain.md 3.5 and 5.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from seroja.core.evaluation_reading import joined
from seroja.core.numbers import format_number
from seroja.core.performance_report import (
	IndicatorRow,
	ObjectiveRow,
	ProgramRow,
	ReportData,
	budget_of,
	change_of,
	counts_by_category,
	figures_of,
	grouped,
	missed,
	objective_name,
	reached,
	row_heading,
	standing,
	valued,
	whole_budget,
)
from seroja.core.performance_report_tables import (
	change_text,
	count_text,
	past_years,
	program_heading,
	rupiah,
)
from seroja.core.rendering import format_percent

_MOST_NAMES = 5  # in one sentence; the table has them all


def chapter_three(data: ReportData) -> dict[str, list[str]]:
	"""Paragraphs and lists by the key of their section; one may be empty."""
	sections = {
		"achievement": _achievement(data),
		"history": _history(data),
		"medium_term": _medium_term(data),
		"benchmark": _benchmark(data),
		"causes": _causes(data),
		"efficiency": _efficiency(data),
		"programs": _programs(data),
		"budget": _budget(data),
	}
	return sections | ({"units": _units(data)} if data.is_government else {})


# --- words ---


def indicators_text(count: int) -> str:
	return f"{count_text(count)} indikator"


def quoted(name: str) -> str:
	return f"“{name}”"


def _titled(objective: str) -> str:
	name = objective_name(objective)
	return quoted(name) if name else "Tanpa sasaran"


def some_named(rows: Sequence, said) -> str:
	"""A few of the rows by name, and how many there are besides."""
	texts = [said(row) for row in rows[:_MOST_NAMES]]
	rest = len(rows) - len(texts)
	return joined([*texts, f"{count_text(rest)} lainnya"] if rest else texts)


def listed(intro: str, items: Iterable[str]) -> str:
	"""A block of items below its introduction; nothing where there are none."""
	lines = [f"- {item}" for item in items]
	return "\n".join([intro, *lines]) if lines else ""


def sentence(text: str) -> str:
	return text if text.endswith((".", "!", "?")) else f"{text}."


def with_achievement(row: IndicatorRow) -> str:
	return f"{quoted(row.name)} ({format_percent(row.achievement)})"


def best_first(rows: Iterable[IndicatorRow]) -> list[IndicatorRow]:
	return sorted(valued(rows), key=lambda row: -row.achievement)


# --- sentences on the whole ---


def counts_text(data: ReportData) -> str:
	rows = data.indicators
	if not rows:
		return f"Belum ada indikator kinerja {data.unit} tahun {data.year} yang tercatat."
	without = len(rows) - len(valued(rows))
	said = (
		f"Kinerja {data.unit} tahun {data.year} diukur dengan {indicators_text(len(rows))}. Dari "
		f"{indicators_text(len(valued(rows)))} yang mempunyai nilai capaian, "
		f"{indicators_text(len(reached(rows)))} mencapai target dan {indicators_text(len(missed(rows)))} belum mencapai target."
	)
	return f"{said} Sebanyak {indicators_text(without)} belum mempunyai nilai." if without else said


def means_text(data: ReportData) -> str:
	whole = data.overall
	if whole.mean_score is None:
		return "Rata-rata capaian belum dapat dihitung karena belum ada indikator yang mempunyai nilai."
	category = f", kategori {whole.category} menurut skala {data.scale_name}" if whole.category else ""
	return (
		f"Rata-rata capaian kinerja adalah {format_percent(whole.mean_raw)}; rata-rata skor, yaitu capaian yang "
		f"dibatasi pada nilai terendah dan tertinggi, adalah {format_percent(whole.mean_score)}{category}."
	)


def extremes_text(data: ReportData) -> str:
	rows = best_first(data.indicators)
	if len(rows) < 2:
		return ""
	best = [row for row in rows if row.achievement == rows[0].achievement]
	worst = [row for row in rows if row.achievement == rows[-1].achievement]
	if len(best) == len(rows):
		return f"Semua indikator yang mempunyai nilai mencapai {format_percent(rows[0].achievement)}."
	return (
		f"Capaian tertinggi adalah {some_named(best, with_achievement)}, sedangkan capaian terendah adalah "
		f"{some_named(worst, with_achievement)}."
	)


def movement_text(data: ReportData) -> str:
	changes = [change_of(row, data.year) for row in data.indicators]
	known = [change for change in changes if change is not None]
	if not known:
		return ""
	up, down = sum(change > 0 for change in known), sum(change < 0 for change in known)
	return (
		f"Dari {indicators_text(len(known))} yang capaiannya dapat dibandingkan dengan tahun {data.year - 1}, "
		f"{indicators_text(up)} naik, {indicators_text(down)} turun, dan "
		f"{indicators_text(len(known) - up - down)} tetap."
	)


def money_text(data: ReportData) -> str:
	money = whole_budget(data)
	if money.budget is None:
		return "Anggaran belum tercatat."
	said = f"Anggaran tahun {data.year} berjumlah {rupiah(money.budget)}"
	if money.realization is None:
		return f"{said}; realisasinya belum tercatat."
	return f"{said} dan terealisasi {rupiah(money.realization)} (serapan {format_percent(money.absorption)})."


def efficiency_text(data: ReportData) -> str:
	whole = data.overall
	if whole.efficiency_gap is None:
		return ""
	return (
		f"Dengan rata-rata capaian {format_percent(whole.mean_raw)} dan serapan anggaran indikator "
		f"{format_percent(whole.absorption)}, selisihnya {format_number(whole.efficiency_gap)} poin: penggunaan sumber "
		f"daya secara keseluruhan {whole.efficiency_label.lower()}."
	)


# --- achievement ---


def _achievement(data: ReportData) -> list[str]:
	counts = counts_by_category(data)
	spread = joined([f"{label} {indicators_text(count)}" for label, count in counts.items() if count])
	without = [row for row in data.indicators if row.achievement is None]
	return [
		counts_text(data),
		means_text(data) if data.indicators else "",
		f"Menurut kategori: {spread}." if spread else "",
		extremes_text(data),
		listed("Capaian per sasaran adalah sebagai berikut:", _objective_items(data)),
		f"Indikator yang belum mempunyai nilai: {some_named(without, _with_status)}." if without else "",
		listed("Capaian dihitung dengan ketentuan berikut:", map(sentence, data.basis)),
	]


def _with_status(row: IndicatorRow) -> str:
	return f"{quoted(row.name)} ({row.status_label})" if row.status_label else quoted(row.name)


def _objective_items(data: ReportData) -> list[str]:
	return [
		_objective_text(heading, rows, figures_of(data, heading))
		for heading, rows in grouped(data.indicators, row_heading).items()
		if figures_of(data, heading)
	]


def _objective_text(heading: str, rows: Sequence[IndicatorRow], figures: ObjectiveRow) -> str:
	known = best_first(rows)
	if not known:
		return f"{quoted(heading)}: belum ada indikator yang mempunyai nilai."
	category = f" ({figures.category})" if figures.category else ""
	said = (
		f"{quoted(heading)}: {count_text(len(reached(rows)))} dari {indicators_text(len(rows))} mencapai target, "
		f"rata-rata capaian {format_percent(figures.mean_raw)}{category}."
	)
	if not missed(rows):
		return said
	return f"{said} Yang terendah adalah {with_achievement(known[-1])}."


def _history(data: ReportData) -> list[str]:
	if not past_years(data):
		return ["Tidak ada data tahun-tahun sebelumnya untuk dibandingkan."]
	changes = [(change_of(row, data.year), row) for row in data.indicators]
	known = sorted(
		((change, row) for change, row in changes if change is not None), key=lambda pair: -pair[0]
	)
	if not known:
		return [f"Tidak ada indikator yang capaiannya dapat dibandingkan dengan tahun {data.year - 1}."]
	ups = [pair for pair in known if pair[0] > 0]
	downs = [pair for pair in reversed(known) if pair[0] < 0]
	without = len(changes) - len(known)
	return [
		movement_text(data),
		f"Kenaikan terbesar terjadi pada {some_named(ups, _moved)}."
		if ups
		else "Tidak ada capaian yang naik.",
		f"Penurunan terbesar terjadi pada {some_named(downs, _moved)}."
		if downs
		else "Tidak ada capaian yang turun.",
		f"Sebanyak {indicators_text(without)} tidak dapat dibandingkan karena salah satu tahun tidak mempunyai nilai "
		"capaian."
		if without
		else "",
		"Kenaikan dan penurunan dinyatakan dalam poin persen capaian, sehingga kenaikan berarti perbaikan, juga pada "
		"indikator yang realisasinya diharapkan menurun.",
	]


def _moved(pair: tuple[float, IndicatorRow]) -> str:
	return f"{quoted(pair[1].name)} ({change_text(pair[0])} poin)"


def _medium_term(data: ReportData) -> list[str]:
	rows = [row for row in data.indicators if row.plan_achievement is not None]
	if not rows:
		return ["Tidak ada target jangka menengah yang dapat dibandingkan dengan realisasi."]
	rows.sort(key=lambda row: row.plan_achievement)
	behind = [row for row in rows if row.plan_achievement < 100]
	years = sorted({row.plan_year for row in rows if row.plan_year})
	period = f" tahun {joined([str(year) for year in years])}" if years else ""
	return [
		f"Dari {indicators_text(len(rows))} yang mempunyai target akhir dokumen perencanaan{period}, "
		f"{indicators_text(len(rows) - len(behind))} sudah mencapainya dan {indicators_text(len(behind))} belum.",
		f"Jarak terbesar ke target akhir terdapat pada {some_named(behind, _distance)}." if behind else "",
	]


def _distance(row: IndicatorRow) -> str:
	reach = format_percent(row.plan_achievement)
	return f"{quoted(row.name)} (realisasi {row.realization} dari target {row.plan_target}, atau {reach})"


def _benchmark(data: ReportData) -> list[str]:
	pairs = [(row, benchmark) for row in data.indicators for benchmark in row.benchmarks]
	if not pairs:
		return ["Tidak ada pembanding nasional atau daerah lain yang tercatat."]
	found = [(standing(row, benchmark), row, benchmark) for row, benchmark in pairs]
	judged = [entry for entry in found if entry[0] is not None]
	worse = [entry for entry in judged if entry[0] < 0]
	better = [entry for entry in judged if entry[0] > 0]
	compared = len({id(row) for row, _ in pairs})
	if not judged:
		return [
			f"Sebanyak {indicators_text(compared)} mempunyai pembanding; posisinya tidak dapat dinilai dengan angka."
		]
	return [
		f"Sebanyak {indicators_text(compared)} mempunyai pembanding. Dari {count_text(len(judged))} perbandingan yang "
		f"dapat dinilai, {count_text(len(better))} lebih baik, {count_text(len(judged) - len(better) - len(worse))} "
		f"sama, dan {count_text(len(worse))} belum sebaik pembandingnya.",
		f"Lebih baik daripada pembandingnya: {some_named(better, _compared)}." if better else "",
		f"Belum sebaik pembandingnya: {some_named(worse, _compared)}." if worse else "",
	]


def _compared(entry: tuple) -> str:
	_, row, other = entry
	return f"{quoted(row.name)} ({row.realization}; {other.name} {other.year}: {other.value})"


# --- causes ---


def _causes(data: ReportData) -> list[str]:
	failed, succeeded = missed(data.indicators), reached(data.indicators)
	if not failed and not succeeded:
		return ["Penyebab belum dapat diuraikan karena belum ada indikator yang mempunyai nilai."]
	noted = [row for row in data.indicators if row not in failed and (row.obstacles or row.next_steps)]
	return [
		f"Target dicapai oleh {some_named(best_first(succeeded), with_achievement)}. [Uraikan faktor yang mendukung "
		"keberhasilan tersebut.]"
		if succeeded
		else "Belum ada indikator yang mencapai target.",
		listed(
			"Indikator yang belum mencapai target, kendala, dan langkah perbaikannya:",
			[_cause(row) for row in reversed(best_first(failed))],
		)
		or "Tidak ada indikator di bawah target.",
		listed("Kendala yang juga tercatat pada indikator lain:", map(_cause, noted)),
	]


def _cause(row: IndicatorRow) -> str:
	obstacles = _notes("Kendala", row.obstacles) or "[Uraikan kendalanya.]"
	steps = _notes("Langkah perbaikan", row.next_steps) or "[Uraikan langkah perbaikannya.]"
	reach = f"capaian {format_percent(row.achievement)}" if row.achievement is not None else row.status_label
	return f"{quoted(row.name)}{f' ({reach})' if reach else ''}. {obstacles} {steps}"


def _notes(label: str, texts: Sequence[str]) -> str:
	return sentence(f"{label}: {'; '.join(text.rstrip('. ') for text in texts)}") if texts else ""


# --- resources and units ---


def _efficiency(data: ReportData) -> list[str]:
	rows = [row for row in data.objectives if row.absorption is not None]
	if data.overall.absorption is None and not rows:
		return ["Efisiensi belum dapat dihitung karena anggaran dan realisasinya per sasaran belum tercatat."]
	return [
		efficiency_text(data),
		listed("Menurut sasaran:", map(_efficiency_item, rows)),
		"Penggunaan sumber daya disebut efisien hanya bila target tercapai dengan serapan anggaran di bawah capaian; "
		"anggaran yang tidak terserap tanpa tercapainya target bukan efisiensi.",
	]


def _efficiency_item(row: ObjectiveRow) -> str:
	name = _titled(row.objective)
	if row.efficiency_gap is None:
		return f"{name}: serapan {format_percent(row.absorption)}, capaian belum dapat dihitung."
	return (
		f"{name}: capaian {format_percent(row.mean_raw)}, serapan {format_percent(row.absorption)}, selisih "
		f"{format_number(row.efficiency_gap)} poin, {row.efficiency_label.lower()}."
	)


def _programs(data: ReportData) -> list[str]:
	if not data.programs:
		return ["Program penunjang belum tercatat."]
	items = [
		_supported(heading, rows, figures_of(data, heading))
		for heading, rows in grouped(data.programs, program_heading).items()
	]
	return [
		listed(f"Pencapaian kinerja ditunjang {count_text(len(data.programs))} program:", items),
		"[Uraikan kegiatan yang paling menentukan keberhasilan atau kegagalan setiap sasaran.]",
	]


def _supported(heading: str, rows: Sequence[ProgramRow], figures: ObjectiveRow | None) -> str:
	known = figures is not None and figures.mean_raw is not None
	reach = f" (capaian {format_percent(figures.mean_raw)})" if known else ""
	return f"{_titled(rows[0].objective)}{reach}: {some_named(rows, _with_absorption)}."


def _with_absorption(row: ProgramRow) -> str:
	share = budget_of([row]).absorption
	return f"{row.program} ({'serapan ' + format_percent(share) if share is not None else 'tanpa serapan'})"


def _budget(data: ReportData) -> list[str]:
	if not data.programs:
		return ["Anggaran dan realisasi per program belum tercatat."]
	known = [row for row in data.programs if budget_of([row]).absorption is not None]
	known.sort(key=lambda row: budget_of([row]).absorption)
	without = len(data.programs) - len(known)
	return [
		money_text(data),
		f"Serapan tertinggi terdapat pada {_with_absorption(known[-1])}, yang terendah pada "
		f"{_with_absorption(known[0])}."
		if len(known) > 1
		else "",
		f"Sebanyak {count_text(without)} program belum mempunyai anggaran atau realisasi yang tercatat."
		if without
		else "",
	]


def _units(data: ReportData) -> list[str]:
	ranked = sorted((row for row in data.units if row.rank is not None), key=lambda row: (row.rank, row.unit))
	if not ranked:
		return ["Belum ada perangkat daerah yang capaiannya dapat diperingkat."]
	without = len(data.units) - len(ranked)
	spread = grouped(ranked, lambda row: row.category)
	counts = [f"{label} {count_text(len(spread[label]))}" for label in data.scale_labels if label in spread]
	return [
		f"Sebanyak {count_text(len(ranked))} perangkat daerah mempunyai nilai capaian. Rata-rata skor tertinggi "
		f"dicapai {some_named([row for row in ranked if row.rank == ranked[0].rank], _with_score)}; yang terendah "
		f"{_with_score(ranked[-1])}.",
		f"Menurut kategori: {joined(counts)}." if counts else "",
		f"Sebanyak {count_text(without)} perangkat daerah belum mempunyai nilai." if without else "",
	]


def _with_score(row) -> str:
	return f"{row.unit} ({format_percent(row.mean_score)})"
