#!/usr/bin/env python3
"""Extracts prognosis.tsv from the text of the Prognosis port requirements document.

    extract_prognosis.py DOCUMENT.txt > prognosis.tsv

The document's tables are printed one row a line, cells separated by ' | '; a heading
stands alone on the line before a table's header.  Only sections, line numbers,
protocols and ports are taken.  Not needed by the tests, which read the result.
"""

import re
import sys

BASE = 1960  # the document's default for <PortNumber>
# A section whose printed heading needs the one above it to be understood.
PARENTS = {
    "Cisco UCS B-Series": "Cisco Unified Computing System, ",
    "Cisco UCS C-Series": "Cisco Unified Computing System, ",
}
PROTOCOLS = {"TCP": "tcp", "UDP": "udp", "N/A": "none", "TVP": "tcp"}  # sic: TVP


def tables(path):
    """Yields (section, cells) of every port line, in order."""
    heading = section = ""
    with open(path, encoding="utf-8") as document:
        for text in document:
            if " | " not in text:
                # A paragraph between heading and table ends in a full stop.
                if text.strip(" |\n") and not text.rstrip().endswith("."):
                    heading = text.strip()
                continue
            cells = [cell.strip() for cell in text.split(" | ")]
            if cells[0] in ("Port", "Vendor"):
                section = PARENTS.get(heading, "") + heading
                vendors = cells[0] == "Vendor"
                continue
            yield section, cells[1:] if vendors else cells


def ports_of(cell, text, dynamic):
    """The ports of a printed cell, as single ports and ranges."""
    base = re.fullmatch(r"<PortNumber>\+(\d)", cell)
    if base:
        return [str(BASE + int(base.group(1)))]
    found = re.findall(r"\d+(?: ?- ?\d+)?", cell)
    if cell.endswith("and"):  # "135 and": the text lost the range that follows
        found.append(dynamic)
    fallback = re.search(r"port (\d+), if .* up to port (\d+)", text)
    if fallback:  # the ports that the installer takes instead of the printed one
        found.append("-".join(fallback.groups()))
    return [port.replace(" ", "") for port in found]


def main():
    rows = list(tables(sys.argv[1]))
    # The one line that prints the dynamic range of WMI serves those that lost it.
    dynamic = next(m.group(1) for _, cells in rows
                   if (m := re.search(r"and (49152 - \d+)", cells[0])))
    print("section", "line", "protocol", "ports", sep="\t")
    for number, (section, cells) in enumerate(rows, 1):
        for port in ports_of(cells[0], " ".join(cells), dynamic):
            print(section, number, PROTOCOLS[cells[1]], port, sep="\t")


if __name__ == "__main__":
    main()
