#!/bin/sh
# The picture in README.md shows what `svcport status` says.
exec "${srcdir:-.}/docs/picture" --check
