"""`seroja` on the command line: evaluates a spreadsheet without a server.

Thin by design: read a file, let core evaluate it, write files.
"""

from __future__ import annotations

import math
import sys
import time
from contextlib import contextmanager
from datetime import date
from importlib.resources import files
from pathlib import Path

import click

from seroja import __version__

_MOST_MESSAGES = 100
_LARGEST_INSTRUMENT, _LARGEST_ANSWERS = 5_000_000, 50_000_000  # bytes


class CannotRead(click.ClickException):
	"""A file that cannot be read: one sentence, exit status 2."""

	exit_code = 2

	def show(self, file=None):
		# Names and contents of files can hold line breaks and commands for the terminal.
		message = "".join(sign if sign.isprintable() else " " for sign in self.message)
		click.echo(f"seroja: {message}", err=True)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="seroja %(version)s")
def main():
	"""Evaluasi kinerja dari lembar kerja: capaian, kategori, ringkasan, grafik, XLSX, PDF; analisis deret; dan penilaian AKIP, SPBE."""


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder hasil.")
@click.option("--scale", "scale_name", default=None, help="Nama skala capaian (bawaan: Permendagri 86/2017).")
@click.option(
	"--cap", type=click.FloatRange(min=100), default=None, help="Batas atas skor, persen (bawaan: 120)."
)
@click.option("--strict", is_flag=True, help="Keluar dengan status 1 bila ada baris yang tidak sah.")
def evaluate(file: Path, out: Path, scale_name: str | None, cap: float | None, strict: bool):
	"""Menilai FILE (CSV atau XLSX) dan menulis tabel, grafik, XLSX, dan PDF ke folder hasil."""
	if cap is not None and not math.isfinite(cap):
		raise CannotRead("Batas atas skor (--cap) harus berupa angka, sedikitnya 100.")
	invalid = _evaluate(_read(file), file.name, out, scale_name, cap)
	if strict and invalid:
		sys.exit(1)


@main.command()
@click.argument("instrument")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder hasil.")
@click.option(
	"--strict",
	is_flag=True,
	help="Keluar dengan status 1 bila ada baris yang tidak sah atau jawaban yang kurang.",
)
def assess(instrument: str, file: Path, out: Path, strict: bool):
	"""Menilai jawaban dalam FILE (CSV atau XLSX, kolom code dan answer) menurut INSTRUMENT.

	INSTRUMENT: kode bawaan seperti akip-2021 atau spbe-2020, atau berkas instrumen .json atau .xlsx.
	"""
	from seroja.core.answers import read_answers
	from seroja.core.scoring import score
	from seroja.core.spreadsheets import TableError

	worksheet = _instrument(instrument)
	try:
		given = read_answers(_read(file, _LARGEST_ANSWERS), file.name, worksheet)
	except TableError as error:
		raise CannotRead(f"{file.name}: {error}") from None
	scores = score(worksheet, given.answers)
	_write_assessment(worksheet, scores, given, file.name, out)
	_report_assessment(worksheet, scores, given, out)
	if strict and (given.messages or scores.missing):
		sys.exit(1)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder hasil.")
@click.option("--strict", is_flag=True, help="Keluar dengan status 1 bila ada baris yang tidak sah.")
def analyse(file: Path, out: Path, strict: bool):
	"""Memperkirakan tercapainya target dan memeriksa angka deret dalam FILE (CSV atau XLSX).

	Satu baris per indikator dan periode: indicator, polarity, year, period, target, realization; boleh ditambah
	opd, unit, consolidation, achievement, budget, budget_realization. Nilai tahunan: period dikosongkan.
	"""
	invalid = _analyse(_read(file), file.name, out)
	if strict and invalid:
		sys.exit(1)


@main.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def template(file: Path):
	"""Menulis buku kerja kosong FILE.xlsx dengan petunjuk dan pilihan kolom."""
	from seroja.core.template_workbook import build_template

	if file.exists():
		raise CannotRead(f"Berkas {file} sudah ada dan tidak ditimpa. Pilih nama lain.")
	if file.suffix.casefold() != ".xlsx":
		raise CannotRead(f"Nama berkas {file} harus berakhir dengan .xlsx.")
	_write(file, build_template())
	click.echo(f"Templat ditulis: {file}")


