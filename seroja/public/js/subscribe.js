// From a report to a subscription of it; what its states look like.
frappe.provide("seroja");

Object.assign(seroja, {
	DELIVERY_COLORS: {
		Pending: "orange",
		Sending: "blue",
		Sent: "green",
		"Nothing to Report": "gray",
		Unsubscribed: "gray",
		Failed: "red",
		Unconfirmed: "yellow",
	},

	// A new subscription for me. It always shows the latest figures, so filters that name a time are left out.
	subscribe_menu(report) {
		if (!frappe.model.can_create("Report Subscription")) return;
		report.page.add_menu_item(__("Subscribe"), () => {
			const filters = { ...(report.get_values() || {}) };
			["period", "year", "as_known_on"].forEach((name) => delete filters[name]);
			Object.keys(filters).forEach((name) => filters[name] || delete filters[name]);
			seroja.new_subscription({
				title: __(report.report_name),
				content: "Report",
				report: report.report_name,
				filters: Object.keys(filters).length ? JSON.stringify(filters) : "",
			});
		});
	},

	new_subscription(values) {
		frappe.model.with_doctype("Report Subscription", () => {
			const doc = Object.assign(frappe.model.get_new_doc("Report Subscription"), values);
			seroja.add_myself(doc);
			frappe.set_route("Form", doc.doctype, doc.name);
		});
	},

	add_myself(doc) {
		const row = frappe.model.add_child(doc, "Report Subscription Recipient", "recipients");
		Object.assign(row, { kind: "User", user: frappe.session.user });
	},
});
