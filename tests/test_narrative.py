"""The evaluation text: every number of it comes from the data, and it reads as Indonesian."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seroja.core.forecasting import LEVEL
from seroja.core.narrative import (
	Advice,
	Driver,
	IndicatorStory,
	Outlook,
	RankedUnit,
	UnitStory,
	aggregate_text,
	indicator_text,
	masked,
	names_of,
	unit_text,
	unmasked,
)
from seroja.core.numbers import format_number
from seroja.core.rendering import format_date, format_percent
from seroja.core.rewording import numbers_in

POVERTY = IndicatorStory(
	name="Persentase penduduk miskin",
	unit="%",
	year=2026,
	period="Triwulan II 2026",
	polarity="minimize",
	target="4,10",
	realization="4,35",
	achievement=93.9,
	category="Sangat Tinggi",
	status_label="Terhitung",
	last_achievement=90.15,
	last_realization="4,50",
	last_year=2025,
	drivers=(
		Driver("Cakupan bantuan pangan", "indicator", 112.5),
		Driver("Menurunnya beban pengeluaran", "objective", 71.25),
		Driver("Tingkat pengangguran terbuka", "indicator"),
	),
	budget=1_200_000_000.0,
	budget_realization=540_000_000.0,
	obstacles=("Data penerima belum padan.",),
	outlook=(
		Outlook(2026, 4.2, 4.05, 4.38, "4,00", 0.28, "off_track", "Tren diredam"),
		Outlook(2029, 3.9, 3.4, 4.3, "3,20", 0.004, "off_track", "Tren diredam"),
	),
	findings=("Nilai sama dengan triwulan sebelumnya (4,35).",),
	recommendations=(
		Advice("REK-2", "Susun rencana pemadanan data.", date(2026, 12, 31)),
		Advice("REK-1", "Lengkapi manual indikator", date(2026, 7, 1), True),
	),
)
UNIT = UnitStory("Dinas Sosial", 2026, "Triwulan II 2026", (POVERTY,), 93.9, 93.9, "Sangat Tinggi", 90.15)

# --- random stories ---

words = st.sampled_from(
	["Angka", "kematian", "ibu", "Jumlah", "layanan 24 jam", "PAUD", "(AKI)", "mutu", "100%"]
)
names = st.lists(words, min_size=1, max_size=4).map(" ".join)
typed = st.lists(words, max_size=4).map(" ".join) | st.sampled_from(
	["", "Anggaran terlambat..", " Dua  spasi ", "Mengapa?", "baris\nbaru", "selesai."]
)
percents = st.none() | st.floats(-400, 9000) | st.sampled_from([0.0, 100.0, 99.999, 99.9999999, float("nan")])
values = st.none() | st.floats(-1e9, 1e9) | st.sampled_from([0.0, 0.004, 999.999, float("nan")])
money = st.none() | st.floats(0, 1e13)
figures = st.sampled_from(["", "80", "1.234,5", "68,0–74,4", "BB", "0", "-5,2"])
statuses = st.sampled_from(["on_track", "at_risk", "off_track", "unknown"])
years = st.integers(2020, 2032)
drivers = st.builds(Driver, names, st.sampled_from(["indicator", "objective"]), percents)
outlooks = st.builds(
	Outlook,
	years,
	values,
	values,
	values,
	figures,
	st.none() | st.floats(0, 1) | st.sampled_from([0.001, 0.999]),
	statuses,
	st.sampled_from(["Tren diredam", "Nilai terakhir", "–", ""]),
	st.booleans(),
)
advices = st.builds(
	Advice,
	st.from_regex(r"REK-[0-9]{1,3}", fullmatch=True),
	typed,
	st.none() | st.dates(date(2020, 1, 1), date(2030, 12, 31)),
	st.booleans(),
)


def several(strategy):
	return st.lists(strategy, max_size=7).map(tuple)


periods = st.sampled_from(["", "Tahun 2026", "Triwulan II 2026", "Triwulan IV 2026", "Maret 2026"])
indicators = st.builds(
	IndicatorStory,
	name=names,
	unit=st.sampled_from(["", "%", "Indeks", "Orang", "Rp", "per 100.000 KH", "Persen"]),
	year=st.just(2026),
	period=periods,
	polarity=st.sampled_from(["maximize", "minimize", "stabilize", "qualitative"]),
	target=figures,
	realization=figures,
	achievement=percents,
	category=st.sampled_from(["", "Tinggi"]),
	status_label=st.sampled_from(["", "Terhitung", "Perlu diperiksa"]),
	last_achievement=percents,
	last_realization=figures,
	last_year=st.none() | years,
	drivers=several(drivers),
	budget=money,
	budget_realization=money,
	obstacles=several(typed),
	next_steps=several(typed),
	outlook=several(outlooks),
	findings=several(typed),
	recommendations=several(advices),
)
units = st.builds(
	UnitStory,
	name=names,
	year=st.just(2026),
	period=periods,
	indicators=several(indicators),
	mean_raw=percents,
	mean_scored=percents,
	category=st.sampled_from(["", "Tinggi"]),
	last_mean=percents,
	budget=money,
	budget_realization=money,
	absorption=percents,
	recommendations=several(advices),
	units=several(st.builds(RankedUnit, names, percents, st.sampled_from(["", "Tinggi", "Rendah"]))),
)


# --- the numbers that a story holds, as a text may print them ---


def percent_texts(value) -> list[str]:
	"""A percentage below 100 has as many decimals as it takes not to look like 100."""
	return [format_percent(value, decimals) for decimals in range(2, 11)]


def change_texts(now, before) -> list[str]:
	if now is None or before is None or now != now or before != before:
		return []
	printed = [
		float(format_percent(value).rstrip("%").replace(".", "").replace(",", ".")) for value in (now, before)
	]
	return [format_number(abs(printed[0] - printed[1]))]


def figure_texts(value, unit: str, decimals: int) -> list[str]:
	text = format_number(value, decimals)
	return [text, f"{text}%", f"{text} {unit}"]


def outlook_texts(outlook: Outlook, unit: str) -> list[str]:
	chance = "" if outlook.probability is None else format_percent(outlook.probability * 100, 0)
	ends = (outlook.forecast, outlook.lower, outlook.upper)
	computed = [text for value in ends for text in figure_texts(value, unit, outlook.decimals)]
	target = [outlook.target, f"{outlook.target}%", f"{outlook.target} {unit}"]
	return [str(outlook.year), f"{LEVEL}%", chance, *computed, *target]


def money_texts(story) -> list[str]:
	budget, spent = story.budget, story.budget_realization
	share = format_percent(spent / budget * 100) if budget and spent is not None else ""
	return [share, *(format_number(value, 0) for value in (budget, spent))]


def advice_texts(recommendations) -> list[str]:
	return [
		text
		for row in recommendations
		for text in (row.code, row.text, format_date(row.due) if row.due else "")
	]


def indicator_texts(story: IndicatorStory) -> list[str]:
	typed_texts = [story.name, story.unit, story.period, *story.obstacles, *story.next_steps, *story.findings]
	printed = [story.target, story.realization, story.last_realization]
	with_units = [text for figure in printed for text in (figure, f"{figure}%", f"{figure} {story.unit}")]
	return [
		*typed_texts,
		*with_units,
		str(story.year),
		str(story.last_year or ""),
		*percent_texts(story.achievement),
		*percent_texts(story.last_achievement),
		*change_texts(story.achievement, story.last_achievement),
		*(text for row in story.drivers for text in (row.name, *percent_texts(row.achievement))),
		*money_texts(story),
		*(text for row in story.outlook for text in outlook_texts(row, story.unit)),
		*advice_texts(story.recommendations),
	]


def unit_texts(story: UnitStory) -> list[str]:
	means = (story.mean_raw, story.mean_scored, story.last_mean, story.absorption)
	return [
		story.name,
		story.period,
		str(story.year),
		str(story.year - 1),
		*(text for row in story.indicators for text in indicator_texts(row)),
		*(text for value in means for text in percent_texts(value)),
		*change_texts(story.mean_scored, story.last_mean),
		*money_texts(story),
		*advice_texts(story.recommendations),
		*(text for row in story.units for text in (row.name, *percent_texts(row.mean_scored))),
	]


def counted(rows, *tests) -> set[int]:
	return {sum(bool(test(row)) for row in rows) for test in tests} | {len(rows)}


def is_known(value) -> bool:
	return value is not None and value == value


def changed(row) -> float | None:
	texts = change_texts(row.achievement, row.last_achievement)
	if not texts:
		return None
	return float(texts[0].replace(".", "").replace(",", ".")) * (
		1 if row.achievement > row.last_achievement else -1
	)


def beyond_five(counts) -> set[int]:
	"""Of a long list five are named; the others are counted."""
	return set(counts) | {count - 5 for count in counts if count > 5}


def indicator_counts(story: IndicatorStory) -> set[int]:
	kinds = [
		lambda row: row.kind == "indicator",
		lambda row: row.kind == "objective",
		lambda row: not is_known(row.achievement),
	]
	lists = (story.obstacles, story.next_steps)
	said = {sum(bool(text.strip(" .")) for text in texts) for texts in lists}
	return beyond_five(
		counted(story.drivers, *kinds) | said | {len(story.findings), len(story.recommendations)}
	)


def unit_counts(story: UnitStory) -> set[int]:
	rows, outlooks = story.indicators, [outlook for row in story.indicators for outlook in row.outlook]

	def status(row):
		return min(row.outlook, key=lambda outlook: outlook.year).status if row.outlook else ""

	def is_unplanned(row):
		return status(row) == "off_track" and not row.next_steps and not row.recommendations

	counts = counted(
		rows,
		lambda row: is_known(row.achievement),
		lambda row: not is_known(row.achievement),
		lambda row: is_known(row.achievement) and row.achievement >= 100,
		lambda row: is_known(row.achievement) and row.achievement < 100,
		lambda row: not row.outlook,
		lambda row: changed(row) is not None,
		lambda row: (changed(row) or 0) > 0,
		lambda row: (changed(row) or 0) < 0,
		lambda row: changed(row) == 0,
		lambda row: not row.realization,
		lambda row: not row.target,
		lambda row: bool(row.findings),
		is_unplanned,
		lambda row: is_known(row.achievement) and row.achievement < 100 and not row.obstacles,
		lambda row: row.obstacles and not row.next_steps and not is_unplanned(row),
		lambda row: (
			status(row) in ("off_track", "at_risk") or (is_known(row.achievement) and row.achievement < 100)
		),
	)
	counts |= set(Counter((outlook.year, outlook.status) for outlook in outlooks).values())
	counts |= {sum(is_known(row.mean_scored) for row in story.units), len(story.units)}
	counts |= {sum(not is_known(row.mean_scored) for row in story.units)}
	counts |= set(Counter(row.category for row in story.units if is_known(row.mean_scored)).values())
	counts |= set(Counter(row.mean_scored for row in story.units).values())
	advice = {row for part in (story, *rows) for row in part.recommendations}
	return beyond_five(counts | {len(advice), sum(row.is_overdue for row in advice)})


def numbers_of(texts) -> set[str]:
	return {number for text in texts for number in numbers_in(" ".join(text.split()))}


def assert_reads_well(paragraphs: list[str]):
	for text in paragraphs:
		assert not re.search(r"\b(None|nan|inf|NaT)\b", text), text
		assert not re.search(r" {2}|[.,;:]{2}|\( | \)| [.,;:)]|“”|\(\)", text), text
		for line in text.split("\n"):
			assert line.endswith((".", "?", ":")), line
			assert line.removeprefix("- ")[0].isupper() or line.removeprefix("- ")[0] in "“⟦", line


# --- every story ---


@given(indicators)
def test_every_number_of_an_indicators_text_comes_from_its_story(story):
	found = set(numbers_in("\n\n".join(indicator_text(story))))
	assert found <= numbers_of(indicator_texts(story)) | set(map(str, indicator_counts(story)))


@given(units)
def test_every_number_of_a_units_text_comes_from_its_story(story):
	allowed = numbers_of(unit_texts(story)) | set(map(str, unit_counts(story)))
	assert set(numbers_in("\n\n".join(unit_text(story)))) <= allowed
	assert set(numbers_in("\n\n".join(aggregate_text(story)))) <= allowed


@given(indicators)
def test_an_indicators_text_reads_well_whatever_is_missing(story):
	assert_reads_well(indicator_text(story))


@given(units)
def test_a_units_text_reads_well_whatever_is_missing(story):
	assert_reads_well(unit_text(story))
	assert_reads_well(aggregate_text(story))


@given(indicators, st.randoms())
def test_the_same_data_give_the_same_text_in_any_order(story, random):
	def shuffled(rows):
		return tuple(random.sample(rows, len(rows)))

	distinct = replace(
		story,
		drivers=tuple({row.name: row for row in story.drivers}.values()),
		outlook=tuple({row.year: row for row in story.outlook}.values()),
	)
	other = replace(
		distinct,
		drivers=shuffled(distinct.drivers),
		outlook=shuffled(distinct.outlook),
		recommendations=shuffled(distinct.recommendations),
	)
	assert indicator_text(other) == indicator_text(distinct)


# --- single sentences ---


def test_a_story_is_told_in_its_order_with_its_figures():
	reached, compared, drivers, outlook, later, advice = indicator_text(POVERTY)
	assert (
		"Sampai dengan Triwulan II 2026, realisasi indikator “Persentase penduduk miskin” adalah 4,35%"
		in reached
	)
	assert "93,90% (kategori Sangat Tinggi); target belum tercapai" in reached
	assert "Capaian periode yang sama tahun 2025 adalah 90,15%" in compared
	assert "naik 3,75 poin persen" in compared and "membaik" in compared
	assert "“Menurunnya beban pengeluaran” (71,25%)" in drivers and "serapan 45,00%" in drivers
	assert "“Data penerima belum padan”" in drivers
	assert "antara 4,05% dan 4,38%" in outlook and "28%" in outlook and "di luar jalur" in outlook
	assert "mendekati 0%" in later
	assert advice.index("REK-1") < advice.index("REK-2") < advice.index("Temuan pada angka")
	assert "1 Juli 2026" in advice and "31 Desember 2026" in advice
	assert "Kendala sudah dicatat tanpa langkah perbaikan" in advice


def test_an_empty_story_says_what_is_missing():
	empty = IndicatorStory("Indeks X", "", 2026, "Tahun 2026", "maximize")
	text = " ".join(indicator_text(empty))
	assert "target dan realisasi indikator “Indeks X” belum tercatat" in text
	assert "belum dapat dihitung" in text and "Anggaran belum tercatat" in text
	assert set(numbers_in(text)) == {"2026"}
	assert "belum ada indikator kinerja Dinas X yang tercatat" in unit_text(UnitStory("Dinas X", 2026, ""))[0]


def test_texts_that_are_null_count_as_empty():
	bare = IndicatorStory("X", None, 2026, None, None, None, None, None, None, None)
	outlook = (Outlook(2026, float("nan"), None, None, None, None, "unknown", None),)
	advice = (Advice("A", None), Advice(None, None, None, True))
	story = replace(bare, outlook=outlook, recommendations=advice, drivers=(Driver("Y", "indicator"),))
	assert_reads_well(indicator_text(story))
	assert_reads_well(unit_text(UnitStory("U", 2026, None, (story,), units=(RankedUnit("Z", None, None),))))


@pytest.mark.parametrize(
	("achievement", "printed", "result"),
	[
		(100.0, "100,00%", "target tercapai"),
		(99.999, "99,999%", "target belum tercapai"),
		(99.5, "99,50%", "target belum tercapai"),
	],
)
def test_an_achievement_is_not_rounded_up_to_a_target_that_was_missed(achievement, printed, result):
	text = indicator_text(replace(POVERTY, achievement=achievement))[0]
	assert f"Capaiannya {printed} " in text and result in text


@pytest.mark.parametrize(
	("period", "achievement", "spent", "said"),
	[
		("Tahun 2026", 105.0, 600_000_000.0, "penggunaan anggaran efisien"),
		("Tahun 2026", 40.0, 1_140_000_000.0, "hasilnya belum sebanding"),
		("Tahun 2026", 80.0, 600_000_000.0, "belum dapat disebut efisien"),
		("Tahun 2026", 105.0, 1_800_000_000.0, "melebihi pagu"),
		("Triwulan II 2026", 105.0, 600_000_000.0, "pada akhir tahun"),
	],
)
def test_money_is_judged_only_where_it_can_be(period, achievement, spent, said):
	story = replace(POVERTY, period=period, achievement=achievement, budget_realization=spent, findings=())
	text = " ".join(indicator_text(story))
	assert said in text
	assert ("efisien." in text) == ("efisien" in said)


@pytest.mark.parametrize("doubt", [{"findings": ("Periksa.",)}, {"status_label": "Perlu diperiksa"}])
def test_nothing_is_called_efficient_by_a_figure_that_is_in_doubt(doubt):
	sure = replace(POVERTY, period="Tahun 2026", achievement=350.0, findings=())
	assert "efisien" in " ".join(indicator_text(sure))
	assert "efisien" not in " ".join(indicator_text(replace(sure, **doubt)))


def test_the_end_of_a_year_that_was_told_is_not_told_again():
	final = replace(
		POVERTY,
		period="Tahun 2026",
		outlook=(Outlook(2026, 4.35, 4.35, 4.35, "4,10", 0.0, "off_track", "", True),),
	)
	assert "sudah lengkap" not in " ".join(indicator_text(final))
	assert "Tahun 2026 sudah lengkap" in " ".join(
		indicator_text(replace(final, year=2027, period="Triwulan I 2027"))
	)


@pytest.mark.parametrize(
	("achievements", "said"),
	[
		((105.0,), "diukur dengan 1 indikator. Targetnya tercapai."),
		((80.0, None), "Baru 1 indikator yang mempunyai nilai capaian; targetnya belum tercapai."),
		((105.0, 101.0), "Dari 2 indikator itu, semuanya mencapai target."),
		((80.0, 70.0), "Dari 2 indikator itu, belum ada yang mencapai target."),
		((None, None), "Belum ada yang mempunyai nilai capaian."),
	],
)
def test_none_one_and_all_have_their_own_words(achievements, said):
	rows = tuple(replace(POVERTY, achievement=value) for value in achievements)
	assert said in unit_text(replace(UNIT, indicators=rows))[0]


def test_no_advice_is_given_where_nothing_calls_for_it():
	calm = IndicatorStory("X", "%", 2026, "Tahun 2026", "maximize", "80", "84", 105.0, "Tinggi")
	assert indicator_text(calm)[-1].startswith("Tidak ada hal yang mendesak")


def test_the_text_of_a_unit_names_the_worst_first_and_counts():
	good = IndicatorStory("Baik", "%", 2026, "Tahun 2026", "maximize", "80", "84", 105.0)
	good = replace(good, outlook=(Outlook(2026, 84.0, status="on_track"),))
	text = unit_text(replace(UNIT, indicators=(good, POVERTY)))
	assert "Dari 2 indikator itu, 1 mencapai target dan 1 belum." in text[0]
	assert "Untuk target tahun 2026, 1 indikator sesuai jalur dan 1 indikator di luar jalur." in text[1]
	assert "perhatian: “Persentase penduduk miskin” (capaian 93,90%, di luar jalur)" in text[1]


def test_the_text_of_the_city_ranks_its_units():
	ranked = (
		RankedUnit("Dinas A", 95.5, "Tinggi"),
		RankedUnit("Dinas B", 61.0, "Rendah"),
		RankedUnit("Dinas C"),
	)
	text = " ".join(unit_text(replace(UNIT, units=ranked)))
	assert "tertinggi dicapai Dinas A (95,50%); yang terendah Dinas B (61,00%)" in text
	assert "Ada 1 perangkat daerah yang belum mempunyai nilai" in text


# --- for a language model ---


def test_nothing_that_people_typed_reaches_the_aggregate_text():
	secret = "rahasia"
	story = replace(
		POVERTY,
		target=secret,
		realization=secret,
		unit=secret,
		last_realization=secret,
		obstacles=(secret,),
		next_steps=(),
		findings=(secret,),
		recommendations=(Advice(secret, secret, date(2026, 7, 1), True),),
		drivers=(Driver(secret, "indicator", 5.0),),
	)
	texts = aggregate_text(replace(UNIT, indicators=(story,), recommendations=(Advice(secret, secret),)))
	assert secret not in " ".join(texts)
	assert (
		"Tindak lanjuti 2 rekomendasi yang masih terbuka, 1 di antaranya sudah melewati tenggat." in texts[-1]
	)


@given(units)
def test_names_are_masked_and_put_back(story):
	names = names_of(story)
	texts = aggregate_text(story)
	hidden, marks = masked(texts, names)
	assert unmasked(hidden, marks) == texts
	left = "\n".join(hidden)
	assert not any(f"“{name}”" in left or f"kinerja {name} " in left for name in names)


HOSTILE = [
	"⟦1⟧",
	"⟦2⟧ persen ⟦",
	"{0} {name} %s %(x)s",
	"<script>alert(1)</script>",
	r"\1 \g<0> .*",
	"12.345,67",
	"“kutip” ⟦99999⟧",
	"  dua  spasi\n baru ",
	"\u202etxet",
]


def test_hostile_names_come_through_masking_and_text():
	rows = tuple(replace(POVERTY, name=name, outlook=POVERTY.outlook[:1]) for name in HOSTILE[:5])
	others = tuple(RankedUnit(name, 50.0 + place) for place, name in enumerate(HOSTILE))
	texts = aggregate_text(replace(UNIT, name=HOSTILE[0], indicators=rows, units=others))
	hidden, marks = masked(texts, HOSTILE)
	assert unmasked(hidden, marks) == texts
	assert not any(part in "\n".join(hidden) for part in ("script", "{0}", "kutip", "txet", "spasi"))
	assert "{0} {name} %s %(x)s" in "\n".join(texts)


@pytest.mark.parametrize(
	("unit", "value", "decimals", "said"),
	[
		("%", 4.256, 2, "diperkirakan 4,26%;"),
		("Orang", 12_345.678, 0, "diperkirakan 12.346 orang;"),
		("Rp", 1e9, 0, "diperkirakan Rp 1.000.000.000;"),
		("Indeks", 84.0, 2, "diperkirakan 84,00;"),
		("per 100.000 KH", 70.0, 2, "diperkirakan 70,00 per 100.000 KH;"),
	],
)
def test_a_figure_is_said_with_its_unit(unit, value, decimals, said):
	story = replace(POVERTY, unit=unit, outlook=(Outlook(2026, value, status="at_risk", decimals=decimals),))
	assert said in " ".join(indicator_text(story))


def test_a_name_is_masked_as_a_word_only():
	assert masked(["Dari 10 indikator, Dari."], ["Dari", "indi", "1"])[0] == ["⟦1⟧ 10 indikator, ⟦1⟧."]


def test_a_longer_name_is_masked_before_one_that_it_contains():
	hidden, marks = masked(["Dinas Sosial Kota dan Dinas Sosial."], ["Dinas Sosial", "Dinas Sosial Kota"])
	assert hidden == ["⟦1⟧ dan ⟦2⟧."]
	assert marks == {"⟦1⟧": "Dinas Sosial Kota", "⟦2⟧": "Dinas Sosial"}
	assert unmasked(["⟦2⟧, ⟦1⟧, ⟦3⟧"], marks) == ["Dinas Sosial, Dinas Sosial Kota, ⟦3⟧"]
