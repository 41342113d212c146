"""What a terminal shows, as SVG: text with colours (SGR) on standard input, the command
that printed it as argument."""

import re
import sys
from html import escape

COLUMNS, WIDTH, HEIGHT, PAD = 124, 7.22, 17, 14
# Of a dark terminal; each is at least 4.5 to 1 on the background.
COLOURS = {"0": "#d4d7dc", "1": "#ffffff", "2": "#8b929c", "31": "#ff6b68", "32": "#7ec97e",
           "33": "#e0b050", "36": "#6fc3d0"}


def spans(line):
    """(text, colour, bold) of each run of one look."""
    colour, bold = COLOURS["0"], False
    for part in re.split(r"(\x1b\[[0-9;]*m)", line):
        if not part.startswith("\x1b"):
            if part:
                yield part, colour, bold
            continue
        for code in part[2:-1].split(";"):
            if code in ("", "0"):
                colour, bold = COLOURS["0"], False
            elif code == "1":
                bold = True
            elif code in COLOURS:
                colour = COLOURS[code]


lines = ["$ " + sys.argv[1]] + sys.stdin.read().rstrip("\n").split("\n")
width, height = COLUMNS * WIDTH + 2 * PAD, len(lines) * HEIGHT + 2 * PAD
print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}" '
      f'viewBox="0 0 {width:.0f} {height}" role="img" aria-label="{escape(sys.argv[1])}">')
print(f'<rect width="100%" height="100%" rx="8" fill="#1b1e23"/>')
print('<g font-family="ui-monospace, \'DejaVu Sans Mono\', Menlo, Consolas, monospace" '
      'font-size="12" xml:space="preserve">')
for row, line in enumerate(lines):
    column = 0
    for text, colour, bold in spans(line):
        # Each run at its column and as wide as it ought to be, whatever the font; spaces
        # of the kind that is not folded.
        print(f'<text x="{PAD + column * WIDTH:.2f}" y="{PAD + row * HEIGHT + 12}" '
              f'textLength="{len(text) * WIDTH:.2f}" fill="{colour}"'
              f'{" font-weight=" + chr(34) + "bold" + chr(34) if bold else ""}>'
              f'{escape(text).replace(" ", "&#160;")}</text>')
        column += len(text)
print("</g>\n</svg>")
