"""Who may import whom (design.md section 2), and what every package promises about itself."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "seroja"
LIBRARIES_OF_CORE = {
	"cryptography",
	"numpy",
	"pandas",
	"scipy",
	"matplotlib",
	"jinja2",
	"segno",
	"weasyprint",
	"pydyf",
	"openpyxl",
	"docx",
	"jsonpath",
	"pyarrow",
}
SOURCES = sorted(
	path for path in PACKAGE.rglob("*.py") if not {"node_modules", "__pycache__"} & set(path.parts)
)


def is_test(path: Path) -> bool:
	return "tests" in path.parts or path.name.startswith("test_")


def layer(module: str) -> str:
	"""The layer of a module of the package: core, services, api, doctype, report, tests, …"""
	parts = module.split(".")[1:]
	if not parts:
		return "package"
	if "tests" in parts or parts[-1].startswith("test_"):
		return "tests"
	# The module folder seroja/seroja holds what Frappe wants there: doctype, report, workflow, …
	return (parts[1] if len(parts) > 1 else "module") if parts[0] == "seroja" else parts[0]


def name_of(path: Path) -> str:
	parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
	return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> set[str]:
	"""Every module that a file imports, at any depth, relative ones resolved."""
	found = set()
	package = name_of(path).split(".")
	if path.name != "__init__.py":
		package = package[:-1]
	for node in ast.walk(ast.parse(path.read_text("utf-8"))):
		if isinstance(node, ast.Import):
			found |= {alias.name for alias in node.names}
		elif isinstance(node, ast.ImportFrom):
			base = package[: len(package) - node.level + 1] if node.level else []
			module = ".".join([*base, *([node.module] if node.module else [])])
			found |= {
				f"{module}.{alias.name}" if is_module(module, alias.name) else module for alias in node.names
			}
	return found


def is_module(package: str, name: str) -> bool:
	folder = PACKAGE.parent.joinpath(*package.split("."))
	return (folder / f"{name}.py").exists() or (folder / name).is_dir()


def files_of(*layers: str) -> list[Path]:
	return [path for path in SOURCES if layer(name_of(path)) in layers and not is_test(path)]


def layers_used(path: Path) -> set[str]:
	return {layer(module) for module in imports(path) if module.split(".")[0] == "seroja"}


def ids(path: Path) -> str:
	return str(path.relative_to(PACKAGE.parent))


def test_core_and_command_line_work_where_frappe_is_not_installed():
	code = """
import importlib, pkgutil, sys

class NoFrappe:
	def find_spec(self, name, path=None, target=None):
		if name.split(".")[0] in ("frappe", "bench", "erpnext"):
			raise ImportError(f"{name} is not to be imported here")

sys.meta_path.insert(0, NoFrappe())
import seroja.core
for module in pkgutil.walk_packages(seroja.core.__path__, "seroja.core."):
	importlib.import_module(module.name)
import seroja.cli
print(len([name for name in sys.modules if name.startswith("seroja.core.")]))
"""
	result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
	assert result.returncode == 0, result.stderr
	modules = [path for path in (PACKAGE / "core").rglob("*.py") if path.name != "__init__.py"]
	assert int(result.stdout) >= len(modules)


def test_the_package_itself_holds_its_version_and_nothing_else():
	tree = ast.parse((PACKAGE / "__init__.py").read_text("utf-8"))
	(statement,) = tree.body
	assert isinstance(statement, ast.Assign)
	assert [target.id for target in statement.targets] == ["__version__"]


@pytest.mark.parametrize("path", files_of("core"), ids=ids)
def test_core_imports_nothing_but_the_standard_library_and_its_libraries(path):
	roots = {module.split(".")[0] for module in imports(path)} - {"seroja"}
	assert roots <= set(sys.stdlib_module_names) | LIBRARIES_OF_CORE
	assert layers_used(path) <= {"core"}


def test_core_reads_no_clock_no_environment_and_no_network():
	forbidden = {"time", "os", "socket", "urllib", "http", "subprocess", "requests", "sqlite3"}
	for path in files_of("core"):
		assert not {module.split(".")[0] for module in imports(path)} & forbidden, path
		calls = {
			node.func.attr
			for node in ast.walk(ast.parse(path.read_text("utf-8")))
			if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
		}
		assert not calls & {"today", "now", "utcnow", "getenv"}, path


@pytest.mark.parametrize("path", files_of("cli"), ids=ids)
def test_the_command_line_imports_core_and_no_frappe(path):
	assert layers_used(path) <= {"package", "core", "cli"}
	assert "frappe" not in {module.split(".")[0] for module in imports(path)}


# Parametrised lists are empty as long as a folder does not exist; pytest then skips the test.


@pytest.mark.parametrize("path", files_of("services"), ids=ids)
def test_services_import_core_and_frappe_and_nothing_above_them(path):
	assert not layers_used(path) & {"api", "report", "doctype", "tasks", "cli", "tests"}


@pytest.mark.parametrize("path", files_of("doctype", "report", "api", "tasks"), ids=ids)
def test_doctypes_reports_api_and_tasks_import_services_and_not_each_other(path):
	# Constants and permissions stand beside services; a DocType may know its own child tables.
	own = {"doctype"} & {layer(name_of(path))}
	assert layers_used(path) <= {"package", "constants", "services", "permissions"} | own


@pytest.mark.parametrize("path", [path for path in SOURCES if not is_test(path)], ids=ids)
def test_nobody_imports_the_api_a_report_or_a_test(path):
	assert not layers_used(path) & {"api", "report", "tests"}
	assert "tests" not in {module.split(".")[0] for module in imports(path)}


@pytest.mark.parametrize("path", SOURCES, ids=ids)
def test_a_whitelisted_function_keeps_annotations_that_frappe_can_check(path):
	tree = ast.parse(path.read_text("utf-8"))
	whitelisted = any(
		"whitelist" in ast.unparse(decorator)
		for node in ast.walk(tree)
		if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
		for decorator in node.decorator_list
	)
	postponed = any(
		isinstance(node, ast.ImportFrom)
		and node.module == "__future__"
		and node.names[0].name == "annotations"
		for node in tree.body
	)
	assert not (whitelisted and postponed)
