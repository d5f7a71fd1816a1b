// Frappe draws the tree again whenever a filter is left; only a new value is a reason to.
function tree_filter(fieldname, label, options) {
	return {
		fieldname,
		label,
		options,
		fieldtype: "Link",
		disable_onchange: true,
		change() {
			const treeview = frappe.views.trees["Performance Objective"];
			const value = this.get_value() || "";
			if (!treeview || treeview.is_setting || (treeview.args[fieldname] || "") === value) return;
			if (!value && this.$input.val()) return; // its title is still being looked up
			treeview.args[fieldname] = value;
			treeview.make_tree();
		},
	};
}

// The plan and OPD that a link to this page asks for, also on a later visit.
function take_asked(treeview) {
	const asked = frappe.route_options || {};
	frappe.route_options = null;
	const names = ["plan", "opd"].filter((name) => asked[name]);
	if (!names.length) return;
	treeview.is_setting = true;
	names.forEach((name) => (treeview.args[name] = asked[name]));
	Promise.all(names.map((name) => treeview.page.fields_dict[name].set_value(asked[name]))).then(() =>
		setTimeout(() => (treeview.is_setting = false), 300)
	);
}

frappe.treeview_settings["Performance Objective"] = {
	title: __("Objective Tree"),
	breadcrumb: "SEROJA",
	get_tree_nodes: "seroja.api.objectives.get_children",
	get_tree_root: false,
	disable_add_node: true,
	root_label: __("Objectives"),
	filters: [
		tree_filter("plan", __("Strategic Plan"), "Strategic Plan"),
		tree_filter("opd", __("OPD"), "OPD"),
	],

	onload(treeview) {
		const make_tree = treeview.make_tree.bind(treeview);
		treeview.make_tree = () => {
			take_asked(treeview);
			make_tree();
		};
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
			label: __("Delete"),
			condition: (node) => !node.is_root && node.data.is_mine && !node.expandable,
			click: (node) =>
				frappe.model.delete_doc("Performance Objective", node.data.value, () => node.parent.remove()),
		},
		{
			label: __("Move"),
			condition: (node) => !node.is_root && node.data.is_mine,
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

function new_child(treeview, above) {
	const args = treeview.args || {};
	frappe.new_doc("Performance Objective", {
		// Below a node of another unit one's own plan begins.
		plan: args.plan || (above && above.is_mine ? above.plan : undefined),
		opd: args.opd || (above && above.is_mine ? above.opd : undefined),
		parent_performance_objective: above ? above.value : undefined,
		level: above ? seroja.LEVEL_BELOW[above.level] : "Tujuan",
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
