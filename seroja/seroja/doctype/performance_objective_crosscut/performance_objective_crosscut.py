from seroja.permissions.rows import GuardedRow


class PerformanceObjectiveCrosscut(GuardedRow):
	"""What another OPD contributes to an objective (criterion 1.b.9)."""
