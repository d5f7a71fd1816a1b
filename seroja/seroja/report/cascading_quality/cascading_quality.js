frappe.query_reports["Cascading Quality"] = {
	filters: seroja.planning_filters(),
	onload: seroja.wait_for_titles,
	formatter: seroja.report_formatter,
};
