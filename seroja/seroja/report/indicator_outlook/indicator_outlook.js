frappe.query_reports["Indicator Outlook"] = {
	filters: [
		{ fieldname: "period", label: __("Known Until"), fieldtype: "Link", options: "Reporting Period" },
		{ fieldname: "opd", label: __("OPD"), fieldtype: "Link", options: "OPD" },
		{
			fieldname: "outlook",
			label: __("Outlook"),
			fieldtype: "Select",
			options: ["", "Sesuai jalur", "Berisiko", "Di luar jalur", "Belum dapat dinilai"],
		},
		{ fieldname: "only_iku", label: __("Only IKU"), fieldtype: "Check", default: 0 },
		{ fieldname: "only_next", label: __("Only This Year"), fieldtype: "Check", default: 0 },
		{ fieldname: "include_unverified", label: __("Include Unverified Sheets"), fieldtype: "Check", default: 0 },
		seroja.as_known_on(),
	],
	formatter(value, row, column, data, default_formatter) {
		if (column.fieldname === "status_label" && data) return seroja.outlook_pill(data.status, value);
		if (["forecast", "lower", "upper"].includes(column.fieldname) && data) {
			return seroja.show_number(value && Number(value.toPrecision(6)));
		}
		const text = seroja.report_formatter(value, row, column, data, default_formatter);
		return ["indicator_name", "reason", "method_label", "direction_label"].includes(column.fieldname)
			? seroja.long_text(text)
			: text;
	},
	onload: seroja.open_report,
	...seroja.long_rows({
		opd: 115,
		indicator: 125,
		indicator_name: 190,
		unit: 75,
		year: 70,
		target: 85,
		forecast: 95,
		lower: 90,
		upper: 90,
		probability: 100,
		status_label: 170,
		direction_label: 130,
		method_label: 150,
		reason: 460,
	}),
};
