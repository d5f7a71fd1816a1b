frappe.ui.form.on("Assessment Round", {
	refresh(frm) {
		if (frm.is_new()) return;
		const filters = { instrument: frm.doc.instrument, year: frm.doc.year };
		frm.add_custom_button(__("Assessments"), () => frappe.set_route("List", "Assessment", filters));
		frm.add_custom_button(__("Assessment Summary"), () =>
			frappe.set_route("query-report", "Assessment Summary", filters)
		);
	},
});
