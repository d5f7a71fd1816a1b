from seroja.permissions.rows import GuardedRow


class PerformanceTargetAction(GuardedRow):
	"""One action of the rencana aksi with its budget per quarter, in rupiah (domain.md 2.6)."""
