from seroja.permissions.rows import GuardedRow


class PerformanceAgreementItem(GuardedRow):
	"""A target that is promised, copied from the approved Performance Target."""
