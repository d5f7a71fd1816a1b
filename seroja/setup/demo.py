"""A demo site: units of Kota Malang, published indicators as examples, a person per role, quarters in every state.

Run on an empty site: bench --site SITE execute seroja.setup.demo.create
"""

import csv
from importlib.resources import files

import frappe
from frappe.model.workflow import apply_workflow
from frappe.utils import add_days, getdate, today

from seroja import constants as c
from seroja.core.numbers import NumberFormatError, Value, format_number, read_value
from seroja.core.periods import Period
from seroja.setup import demo_evaluation, demo_exchange, demo_planning
from seroja.setup.demo_people import APPROVE, CITY, SHOWN, SUBMIT, act_as, login, login_of, make_people

NOTE = "Contoh. Realisasi: LKPJ Kabupaten Banyuwangi 2025; target dan pagu hanya contoh."
RETURN, VERIFY = "Return", "Verify"
# How far the sheets of a quarter of this year have come, by turns over the OPDs.
PROGRESS = {1: (4,), 2: (4, 4, 3), 3: (3, 2, 5, 1), 4: (1, 0, 0)}
# These have earlier years as well, so that there is something to forecast from.
WITH_HISTORY = (SHOWN, "Bappeda", "DLH")
YEARS_OF_HISTORY = 3
PUBLISHED = ("realization", "realization_2024", "realization_2023", "realization_2022", "realization_2021")


def create() -> None:
	"""Make the whole demo; does nothing where it stands already."""
	if frappe.db.exists("OPD", SHOWN):
		print("The demo data is already there.")
		return
	frappe.flags.in_demo = frappe.flags.mute_emails = True
	rows = _read(files("seroja.core").joinpath("data", "contoh-evaluasi.csv"))
	units = _read(files("seroja.setup").joinpath("data", "opd-kota-malang.csv"))
	names = {unit["name"]: unit["abbreviation"] for unit in units}
	for row in rows:
		row["opd"] = names[row["opd"]]
	_settings()
	make_people()
	_units(units)
	frappe.db.set_single_value("SEROJA Settings", "inspectorate", "Inspektorat")
	_indicators(rows, demo_planning.make_plans(rows))
	demo_planning.approve_plans()
	year = getdate(today()).year
	known = [row for row in rows if row["opd"] in WITH_HISTORY]
	for each in range(year - 1 - YEARS_OF_HISTORY, year - 1):
		_targets(each, known)
		_sheets(each, 4, known, (4,))
	for each in (year - 1, year):
		_targets(each, rows)
	for quarter in (3, 4):
		_sheets(year - 1, quarter, rows, (4,))
	for quarter, progress in PROGRESS.items():
		_sheets(year, quarter, rows, progress)
	_windows(year)
	demo_planning.sign_agreement()
	demo_evaluation.create()
	frappe.set_user("Administrator")
	demo_exchange.create(year)
	print(f"Demo data of {len(units)} units and {len(rows)} indicators made.")


def _read(path) -> list[dict]:
	return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def _settings() -> None:
	settings = frappe.get_doc("SEROJA Settings")
	settings.update(
		{"government_name": "Pemerintah Kota Malang", "place": "Malang", "head_title": "Wali Kota Malang"}
	)
	settings.save()


def _units(units: list[dict]) -> None:
	_unit(CITY, f"Pemerintah {CITY}", "Government", None, is_group=1)
	parents = {unit["parent"] for unit in units}
	codes = {unit["name"]: unit["abbreviation"] for unit in units}
	for unit in sorted(units, key=lambda unit: unit["type"] == "Kelurahan"):
		_unit(
			unit["abbreviation"],
			unit["name"],
			unit["type"] if unit["type"] in ("Kecamatan", "Kelurahan", "Bagian", "UPTD") else "OPD",
			codes.get(unit["parent"], CITY),
			is_group=int(unit["name"] in parents),
		)


def _unit(code: str, name: str, kind: str, parent: str | None, is_group: int) -> None:
	people = [("operator", "Operator"), ("kepala", "Head")]
	holders = [(login_of(key, code), position) for key, position in people]
	if code == SHOWN:
		holders.append((login("pembaca"), "Viewer"))
	frappe.get_doc(
		{
			"doctype": "OPD",
			"abbreviation": code,
			"opd_name": name,
			"opd_type": kind,
			"parent_opd": parent,
			"is_group": is_group,
			"position_holders": [
				{
					"user": user,
					"position": position,
					"capacity": "Definitif",
					"from_date": "2020-01-01",
				}
				for user, position in holders
			],
		}
	).insert()


def _indicators(rows: list[dict], nodes: dict[tuple[str, str], str]) -> None:
	frappe.set_user("Administrator")
	year = getdate(today()).year
	for row in rows:
		frappe.get_doc(
			{
				"doctype": "Performance Indicator",
				"indicator_code": row["code"],
				"indicator_name": row["indicator"],
				"opd": row["opd"],
				"performance_objective": nodes[row["opd"], row["objective"]],
				"unit": row["unit"],
				"polarity": row["polarity"].title(),
				"consolidation": row["consolidation"],
				"is_iku": int(row["iku"]),
				"data_source": NOTE,
				"tags": [{"tag": "IKD"}],
				"year_targets": [
					{"year": each, "target": _typed(row, row["target"]).show(), "note": "contoh"}
					for each in (*range(year - 1 - YEARS_OF_HISTORY, year + 1), year + 3)
				],
			}
		).insert()


