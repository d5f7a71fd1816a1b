frappe.ui.form.on("Exchange Settings", {
	refresh(frm) {
		frm.add_custom_button(__("New Signing Key"), () =>
			frappe.confirm(
				__("Those who receive the packages need the new public key before the next one. Continue?"),
				() =>
					frappe.call({ method: "seroja.api.exchange.make_key", freeze: true }).then(() => frm.reload_doc())
			)
		);
		if (frappe.model.can_create("Webhook")) frm.add_custom_button(__("Webhooks"), () => ask_webhooks());
	},
});

function ask_webhooks() {
	frappe.prompt(
		[
			{ fieldname: "url", fieldtype: "Data", label: __("Address"), reqd: 1, description: __("Hears when a sheet is verified or returned and a report published") },
			{ fieldname: "secret", fieldtype: "Password", label: __("Secret"), reqd: 1 },
		],
		(values) =>
			frappe.call({ method: "seroja.api.exchange.make_webhooks", args: values, freeze: true }).then(({ message }) =>
				frappe.show_alert(__("Webhooks set up: {0}", [message.join(", ")]))
			),
		__("Webhooks"),
		__("Make")
	);
}
