from frappe.model.document import Document

from seroja.services import instruments


class AssessmentInstrument(Document):
	"""Instrumen Penilaian: the worksheet of a regulation, as data (design.md decision 6)."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF
		from seroja.seroja.doctype.assessment_instrument_answer.assessment_instrument_answer import (
			AssessmentInstrumentAnswer,
		)
		from seroja.seroja.doctype.assessment_instrument_conversion.assessment_instrument_conversion import (
			AssessmentInstrumentConversion,
		)
		from seroja.seroja.doctype.assessment_instrument_item.assessment_instrument_item import (
			AssessmentInstrumentItem,
		)
		from seroja.seroja.doctype.assessment_instrument_predicate.assessment_instrument_predicate import (
			AssessmentInstrumentPredicate,
		)
		from seroja.seroja.doctype.assessment_instrument_rule.assessment_instrument_rule import (
			AssessmentInstrumentRule,
		)

		answers: DF.Table[AssessmentInstrumentAnswer]
		breaks_series: DF.Check
		code: DF.Data
		conversions: DF.Table[AssessmentInstrumentConversion]
		criteria_scoring: DF.Literal["Items", "Mean of Criteria"]
		factor: DF.Float
		highest: DF.Float
		items: DF.Table[AssessmentInstrumentItem]
		lowest: DF.Float
		note: DF.SmallText | None
		predicates: DF.Table[AssessmentInstrumentPredicate]
		regulation: DF.SmallText | None
		replaces: DF.Link | None
		rules: DF.Table[AssessmentInstrumentRule]
		scoring: DF.Literal["Grades", "Levels", "Numbers"]
		series: DF.Data | None
		title: DF.Data
		total_weight: DF.Float
		valid_from: DF.Int
		valid_to: DF.Int
		version: DF.Int
	# end: auto-generated types

	def validate(self):
		instruments.validate_instrument(self)
