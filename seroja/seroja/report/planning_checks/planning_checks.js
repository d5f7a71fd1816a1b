frappe.query_reports["Planning Checks"] = {
	filters: seroja.planning_filters(),
	onload: seroja.wait_for_titles,
	formatter: seroja.report_formatter,
};
