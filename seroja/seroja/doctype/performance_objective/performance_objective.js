frappe.ui.form.on("Performance Objective", {
	setup(frm) {
		frm.set_query("parent_performance_objective", () => ({ filters: { name: ["!=", frm.doc.name] } }));
	},

	refresh(frm) {
		frm.toggle_display(["findings_section", "indicators_section"], !frm.is_new());
		frm.enable_save();
		if (frm.is_new()) return;
		const { is_open } = frm.doc.__onload || {};
		frm.set_intro(is_open ? "" : __("The plan is closed. Changes need a new version of the plan."));
		if (!is_open) {
			frm.disable_save();
			frm.set_read_only();
			frm.refresh_fields();
		}
		show_findings(frm);
		show_indicators(frm);
		const show = (label, act) => frm.add_custom_button(label, act, __("Show"));
		show(__("Draw the Tree"), () => frappe.set_route("objective-tree", { plan: frm.doc.plan }));
		show(__("Contributing Indicators"), () =>
			frappe.set_route("query-report", "Indicator Achievement", {
				performance_objective: frm.doc.name,
			})
		);
		if (is_open) add_ways_to_grow(frm);
	},
});

function add_ways_to_grow(frm) {
	frm.add_custom_button(__("Add Child"), () =>
		frappe.new_doc("Performance Objective", {
			plan: frm.doc.plan,
			opd: frm.doc.opd,
			parent_performance_objective: frm.doc.name,
			level: seroja.LEVEL_BELOW[frm.doc.level],
		})
	);
	if (frappe.model.can_create("Performance Indicator")) {
		frm.add_custom_button(__("Add Indicator"), () =>
			frappe.new_doc("Performance Indicator", {
				performance_objective: frm.doc.name,
				objective: frm.doc.statement,
				opd: frm.doc.opd,
			})
		);
	}
}

function show_findings(frm) {
	const findings = (frm.doc.__onload && frm.doc.__onload.findings) || [];
	const { escape_html } = frappe.utils;
	const lines = findings.map(
		([severity, message, subject]) =>
			`<li class="${severity === "error" ? "text-danger" : "seroja-warning"}">${escape_html(message)}${
				subject === frm.doc.name ? "" : ` <span class="text-muted">(${escape_html(subject)})</span>`
			}</li>`
	);
	frm.get_field("findings").$wrapper.html(
		lines.length
			? `<ul class="seroja-findings">${lines.join("")}</ul>`
			: `<p class="text-success">${__("No check has anything to complain about.")}</p>`
	);
}

function show_indicators(frm) {
	const rows = (frm.doc.__onload && frm.doc.__onload.indicators) || [];
	const { escape_html } = frappe.utils;
	const lines = rows.map(
		(row) => `<tr>
			<td><a href="${frappe.utils.get_form_link("Performance Indicator", row.name)}">${escape_html(row.name)}</a></td>
			<td>${escape_html(row.indicator_name)}${row.is_iku ? " <b>IKU</b>" : ""}</td>
			<td>${escape_html(row.unit || "")}</td>
			<td class="text-right">${escape_html(row.target || "–")}</td></tr>`
	);
	const year = rows.length ? rows[0].year : "";
	frm.get_field("indicators").$wrapper.html(
		rows.length
			? `<table class="table table-bordered small"><thead><tr><th>${__("Code")}</th><th>${__("Indicator")}</th>
				<th>${__("Unit")}</th><th class="text-right">${__("Target {0}", [year])}</th></tr></thead>
				<tbody>${lines.join("")}</tbody></table>`
			: `<p class="text-muted">${__("No indicator measures this objective yet.")}</p>`
	);
}
