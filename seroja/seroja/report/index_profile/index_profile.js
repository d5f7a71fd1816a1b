frappe.query_reports["Index Profile"] = {
	filters: seroja.assessment_filters("Index Profile"),
	onload: seroja.wait_for_titles,
	formatter: seroja.report_formatter,
};
