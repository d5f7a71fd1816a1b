"""The planning part of the demo site: an RPJMD and a Renstra per OPD as examples, their trees, agreements and actions."""

import csv
from importlib.resources import files

import frappe
from frappe.model.workflow import apply_workflow
from frappe.utils import getdate, today

from seroja import constants as c
from seroja.setup.demo_people import APPROVE, CITY, SHOWN, SUBMIT, act_as, login

SIGN = "Sign"
# Which sasaran of the city an OPD serves.
_SERVES = {
	"K-S1": ("Dinkes", "Disdikbud"),
	"K-S2": ("Dinsos-P3AP2KB", "BPBD", "Bakesbangpol"),
	"K-S3": ("Disnaker-PMPTSP", "Diskopindag", "Disporapar", "Bappeda", "Dispangtan"),
	"K-S4": ("DPUPRPKP", "DLH"),
}
_OTHERS = "K-S5"
# Left as a draft, for the visitor to go on with.
_OPEN = "Diskominfo"


def tree() -> list[dict]:
	"""The example tree, as rows."""
	path = files("seroja.setup").joinpath("data", "pohon-kinerja.csv")
	return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def make_plans(rows: list[dict]) -> dict[tuple[str, str], str]:
	"""Plans with their trees as drafts; gives (OPD, objective) → node, for the indicators that measure it."""
	nodes = _city_plan()
	for opd in dict.fromkeys(row["opd"] for row in rows):
		nodes |= _renstra(opd, [row["objective"] for row in rows if row["opd"] == opd], nodes)
	_crosscut(nodes)
	return nodes


def _city_plan() -> dict[tuple[str, str], str]:
	frappe.set_user(login("perencana.kota"))
	plan = _plan("RPJMD", CITY, f"RPJMD {CITY} (contoh)", vision="Kota yang maju, sehat, dan sejahtera")
	nodes: dict[tuple[str, str], str] = {}
	for row in tree():
		if row["opd"] == CITY:
			nodes[CITY, row["code"]] = _node(plan, row, nodes.get((CITY, row["parent"])))
	return nodes


def _renstra(opd: str, objectives: list[str], nodes: dict) -> dict[tuple[str, str], str]:
	act_as("operator", opd)
	plan = _plan("Renstra", opd, f"Renstra {opd} (contoh)", parent_plan=f"RPJMD-{CITY}-{_first_year()}")
	above = nodes[CITY, next((code for code, opds in _SERVES.items() if opd in opds), _OTHERS)]
	made = {}
	for number, objective in enumerate(dict.fromkeys(objectives), 1):
		row = {"code": f"S{number}", "level": "Sasaran", "opd": opd, "statement": objective}
		row["position"] = "Kepala Perangkat Daerah"
		made[opd, objective] = _node(plan, row, above)
	for row in tree():
		if row["opd"] == opd:
			made[opd, row["code"]] = _node(plan, row, made[opd, row["parent"]])
	return made


def _plan(kind: str, opd: str, title: str, **values) -> str:
	first = _first_year()
	return (
		frappe.get_doc(
			{
				"doctype": c.PLAN,
				"plan_type": kind,
				"opd": opd,
				"title": title,
				"year_from": first,
				"year_to": first + 4,
				"items": [{"mission": "Meningkatkan mutu pelayanan (contoh)"}],
				**values,
			}
		)
		.insert()
		.name
	)


def _first_year() -> int:
	return getdate(today()).year - 1


def _node(plan: str, row: dict, parent: str | None) -> str:
	year = getdate(today()).year
	amount = float(row.get("budget") or 0)
	return (
		frappe.get_doc(
			{
				"doctype": c.OBJECTIVE,
				"plan": plan,
				"opd": row["opd"],
				"level": row["level"],
				"objective_code": row["code"],
				"statement": row["statement"],
				"critical_success_factor": row.get("critical_success_factor"),
				"position": row.get("position"),
				"nomenclature_code": row.get("nomenclature"),
				"parent_performance_objective": parent,
				"budgets": [{"year": each, "budget": amount} for each in (year - 1, year)] if amount else [],
			}
		)
		.insert()
		.name
	)


def _crosscut(nodes: dict) -> None:
	"""Safe births need more than health services."""
	act_as("operator", SHOWN)
	node = frappe.get_doc(c.OBJECTIVE, nodes[SHOWN, "Menurunnya kematian ibu dan bayi"])
	node.append(
		"crosscuts",
		{
			"partner_opd": "Dinsos-P3AP2KB",
			"partner_code": "S1",
			"contribution": "Pendampingan keluarga berisiko dan bantuan pangan ibu hamil",
		},
	)
	node.save()


def approve_plans() -> None:
	"""Every plan goes through its hands, but one that is left as a draft."""
	for name, opd in frappe.get_all(c.PLAN, ["name", "opd"], as_list=True, order_by="creation"):
		if opd == _OPEN:
			continue
		plan = frappe.get_doc(c.PLAN, name)
		act_as("operator", opd)
		apply_workflow(plan, SUBMIT)
		act_as("kepala", opd)
		apply_workflow(plan, APPROVE)
		frappe.set_user(login("bappeda"))
		apply_workflow(plan, APPROVE)


def action_plan(target) -> None:
	"""Actions for the shown OPD's target of this year."""
	for row, budget in zip(target.items[:3], (400_000_000, 250_000_000, 150_000_000), strict=True):
		target.append(
			"actions",
			{
				"indicator": row.indicator,
				"action": "Pendampingan puskesmas dan pemantauan bulanan (contoh)",
				"responsible": "Kepala Bidang Kesehatan Masyarakat",
				**{f"budget_q{number}": budget / 4 for number in (1, 2, 3, 4)},
			},
		)


def sign_agreement() -> None:
	"""The shown OPD's Perjanjian Kinerja of this year, signed by both parties."""
	act_as("operator", SHOWN)
	year = getdate(today()).year
	agreement = frappe.get_doc(
		{
			"doctype": c.AGREEMENT,
			"opd": SHOWN,
			"year": year,
			"position_level": "OPD Head",
			"first_party": login("kepala"),
			"first_position": "Kepala Dinas Kesehatan",
			"first_rank": "Pembina Utama Muda",
			"agreement_date": f"{year}-01-15",
		}
	).insert()
	act_as("kepala", SHOWN)
	apply_workflow(agreement, SIGN)
	frappe.set_user(login("walikota"))
	apply_workflow(agreement, SIGN)
