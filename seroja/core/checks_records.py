"""Number checks that compare a realization with its target, its evidence, its budget and what the source states.

A rule takes the rows as `checks.find` prepares them (sorted, all optional columns there, `way` 1 where higher
is better, −1 where lower is, 0 elsewhere) and gives messages by the label of the row (domain.md 3.2, 3.5, 7.5).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from seroja.core.achievement import DEFAULT_METHODS, FORMULAS, evaluate
from seroja.core.checks_series import decimals, said, shown
from seroja.core.rendering import format_percent

EXACT = 1e-9  # relative: what arithmetic may leave of two equal figures
LEAST_PERIODS_OF_ALWAYS = 4
# A target may lie below last year's realization for good reason; by more than a fifth it wants one in writing.
EASIER_BY = 0.2
LOW_ABSORPTION, HIGH_ABSORPTION, HALF_DONE = 50.0, 90.0, 50.0  # percent, domain.md 3.4 scales A and E


# --- against the target ---


def implausible(rows: pd.DataFrame) -> pd.Series:
	columns = ["polarity", "target", "target_upper", *(["method"] if "method" in rows else [])]
	result = evaluate(rows[columns].assign(realization=rows["value"]), explanations=False)
	found = rows.assign(computed=result["achievement"])[result["status"].eq("implausible")]
	return said(
		found,
		lambda row: (
			f"Capaian {format_percent(row.computed)} tidak lazim: realisasi {shown(row.value)} terhadap target "
			f"{_target(row)}. Periksa satuan dan penulisan keduanya."
		),
	)


def always_100(rows: pd.DataFrame) -> pd.Series:
	plain = rows["polarity"].ne("qualitative") & rows["target_upper"].isna() & rows["target"].ne(0)
	known = rows[rows["achievement"].notna()]
	exact = plain & _equal(rows["achievement"], 100.0)
	by_key = exact[known.index].groupby(known["key"])
	count = by_key.transform("size")
	always = by_key.transform("all").astype(bool) & count.ge(LEAST_PERIODS_OF_ALWAYS)
	found = known.assign(periods_reached=count)[always]
	return said(
		found.groupby("key").tail(1),
		lambda row: (
			f"Capaian tepat 100% pada semua {row.periods_reached} periode. Pastikan realisasi diukur, bukan disalin dari "
			f"target, dan pertimbangkan target yang lebih menantang."
		),
	)


def falls(rows: pd.DataFrame) -> pd.Series:
	before = _previous(rows, rows["value"])
	lower = rows["value"].lt(before) & ~_equal(rows["value"], before)
	is_net = rows["realization"].lt(0).groupby(rows["key"]).transform("sum").ge(2)  # what may rise and fall
	found = rows.assign(value_before=before)[lower & ~is_net & rows["consolidation"].isin(["SUM", "MAX"])]
	return said(
		found,
		lambda row: (
			f"Nilai kumulatif turun dari {shown(row.value_before)} menjadi {shown(row.value)} dalam tahun yang sama. "
			f"Periksa realisasi periode ini dan periode sebelumnya."
		),
	)


def target_lowered(rows: pd.DataFrame) -> pd.Series:
	target, way = _hardest(rows), rows["way"]
	revised = _easier(target, rows["earlier_target"], way) & rows["value"].notna()
	before, reached = _previous(rows, target), _previous(rows, rows["value"].where(target.notna()))
	# Where realizations that should be low are added up, their target grows through the year by itself.
	grows = rows["consolidation"].eq("SUM") & way.lt(0)
	missed = (before - reached) * way > 0
	eased = _easier(target, before, way) & missed & ~grows & rows["earlier_target"].isna()
	found = rows.assign(now=target, before=before, reached=reached, revised=revised)[revised | eased]
	return said(found, _lowered)


def _lowered(row) -> str:
	verb = "diturunkan" if row.way > 0 else "dinaikkan"
	if row.revised:
		return (
			f"Target {verb} dari {shown(row.earlier_target)} menjadi {shown(row.now)} setelah realisasi "
			f"({shown(row.value)}) diketahui. Mintakan dasar perubahannya."
		)
	return (
		f"Target {verb} dari {shown(row.before)} menjadi {shown(row.now)} setelah target periode sebelumnya tidak "
		f"tercapai (realisasi {shown(row.reached)}). Mintakan dasar perubahannya."
	)


def target_below_last_year(rows: pd.DataFrame) -> pd.Series:
	by_season = [rows["key"], rows["number"]]
	target, way = _hardest(rows), rows["way"]
	last = rows["value"].groupby(by_season).shift()
	follows = rows["year"].groupby(by_season).diff().eq(1)
	# A rate that has lost as much in one year before, growth above all, may be expected to lose it again.
	loss = (last - rows["value"]) * way
	seen = loss.groupby(by_season).cummax().groupby(by_season).ffill().groupby(by_season).shift().fillna(0)
	gap = (last - target) * way
	found = rows.assign(now=target, last=last, gap=gap)[
		follows & last.gt(0) & target.ge(0) & (gap > EASIER_BY * last) & (gap > seen)
	]
	return said(
		found,
		lambda row: (
			f"Target {shown(row.now)} lebih {'rendah' if row.way > 0 else 'longgar'} {format_percent(row.gap / row.last * 100)} "
			f"daripada realisasi periode yang sama tahun lalu ({shown(row.last)}). Mintakan alasan penetapannya."
		),
	)


def _hardest(rows: pd.DataFrame) -> pd.Series:
	"""The bound of the target that has to be kept: the upper one of a range where lower is better."""
	return rows["target_upper"].where(rows["way"].lt(0) & rows["target_upper"].notna(), rows["target"])


def _easier(target: pd.Series, than: pd.Series, way: pd.Series) -> pd.Series:
	return ((than - target) * way > 0) & ~_equal(target, than)


def _previous(rows: pd.DataFrame, values: pd.Series) -> pd.Series:
	"""The last known value before a period, of the same year."""
	of_year = [rows["key"], rows["year"]]
	return values.groupby(of_year).ffill().groupby(of_year).shift()


def _equal(one: pd.Series, other: pd.Series | float) -> pd.Series:
	return (one - other).abs() <= EXACT * one.abs()


def _target(row) -> str:
	both = row.target_upper == row.target_upper
	return f"{shown(row.target)} sampai {shown(row.target_upper)}" if both else shown(row.target)


# --- evidence, budget, verification ---


def no_evidence(rows: pd.DataFrame) -> pd.Series:
	without = rows["has_evidence"].astype("boolean").eq(False).fillna(False).astype(bool)
	return said(
		rows[without & _filled(rows)],
		lambda row: (
			f"Realisasi {shown(row.realization)} diisi tanpa bukti dukung. Mintakan bukti dukung sebelum diverifikasi."
			if row.realization == row.realization
			else "Realisasi diisi tanpa bukti dukung. Mintakan bukti dukung sebelum diverifikasi."
		),
	)


def evidence_reused(rows: pd.DataFrame) -> pd.Series:
	digests = rows["evidence_digest"].dropna().astype(str).str.split("|").explode().str.strip()
	uses = digests[digests.ne("")].rename_axis("row").reset_index().drop_duplicates()
	by_file = uses.groupby("evidence_digest")["row"]
	uses = uses.assign(
		users=by_file.transform("size"), first=by_file.transform("min"), last=by_file.transform("max")
	)
	shared = uses[uses["users"] > 1].sort_values(["row", "users"]).drop_duplicates("row", keep="last")
	shared = shared.set_index("row")
	found = rows[_filled(rows)].join(shared[["users", "first", "last"]], how="inner")
	other = rows.loc[
		found["first"].where(found["first"].ne(found.index), found["last"]), ["key", "indicator", "period"]
	]
	other.index = found.index
	return said(found.join(other.add_prefix("other_")), _reused)


def _reused(row) -> str:
	name = "indikator ini" if row.other_key == row.key else f"“{row.other_indicator}”"
	more = f" dan {row.users - 2} baris lain" if row.users > 2 else ""
	return (
		f"Berkas bukti dukung yang sama dipakai juga untuk {name} ({row.other_period}){more}. Pastikan berkas itu memang "
		f"membuktikan realisasi baris ini."
	)


def unspent_but_done(rows: pd.DataFrame) -> pd.Series:
	rows = rows.assign(absorbed=_absorption(rows))
	at_end = rows["number"].eq(rows["periods"])
	found = rows[at_end & rows["absorbed"].lt(LOW_ABSORPTION) & rows["achievement"].ge(100)]
	return said(found, lambda row: _money(row, "hanya"))


def spent_not_done(rows: pd.DataFrame) -> pd.Series:
	rows = rows.assign(absorbed=_absorption(rows))
	found = rows[rows["absorbed"].ge(HIGH_ABSORPTION) & rows["achievement"].lt(HALF_DONE)]
	return said(found, lambda row: _money(row, "sudah"))


def _absorption(rows: pd.DataFrame) -> pd.Series:
	"""Percent of the budget that is spent; NaN without a budget (domain.md 3.5)."""
	return rows["budget_realization"] / rows["budget"].where(rows["budget"].gt(0)) * 100


def _money(row, word: str) -> str:
	return (
		f"Serapan anggaran {word} {format_percent(row.absorbed)}, sedangkan capaian {format_percent(row.achievement)}. "
		f"Periksa kaitan anggaran dengan indikator ini dan kewajaran realisasinya."
	)


def changed_after_verification(rows: pd.DataFrame) -> pd.Series:
	known = rows["verified_value"].notna() & rows["value"].notna()
	return said(
		rows[
			known & ~_equal(rows["verified_value"], rows["value"]) & rows["verified_value"].ne(rows["value"])
		],
		lambda row: (
			f"Nilai berubah dari {shown(row.verified_value)} menjadi {shown(row.value)} setelah diverifikasi. "
			f"Verifikasi ulang dan mintakan alasan perubahannya."
		),
	)


def _filled(rows: pd.DataFrame) -> pd.Series:
	"""Rows with a realization; of a qualitative indicator only the achievement shows that there is one."""
	return rows["realization"].notna() | (rows["polarity"].eq("qualitative") & rows["achievement"].notna())


# --- what the source states ---


def stated(rows: pd.DataFrame) -> pd.Series:
	places = decimals(rows["stated_achievement"]).clip(lower=0)
	away = (rows["achievement"] - rows["stated_achievement"]).abs()
	numeric = rows["polarity"].ne("qualitative")
	wrong = numeric & (away > _half(places) + EXACT * rows["achievement"].abs())
	found = rows.assign(places=places)[wrong]
	return said(
		found.assign(value_places=decimals(found["value"]), target_places=decimals(found["target"])),
		lambda row: (
			f"Capaian tertulis {format_percent(row.stated_achievement, row.places)}, padahal realisasi {shown(row.value)} "
			f"terhadap target {_target(row)} menghasilkan {format_percent(row.achievement)}: {_reason(row)}."
		),
	)


def _half(places):
	"""Half a unit of the last decimal: what rounding may change."""
	return 0.5 * 10.0 ** -np.maximum(places, 0)


def _fits(row, figure: float) -> bool:
	return bool(abs(figure - row.stated_achievement) <= _half(row.places) + EXACT * abs(figure))


def _reason(row) -> str:
	"""Why the stated achievement differs, where a usual slip explains it; otherwise what to do."""
	for explanation in (_repeated, _other_formula, _truncated, _slipped, _coarse, _other_realization):
		if sentence := explanation(row):
			return sentence
	return "tidak ada rumus lazim yang menghasilkan angka itu; mintakan perhitungannya"


def _repeated(row) -> str:
	names = {"realisasi": row.value, "target": row.target}
	same = [name for name, figure in names.items() if _fits(row, figure) and figure not in (0, 100)]
	return f"angka itu sama dengan {same[0]}; perbaiki kolom capaian" if same else ""


def _base(row) -> str:
	"""The formula of the row, of those with a figure: a method of its own or that of its polarity."""
	method = getattr(row, "method", None)
	return method if method in FORMULAS else DEFAULT_METHODS[row.polarity]


def _bound(row) -> float:
	"""The target, or the bound of the range that the value is nearest to."""
	if row.target_upper != row.target_upper:
		return row.target
	return min(max(row.value, row.target), row.target_upper)


def _other_formula(row) -> str:
	with np.errstate(all="ignore"):
		for name, words in _FORMULA_WORDS.items():
			if name != _base(row) and _fits(row, FORMULAS[name](np.float64(_bound(row)), row.value)):
				return f"angka itu hasil rumus {words}; perbaiki capaian atau arah indikatornya"
	return ""


_FORMULA_WORDS = {
	"ratio": "R/T (makin tinggi makin baik)",
	"complement": "(2T−R)/T (makin rendah makin baik)",
	"inverse": "T/R (makin rendah makin baik)",
}


def _truncated(row) -> str:
	unit = 10.0**row.places
	cut = np.trunc(row.achievement * unit) / unit
	return "angka itu dipotong, bukan dibulatkan; perbaiki pembulatannya" if _same(cut, row) else ""


def _same(figure: float, row) -> bool:
	return bool(abs(figure - row.stated_achievement) <= EXACT * max(abs(figure), 1))


def _slipped(row) -> str:
	for power in (1, 2, 3, -1, -2, -3):
		if row.achievement and _fits(row, row.achievement * 10.0**power):
			return f"selisihnya tepat {shown(10 ** abs(power))} kali; periksa tanda desimal dan ribuan pada capaian dan realisasi"
	return ""


def _coarse(row) -> str:
	"""Whether the rounding of the printed target and realization can hide the difference; whole numbers are counts."""
	figures = [
		[figure - _half(places), figure + _half(places)] if places > 0 else [figure]
		for figure, places in ((_bound(row), row.target_places), (row.value, row.value_places))
	]
	with np.errstate(all="ignore"):
		ends = [
			FORMULAS[_base(row)](np.float64(target), value) for target in figures[0] for value in figures[1]
		]
	lies_within = min(ends) - _half(row.places) <= row.stated_achievement <= max(ends) + _half(row.places)
	return "target atau realisasi tertulis terlalu kasar; tulis lebih banyak desimal" if lies_within else ""


def _other_realization(row) -> str:
	share, target = row.stated_achievement / 100, _bound(row)
	needed = {
		"ratio": share * target,
		"complement": (2 - share) * target,
		"inverse": target / share if share else np.nan,
	}
	realization = needed.get(_base(row), np.nan)
	if not np.isfinite(realization):
		return ""
	realization = np.round(realization, max(int(row.value_places), 0))
	if not realization or not _fits(row, FORMULAS[_base(row)](target, realization)):
		return ""
	return f"angka itu baru cocok bila realisasinya {shown(realization)}; periksa realisasi dan capaian"
