"""`seroja` on the command line: evaluates a spreadsheet without a server.

Thin by design: read a file, let core evaluate it, write files.
"""

from __future__ import annotations

import math
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path

import click

from seroja import __version__

_MOST_MESSAGES = 100
_LARGEST_INSTRUMENT, _LARGEST_ANSWERS = 5_000_000, 50_000_000  # bytes
_ROWS_AT_ONCE, _WORKERS = 250_000, 2  # what the memory of a roll-up on Dask is bounded by


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
	"""Evaluasi kinerja dari lembar kerja: capaian, kategori, ringkasan, grafik, XLSX, PDF; analisis deret; penilaian AKIP, SPBE; dan rekapitulasi nasional."""


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
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder hasil.")
@click.option(
	"--engine",
	type=click.Choice(["pandas", "dask"]),
	default="pandas",
	help="dask: untuk data yang melebihi memori; angkanya sama.",
)
@click.option(
	"--keys",
	type=click.Path(path_type=Path),
	default=None,
	help="CSV government,public_key[,level]: kunci publik yang dipercaya.",
)
@click.option("--scale", "scale_name", default=None, help="Nama skala capaian (bawaan: Permendagri 86/2017).")
@click.option("--strict", is_flag=True, help="Keluar dengan status 1 bila ada berkas yang ditolak.")
def rollup(folder: Path, out: Path, engine: str, keys: Path | None, scale_name: str | None, strict: bool):
	"""Merekap paket (.json) dan berkas angka (.parquet, .csv) dalam FOLDER menjadi tabel nasional.

	Paket hanya diterima bila tanda tangannya cocok dengan kunci dalam --keys.
	"""
	refused = _roll_up(folder, engine, out, keys, _scale(scale_name))
	if strict and refused:
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


def _roll_up(folder: Path, engine: str, out: Path, keys: Path | None, scale) -> int:
	"""Roll up a folder and write everything; the number of refused files."""
	if folder.resolve() == out.resolve():
		raise CannotRead("Folder hasil (--out) harus lain daripada folder masukan.")
	with _progress() as step:
		step("Memuat pustaka")
		import pandas as pd

		from seroja.core import roll_up as core
		from seroja.core.rendering import write_csv

		trusted, levels = _trusted(keys)
		step("Membaca berkas")
		with _temporary_folder(out) as staged:
			staging = _staged(_files_in(folder, keys), staged, trusted, levels)
			for name in ("refused", "remarks"):
				rows = pd.DataFrame(
					getattr(staging, name), columns=["file", "reason" if name == "refused" else "remark"]
				)
				_write(out / f"{name}.csv", write_csv(rows))
			if not staging.used:
				raise CannotRead(
					f"Tidak ada berkas yang dapat direkap; alasannya ada di {out / 'refused.csv'}."
				)
			step("Merekap")
			result = _table(staged, engine, scale)
		step("Menyusun PDF")
		outputs = {
			"national.csv": write_csv(result.national),
			"governments.csv": write_csv(result.governments),
			"rollup.pdf": core.roll_up_pdf(result, date.today(), [*staging.notes, f"Skala: {scale.name}."]),
		}
		step("Menyimpan")
		for target, content in outputs.items():
			_write(out / target, content)
	_report_roll_up(result, staging, out)
	return len(staging.refused)


def _trusted(keys: Path | None) -> tuple[dict[str, str] | None, dict[str, str]]:
	from seroja.core.packages import PackageError, read_keys
	from seroja.core.spreadsheets import TableError

	if keys is None:
		return None, {}
	try:
		return read_keys(_read(keys, _LARGEST_ANSWERS), keys.name)
	except (PackageError, TableError) as error:
		raise CannotRead(f"{keys.name}: {error}") from None


def _files_in(folder: Path, keys: Path | None) -> list[Path]:
	try:
		found = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
	except OSError as error:
		raise CannotRead(f"Folder {folder} tidak dapat dibuka: {_reason(error)}.") from None
	return [path for path in found if keys is None or path.resolve() != keys.resolve()]


@contextmanager
def _temporary_folder(out: Path):
	"""A folder beside the results, where there is room for them: the system's own may lie in memory."""
	try:
		out.mkdir(parents=True, exist_ok=True)
		folder = tempfile.TemporaryDirectory(prefix="rollup-", dir=out)
	except OSError as error:
		raise CannotRead(f"Tidak dapat menulis {out}: {_reason(error)}.") from None
	with folder as name:
		yield Path(name)


@dataclass
class _Staging:
	"""Files that were read into Parquet partitions. packages: (government, period) → (age, file, partition)."""

	trusted: dict[str, str] | None
	levels: dict[str, str]
	folder: Path
	refused: list[tuple[str, str]] = field(default_factory=list)
	remarks: list[tuple[str, str]] = field(default_factory=list)
	packages: dict = field(default_factory=dict)
	figures: int = 0
	partitions: int = 0

	@property
	def used(self) -> int:
		return len(self.packages) + self.figures

	@property
	def notes(self) -> list[str]:
		"""What was read, and what nobody checked."""
		notes = [
			f"{len(self.packages)} paket dan {self.figures} berkas angka direkap; {len(self.refused)} ditolak."
		]
		if self.packages and self.trusted is None:
			notes.append(
				"PERHATIAN: tanda tangan paket TIDAK diperiksa; berikan --keys agar asalnya terbukti."
			)
		if self.figures:
			notes.append(
				"PERHATIAN: berkas angka (.parquet, .csv) tidak bertanda tangan; asalnya tidak terbukti."
			)
		return notes

	def write(self, frame) -> Path:
		"""One more partition."""
		self.partitions += 1
		path = self.folder / f"{self.partitions:08}.parquet"
		frame.to_parquet(path, index=False)
		return path


