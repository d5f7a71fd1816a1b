frappe.query_reports["Indicator Trend"] = {
	filters: [
		{
			fieldname: "indicator",
			label: __("Indicator"),
			fieldtype: "Link",
			options: "Performance Indicator",
		},
	],
	formatter: seroja.report_formatter,
};
