frappe.listview_settings["Data Source"] = { hide_name_column: true };
