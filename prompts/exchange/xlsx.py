"""A spreadsheet of one sheet, written row by row: a frozen header, real numbers and dates, links.

Owns the few parts of Office Open XML (ECMA-376) that this needs. A cell is always a value, never a formula, so nothing
has to be made safe. Text longer than Excel allows is cut, and counted.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from prompts.core.csv_safety import LONGEST_CELL, too_long
from prompts.core.run_links import MOST_LINKS
from prompts.core.sanitize import mended
from prompts.core.zip_stream import Sink


@dataclass(frozen=True, slots=True)
class Link:
    """Text that opens an address: a relationship of the sheet, not a formula."""

    text: str
    address: str


Cell = str | int | float | bool | Decimal | datetime | Link | None
MOST_ROWS = 1_048_575
"""The most rows below the header in an Excel sheet."""
_DAY_ZERO = datetime(1899, 12, 30, tzinfo=UTC)
_TEXT, _HEAD, _DATE, _LINK = 0, 1, 2, 3  # indexes into the styles below
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True, slots=True)
class Head:
    """The header of one column."""

    name: str
    width: float = 14
    """In characters."""


class Sheet:
    """Turns rows into the bytes of an xlsx file."""

    def __init__(self, heads: Sequence[Head], title: str) -> None:
        self._heads, self._title = heads, title
        self.long = 0
        """How many cells contain only the beginning of their text."""
        self.linkless = 0
        """How many links contain only their text."""
        self._links: list[tuple[str, str]] = []  # places and their addresses

    def pieces(self, rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
        """The whole file in pieces. Rows beyond `MOST_ROWS` are left out."""
        sink = Sink()
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in _frame(self._title).items():
                archive.writestr(name, _XML + text)
            with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
                part.write((_XML + self._beginning()).encode())
                for number, row in enumerate(rows, 2):
                    if number > MOST_ROWS + 1:
                        break
                    part.write(self._row(row, number).encode())
                    yield sink.take()
                part.write(self._end().encode())
            archive.writestr("xl/worksheets/_rels/sheet1.xml.rels", _XML + self._relations())
        yield sink.take()

    def _beginning(self) -> str:
        columns = "".join(
            f'<col min="{n}" max="{n}" width="{head.width}" customWidth="1"/>' for n, head in enumerate(self._heads, 1)
        )
        names = "".join(self._cell(head.name, n, 1, _HEAD) for n, head in enumerate(self._heads))
        return (
            f'<worksheet xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheetViews><sheetView workbookViewId="0">'
            '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
            f'<cols>{columns}</cols><sheetData><row r="1">{names}</row>'
        )

    def _end(self) -> str:
        links = "".join(f'<hyperlink ref="{place}" r:id="rId{n}"/>' for n, (place, _) in enumerate(self._links, 1))
        return (
            f'</sheetData><autoFilter ref="A1:{_letters(len(self._heads) - 1)}1"/>'
            f"{f'<hyperlinks>{links}</hyperlinks>' if links else ''}</worksheet>"
        )

    def _relations(self) -> str:
        links = "".join(
            f'<Relationship Id="rId{n}" Type="{_OFFICE}/hyperlink" Target={quoteattr(address)} TargetMode="External"/>'
            for n, (_, address) in enumerate(self._links, 1)
        )
        return f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'

    def _row(self, row: Sequence[Cell], number: int) -> str:
        return f'<row r="{number}">{"".join(self._cell(cell, n, number) for n, cell in enumerate(row))}</row>'

    def _cell(self, value: Cell, column: int, row: int, style: int = _TEXT) -> str:
        place = f'r="{_letters(column)}{row}"'
        match value:
            case None:
                return ""
            case bool():
                return f'<c {place} t="b"><v>{int(value)}</v></c>'
            case int() | float() | Decimal():
                return f"<c {place}><v>{value}</v></c>"
            case datetime():
                days = (value.astimezone(UTC) - _DAY_ZERO) / timedelta(days=1)
                return f'<c {place} s="{_DATE}"><v>{days!r}</v></c>'
            case Link() if len(self._links) < MOST_LINKS:
                self._links.append((f"{_letters(column)}{row}", value.address))
                return self._cell(value.text, column, row, _LINK)
            case Link():
                self.linkless += 1
                return self._cell(value.text, column, row)
            case str():
                return (
                    f'<c {place} s="{style}" t="inlineStr"><is><t xml:space="preserve">{self._text(value)}</t></is></c>'
                )

    def _text(self, value: str) -> str:
        if too_long(value):
            self.long += 1
            value = value[: LONGEST_CELL // 2]
        # XML cannot express most control characters.
        return escape("".join(c for c in mended(value) if c in "\t\n\r" or c >= " "))


def _letters(column: int) -> str:
    """The letters of a column counted from 0: `A`, `Z`, `AA`."""
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def _frame(title: str) -> dict[str, str]:
    """The parts of the package other than the sheet, by name."""
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET}.styles+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEET}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name="{escape(title)}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><numFmts count="1">'
        '<numFmt numFmtId="164" formatCode="yyyy-mm-dd hh:mm:ss"/></numFmts>'
        '<fonts count="3"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font>'
        '<font><u/><sz val="11"/><color rgb="FF0563C1"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4">'
        '<xf><alignment vertical="top" wrapText="1"/></xf>'
        '<xf fontId="1" applyFont="1"/><xf numFmtId="164" applyNumberFormat="1"/>'
        '<xf fontId="2" applyFont="1"><alignment vertical="top"/></xf></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
    }  # fmt: skip
