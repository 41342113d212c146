#!/bin/sh
# build-rpm.sh [DIRECTORY]: the RPM packages of this tree, put into the directory [.].
# Further arguments go to rpmbuild: --nodeps where packages are not called as in RHEL.
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
out=${1:-.}
[ $# -eq 0 ] || shift
mkdir -p "$out"
out=$(cd "$out" && pwd)
tmp=$(mktemp -d "${TMPDIR:-/tmp}/svcport-rpm.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' INT TERM HUP
version=$(sed -n 's/^AC_INIT(\[svcport\], \[\([^]]*\)\])$/\1/p' "$top/configure.ac")
mkdir -p "$tmp/svcport-$version" "$tmp/rpm/SOURCES"
# Sources only: neither version control nor what a build in place has left.
(cd "$top" && tar -cf - --exclude=./.git --exclude=./build --exclude=./autom4te.cache \
	--exclude='*.o' --exclude='*.a' --exclude=./configure --exclude=./Makefile \
	--exclude=./Makefile.in --exclude=./config.* --exclude=./build-aux .) |
	tar -xf - -C "$tmp/svcport-$version"
tar -cJf "$tmp/rpm/SOURCES/svcport-$version.tar.xz" -C "$tmp" "svcport-$version"
rpmbuild -bb --define "_topdir $tmp/rpm" --define "svcport_version $version" "$@" \
	"$top/packaging/rpm/svcport.spec"
mv "$tmp"/rpm/RPMS/*/*.rpm "$out"
