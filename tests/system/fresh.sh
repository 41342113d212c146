# shellcheck shell=bash
# shellcheck disable=SC2154 # srcdir, builddir: of the test that sources it
# A fresh Debian 12, and the packages of this tree: made once in a build tree for all tests
# that want them, however many of those run at a time.
#
#   fresh_debs DIR     the packages, in the directory DIR
#   fresh_root DIR     a system that has snmpd and nothing of svcport, in DIR
#
# Both say on standard output what went wrong, and return 1.

fresh=${builddir:-.}/tests/system/fresh
fresh_packages=snmpd,snmp,iproute2,procps,systemd

# fresh_locked COMMAND...: one test at a time
fresh_locked() {
	(
		mkdir -p "$fresh" || exit
		exec 9>"$fresh/lock"
		flock 9
		# Its children must not keep the lock.
		"$@" 9>&-
	)
}

# Nothing of the tree is newer than the packages.
fresh_debs_stand() {
	[ -e "$fresh/debs/stamp" ] &&
		[ -z "$(find "$srcdir" \( -name .git -o -name autom4te.cache -o \
			-path "$srcdir/build*" -o -path "$fresh" \) -prune -o \
			-type f -newer "$fresh/debs/stamp" -print -quit)" ]
}

fresh_make_debs() {
	! fresh_debs_stand || return 0
	rm -rf "$fresh/debs"
	mkdir "$fresh/debs"
	touch "$fresh/debs/started"
	DEB_BUILD_OPTIONS="nocheck parallel=2" "$srcdir/packaging/build-deb.sh" \
		"$fresh/debs" >"$fresh/debs.log" 2>&1 </dev/null || {
		tail -n 40 "$fresh/debs.log"
		return 1
	}
	mv "$fresh/debs/started" "$fresh/debs/stamp"
}

# debootstrap's work is good for a day.
fresh_make_root() {
	local made=$fresh/making

	[ -z "$(find "$fresh/root.tar" -mmin -1440 2>/dev/null)" ] ||
		[ "$(cat "$fresh/root.packages" 2>/dev/null)" != "$fresh_packages" ] || return 0
	rm -rf "$made"
	{
		debootstrap --variant=minbase "--include=$fresh_packages" bookworm "$made" &&
			cp /etc/resolv.conf "$made/etc/resolv.conf" &&
			chroot "$made" apt-get -q update &&
			tar -cpf "$fresh/root.tar.new" -C "$made" --numeric-owner .
	} >"$fresh/root.log" 2>&1 </dev/null || {
		tail -n 10 "$fresh/root.log"
		return 1
	}
	rm -rf "$made"
	mv "$fresh/root.tar.new" "$fresh/root.tar"
	echo "$fresh_packages" >"$fresh/root.packages"
}

fresh_debs() {
	fresh_locked fresh_make_debs && mkdir -p "$1" && cp "$fresh"/debs/svcport* "$1"
}

fresh_root() {
	fresh_locked fresh_make_root && mkdir -p "$1" &&
		tar -xpf "$fresh/root.tar" -C "$1" --numeric-owner
}
