"""The evaluation of a set of indicators and its documents: tables, charts, XLSX and PDF.

The command line hands over a read file, the desk the verified rows; both get the same documents.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import pandas as pd

from seroja.core import charts
from seroja.core.achievement import (
	DEFAULT_CAP,
	DEFAULT_METHODS,
	METHOD_LABELS,
	STATUS_LABELS,
	VERSION,
	evaluate,
)
from seroja.core.analysis_tables import endangered, outlook_cells
from seroja.core.numbers import format_number
from seroja.core.parts import content_digest
from seroja.core.rendering import (
	FOR_THE_RECORD,
	INTEGER,
	NUMBER,
	PERCENT,
	RUPIAH,
	TEXT,
	Attachment,
	Sheet,
	Stamper,
	qr_code,
	records,
	render_pdf,
	write_csv,
	write_xlsx,
)
from seroja.core.scales import Scale
from seroja.core.signing import Party, place_and_day, signatures, signer_lines
from seroja.core.summary import WITHOUT_OBJECTIVE, partial_sums, rank, summarise, summarise_all

# A PDF is for reading: beyond this the annex names the workbook instead.
MOST_ROWS_IN_PDF = 400
MOST_BARS = 20  # what fits on one page of the PDF
MOST_ENDANGERED = 20
WITHOUT_OPD = "(semua)"


@dataclass
class Evaluation:
	"""Evaluated indicators and their summaries.

	indicators: one row per indicator: `opd, objective, indicator, unit, period, target_text,
	realization_text, weight, budget, budget_realization, achievement, achievement_scored, category,
	status, method, explanation, message`. by_opd, by_objective, overall: see summary.summarise, with
	`category` and, by OPD, `rank`.
	"""

	indicators: pd.DataFrame
	scale: Scale
	cap: float
	by_opd: pd.DataFrame = field(init=False)
	by_objective: pd.DataFrame = field(init=False)
	overall: pd.Series = field(init=False)

	def __post_init__(self):
		sums = partial_sums(self.indicators, ["opd", "objective"])
		self.by_objective = self._summary(sums, ["opd", "objective"])
		self.by_opd = self._summary(sums, ["opd"])
		self.by_opd["rank"] = rank(self.by_opd["mean_scored"])
		self.overall = summarise_all(sums, self.by_opd)
		self.overall["category"] = self.scale.category(self.overall["mean_scored"])

	def _summary(self, sums: pd.DataFrame, by: list[str]) -> pd.DataFrame:
		table = summarise(sums, by)
		table["category"] = self.scale.categories(table["mean_scored"])
		return table

	@property
	def counts(self) -> dict[str, int]:
		"""Indicators per category, best first."""
		return {label: int(self.overall.get(f"count:{label}", 0)) for label in self.scale.labels}


def evaluate_values(
	values: pd.DataFrame,
	scale: Scale,
	cap: float = DEFAULT_CAP,
	defaults: Mapping[str, str] = DEFAULT_METHODS,
	messages: Mapping[int, str] | None = None,
) -> Evaluation:
	"""Evaluate values as importers.read_table gives them. messages: row errors by index label."""
	result = evaluate(values, cap=cap, defaults=defaults)
	frame = values.assign(
		opd=values["opd"].replace("", WITHOUT_OPD),
		objective=values["objective"].replace("", WITHOUT_OBJECTIVE),
		**{name: result[name] for name in result},
		category=scale.categories(result["achievement"]),
		message=pd.Series(dict(messages or {}), dtype=object).reindex(values.index).fillna(""),
	)
	return Evaluation(frame, scale, cap)


# --- charts ---

CHARTS = ("distribution", "achievement", "opd", "budget", "trend")


def draw_charts(evaluation: Evaluation) -> dict[str, bytes]:
	"""The charts of an evaluation: name → PNG."""
	by_opd, overall = evaluation.by_opd, evaluation.overall
	labels = evaluation.scale.labels
	pictures = {
		"distribution": charts.category_distribution(
			evaluation.counts, int(overall["indicators"] - overall["valued"])
		),
		"achievement": _bars(
			evaluation.indicators, "indicator", "achievement", labels, "Capaian per indikator"
		),
	}
	if len(by_opd) > 1:
		pictures["opd"] = _bars(by_opd, "opd", "mean_scored", labels, "Rata-rata capaian (skor) per OPD")
	if len(by_opd) > 1 and by_opd["absorption"].notna().any():
		pictures["budget"] = charts.budget_against_performance(
			by_opd["opd"].tolist(), by_opd["absorption"].tolist(), by_opd["mean_scored"].tolist()
		)
	return pictures | _trend(evaluation.indicators)


def _bars(frame: pd.DataFrame, name: str, value: str, labels: Sequence[str], title: str) -> bytes:
	ordered = frame.sort_values(value, kind="stable", na_position="last")
	if len(ordered) > MOST_BARS:
		known = ordered[ordered[value].notna()]
		half = MOST_BARS // 2
		ordered = pd.concat([known.head(half), known.tail(half)]) if len(known) > MOST_BARS else known
		title += f" – {half} terendah dan {half} tertinggi" if len(known) > MOST_BARS else ""
	categories = [None if pd.isna(label) else label for label in ordered["category"].tolist()]
	return charts.achievement_bars(ordered[name].tolist(), ordered[value].tolist(), categories, labels, title)


def _trend(frame: pd.DataFrame) -> dict[str, bytes]:
	"""The indicator with most periods against its target, where a file holds several periods."""
	numeric = frame[frame["target"].notna() & (frame["period"] != "")] if "target" in frame else frame.head(0)
	if numeric.empty:
		return {}
	longest = numeric.groupby(["opd", "indicator"], sort=False).size()
	if longest.max() < 3:
		return {}
	opd, indicator = longest.idxmax()
	rows = numeric[(numeric["opd"] == opd) & (numeric["indicator"] == indicator)]
	return {
		"trend": charts.trend_against_target(
			rows["period"].tolist(),
			rows["realization"].tolist(),
			rows["target"].tolist(),
			indicator,
			rows["unit"].iloc[0],
		)
	}


# --- documents ---

_SUMMARY_COLUMNS = (
	("indicators", "Indikator", INTEGER, 10),
	("valued", "Bernilai", INTEGER, 10),
	("no_data", "Belum ada data", INTEGER, 11),
	("no_target", "Tanpa target", INTEGER, 10),
	("no_population", "Tanpa populasi", INTEGER, 10),
	("manual", "Penilaian manual", INTEGER, 10),
	("invalid", "Data tidak sah", INTEGER, 10),
	("flagged", "Perlu diperiksa", INTEGER, 10),
	("completeness", "Kelengkapan", PERCENT, 13),
	("mean_raw", "Rata-rata capaian", PERCENT, 13),
	("mean_scored", "Rata-rata skor", PERCENT, 13),
	("category", "Kategori", TEXT, 18),
	("weakest", "Sasaran terlemah", PERCENT, 13),
	("weakest_objective", "Nama sasaran terlemah", TEXT, 34),
	("budget", "Pagu", RUPIAH, 20),
	("budget_realization", "Realisasi anggaran", RUPIAH, 20),
	("absorption", "Serapan", PERCENT, 12),
	("efficiency_gap", "Capaian − serapan", PERCENT, 13),
	("efficiency", "Efisiensi (E)", PERCENT, 13),
	("efficiency_value", "Nilai efisiensi (NE)", NUMBER, 13),
	("efficiency_label", "Keterangan", TEXT, 16),
)
_INDICATOR_COLUMNS = (
	("opd", "OPD", TEXT, 26),
	("objective", "Sasaran", TEXT, 32),
	("indicator", "Indikator", TEXT, 48),
	("unit", "Satuan", TEXT, 12),
	("period", "Periode", TEXT, 16),
	("target_text", "Target", TEXT, 14),
	("realization_text", "Realisasi", TEXT, 14),
	("achievement", "Capaian", PERCENT, 12),
	("achievement_scored", "Skor", PERCENT, 12),
	("category", "Kategori", TEXT, 18),
	("status_label", "Status", TEXT, 18),
	("method_label", "Rumus", TEXT, 16),
	("weight", "Bobot", NUMBER, 9),
	("budget", "Pagu", RUPIAH, 18),
	("budget_realization", "Realisasi anggaran", RUPIAH, 18),
	("explanation", "Penjelasan", TEXT, 70),
	("message", "Kesalahan", TEXT, 40),
)


def summary_table(evaluation: Evaluation) -> pd.DataFrame:
	"""All summaries in one table: `level` (overall, opd, objective), `opd`, `objective`, then the figures."""
	overall = pd.DataFrame([evaluation.overall]).assign(level="overall", opd="", objective="")
	by_opd = evaluation.by_opd.assign(level="opd", objective="")
	by_objective = evaluation.by_objective.assign(level="objective")
	columns = ["level", "opd", "objective", *[name for name, _, _, _ in _SUMMARY_COLUMNS]]
	counts = [column for column in by_opd if column.startswith("count:")]
	parts = [part[columns + counts].astype(object) for part in (overall, by_opd, by_objective)]
	return pd.concat(parts, ignore_index=True)


def _labelled(frame: pd.DataFrame) -> pd.DataFrame:
	return frame.assign(
		status_label=frame["status"].map(STATUS_LABELS).astype(object),
		method_label=frame["method"].map(METHOD_LABELS).astype(object),
		target_text=_texts(frame, "target"),
		realization_text=_texts(frame, "realization"),
	)


def _texts(frame: pd.DataFrame, name: str) -> list[str]:
	"""Targets and realizations as people write them, whether number, range or label."""
	if f"{name}_text" in frame:
		return frame[f"{name}_text"].tolist()
	uppers = frame[f"{name}_upper"] if f"{name}_upper" in frame else [np.nan] * len(frame)
	texts = []
	for low, upper, label in zip(frame[name], uppers, frame[f"{name}_label"], strict=True):
		text = label if isinstance(label, str) else format_number(low, None)
		texts.append(f"{text}–{format_number(upper, None)}" if upper == upper else text)
	return texts


def build_xlsx(evaluation: Evaluation, notes: Sequence[str] = ()) -> bytes:
	"""The workbook: notes, summary per OPD, per objective, indicators."""
	counts = tuple((f"count:{label}", label, INTEGER, 12) for label in evaluation.scale.labels)
	notes_frame = pd.DataFrame({"note": [*notes, *basis(evaluation)]})
	return write_xlsx(
		[
			Sheet(
				"Ringkasan OPD",
				evaluation.by_opd,
				(("rank", "Peringkat", INTEGER, 10), ("opd", "OPD", TEXT, 36), *_SUMMARY_COLUMNS, *counts),
			),
			Sheet(
				"Ringkasan sasaran",
				evaluation.by_objective,
				(("opd", "OPD", TEXT, 30), ("objective", "Sasaran", TEXT, 44), *_SUMMARY_COLUMNS, *counts),
			),
			Sheet("Indikator", _labelled(evaluation.indicators), _INDICATOR_COLUMNS),
			Sheet("Catatan", notes_frame, (("note", "Dasar perhitungan", TEXT, 110),)),
		],
		title="Ringkasan evaluasi kinerja",
	)


def basis(evaluation: Evaluation) -> list[str]:
	"""On what the figures rest: scale, cap, means and version, in Indonesian sentences."""
	bands = "; ".join(f"{band.label} {band.describe()}" for band in evaluation.scale.bands)
	return [
		f"Skala: {evaluation.scale.name} ({bands}). Kategori ditentukan dari nilai yang belum dibulatkan.",
		f"Skor adalah capaian dengan batas bawah 0% dan batas atas {format_number(evaluation.cap, None)}%.",
		"Indikator tanpa nilai tidak dihitung sebagai nol dan tidak ikut rata-rata. Rata-rata OPD adalah rata-rata "
		"sasarannya, atau rata-rata berbobot bila semua indikator bernilai mempunyai bobot.",
		"“Efisien” hanya disebut bila rata-rata capaian sedikitnya 100% dan melebihi serapan anggaran.",
		f"Versi perhitungan {VERSION}.",
	]


@dataclass(frozen=True)
class Prospect:
	"""What the analysis adds. texts: of narrative.unit_text; outlook: of analysis.analyse; pictures: name → PNG with
	the forecasts of the indicators most in need."""

	texts: tuple[str, ...]
	outlook: pd.DataFrame
	pictures: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Cover:
	"""What stands on the first page, and who signs on the last. printed_on: the day, given by the caller."""

	title: str
	subtitle: str
	government: str
	printed_on: date
	place: str = ""
	reference: str = ""
	address: str = ""
	logo: bytes = b""
	signer: Party | None = None


def build_pdf(
	evaluation: Evaluation,
	cover: Cover,
	notes: Sequence[str] = (),
	pictures: Mapping[str, bytes] | None = None,
	variant: str = FOR_THE_RECORD,
	stamper: Stamper | None = None,
	prospect: Prospect | None = None,
) -> bytes:
	"""The evaluation summary as PDF: key figures, evaluation text and outlook, charts, OPDs, objectives, rows to look
	at, indicators.

	Its indicators are attached as CSV.
	"""
	pictures = draw_charts(evaluation) if pictures is None else pictures
	frame = _labelled(evaluation.indicators)
	data = Attachment("indikator.csv", write_csv(indicator_table(evaluation)), "Capaian setiap indikator")
	stamp = (
		stamper(
			content_digest(
				replace(cover, logo=b""), [*notes], [*(prospect.texts if prospect else ())], data.content
			)
		)
		if stamper
		else None
	)
	attention = frame[frame["status"].isin(["invalid", "manual", "implausible", "zero_base", "no_target"])]
	context = {
		"cover": cover,
		"overall": _row(evaluation.overall),
		"opds": _rows(evaluation.by_opd.sort_values("rank", kind="stable", na_position="last")),
		"objectives": _rows(evaluation.by_objective),
		"attention": _rows(attention.head(60)),
		"attention_total": len(attention),
		"groups": _groups(frame.head(MOST_ROWS_IN_PDF)),
		"texts": [_block(text) for text in prospect.texts] if prospect else [],
		"endangered": _endangered(prospect.outlook) if prospect else [],
		"forecasts": list(prospect.pictures) if prospect else [],
		"left_out": max(len(frame) - MOST_ROWS_IN_PDF, 0),
		"several_periods": frame["period"].nunique() > 1,
		"pictures": list(pictures),
		"notes": [*notes, *basis(evaluation)],
		"colors": charts.category_colors(evaluation.scale.labels),
		"stamp": stamp,
		"rows": _signature(cover),
	}
	logo = {"logo": cover.logo} if cover.logo else {}
	files = [data] if variant == FOR_THE_RECORD else []
	drawn = dict(pictures) | dict(prospect.pictures if prospect else {})
	return render_pdf("evaluation.html", context, drawn | logo | qr_code(stamp), variant, files)


def _block(text: str) -> tuple[str, list[str]]:
	"""A paragraph of the evaluation text and the items below it."""
	paragraph, *items = text.split("\n- ")
	return paragraph, items


def _endangered(outlook: pd.DataFrame) -> list[dict]:
	"""The outlooks that are not on track, most in need first, as they are printed."""
	return [outlook_cells(row) for row in records(endangered(outlook).head(MOST_ENDANGERED))]


def indicator_table(evaluation: Evaluation) -> pd.DataFrame:
	"""The indicators with the columns of the workbook under their English names, figures unrounded."""
	return _labelled(evaluation.indicators)[[name for name, _, _, _ in _INDICATOR_COLUMNS]]


def _signature(cover: Cover) -> tuple:
	if not cover.signer:
		return ()
	return signatures(place_and_day(cover.place, cover.printed_on), {}, signer_lines(cover.signer)).rows


def _row(series: pd.Series) -> dict:
	return {name: None if np.isscalar(value) and pd.isna(value) else value for name, value in series.items()}


def _rows(frame: pd.DataFrame) -> list[dict]:
	return records(frame)


def _groups(frame: pd.DataFrame) -> list[tuple[str, list[tuple[str, list[dict]]]]]:
	"""Rows grouped for printing: OPD → objective → indicators."""
	groups = []
	for opd, rows in frame.groupby("opd", sort=False, observed=True):
		objectives = [
			(name, _rows(part)) for name, part in rows.groupby("objective", sort=False, observed=True)
		]
		groups.append((opd, objectives))
	return groups
