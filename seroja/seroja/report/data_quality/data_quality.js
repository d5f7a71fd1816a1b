frappe.query_reports["Data Quality"] = {
	filters: [
		{ fieldname: "period", label: __("Period"), fieldtype: "Link", options: "Reporting Period" },
		{ fieldname: "opd", label: __("OPD"), fieldtype: "Link", options: "OPD" },
		{
			fieldname: "severity",
			label: __("Severity"),
			fieldtype: "Select",
			options: ["", "Berat", "Sedang", "Ringan"],
		},
		{ fieldname: "only_iku", label: __("Only IKU"), fieldtype: "Check", default: 0 },
		{ fieldname: "include_unverified", label: __("Include Unverified Sheets"), fieldtype: "Check", default: 1 },
		seroja.as_known_on(),
	],
	formatter(value, row, column, data, default_formatter) {
		if (column.fieldname === "severity_label" && data) return seroja.severity_pill(data.severity, value);
		const text = seroja.report_formatter(value, row, column, data, default_formatter);
		return ["indicator_name", "check_label", "message"].includes(column.fieldname) ? seroja.long_text(text) : text;
	},
	onload: seroja.open_report,
	...seroja.long_rows({
		opd: 115,
		indicator: 125,
		indicator_name: 190,
		period: 135,
		severity_label: 100,
		check_label: 140,
		message: 405,
		sheet: 180,
	}),
};