def _staged(
	files: list[Path], folder: Path, trusted: dict[str, str] | None, levels: dict[str, str]
) -> _Staging:
	"""Read files one by one, packages first; what is wrong with one stops no other."""
	from pyarrow import ArrowException

	staging = _Staging(trusted, levels, folder)
	for file in sorted(files, key=lambda file: file.suffix.casefold() != ".json"):
		stage = {".json": _stage_package, ".parquet": _stage_figures, ".csv": _stage_figures}.get(
			file.suffix.casefold(), _refuse_kind
		)
		try:
			stage(file, staging)
		except CannotRead as error:
			staging.refused.append((file.name, error.message))
		except (ValueError, OSError, ArrowException) as error:
			staging.refused.append((file.name, _sentence(error)))
	staging.refused.sort()
	return staging


def _sentence(error: Exception) -> str:
	"""Our own sentences as they are; a library's first line as what it found."""
	from seroja.core.packages import PackageError
	from seroja.core.roll_up import RollUpError

	if isinstance(error, (PackageError, RollUpError)):
		return str(error)
	return f"Berkas tidak terbaca: {(str(error).splitlines() or [''])[0][:200]}"


def _refuse_kind(file: Path, staging: _Staging) -> None:
	raise CannotRead("Jenis berkas ini tidak dikenal; yang dibaca hanya .json, .parquet, dan .csv.")


def _stage_package(file: Path, staging: _Staging) -> None:
	"""Of several packages of one government and period the last made counts."""
	from seroja.core import packages, roll_up

	data = _read(file, packages.LARGEST_PACKAGE)
	package = (
		packages.read_unchecked(data) if staging.trusted is None else packages.read(data, staging.trusted)
	)
	packages.check_claims(package, staging.levels.get(package.government), datetime.now())
	key, age = (package.government, package.period), (package.content["made_on"], package.digest)
	remarks = packages.completeness(package, package.period)
	frame = roll_up.checked(package.figures)
	before = staging.packages.get(key)
	if before and before[0] >= age:
		raise CannotRead(_replaced(package, before[1]))
	if before:
		before[2].unlink()
		staging.refused.append((before[1], _replaced(package, file.name)))
		staging.remarks = [row for row in staging.remarks if row[0] != before[1]]
	staging.packages[key] = age, file.name, staging.write(frame)
	staging.remarks += [(file.name, remark) for remark in remarks]


def _replaced(package, other: str) -> str:
	return f"Paket {package.government} untuk {package.period.label} digantikan oleh {other}, yang dibuat lebih akhir atau sama."


def _stage_figures(file: Path, staging: _Staging) -> None:
	"""All of a file or nothing."""
	from seroja.core import roll_up

	written = []
	try:
		for batch in _batches(file):
			frame = roll_up.checked(batch)
			_refuse_repeated(frame, staging)
			if len(frame):
				written.append(staging.write(frame))
		if not written:
			raise CannotRead("Berkas ini tidak memuat satu baris pun.")
	except BaseException:
		for path in written:
			path.unlink()
		raise
	staging.figures += 1


def _batches(file: Path):
	"""The rows of a figures file, some at a time."""
	import pandas as pd
	import pyarrow.parquet

	if file.suffix.casefold() == ".csv":
		yield from pd.read_csv(
			file, dtype=str, keep_default_na=False, encoding="utf-8-sig", chunksize=_ROWS_AT_ONCE
		)
	else:
		with pyarrow.parquet.ParquetFile(file) as parquet:
			for batch in parquet.iter_batches(_ROWS_AT_ONCE):
				yield batch.to_pandas()


def _refuse_repeated(frame, staging: _Staging) -> None:
	"""A government's quarter that came as a package does not count a second time."""
	from seroja.core.periods import Period

	quarters = frame[["government", "year", "quarter"]].drop_duplicates().itertuples(index=False, name=None)
	for government, year, quarter in quarters:
		key = government, Period(year, "quarter", quarter)
		if key in staging.packages:
			raise CannotRead(
				f"Memuat {government} untuk {key[1].label}, yang sudah ada dalam {staging.packages[key][1]}."
			)


def _table(folder: Path, engine: str, scale):
	"""The tables of all partitions, on one of the two engines."""
	import pandas as pd

	from seroja.core import roll_up

	if engine == "pandas":
		return roll_up.table(pd.read_parquet(folder), scale)
	try:
		import dask
		import dask.dataframe
	except ImportError:
		raise CannotRead(
			"Mesin dask belum terpasang. Pasang dengan: pip install 'seroja[national]'."
		) from None
	settings = {
		"scheduler": "threads",
		"num_workers": _WORKERS,
		"dataframe.parquet.minimum-partition-size": 0,
	}
	with dask.config.set(settings):
		return roll_up.table(dask.dataframe.read_parquet(folder), scale)


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


def _report_roll_up(result, staging: _Staging, out: Path) -> None:
	"""Say what was read, refused and remarked, what nobody checked, and where everything lies."""
	from seroja.core.parts import clean

	for note in staging.notes:
		click.echo(note, err=note.startswith("PERHATIAN"))
	click.echo(
		f"{len(result.national)} baris indikator acuan, {len(result.governments)} baris pemerintah daerah."
	)
	for title, rows in (("berkas ditolak", staging.refused), ("catatan atas paket", staging.remarks)):
		if rows:
			click.echo(f"{len(rows)} {title}:")
			for file, sentence in rows[:10]:
				click.echo(clean(f"- {file}: {sentence}"))
	click.echo(f"PDF    {out / 'rollup.pdf'}")
	tables = ("national", "governments", "refused", "remarks")
	click.echo(f"CSV    {', '.join(str(out / f'{name}.csv') for name in tables)}")


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
