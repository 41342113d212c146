#!/usr/bin/env python3
"""Extracts psm.tsv and sesam.tsv from the texts of their vendors' documents.

    extract.py psm DOCUMENT.txt > psm.tsv
    extract.py sesam DOCUMENT.txt > sesam.tsv

Both documents print their tables one row a line, cells separated by '|'.  Only sections,
line numbers, protocols and ports are taken.  Not needed by the tests, which read the
result.  flowmon.tsv is tallied by hand: that document is prose.
"""

import re
import sys

DRIVE = 1  # the catalogue's default for "11701+drive number"


def cells_of(text):
    return [cell.strip() for cell in text.rstrip("| \n").split("|")]


def is_rule(cells):
    """The line of dashes between a table's titles and its rows."""
    return all(set(cell) == {"-"} and len(cell) > 1 for cell in cells)


def ports_in(text):
    """Ports and ranges; a number inside a name, such as BTI7800, is none."""
    return re.findall(r"(?<![\w+])\d+(?:-\d+)?(?!\w)", text)


def psm(document):
    """Yields (section, protocol, ports) of each row of Tables 1 to 8."""
    section = ""
    referring = []  # rows that refer to Table 4 by their application
    rows = []
    client_block = True
    for text in document:
        caption = re.match(r"Table \d: ", text)
        if caption:
            section = re.sub(r"Port Usage in | Communications.*", "", text.strip())
            continue
        cells = cells_of(text)
        if cells[0].startswith("Protocol Role"):
            # The listening party is the one whose role reads "server".
            client_block = "client" in cells[0]
            continue
        if len(cells) != 4 or is_rule(cells) or cells[0] == "Application":
            continue
        cell = cells[3] if client_block else cells[2]
        rows.append([section, cells[0], cell])
        if cell == "See Table 4.":
            referring.append(rows[-1])
    for row in referring:
        row[2] = next(r[2] for r in rows if r[0].startswith("Table 4") and r[1] == row[1])
    for section, application, cell in rows:
        protocol = re.search(r"\b(TCP|UDP):", cell)
        if protocol:
            # What stands in parentheses names network elements, not ports.
            ports = ports_in(re.sub(r"\([^)]*\)|TCP:|UDP:", " ", cell))
            yield section, protocol.group(1).lower(), ports
        else:
            yield section, application.lower(), []


def sesam(document):
    """Yields (section, protocol, ports) of each row of the directed table, of the
    complete lists and of the modules' tables.  All are TCP: the overview says so of the
    product's own ports, and NDMP, the one other protocol printed, runs over it."""
    heading = section = ""
    column = None  # of the port, in the table at hand
    joined = ""
    for text in document:
        text = text.strip()
        if "|" not in text:
            # A table follows its heading at once, or after a paragraph.
            if text and not text.endswith("."):
                heading = text
            continue
        cells = cells_of(joined + text)
        joined = ""
        titles = [cell.lower() for cell in cells]
        for title in ("port number", "destination port"):
            if title in titles:
                column = titles.index(title)
                section = heading
                directed = title == "destination port"
                break
        else:
            if column is None or is_rule(cells):
                continue
            short = len(cells) <= column
            if cells[0].startswith("Additional ports"):
                section = cells[0]
            elif short and directed:
                section = f"{heading}: {cells[0]}"
            elif short:
                # A row that the text broke inside a cell, or a remark.
                joined = text + " " if len(cells) == 3 else ""
            elif cells[column] == "-":
                yield section, "none", []
            elif cells[column][:1].isdigit():
                formula = re.fullmatch(r"(\d+)\+drive number", cells[column])
                ports = [str(int(formula[1]) + DRIVE)] if formula \
                    else ports_in(cells[column])
                yield section, "tcp", ports


def main():
    reader = {"psm": psm, "sesam": sesam}[sys.argv[1]]
    with open(sys.argv[2], encoding="utf-8") as document:
        rows = list(reader(document))
    print("section", "line", "protocol", "ports", sep="\t")
    for number, (section, protocol, ports) in enumerate(rows, 1):
        for port in ports or [""]:
            print(section, number, protocol, port, sep="\t")


if __name__ == "__main__":
    main()
