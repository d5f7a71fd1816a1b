import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

from seroja.services import indicators
from seroja.services.targets import read_year_target


class PerformanceIndicator(Document):
	"""Indikator Kinerja: what is measured, how, and what is to be reached in each year (domain.md 2.4)."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF
		from seroja.seroja.doctype.performance_indicator_benchmark.performance_indicator_benchmark import (
			PerformanceIndicatorBenchmark,
		)
		from seroja.seroja.doctype.performance_indicator_check.performance_indicator_check import (
			PerformanceIndicatorCheck,
		)
		from seroja.seroja.doctype.performance_indicator_smart.performance_indicator_smart import (
			PerformanceIndicatorSMART,
		)
		from seroja.seroja.doctype.performance_indicator_tag.performance_indicator_tag import (
			PerformanceIndicatorTag,
		)
		from seroja.seroja.doctype.performance_indicator_year_target.performance_indicator_year_target import (
			PerformanceIndicatorYearTarget,
		)

		bappenas_code: DF.Data | None
		baseline_value: DF.Data | None
		baseline_year: DF.Int
		benchmarks: DF.Table[PerformanceIndicatorBenchmark]
		checks_off: DF.Table[PerformanceIndicatorCheck]
		consolidation: DF.Literal["SUM", "LAST", "AVERAGE", "MAX"]
		data_source: DF.SmallText | None
		definition: DF.SmallText | None
		denominator_label: DF.Data | None
		expression: DF.SmallText | None
		factor: DF.Data | None
		formula: DF.SmallText | None
		indicator_code: DF.Data
		indicator_kind: DF.Literal["", "Input", "Process", "Output", "Outcome", "Impact"]
		indicator_name: DF.SmallText
		is_active: DF.Check
		is_iku: DF.Check
		method: DF.Literal["", "Ratio", "Complement", "Inverse", "Range", "Deviation", "Ordinal"]
		nomenclature_code: DF.Data | None
		numerator_label: DF.Data | None
		objective: DF.Data | None
		opd: DF.Link
		ordinal_scale: DF.Literal[
			"", "Opini BPK", "Predikat AKIP", "Predikat RB", "Predikat SPBE", "Mutu Pelayanan IKM"
		]
		performance_objective: DF.Link | None
		polarity: DF.Literal["Maximize", "Minimize", "Stabilize", "Qualitative"]
		responsible_position: DF.Data | None
		sipd_code: DF.Data | None
		smart: DF.Table[PerformanceIndicatorSMART]
		successor: DF.Link | None
		tags: DF.TableMultiSelect[PerformanceIndicatorTag]
		unit: DF.Data | None
		valid_from: DF.Int
		valid_to: DF.Int
		value_source: DF.Literal["Entered", "Numerator and Denominator", "Formula"]
		year_targets: DF.Table[PerformanceIndicatorYearTarget]
	# end: auto-generated types

	def onload(self):
		indicators.ensure_questions(self)
		self.set_onload("warnings", indicators.warnings_of(self))
		series = indicators.series_of(self.name)
		self.set_onload("trend", indicators.trend_chart(series) if series else None)

	def validate(self):
		indicators.set_objective(self)
		self.validate_method()
		self.validate_year_targets()
		indicators.validate_source(self)
		indicators.validate_registry(self)
		indicators.set_iku_tag(self)
		indicators.check_plan_open(self)
		indicators.check_switches(self)

	def on_trash(self):
		indicators.check_deletion(self)

	def validate_method(self):
		if (self.polarity == "Qualitative") != (self.method == "Ordinal") and self.method:
			frappe.throw(
				_("The method Ordinal belongs to the polarity Qualitative, and only to it."),
				title=_("Method Does Not Fit"),
			)
		if self.polarity == "Qualitative" and self.consolidation != "LAST":
			frappe.throw(
				_("A qualitative indicator takes the last known value (LAST)."),
				title=_("Method Does Not Fit"),
			)

	def validate_year_targets(self):
		for row in self.year_targets:
			row.year = cint(row.year)
			if not 1945 <= row.year <= 2200:
				frappe.throw(
					_("Row {0}: {1} is not a year.").format(row.idx, row.year), title=_("Not a Year")
				)
		years = [row.year for row in self.year_targets]
		if len(set(years)) < len(years):
			frappe.throw(_("A year stands twice in the year targets."), title=_("Duplicate Row"))
		for row in self.year_targets:
			row.target = read_year_target(row, self.polarity)
