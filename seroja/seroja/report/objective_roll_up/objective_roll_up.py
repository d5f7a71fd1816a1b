"""Objective Roll-up: along the tree, what each node reached by itself and by what stands below it."""

from frappe import _

from seroja.services import cascade, repository
from seroja.services.calculation import get_calculation
from seroja.services.report_parts import as_filters, build_columns, card, color_of, escape_texts, mean

COLUMNS = (
	("statement", "Objective", "Data", 420),
	("level_label", "Level", "Data", 110),
	("opd", "OPD", "Link", 110, "OPD"),
	("own", "Own Indicators (%)", "Float", 120),
	("category", "Category", "Data", 130),
	("mean", "Below: Mean (%)", "Float", 115),
	("weighted", "Below: Weighted (%)", "Float", 125),
	("weakest", "Below: Weakest (%)", "Float", 120),
	("weakest_statement", "Weakest Objective", "Data", 300),
	("budget", "Budget", "Currency", 150),
	("node", "Document", "Link", 110, "Performance Objective"),
)


def execute(filters: dict | None = None):
	filters = as_filters(filters)
	period = repository.chosen_period(filters, with_figures=True)
	if not period:
		return build_columns(COLUMNS), [], repository.no_period_message()
	nodes = cascade.load_nodes(filters | {"valid_in": period.year})
	rolled = cascade.roll_up(nodes, period, filters)
	budgets = cascade.tree_budgets(nodes, period.year)
	scale = get_calculation(period.year).scale
	statements = {node.name: node.statement for node in nodes}
	rows = [_present(node, rolled[node.name], scale, statements) for node in nodes]
	for row in rows:
		row["budget"] = budgets.get(row["node"]) or None
	_indent(rows, {node.name: node.parent for node in nodes})
	escape_texts(rows, ("statement", "weakest_statement"))
	return build_columns(COLUMNS), rows, period.label, None, _summary(rows)


def _present(node, roll, scale, statements: dict[str, str]) -> dict:
	category = scale.category(roll.own) if roll.own is not None else ""
	return {
		"node": node.name,
		"statement": node.statement,
		"level_label": _(node.level),
		"opd": node.opd,
		"own": roll.own,
		"mean": roll.mean,
		"weighted": roll.weighted,
		"weakest": roll.weakest,
		"weakest_statement": statements.get(roll.weakest_node, ""),
		"category": category or "",
		"color": color_of(scale).get(category),
	}


def _indent(rows: list[dict], parents: dict[str, str | None]) -> None:
	depth: dict[str | None, int] = {}
	for row in rows:
		above = parents[row["node"]]
		depth[row["node"]] = row["indent"] = depth[above] + 1 if above in depth else 0


def _summary(rows: list[dict]) -> list[dict]:
	own = [row["own"] for row in rows]
	return [
		card(_("Objectives"), len(rows)),
		card(_("With Figures"), sum(value is not None for value in own)),
		card(_("Mean of Own Achievement (%)"), mean(own), "Float"),
		card(_("Weakest (%)"), min((value for value in own if value is not None), default=None), "Float"),
	]