@main.command()
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder hasil.")
def demo(out: Path):
	"""Menilai contoh yang dibawa SEROJA."""
	name = "contoh-evaluasi.csv"
	_evaluate(files("seroja.core").joinpath("data", name).read_bytes(), name, out, None, None)


def _evaluate(data: bytes, name: str, out: Path, scale_name: str | None, cap: float | None) -> int:
	"""Evaluate bytes and write everything; the number of invalid rows."""
	with _progress() as step:
		step("Memuat pustaka")
		from seroja.core import evaluation as core
		from seroja.core.achievement import DEFAULT_CAP
		from seroja.core.importers import TableError, read_table
		from seroja.core.rendering import write_csv

		scale = _scale(scale_name)
		step("Membaca berkas")
		try:
			table = read_table(data, name)
		except TableError as error:
			raise CannotRead(f"{name}: {error}") from None
		step("Menghitung capaian")
		result = core.evaluate_values(table.values, scale, cap or DEFAULT_CAP, messages=table.messages)
		notes = [f"Sumber: {name}, {len(table.frame)} baris.", *table.notes]
		if table.messages:
			notes.append(f"{len(table.messages)} baris tidak sah dan tidak dihitung.")
		step("Menggambar grafik")
		pictures = core.draw_charts(result)
		step("Menulis tabel")
		outputs = {
			"indicators.csv": write_csv(_indicator_rows(table, result)),
			"summary.csv": write_csv(core.summary_table(result)),
			"evaluation.xlsx": core.build_xlsx(result, notes),
		}
		step("Menyusun PDF")
		cover = core.Cover("Ringkasan Evaluasi Kinerja", name, "SEROJA", date.today())
		outputs["evaluation.pdf"] = core.build_pdf(result, cover, notes, pictures)
		outputs |= {f"charts/{chart}.png": picture for chart, picture in pictures.items()}
		step("Menyimpan")
		for target, content in outputs.items():
			_write(out / target, content)
		for chart in set(core.CHARTS) - set(pictures):
			_remove(out / f"charts/{chart}.png")
	_report(table, result, out)
	return len(table.messages)


def _analyse(data: bytes, name: str, out: Path) -> int:
	"""Analyse bytes and write everything; the number of invalid rows."""
	with _progress() as step:
		step("Memuat pustaka")
		from seroja.core import analysis_document as core
		from seroja.core.analysis import analyse
		from seroja.core.analysis_charts import INDICATOR_CHARTS, draw_charts
		from seroja.core.analysis_reading import TableError, read_series
		from seroja.core.analysis_tables import checks_table, outlook_table
		from seroja.core.checks import find
		from seroja.core.evaluation import Cover
		from seroja.core.rendering import write_csv

		step("Membaca berkas")
		try:
			table = read_series(data, name)
		except TableError as error:
			raise CannotRead(f"{name}: {error}") from None
		step("Memeriksa angka")
		findings = find(table.rows)
		step("Menghitung perkiraan")
		outlook = analyse(table.rows, table.targets, findings)
		step("Menggambar grafik")
		pictures = draw_charts(table.rows, outlook)
		step("Menyusun PDF")
		cover = Cover(core.TITLE, name, "SEROJA", date.today())
		notes = [*table.notes, *_left_out(table.messages)]
		outputs = {
			"outlook.csv": write_csv(outlook_table(outlook)),
			"checks.csv": write_csv(checks_table(findings)),
			"analysis.pdf": core.build_pdf(outlook, findings, (), cover, notes, pictures),
		}
		outputs |= {f"charts/{chart}.png": picture for chart, picture in pictures.items()}
		step("Menyimpan")
		for target, content in outputs.items():
			_write(out / target, content)
		for chart in (out / "charts").glob(f"{INDICATOR_CHARTS}[0-9][0-9]-*.png"):
			if chart.stem not in pictures:
				_remove(chart)
	_report_analysis(table, outlook, findings, out)
	return len(table.messages)


