frappe.ui.form.on("Verification Sample", {
	refresh(frm) {
		// The table too: Tab would open a row of a table that only its section hides.
		frm.toggle_display(["rows_section", "items", "precision_section"], !frm.is_new());
		const grid = frm.get_field("items").grid;
		grid.cannot_add_rows = true;
		grid.df.cannot_delete_rows = true;
		grid.df.cannot_delete_all_rows = true;
		grid.add_new_row = () => {}; // Tab in the last row would add one, whatever cannot_add_rows says
		grid.wrapper.find(".grid-add-row, .grid-add-multiple-rows, .grid-remove-rows, .grid-remove-all-rows").addClass("hidden");
		grid.is_sortable = () => false;
		grid.wrapper.addClass("seroja-rows seroja-drawn");
		// The code as in the reports: a full name does not fit into the column.
		grid.update_docfield_property("opd", "formatter", (value) => frappe.utils.escape_html(value));
		if (frm.is_new()) {
			frm.dashboard.set_headline_alert(
				__("Choose the period and how many rows; saving draws them by risk, from every OPD."),
				"blue"
			);
			return;
		}
		show_precision(frm);
		frm.add_custom_button(__("Data Quality"), () =>
			frappe.set_route("query-report", "Data Quality", { period: frm.doc.period, include_unverified: 1 })
		);
	},
});

// Of how many flagged rows the look found a fault; nothing where nobody has looked yet.
function show_precision(frm) {
	const { precision } = frm.doc.__onload || {};
	const $wrapper = frm.get_field("precision").$wrapper.empty();
	if (!precision) return;
	const known = Object.fromEntries(precision.this.map((row) => [row.code, row]));
	const share = (value) => (value === null ? "–" : `${format_number(100 * value, null, 0)}%`);
	const cells = (row) => (row ? `<td>${row.checked}</td><td>${row.wrong}</td><td>${share(row.precision)}</td>` : "<td>–</td>".repeat(3));
	const rows = precision.all.map(
		(row) => `<tr><td>${frappe.utils.escape_html(row.label)}</td>${cells(known[row.code])}${cells(row)}</tr>`
	);
	const heads = [__("Checked"), __("Wrong"), __("Precision")].map((text) => `<th>${text}</th>`).join("");
	$wrapper.html(`<div class="seroja-precision"><table class="table table-bordered small"><thead>
		<tr><th rowspan="2">${__("Number Check")}</th><th colspan="3">${__("This Sample")}</th><th colspan="3">${__("All Samples")}</th></tr>
		<tr>${heads}${heads}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`);
}
