frappe.query_reports["Verification Status"] = {
	filters: seroja.period_filters().slice(0, 2),
	onload: seroja.wait_for_titles,
	formatter: seroja.report_formatter,
};
