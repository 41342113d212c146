#!/bin/bash
# Every shell block of README.md and of docs/*.md, as written, in a fresh Debian 12, and
# what the page says holds then (walk.awk has how a page says it).  README is walked first,
# then each page where README has led to, in network and process namespaces of its own.
# Wants root and a Debian mirror.
#
#     walkthrough.sh [PAGE...]      these pages of docs/ only, after README; "source" is
#                                   what README does in the source tree
#
# What differs from a machine at home: apt asks nothing, installs no recommendations and
# finds its packages fetched beforehand; tests/system/systemctl stands in for systemd.

set -u

srcdir=$(cd "${srcdir:-.}" && pwd)
builddir=$(cd "${builddir:-.}" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/svcport-walk.XXXXXX")
base=$work/base
PATH=$PATH:/usr/sbin:/sbin
export LC_ALL=C DEBIAN_FRONTEND=noninteractive

clean_up() {
	local status=$?

	trap - EXIT INT TERM HUP
	# Whoever still runs in a namespace of ours ends with its first process.
	# shellcheck disable=SC2046 # a list
	kill $(jobs -p) 2>/dev/null
	wait
	if [ -n "${KEEP:-}" ]; then
		echo "kept: $work"
	else
		rm -rf --one-file-system "$work"
	fi
	exit $status
}
trap clean_up EXIT
trap 'exit 1' INT TERM HUP

skip() {
	echo "skip: $*"
	exit 77
}

fail() {
	echo "FAIL: $*"
	exit 1
}

step() {
	echo "- $*"
}

# shellcheck source=tests/system/fresh.sh
. "$srcdir/tests/system/fresh.sh"

# ---- what the pages hold

reports="FAULTS BENCHMARKS BENCHMARKS-agent"
pages=()

# split_page NAME FILE: its scripts, in $work/pages/NAME
split_page() {
	local report=

	mkdir -p "$work/pages/$1"
	[[ " $reports " != *" $1 "* ]] || report=1
	awk -v "page=${2#"$srcdir"/}" -v "into=$work/pages/$1" -v "report=$report" \
		-f "$srcdir/tests/system/walk.awk" "$2"
}

split_pages() {
	local file name

	step "nothing in a page that would not be run"
	split_page README "$srcdir/README.md" || fail "README.md"
	for file in "$srcdir"/docs/*.md; do
		name=$(basename "$file" .md)
		split_page "$name" "$file" || fail "docs/$name.md"
		[[ " $reports " != *" $name "* ]] || continue
		grep -q "(docs/$name.md)" "$srcdir/README.md" ||
			fail "README.md does not lead to docs/$name.md"
		pages+=("$name")
	done
}

# What another test runs stands there, word for word.
check_elsewhere() {
	local script line

	cat "$work"/pages/*/run-by 2>/dev/null | while IFS=$'\t' read -r script line; do
		line=$(sed 's/ *#.*//; s/^sudo //' <<<"$line")
		[ -z "$line" ] || grep -qF -e "$line" "$srcdir/$script" || {
			echo "FAIL: $script does not run: $line"
			exit 1
		}
	done || exit 1
}

# A report names the commands that its figures come from: they exist.
check_report() {
	local word target

	# shellcheck disable=SC2013 # words are meant
	for word in $(cut -d'#' -f1 "$work/pages/$1/script" 2>/dev/null); do
		case $word in
		make) target=1 && continue ;;
		*=*) word=${word#*=} ;;
		esac
		case $word in
		*/*) [ -e "$srcdir/${word#./}" ] || [ -e "$builddir/${word#build/}" ] ;;
		*) [ -z "${target:-}" ] || grep -q "^$word:" "$builddir/Makefile" ;;
		esac || fail "docs/$1.md: there is no $word"
		target=
	done
}

# ---- the fresh system

# Packages that the pages install.
wanted() {
	sed -n 's/^\(apt\|apt-get\) install //p' "$work"/pages/*/script | tr ' ' '\n' |
		grep '^[a-z0-9.+-]*$' | sort -u
}

