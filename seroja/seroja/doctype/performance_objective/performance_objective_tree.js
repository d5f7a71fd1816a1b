frappe.treeview_settings["Performance Objective"] = {
	title: __("Objective Tree"),
	breadcrumb: "SEROJA",
	get_tree_nodes: "seroja.api.objectives.get_children",
	get_tree_root: false,
	root_label: __("Objectives"),
	filters: [
		{ fieldname: "plan", fieldtype: "Link", options: "Strategic Plan", label: __("Strategic Plan") },
		{ fieldname: "opd", fieldtype: "Link", options: "OPD", label: __("OPD") },
	],

	onload(treeview) {
		treeview.make_tree();
		treeview.page.add_inner_button(__("Draw the Tree"), () =>
			frappe.set_route("objective-tree", { plan: treeview.args.plan, opd: treeview.args.opd })
		);
		treeview.page.add_inner_button(__("Planning Checks"), () =>
			frappe.set_route("query-report", "Planning Checks", { plan: treeview.args.plan })
		);
		if (!treeview.can_create) return;
		treeview.page.set_primary_action(__("New Objective"), () => new_child(treeview), "add");
	},

	get_label(node) {
		if (!node.data || !node.data.level) return frappe.utils.escape_html(node.label);
		const { level, title, opd, code } = node.data;
		const escape = frappe.utils.escape_html;
		return `<span class="seroja-level">${escape(__(level))}</span> ${escape(title)}
			<span class="text-muted small">${escape(opd)} · ${escape(code || "")}</span>`;
	},

	extend_toolbar: true,
	toolbar: [
		{
			label: __("Add Child"),
			condition: (node) => !node.is_root && frappe.model.can_create("Performance Objective"),
			click: (node) => new_child(cur_tree, node.data),
		},
		{
			label: __("Move"),
			condition: (node) => !node.is_root && frappe.model.can_write("Performance Objective"),
			click: (node) => move(node),
		},
		{
			label: __("Add Indicator"),
			condition: (node) => !node.is_root && frappe.model.can_create("Performance Indicator"),
			click: (node) =>
				frappe.new_doc("Performance Indicator", {
					performance_objective: node.data.value,
					objective: node.data.title,
					opd: node.data.opd,
				}),
		},
	],
};

const BELOW = { Tujuan: "Sasaran", Sasaran: "Program", Program: "Kegiatan", Kegiatan: "Sub Kegiatan" };

function new_child(treeview, above) {
	const args = treeview.args || {};
	frappe.new_doc("Performance Objective", {
		plan: args.plan || (above && above.plan),
		opd: args.opd || (above && above.opd),
		parent_performance_objective: above ? above.value : undefined,
		level: above ? BELOW[above.level] || "Sub Kegiatan" : "Tujuan",
	});
}

function move(node) {
	frappe.prompt(
		{
			fieldname: "parent",
			fieldtype: "Link",
			options: "Performance Objective",
			label: __("New Place Below"),
			description: __("Empty: the top of the tree"),
			get_query: () => ({ filters: { name: ["!=", node.data.value] } }),
		},
		({ parent }) =>
			frappe
				.xcall("seroja.api.objectives.move", { name: node.data.value, parent: parent || "" })
				.then(() => frappe.views.trees["Performance Objective"].make_tree()),
		__("Move: {0}", [frappe.utils.escape_html(node.data.title)]),
		__("Move")
	);
}