def _typed(row: dict, text: str) -> Value:
	try:
		return read_value(text, qualitative=row["polarity"] == "qualitative", decimal=".")
	except NumberFormatError:
		return Value()


def _targets(year: int, rows: list[dict]) -> None:
	budgets = {row["code"]: float(row["budget"]) for row in rows}
	for opd in dict.fromkeys(row["opd"] for row in rows):
		act_as("operator", opd)
		target = frappe.get_doc({"doctype": c.TARGET, "opd": opd, "year": year}).insert()
		for row in target.items:
			row.budget = budgets[row.indicator]
			if row.consolidation == "SUM":
				whole = read_value(row.year_target, qualitative=False).low
				row.update({f"target_q{n}": format_number(whole * n / 4, None) for n in (1, 2, 3, 4)})
		if opd == SHOWN and year == getdate(today()).year:
			demo_planning.action_plan(target)
		target.save()
		apply_workflow(target, SUBMIT)
		act_as("kepala", opd)
		apply_workflow(target, APPROVE)
		frappe.set_user(login("bappeda"))
		apply_workflow(target, APPROVE)


def _sheets(year: int, quarter: int, rows: list[dict], progress: tuple[int, ...]) -> None:
	frappe.set_user("Administrator")
	end = Period(year, "quarter", quarter).end
	period = frappe.get_doc(
		{
			"doctype": "Reporting Period",
			"year": year,
			"quarter": str(quarter),
			"entry_opens": add_days(min(end, getdate(today())), -5),
			"entry_closes": add_days(max(end, getdate(today())), 10),
			"approval_closes": add_days(max(end, getdate(today())), 15),
			"verification_closes": add_days(max(end, getdate(today())), 25),
		}
	).insert()
	by_code = {row["code"]: row for row in rows}
	for turn, opd in enumerate(dict.fromkeys(row["opd"] for row in rows)):
		steps = progress[turn % len(progress)]
		if opd == SHOWN and quarter == 4 and year == getdate(today()).year:
			steps = 0  # left for the visitor to start
		if steps:
			_sheet(opd, period, by_code, steps)


def _sheet(opd: str, period, by_code: dict[str, dict], steps: int) -> None:
	"""steps: 1 draft, 2 submitted, 3 approved by the head, 4 verified, 5 returned."""
	act_as("operator", opd)
	sheet = frappe.get_doc({"doctype": c.REALIZATION, "opd": opd, "period": period.name}).insert()
	for number, row in enumerate(sheet.items):
		if steps == 1 and number > len(sheet.items) // 2:
			break
		_enter(row, by_code[row.indicator], period)
	sheet.save()
	if steps >= 2:
		apply_workflow(sheet, SUBMIT)
	act_as("kepala", opd)
	if steps == 5:
		sheet.decision_note = "Sumber data baris yang ditandai belum jelas; mohon lampirkan."
		sheet.items[0].update({"is_flagged": 1, "verifier_note": "Lampirkan sumber data."})
		sheet.save()
		apply_workflow(sheet, RETURN)
	elif steps >= 3:
		apply_workflow(sheet, APPROVE)
	if steps == 4:
		frappe.set_user(login("inspektorat"))
		apply_workflow(sheet, VERIFY)


def _enter(row, source: dict, period) -> None:
	value = _quarter_value(source, period)
	row.realization = value.show()
	row.missing_reason = "" if row.realization else "Not Released"
	share = {1: 0.18, 2: 0.45, 3: 0.7, 4: 1.0}[int(period.quarter)]
	row.budget_realization = format_number(float(source["budget_realization"]) * share, 0)
	if row.is_iku and row.realization:
		row.evidence_link = f"https://data.contoh.example/{row.indicator.lower()}"
	if not row.realization:
		row.obstacle, row.next_step = (
			"Data resmi belum dirilis.",
			"Meminta jadwal rilis kepada produsen data.",
		)


def _quarter_value(source: dict, period) -> Value:
	"""On the way from the year before's published value to the year's, by quarter."""
	years_ago = getdate(today()).year - int(period.year)
	end = _typed(source, source[PUBLISHED[years_ago]])
	start = _typed(source, source[PUBLISHED[years_ago + 1]] if years_ago + 1 < len(PUBLISHED) else "")
	if end.low is None:
		return end
	if source["consolidation"] == "SUM":
		return Value(round(end.low / 4, 2))
	if start.low is None:
		return end
	return Value(round(start.low + (end.low - start.low) * int(period.quarter) / 4, 3))


def _windows(year: int) -> None:
	"""Close the windows of the quarters that are over, as they would be; the fourth stays open."""
	frappe.set_user("Administrator")
	for quarter in (1, 2, 3):
		period = frappe.get_doc("Reporting Period", f"{year}-TW{quarter}")
		end = period.end_date
		if getdate(add_days(end, 25)) < getdate(today()):
			period.update(
				{
					f"{stage}_closes": add_days(end, days)
					for stage, days in (("entry", 10), ("approval", 15), ("verification", 25))
				}
			)
			period.entry_opens = add_days(end, 1)
			period.save()