prepare_base() {
	local program

	step "a fresh Debian 12"
	fresh_root "$base" || fail "debootstrap"
	for program in systemctl journalctl; do
		chroot "$base" dpkg-divert --quiet --local --rename --add /bin/$program &&
			install -m 0755 "$srcdir/tests/system/systemctl" "$base/bin/$program"
	done || fail "systemctl's stand-in"
	printf '127.0.0.1 localhost\n127.0.1.1 nms1\n::1 localhost ip6-localhost\n' \
		>"$base/etc/hosts"
	printf '#!/bin/sh\nexec "$@"\n' >"$base/usr/local/bin/sudo"
	chmod 0755 "$base/usr/local/bin/sudo"
	cat >"$base/etc/apt/apt.conf.d/walk" <<-END
		APT::Get::Assume-Yes "true";
		APT::Install-Recommends "false";
		Dpkg::Use-Pty "false";
	END
	# The mailer that Nagios depends on is nobody's subject here.
	# shellcheck disable=SC2016 # its own argument
	printf '#!/bin/sh\ncase $1 in exim4*) exit 101 ;; esac\n' >"$base/usr/sbin/policy-rc.d"
	chmod 0755 "$base/usr/sbin/policy-rc.d"
	echo force-unsafe-io >"$base/etc/dpkg/dpkg.cfg.d/walk"
	cp "$work"/debs/svcport{,d}_*.deb "$base/root"
	mkdir "$base/walk"
	cp "$srcdir/tests/system/walklib.sh" "$base/walk"
	mapfile -t packages < <(wanted)
	step "fetch what they install: ${packages[*]}"
	chroot "$base" sh -c 'apt-get -q -d install "$@" /root/svcport*.deb' fetch \
		"${packages[@]}" >"$work/fetch.log" 2>&1 </dev/null ||
		fail "apt-get: $(tail -n 3 "$work/fetch.log")"
}

# walk NAME SCRIPT LAYERS [UNSHARE-OPTION...]: the page's script in a system of these
# layers (the upper first, joined by colons) and one of its own; what it says goes to
# $work/NAME.said.
walk() {
	local top=$work/layers/$1 script=$2 layers=$3

	[ -s "$script" ] || return 0
	mkdir -p "$top/upper" "$top/work" "$top/root"
	{
		# what runs on a machine that has booted
		[ -z "${4:-}" ] || echo "systemctl start snmpd svcportd 2>/dev/null"
		echo 'cd'
		echo '. /walk/walklib.sh'
		[ "$1" != source ] || echo 'cd svcport'
		cat "$script"
	} >"$top/script"
	# shellcheck disable=SC2016 # its own variables
	unshare "${@:4}" --mount --pid --ipc --uts --fork --kill-child sh -c '
		mount -t overlay overlay -o "lowerdir=$2,upperdir=$1/upper,workdir=$1/work" \
			"$1/root" &&
		cd "$1/root" && cp "$1/script" walk/script &&
		mount -t proc proc proc && mount -t tmpfs tmpfs run &&
		mount -t sysfs -o ro sysfs sys 2>/dev/null
		mount -t devpts devpts dev/pts && mount -t tmpfs tmpfs dev/shm
		mkdir -p run/systemd/system run/lock && hostname nms1 &&
		{ [ -z "$3" ] || { ip link set lo up &&
			# systemd would open the low ports of socket units itself
			echo 0 >proc/sys/net/ipv4/ip_unprivileged_port_start; }; } &&
		exec chroot . env -i HOME=/root LC_ALL=C DEBIAN_FRONTEND=noninteractive \
			PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
			bash /walk/script
		' walk "$top" "$layers" "${*:4}" >"$work/$1.said" 2>&1 </dev/null
}

# walked NAME STATUS SECONDS: kept in a file, since the shell forgets how a process ended
# when another one gets its number
walked() {
	if [ "$2" -eq 0 ]; then
		touch "$work/$1.well"
	else
		tail -n 30 "$work/$1.said"
	fi
	step "$1: $3 s"
}

walk_page() {
	local since=$SECONDS

	walk "$1" "$work/pages/$1/script" "$work/layers/README/upper:$base" --net
	walked "$1" $? $((SECONDS - since))
}

walk_source() {
	local since=$SECONDS

	mkdir -p "$work/source/root/svcport"
	(cd "$srcdir" && tar -cf - --exclude=./.git --exclude='./build*' --exclude=autom4te.cache \
		--exclude=./tests/system/fresh \
		--exclude='*.o' --exclude='*.a' --exclude=./configure --exclude=./Makefile \
		--exclude=./Makefile.in --exclude=./config.* --exclude=./build-aux .) |
		tar -xf - -C "$work/source/root/svcport"
	walk source "$work/pages/README/source.script" "$work/source:$base"
	walked source $? $((SECONDS - since))
}

# ---- all

[ "$(id -u)" -eq 0 ] || skip "wants root"
for program in dpkg-buildpackage dh debootstrap unshare; do
	command -v $program >/dev/null || skip "no $program"
done
split_pages
check_elsewhere
for report in $reports; do
	check_report "$report"
done
pages+=(source)
[ $# -eq 0 ] || pages=("$@")
fresh_debs "$work/debs" || fail "the packages do not build"
prepare_base

if [[ " ${pages[*]} " == *" source "* ]]; then
	walk_source &
fi
since=$SECONDS
walk README "$work/pages/README/script" "$base" --net
walked README $? $((SECONDS - since))
[ -e "$work/README.well" ] || fail "README.md"
for page in "${pages[@]}"; do
	[ "$page" != source ] || continue
	while [ "$(jobs -rp | wc -l)" -ge 3 ]; do sleep 0.2; done
	walk_page "$page" &
done
wait
for page in "${pages[@]}"; do
	[ -e "$work/$page.well" ] || fail "$page does not work as written"
done
