from seroja.permissions.rows import GuardedRow


class AssessmentFinding(GuardedRow):
	"""What the evaluator found, and what he recommends."""
