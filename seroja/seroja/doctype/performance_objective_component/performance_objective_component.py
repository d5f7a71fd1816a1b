from seroja.permissions.rows import GuardedRow


class PerformanceObjectiveComponent(GuardedRow):
	"""Where an objective stands in another planning document (domain.md 1.4)."""