def _read(file: Path, most: int | None = None) -> bytes:
	"""The bytes of a file of at most `most` bytes."""
	try:
		if most is not None and file.stat().st_size > most:
			raise CannotRead(f"Berkas {file} terlalu besar; paling besar {most // 1_000_000} MB.")
		return file.read_bytes()
	except OSError as error:
		raise CannotRead(f"Berkas {file} tidak dapat dibuka: {_reason(error)}.") from None
	except ValueError:  # a path with a NUL character
		raise CannotRead("Nama berkas tidak sah.") from None


def _scale(name: str | None):
	from seroja.core.scales import DEFAULT_SCALE, shipped_scales

	scales = shipped_scales()
	found = [key for key in scales if key.casefold() == (name or DEFAULT_SCALE).casefold()]
	if not found:
		raise CannotRead(f"Skala “{name}” tidak ada. Pilihan: {'; '.join(scales)}.")
	return scales[found[0]]


def _instrument(name: str):
	"""A shipped instrument by its code, or one from a file."""
	from seroja.core.instruments import InstrumentError, read_instrument, shipped_instrument, shipped_names

	if name.casefold() in shipped_names():
		return shipped_instrument(name.casefold())
	path = Path(name)
	suffix = path.suffix.casefold()
	if suffix not in (".json", ".xlsx"):
		raise CannotRead(
			f"Instrumen “{name}” tidak ada. Pilihan: {', '.join(shipped_names())}, atau berkas .json atau .xlsx."
		)
	data = _read(path, _LARGEST_INSTRUMENT)
	try:
		if suffix == ".json":
			return read_instrument(data)
		from seroja.core.instrument_workbook import read_workbook

		return read_workbook(data)
	except InstrumentError as error:
		raise CannotRead(f"{path.name}: {_some(error.problems)}") from None


def _some(problems: list[str]) -> str:
	"""The first few problems in one line."""
	rest = f" … dan {len(problems) - 5} masalah lainnya." if len(problems) > 5 else ""
	return " ".join(problems[:5]) + rest


def _write_assessment(instrument, scores, given, source: str, out: Path) -> None:
	from seroja.core.assessment_summary import assessment_pdf, score_notes, score_table
	from seroja.core.rendering import write_csv

	notes = [*score_notes(scores), *given.messages]
	outputs = {
		"scores.csv": write_csv(score_table(instrument, scores)),
		"assessment.pdf": assessment_pdf(instrument, scores, source, date.today(), notes),
	}
	for target, content in outputs.items():
		_write(out / target, content)


def _indicator_rows(table, result):
	"""The input columns as they came, then the computed ones (domain.md 3.2: the achievement unrounded)."""
	computed = result.indicators[
		["achievement", "achievement_scored", "category", "status", "method", "explanation", "message"]
	]
	kept = table.frame.rename(
		columns={name: f"input_{name}" for name in table.frame if name in computed and name != "method"}
	)
	return kept.drop(columns="method", errors="ignore").join(computed.astype(object))


def _write(path: Path, content: bytes) -> None:
	try:
		path.parent.mkdir(parents=True, exist_ok=True)
		path.write_bytes(content)
	except OSError as error:
		raise CannotRead(f"Tidak dapat menulis {path}: {_reason(error)}.") from None


def _remove(path: Path) -> None:
	"""Take away what an earlier run left and this one does not write."""
	try:
		path.unlink(missing_ok=True)
	except OSError as error:
		raise CannotRead(f"Tidak dapat menghapus {path}: {_reason(error)}.") from None


def _reason(error: OSError) -> str:
	reasons = {
		FileNotFoundError: "tidak ada",
		PermissionError: "tidak diizinkan",
		IsADirectoryError: "itu sebuah folder",
		NotADirectoryError: "itu bukan folder",
		FileExistsError: "sudah ada berkas dengan nama itu",
	}
	return reasons.get(type(error)) or error.strerror or str(error)


@contextmanager
def _progress():
	"""A progress bar on the terminal, shown only when the work takes longer than a second."""
	from rich.console import Console
	from rich.progress import BarColumn, Progress, TextColumn

	started = time.monotonic()
	bar = Progress(
		TextColumn("{task.description}"),
		BarColumn(),
		console=Console(stderr=True),
		transient=True,
		auto_refresh=True,
	)
	task = bar.add_task("", total=7)

	def step(description: str) -> None:
		bar.update(task, description=description, advance=1)
		if bar.console.is_terminal and not bar.live.is_started and time.monotonic() - started > 1:
			bar.start()

	try:
		yield step
	finally:
		if bar.live.is_started:
			bar.stop()


