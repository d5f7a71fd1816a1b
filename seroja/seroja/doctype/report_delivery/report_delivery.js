frappe.ui.form.on("Report Delivery", {
	refresh(frm) {
		const may = frappe.user.has_role("SEROJA Administrator") || frappe.session.user === "Administrator";
		if (!may || !["Failed", "Unconfirmed"].includes(frm.doc.state)) return;
		frm.add_custom_button(__("Send Again"), () =>
			frappe.confirm(__("The recipient may get this mail twice. Send it again?"), async () => {
				await frappe.xcall("seroja.api.subscriptions.send_again", { name: frm.doc.name });
				frm.reload_doc();
			})
		);
	},
});
