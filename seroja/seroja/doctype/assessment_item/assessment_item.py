from seroja.permissions.rows import GuardedRow


class AssessmentItem(GuardedRow):
	"""One line of an assessment: three columns of answers, each written by another hand."""