def _report(table, result, out: Path) -> None:
	"""Say what was evaluated, what was not, and where everything lies."""
	from seroja.core.rendering import format_percent

	overall = result.overall
	click.echo(
		f"{overall['indicators']} indikator, {overall['valued']} bernilai, rata-rata skor "
		f"{format_percent(overall['mean_scored'])}"
		+ (f" ({overall['category']})" if overall["category"] else "")
		+ "."
	)
	for note in table.notes:
		click.echo(note)
	_report_invalid(table.messages, "selebihnya di kolom message pada indicators.csv")
	click.echo(f"PDF    {out / 'evaluation.pdf'}")
	click.echo(f"XLSX   {out / 'evaluation.xlsx'}")
	click.echo(f"CSV    {out / 'indicators.csv'}, {out / 'summary.csv'}")
	click.echo(f"Grafik {out / 'charts'}")


def _report_invalid(messages, rest: str) -> None:
	"""The first of the invalid rows; rest: what is said of the others."""
	from seroja.core.parts import clean

	if not messages:
		return
	click.echo(f"{len(messages)} baris tidak sah:")
	for message in list(messages.values())[:10]:
		click.echo(f"  {clean(message)}")
	if len(messages) > 10:
		click.echo(f"  … {rest}")


def _left_out(messages) -> list[str]:
	"""The sentences of a document about its invalid rows."""
	if not messages:
		return []
	rest = (
		[f"… dan {len(messages) - _MOST_MESSAGES} baris lainnya."] if len(messages) > _MOST_MESSAGES else []
	)
	shown = list(messages.values())[:_MOST_MESSAGES]
	return [f"{len(messages)} baris tidak sah dan tidak dihitung:", *shown, *rest]


def _report_analysis(table, outlook, findings, out: Path) -> None:
	"""Say how many indicators are where, what was found and left out, and where everything lies."""
	from seroja.core.analysis import STATUS_LABELS
	from seroja.core.analysis_tables import severity_counts, status_counts
	from seroja.core.checks import SEVERITY_LABELS

	statuses = [f"{STATUS_LABELS[name].lower()} {count}" for name, count in status_counts(outlook).items()]
	severities = [
		f"{SEVERITY_LABELS[name].lower()} {count}" for name, count in severity_counts(findings).items()
	]
	click.echo(f"{outlook['key'].nunique()} indikator: {', '.join(statuses)}.")
	click.echo(f"{len(findings)} temuan pemeriksaan angka: {', '.join(severities)}.")
	for note in table.notes:
		click.echo(note)
	_report_invalid(table.messages, f"dan {len(table.messages) - 10} baris lainnya")
	click.echo(f"PDF    {out / 'analysis.pdf'}")
	click.echo(f"CSV    {out / 'outlook.csv'}, {out / 'checks.csv'}")
	click.echo(f"Grafik {out / 'charts'}")


def _report_assessment(instrument, scores, given, out: Path) -> None:
	"""Say what came out, how far the next predicate is, and what was not counted."""
	from seroja.core import assessment_summary as summary
	from seroja.core.parts import clean

	lines = [
		f"{instrument.title} ({instrument.code}): {len(given.answers)} jawaban dari {given.total} baris.",
		"" if scores.is_complete else "Belum lengkap: indeks dan predikat berikut masih mungkin.",
		f"Indeks: {summary.index_text(instrument, scores)}",
		f"Predikat: {summary.predicate_text(scores)}",
		f"Berikutnya: {summary.next_text(scores.next)}" if scores.next else "",
		*summary.score_notes(scores),
	]
	if given.messages:
		lines.append(f"{len(given.messages)} catatan atas baris yang tidak dihitung:")
		lines += [f"- {message}" for message in given.messages[:_MOST_MESSAGES]]
		if len(given.messages) > _MOST_MESSAGES:
			lines.append(f"- … dan {len(given.messages) - _MOST_MESSAGES} lainnya")
	for line in filter(None, lines):
		click.echo(clean(line))
	click.echo(f"PDF    {out / 'assessment.pdf'}")
	click.echo(f"CSV    {out / 'scores.csv'}")
