frappe.ui.form.on("Assessment", {
	onload(frm) {
		if (frm.is_new() && !frm.doc.instrument) choose_round(frm);
	},

	refresh(frm) {
		const shown = !frm.is_new();
		frm.toggle_display(
			["result_section", "overview_section", "items_section", "items", "findings_section", "findings"],
			shown
		);
		// No index is not the index 0.
		["self", "evaluator", "final"].forEach((column) =>
			frm.toggle_display(`${column}_index`, !!(frm.doc[`${column}_index`] || frm.doc[`${column}_predicate`]))
		);
		frm.toggle_display(["given_section", "letter_section", "decision_section", "history_section"], shown);
		frm.set_df_property("items", "read_only", 1); // graded on the worksheet page
		const may_evaluate = ((frm.doc.__onload || {}).actions || []).includes("Evaluate");
		frm.set_df_property("findings", "read_only", may_evaluate ? 0 : 1);
		["items", "findings"].forEach((name) => frm.get_field(name).grid.wrapper.addClass("seroja-rows"));
		seroja.show_history(frm);
		if (!shown) {
			frm.set_intro(__("Choose the instrument, the unit and the year, then save. The worksheet opens."));
			return;
		}
		show_overview(frm);
		frm.add_custom_button(__("Open Worksheet"), () => open_worksheet(frm)).addClass("btn-primary");
		add_letters(frm);
	},

	after_save(frm) {
		if (frm.doc.workflow_state !== "Draft" || frm.doc.makers) return;
		// Frappe is on its way to the form under its new name; two ways at once end nowhere.
		frappe.set_route("Form", frm.doctype, frm.doc.name).then(() => open_worksheet(frm));
	},

	before_workflow_action: (frm) => seroja.before_step(frm),
});

// With one round open there is nothing to choose.
function choose_round(frm) {
	const now = frappe.datetime.get_today();
	const filters = { self_opens: ["<=", now], self_closes: [">=", now], assessed: "OPD" };
	frappe.db
		.get_list("Assessment Round", { filters, fields: ["instrument", "year"], order_by: "year desc", limit: 2 })
		.then(([open, other]) => {
			if (open && !other) frm.set_value({ instrument: open.instrument, year: open.year });
		});
}

function open_worksheet(frm) {
	frappe.set_route("assessment-worksheet", frm.doc.name);
}

function add_letters(frm) {
	if (!frm.doc.evaluator_predicate) return;
	const open = (form, kind) =>
		window.open(
			`/api/method/seroja.api.documents.evaluation_letter?name=${encodeURIComponent(
				frm.doc.name
			)}&form=${form}&kind=${kind}`
		);
	const group = __("Evaluation Letter");
	frm.add_custom_button(__("Letter (PDF)"), () => open("letter", "pdf"), group);
	frm.add_custom_button(__("Letter (Word)"), () => open("letter", "docx"), group);
	frm.add_custom_button(__("Long Report (PDF)"), () => open("report", "pdf"), group);
	frm.add_custom_button(__("Long Report (Word)"), () => open("report", "docx"), group);
}

function show_overview(frm) {
	const { rows = [], last_year, recommendations = [], progress } = (frm.doc.__onload || {}).overview || {};
	const escape = frappe.utils.escape_html;
	const columns = [
		["self", __("Self-Assessment")],
		["evaluator", __("Evaluator")],
		["final", __("Result")],
		...(rows.some((row) => "last_year" in row) ? [["last_year", __("Last Year")]] : []),
	];
	const body = rows.map(
		(row) => `<tr><td style="padding-left:${8 + row.depth * 16}px">${escape(`${row.code} ${row.title}`)}</td>
		${columns.map(([name]) => `<td class="text-right">${escape(row[name] || "–")}</td>`).join("")}</tr>`
	);
	const before = last_year
		? `<p>${__("Last year: {0} {1}", [last_year.index, escape(last_year.predicate)])}${
				last_year.breaks
					? ` <span class="text-warning">${__("The series is broken: that was {0}.", [escape(last_year.title)])}</span>`
					: ""
		  }</p>`
		: "";
	frm.get_field("overview").$wrapper.html(
		`<table class="table table-bordered small"><thead><tr><th>${__("Part")}</th>${columns
			.map(([, text]) => `<th class="text-right">${text}</th>`)
			.join("")}</tr></thead><tbody>${body.join("")}</tbody></table>${before}${carried_over(recommendations, progress)}`
	);
}

// What was recommended before, and what became of it.
function carried_over(recommendations, progress) {
	if (!recommendations.length) return "";
	const escape = frappe.utils.escape_html;
	const rows = recommendations.map(
		(row) => `<tr><td>${row.year}</td>
		<td><a href="/app/recommendation/${encodeURIComponent(row.name)}">${escape(row.recommendation)}</a></td>
		<td>${seroja.status_pill(row.status)}</td><td>${frappe.datetime.str_to_user(row.due_date)}</td></tr>`
	);
	return `<p><b>${__("Recommendations of earlier years")}</b> · ${__("{0} % followed up", [progress])}</p>
		<table class="table table-bordered small"><tbody>${rows.join("")}</tbody></table>`;
}
