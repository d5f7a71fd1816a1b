frappe.ui.form.on("Data Run", {
	setup(frm) {
		frm.set_query("data_source", () => ({ filters: { is_enabled: 1 } }));
	},

	refresh(frm) {
		frm.toggle_display(["rows", "message"], false); // both are shown as people read them
		frm.toggle_display(["preview_section", "counts_section"], !["Draft", "Failed"].includes(frm.doc.state || "Draft"));
		if (frm.doc.message) {
			const color = frm.doc.state === "Failed" ? "red" : "orange";
			frm.set_intro(frappe.utils.escape_html(frm.doc.message), color);
		}
		show_preview(frm);
		if (frm.is_new() || !frm.perm[0].write || frm.doc.state === "Accepted") return;
		const ready = !frm.doc.is_upload || frm.doc.file;
		if (ready) frm.add_custom_button(__("Fetch Figures"), () => call(frm, "fetch"));
		if (frm.doc.state === "Preview") {
			frm.page.set_primary_action(__("Accept"), () => accept(frm));
		}
	},
});

function call(frm, method) {
	const saved = frm.is_dirty() ? frm.save() : Promise.resolve();
	return saved
		.then(() =>
			frappe.call({
				method: `seroja.api.exchange.${method}`,
				args: { run: frm.doc.name },
				freeze: true,
				freeze_message: __("Asking the source …"),
			})
		)
		.then((reply) => frm.reload_doc().then(() => reply.message));
}

function accept(frm) {
	const differing = (frm.doc.rows || []).filter((row) => ["New", "Changed"].includes(row.kind));
	const verified = differing.filter((row) => row.is_verified).length;
	const warning = frm.doc.message ? `<p class="text-danger">${frappe.utils.escape_html(frm.doc.message)}</p>` : "";
	frappe.confirm(
		warning + __(
			"{0} figures become proposals for the operators, {1} that differ from verified ones go to the Reconciliation. Verified figures stay as they are. Continue?",
			[differing.length - verified, verified]
		),
		() =>
			call(frm, "accept").then((made) =>
				frappe.show_alert({
					message: __("{0} proposals and {1} differences to explain", [made.proposals, made.reconciliations]),
					indicator: "green",
				})
			)
	);
}

const COLORS = { New: "green", Changed: "orange", Same: "gray", "Not Mapped": "yellow", Refused: "red" };

function show_preview(frm) {
	const rows = frm.doc.rows || [];
	const text = frappe.utils.escape_html;
	const head = ["", __("OPD"), __("Indicator"), __("Our Figure"), __("Their Figure"), __("Reason")];
	const cells = (row) => [
		`<span class="indicator-pill text-nowrap ${COLORS[row.kind]}">${__(row.kind)}</span>`,
		text(row.opd || "–"),
		`${text(row.indicator_name || row.indicator || "–")}<div class="text-muted">${__(row.figure)}</div>`,
		`${text(row.our_value || "–")}${row.is_verified ? ` <span class="indicator-pill blue">${__("Verified")}</span>` : ""}`,
		`<b>${text(row.their_value || "–")}</b>`,
		`${text(row.reason || "")}<div class="text-muted">${text(row.place || "")}</div>`,
	];
	const row_html = (row) =>
		`<tr>${cells(row).map((cell, i) => `<td data-label="${head[i]}">${cell}</td>`).join("")}</tr>`;
	const table = rows.length
		? `<div class="table-responsive"><table class="table table-bordered small seroja-cards"><thead><tr>${head
				.map((cell) => `<th>${cell}</th>`)
				.join("")}</tr></thead><tbody>${rows.map(row_html).join("")}</tbody></table></div>`
		: `<p class="text-muted">${__("Nothing was found.")}</p>`;
	frm.get_field("preview").$wrapper.html(table);
}
