from seroja.permissions.rows import GuardedRow


class PerformanceObjectiveBudget(GuardedRow):
	"""The budget of an objective for a year, in rupiah."""
