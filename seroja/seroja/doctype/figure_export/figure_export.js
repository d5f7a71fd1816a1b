frappe.ui.form.on("Figure Export", {
	refresh(frm) {
		if (frm.is_new() || !frm.perm[0].write) return;
		frm.page.set_primary_action(__("Make the Files"), () =>
			frappe
				.call({ method: "seroja.api.exchange.make_export", args: { name: frm.doc.name }, freeze: true })
				.then(({ message }) => {
					frappe.show_alert({ message: __("{0} verified figures", [message]), indicator: "green" });
					frm.reload_doc();
				})
		);
	},
});
