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
		if (column.fieldname === "name" && data && data.title) {
			const link = frappe.utils.get_form_link(data.doctype, data.name);
			return seroja.long_text(`<a href="${link}">${frappe.utils.escape_html(data.title)}</a>`);
		}
		if (column.fieldname === "since" && value) return frappe.datetime.str_to_user(value.split(" ")[0]);
		const text = seroja.report_formatter(value, row, column, data, default_formatter);
		return ["Int", "Date"].includes(column.fieldtype) ? text : seroja.long_text(text);
	},
	...seroja.long_rows({
		task_label: 110,
		opd: 105,
		period: 95,
		type_label: 100,
		name: 130,
		state_label: 110,
		since: 110,
		due: 110,
		overdue: 80,
		risk: 65,
		risk_parts: 210,
	}),
};
