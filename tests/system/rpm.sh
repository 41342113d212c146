#!/bin/bash
# The RPM packages: built here, and what is in them.  They are made for RHEL 9; on Debian
# rpmbuild does not know the packages that they are built with, hence --nodeps.

set -u
cd "${srcdir:-.}" || exit 1
tmp=$(mktemp -d "${TMPDIR:-/tmp}/svcport-rpm-test.XXXXXX") || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' INT TERM HUP

fail() {
	echo "FAIL: $*"
	exit 1
}

if ! command -v rpmbuild >/dev/null; then
	echo "skip: no rpmbuild"
	exit 77
fi
timeout 900 packaging/build-rpm.sh "$tmp" --nodeps >"$tmp/log" 2>&1 </dev/null || {
	tail -n 40 "$tmp/log"
	fail "the packages do not build"
}

# has PACKAGE FILE...: the package has these files
has() {
	local package=$1 file

	shift
	rpm -qlp "$tmp/$package"-0*.rpm >"$tmp/list" 2>/dev/null || fail "no $package"
	for file in "$@"; do
		grep -qx "$file" "$tmp/list" || fail "$package has no $file"
	done
}

has svcport /usr/bin/svcport /usr/share/snmp/mibs/SVCPORT-MIB.txt \
	/usr/share/svcport/catalogues/sevone-nms.cfg \
	/usr/share/svcport/exports/zabbix/svcport.yaml '/usr/share/man/man1/svcport\.1.*'
has svcportd /usr/sbin/svcportd '/usr/share/man/man8/svcportd\.8.*' \
	/usr/lib/systemd/system/svcportd.service \
	/usr/lib/systemd/system/svcportd@.service /usr/lib/sysusers.d/svcportd.conf \
	/usr/lib/tmpfiles.d/svcportd.conf /etc/svcport/svcport.cfg

rpm -qcp "$tmp"/svcportd-0*.rpm >"$tmp/conf" 2>/dev/null
for file in /etc/svcport/svcport.cfg /etc/snmp/snmpd.conf.d/svcport.conf; do
	grep -qx "$file" "$tmp/conf" || fail "$file is no configuration file"
done
rpm -qp --qf '[%{FILENAMES} %{FILEUSERNAME} %{FILEGROUPNAME} %{FILEMODES:perms}\n]' \
	"$tmp"/svcport*-0*.rpm 2>/dev/null | awk '
	$2 != "root" || $3 != "root" { print; bad = 1 }
	$4 !~ /^l/ && substr($4, 9, 1) == "w" || $4 ~ /^-.*s/ { print; bad = 1 }
	END { exit bad || NR == 0 }' || fail "the files above"

# The programs as packaged run.
mkdir "$tmp/root"
for package in "$tmp"/svcport-0*.rpm "$tmp"/svcportd-0*.rpm; do
	{ rpm2archive "$package" && tar -xzf "$package.tgz" -C "$tmp/root"; } ||
		fail "$package does not unpack"
done
"$tmp/root/usr/bin/svcport" -V || fail "svcport"
"$tmp/root/usr/sbin/svcportd" -V || fail "svcportd"
