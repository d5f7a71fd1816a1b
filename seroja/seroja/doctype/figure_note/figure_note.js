frappe.ui.form.on("Figure Note", {
	refresh(frm) {
		if (!frm.is_new() && frm.doc.owner !== frappe.session.user) frm.disable_form();
	},
});
