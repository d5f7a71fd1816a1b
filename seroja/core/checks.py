"""Number checks: which figures deserve a look before they are verified, and why.

`CHECKS` is the table of all of them; the rules stand in checks_series.py (a value against the others of its
indicator) and checks_records.py (against target, evidence, budget and what the source states). A finding is
a question to the unit, never a correction. A missing realization is no fault: no rule speaks about one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

import pandas as pd

from seroja.core import checks_records, checks_series
from seroja.core.periods import KINDS, Period

SEVERITIES = ("high", "medium", "low")
SEVERITY_LABELS = {"high": "Berat", "medium": "Sedang", "low": "Ringan"}


@dataclass(frozen=True)
class Check:
	"""label, description: for people; rule: the prepared rows → messages by the label of the row."""

	code: str
	label: str
	severity: str
	description: str
	rule: Callable[[pd.DataFrame], pd.Series] = field(repr=False, compare=False)


CHECKS: tuple[Check, ...] = (
	Check(
		"decimal",
		"Tanda desimal keliru",
		"high",
		"Koma desimal hilang, atau titik ribuan terbaca sebagai koma desimal.",
		checks_series.decimal,
	),
	Check(
		"magnitude",
		"Salah kelipatan sepuluh",
		"high",
		"Nilai berbeda 10, 100, 1.000 kali dari nilai lain indikator yang sama.",
		checks_series.magnitude,
	),
	Check(
		"sign",
		"Tanda positif atau negatif keliru",
		"medium",
		"Satu nilai negatif di antara nilai positif, atau sebaliknya.",
		checks_series.sign,
	),
	Check(
		"outlier",
		"Nilai menyimpang jauh",
		"medium",
		"Nilai jauh di luar nilai di sekitarnya dibandingkan dengan perubahan yang biasa.",
		checks_series.outlier,
	),
	Check(
		"copied",
		"Sama dengan periode sebelumnya",
		"medium",
		"Nilai sama persis dengan periode sebelumnya, padahal indikatornya biasa berubah.",
		checks_series.copied,
	),
	Check(
		"implausible",
		"Capaian tidak lazim",
		"medium",
		"Capaian di atas 300%, di bawah 0%, atau realisasi berbeda kelipatan sepuluh dari target.",
		checks_records.implausible,
	),
	Check(
		"always_100",
		"Selalu tepat 100%",
		"low",
		"Capaian tepat 100% pada semua periode, sedikitnya empat.",
		checks_records.always_100,
	),
	Check(
		"falls",
		"Nilai kumulatif turun",
		"high",
		"Nilai sampai dengan periode ini lebih kecil daripada periode sebelumnya dalam tahun yang sama.",
		checks_records.falls,
	),
	Check(
		"target_lowered",
		"Target diringankan",
		"high",
		"Target dibuat lebih ringan setelah realisasi diketahui atau target sebelumnya tidak tercapai.",
		checks_records.target_lowered,
	),
	Check(
		"target_below_last_year",
		"Target jauh di bawah tahun lalu",
		"medium",
		"Target lebih ringan lebih dari 20% daripada realisasi periode yang sama tahun lalu.",
		checks_records.target_below_last_year,
	),
	Check(
		"no_evidence",
		"Tanpa bukti dukung",
		"medium",
		"Realisasi diisi tanpa bukti dukung.",
		checks_records.no_evidence,
	),
	Check(
		"evidence_reused",
		"Bukti dukung dipakai ulang",
		"medium",
		"Berkas yang sama menjadi bukti dukung indikator atau periode lain.",
		checks_records.evidence_reused,
	),
	Check(
		"unspent_but_done",
		"Serapan rendah, capaian penuh",
		"medium",
		"Serapan anggaran di bawah 50% pada akhir tahun, sedangkan capaian 100% atau lebih.",
		checks_records.unspent_but_done,
	),
	Check(
		"spent_not_done",
		"Serapan tinggi, capaian rendah",
		"medium",
		"Serapan anggaran 90% atau lebih, sedangkan capaian di bawah 50%.",
		checks_records.spent_not_done,
	),
	Check(
		"changed_after_verification",
		"Berubah setelah diverifikasi",
		"high",
		"Nilai berbeda dari nilai yang pernah diverifikasi.",
		checks_records.changed_after_verification,
	),
	Check(
		"stated",
		"Capaian tertulis tidak cocok",
		"medium",
		"Capaian yang tertulis di sumber tidak mengikuti target dan realisasinya.",
		checks_records.stated,
	),
)
# One cause, one finding: a check → those that are silent on a cell where it speaks.
SAYS_MORE = {
	"decimal": ("magnitude", "outlier", "implausible"),
	"magnitude": ("outlier", "implausible"),
	"sign": ("outlier", "implausible", "falls"),
}
FIELDS = ("key", "indicator", "opd", "year", "number", "period", "code", "severity", "message")
_GIVEN = (
	*("key", "indicator", "opd", "polarity", "consolidation", "year", "number", "periods", "target"),
	*("realization", "value", "achievement", "method"),
)
_OPTIONAL = (
	*("target_upper", "stated_achievement", "has_evidence", "evidence_digest", "budget"),
	*("budget_realization", "earlier_target", "verified_value"),
)
_NUMBERS = (
	*("target", "target_upper", "realization", "value", "achievement", "stated_achievement", "budget"),
	*("budget_realization", "earlier_target", "verified_value"),
)


def find(rows: pd.DataFrame, switched_off: Collection[tuple[str, str]] = ()) -> pd.DataFrame:
	"""What the checks find in the long frame of indicators and periods.

	rows: one per `key`, `year` and `number`, in any order: `indicator`, `opd`, `polarity`, `consolidation`,
	`periods`, `target`, `realization`, `value` (year to date), `achievement` (raw percent); optional
	`target_upper`, `method`, `stated_achievement`, `has_evidence`, `evidence_digest` (several joined by "|"),
	`budget`, `budget_realization`, `earlier_target`, `verified_value`. switched_off: pairs of key and code.
	Columns out: FIELDS, sorted by key, year, number and code; no two rows of them for the same cause.
	"""
	if rows.empty:
		return pd.DataFrame(columns=list(FIELDS))
	prepared = _prepared(rows)
	found = pd.DataFrame({check.code: check.rule(prepared) for check in CHECKS}, index=prepared.index)
	_leave_out_same_cause(found, prepared)
	messages = found.melt(ignore_index=False, var_name="code", value_name="message").dropna(subset="message")
	result = messages.join(prepared[["key", "indicator", "opd", "year", "number", "period"]])
	result["severity"] = result["code"].map({check.code: check.severity for check in CHECKS})
	off = pd.MultiIndex.from_frame(result[["key", "code"]]).isin(list(switched_off))
	result = result[~off].sort_values(["key", "year", "number", "code"], ignore_index=True)
	return result[list(FIELDS)]


def _prepared(rows: pd.DataFrame) -> pd.DataFrame:
	"""The rows sorted, with a label for the period and an empty column for each optional one that is missing."""
	rows = rows.reindex(columns=[*(name for name in _GIVEN if name in rows), *_OPTIONAL])
	rows = rows.assign(key=rows["key"].astype(str)).sort_values(["key", "year", "number"], ignore_index=True)
	rows[list(_NUMBERS)] = rows[list(_NUMBERS)].astype("float64")
	rows["way"] = (
		rows["polarity"].astype(object).map({"maximize": 1, "minimize": -1}).fillna(0).astype("int8")
	)
	places = rows[["year", "periods", "number"]]
	labels = {place: _label(*place) for place in places.drop_duplicates().itertuples(index=False, name=None)}
	rows["period"] = [labels[place] for place in places.itertuples(index=False, name=None)]
	return checks_series.with_neighbours(rows)


def _label(year: int, periods: int, number: int) -> str:
	return Period(int(year), KINDS[periods], int(number)).label


def _leave_out_same_cause(found: pd.DataFrame, rows: pd.DataFrame) -> None:
	for code, silent in SAYS_MORE.items():
		found.loc[found[code].notna(), list(silent)] = None
	# A wrong figure is still in the values to date that are made from it later in the year.
	slipped = found[["decimal", "magnitude", "sign"]].notna().any(axis=1)
	carried = slipped.groupby([rows["key"], rows["year"]]).cummax() & rows["consolidation"].ne("LAST")
	found.loc[carried, "implausible"] = None
