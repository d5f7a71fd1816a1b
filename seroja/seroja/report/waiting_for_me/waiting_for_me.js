frappe.query_reports["Waiting for Me"] = {
	filters: [],
	onload: seroja.open_report,
	formatter(value, row, column, data, default_formatter) {
		if (column.fieldname === "name" && data && !data.name) {
			const is_assessment = data.doctype === "Assessment";
			const { opd, period, instrument, year } = data;
			const query = new URLSearchParams(is_assessment ? { instrument, opd, year } : { opd, period });
			const form = is_assessment ? "assessment" : "performance-realization";
			return `<a href="/app/${form}/new?${query}">${__("Start the sheet")}</a>`;
		}
		const text = seroja.report_formatter(value, row, column, data, default_formatter);
		return column.fieldtype === "Int" ? text : seroja.long_text(text);
	},
	...seroja.long_rows({
		task_label: 115,
		opd: 105,
		period: 95,
		type_label: 105,
		name: 140,
		state_label: 115,
		since: 100,
		due: 105,
		overdue: 80,
		risk: 65,
		risk_parts: 230,
	}),
};
