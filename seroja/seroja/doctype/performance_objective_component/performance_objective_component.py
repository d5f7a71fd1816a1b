from seroja.permissions.rows import GuardedRow


class PerformanceObjectiveComponent(GuardedRow):
	"""Where an objective stands in another planning document (domain.md 1.4)."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		code: DF.Data | None
		component: DF.Literal[
			"Tujuan", "Sasaran", "Strategi", "Arah Kebijakan", "Program", "Kegiatan", "Sub Kegiatan"
		]
		component_name: DF.SmallText
		document: DF.Data | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
	# end: auto-generated types
