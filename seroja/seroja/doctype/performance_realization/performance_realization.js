frappe.ui.form.on("Performance Realization", {
	setup(frm) {
		frm.set_query("period", () => ({ filters: { entry_opens: ["<=", frappe.datetime.get_today()] } }));
	},

	refresh(frm) {
		set_up_rows(frm);
		show_rows_well(frm);
		seroja.show_history(frm);
		if (!frm.is_new()) add_buttons(frm);
	},

	before_workflow_action: (frm) => seroja.before_step(frm),
});

function set_up_rows(frm) {
	frm.toggle_display(["items_section", "decision_section", "history_section"], !frm.is_new());
	const grid = frm.get_field("items").grid;
	grid.cannot_add_rows = true;
	grid.df.cannot_delete_rows = true;
	grid.df.cannot_delete_all_rows = true;
	grid.add_new_row = () => {}; // Tab in the last row would add one, whatever cannot_add_rows says
	grid.wrapper.find(".grid-footer, .grid-add-row, .grid-remove-rows").toggle(false);
	grid.grid_rows.forEach((row) => row.refresh_depedency());
}

// Names in full with their unit, categories with their colour: rows are read more often than typed.
function show_rows_well(frm) {
	const { escape_html } = frappe.utils;
	const show = {
		indicator_name: (value, df, options, row) =>
			`${escape_html(value || "")} ${
				row && row.unit ? `<span class="text-muted">(${escape_html(row.unit)})</span>` : ""
			}${row && row.is_iku ? ` <span class="indicator-pill no-indicator-dot blue">IKU</span>` : ""}`,
		category: (value, df, options, row) => seroja.category_pill(value, category_color(frm, row)),
		achievement_scored: (value, df, options, row) =>
			row && ["ok", "implausible", "zero_base"].includes(row.status) ? format_number(value, null, 2) : "–",
	};
	const grid = frm.get_field("items").grid;
	grid.grid_rows.forEach((row) =>
		row.docfields.forEach((df) => {
			if (show[df.fieldname]) df.formatter = show[df.fieldname];
		})
	);
	grid.wrapper.addClass("seroja-rows");
	grid.grid_rows.forEach((row) => row.refresh());
}

function category_color(frm, row) {
	const colors = (frm.doc.__onload && frm.doc.__onload.colors) || {};
	return row && colors[row.category];
}

function add_buttons(frm) {
	frm.add_custom_button(__("Indicator Achievement"), () =>
		frappe.set_route("query-report", "Indicator Achievement", {
			period: frm.doc.period,
			opd: frm.doc.opd,
			include_unverified: frm.doc.docstatus === 1 ? 0 : 1,
		})
	);
}
