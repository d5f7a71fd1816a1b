frappe.ui.form.on("Strategic Plan Version", {
	refresh(frm) {
		frm.disable_save();
		frm.add_custom_button(__("Compare Versions"), () =>
			frappe.set_route("query-report", "Plan Version Difference", {
				plan: frm.doc.plan,
				before: frm.doc.name,
			})
		);
	},
});
