(() => {
	const version = (fieldname, label) => ({
		fieldname,
		label,
		fieldtype: "Link",
		options: "Strategic Plan Version",
		get_query: () => ({ filters: { plan: frappe.query_report.get_filter_value("plan") } }),
	});
	frappe.query_reports["Plan Version Difference"] = {
		filters: [
			{ fieldname: "plan", label: __("Strategic Plan"), fieldtype: "Link", options: "Strategic Plan" },
			version("before", __("Before")),
			version("after", __("After")),
		],
		onload: seroja.open_report,
		formatter: seroja.report_formatter,
	};
})();
