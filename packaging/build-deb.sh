#!/bin/sh
# build-deb.sh [DIRECTORY]: the Debian packages of this tree, built in a copy of it, put into
# the directory [.].  DEB_BUILD_OPTIONS as dpkg-buildpackage(1) has them.
set -eu
# Without debug symbols in packages of their own: svcport*.deb is what is to be installed.
export DEB_BUILD_OPTIONS="${DEB_BUILD_OPTIONS:-} noautodbgsym"
top=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "${1:-.}"
out=$(cd "${1:-.}" && pwd)
tmp=$(mktemp -d "${TMPDIR:-/tmp}/svcport-deb.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' INT TERM HUP
mkdir "$tmp/svcport"
# Sources only: neither version control nor what a build in place has left.
(cd "$top" && tar -cf - --exclude=./.git --exclude=./build --exclude=./autom4te.cache \
	--exclude=./tests/system/fresh \
	--exclude='*.o' --exclude='*.a' --exclude=./configure --exclude=./Makefile \
	--exclude=./Makefile.in --exclude=./config.* --exclude=./build-aux .) |
	tar -xf - -C "$tmp/svcport"
cp -r "$tmp/svcport/packaging/debian" "$tmp/svcport/debian"
(cd "$tmp/svcport" && dpkg-buildpackage -us -uc -b)
mv "$tmp"/*.deb "$tmp"/*.changes "$tmp"/*.buildinfo "$out"
