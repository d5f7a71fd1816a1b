frappe.query_reports["Indicator Achievement"] = {
	filters: [
		...seroja.period_filters(),
		{
			fieldname: "performance_objective",
			label: __("Node of the Objective Tree"),
			fieldtype: "Link",
			options: "Performance Objective",
		},
		{ fieldname: "only_iku", label: __("Only IKU"), fieldtype: "Check", default: 0 },
	],
	onload: seroja.add_pdf_button,
	formatter: seroja.report_formatter,
};
