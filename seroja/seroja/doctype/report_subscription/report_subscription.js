frappe.ui.form.on("Report Subscription", {
	setup(frm) {
		frm.set_query("report", { filters: { module: "SEROJA", disabled: 0 } });
		frm.set_query("user", "recipients", () => ({ filters: { enabled: 1, user_type: "System User" } }));
	},

	refresh(frm) {
		if (frm.is_new()) {
			if (!(frm.doc.recipients || []).some((row) => row.user || row.role || row.position)) {
				frm.clear_table("recipients");
				seroja.add_myself(frm.doc);
				frm.refresh_field("recipients");
			}
			return;
		}
		if (frm.perm[0].write) {
			frm.add_custom_button(__("Who Gets It"), () => show_recipients(frm));
			frm.add_custom_button(__("Send a Test to Me"), () => send_test(frm));
		}
		if (frappe.model.can_read("Report Delivery")) {
			frm.add_custom_button(__("Deliveries"), () =>
				frappe.set_route("List", "Report Delivery", { subscription: frm.doc.name })
			);
		}
		show_deliveries(frm);
	},
});

async function show_recipients(frm) {
	const names = await frappe.xcall("seroja.api.subscriptions.recipients", { name: frm.doc.name });
	const list = names.map((name) => `<li>${frappe.utils.escape_html(name)}</li>`).join("");
	frappe.msgprint({ title: __("{0} recipients", [names.length]), message: `<ul>${list}</ul>` });
}

async function send_test(frm) {
	if (frm.is_dirty()) await frm.save();
	const args = { name: frm.doc.name };
	const { state, error } = await frappe.xcall("seroja.api.subscriptions.send_test", args);
	const text = [__(state), error].filter(Boolean).map(frappe.utils.escape_html).join("<br>");
	frappe.show_alert({ message: text, indicator: seroja.DELIVERY_COLORS[state] }, 10);
	frm.reload_doc();
}

async function show_deliveries(frm) {
	const args = { name: frm.doc.name };
	const rows = await frappe.xcall("seroja.api.subscriptions.last_deliveries", args);
	frm.dashboard.parent.find(".seroja-deliveries").closest(".form-dashboard-section").remove();
	if (!rows.length || frm.doc.name !== args.name) return;
	const escape = frappe.utils.escape_html;
	const lines = rows.map(
		(row) => `<tr>
			<td>${escape(row.occurrence)}</td>
			<td>${escape(row.user)}</td>
			<td><span class="indicator-pill ${seroja.DELIVERY_COLORS[row.state]}">${__(row.state)}</span></td>
			<td>${row.sent_on ? frappe.datetime.str_to_user(row.sent_on) : ""}</td>
			<td class="text-muted">${escape(row.error || "")}</td>
		</tr>`
	);
	const head = [__("Occurrence"), __("Recipient"), __("Status"), __("Sent On"), __("Error")];
	frm.dashboard.add_section(
		`<div class="seroja-deliveries"><table class="table table-bordered small">
			<thead><tr>${head.map((text) => `<th>${text}</th>`).join("")}</tr></thead>
			<tbody>${lines.join("")}</tbody>
		</table></div>`,
		__("Last Deliveries")
	);
	frm.dashboard.show();
}
