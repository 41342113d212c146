# shellcheck shell=bash
# A fresh Debian 12 that is booted by its own systemd: in namespaces, with a loopback
# interface and no other network.  Beside tests/system/fresh.sh; wants root.
#
#	work=$(mktemp -d)	what is made lies there; $work/log has the last output
#	machine_new		the tree, in $machine
#	machine_boot		it runs
#	inside COMMAND...	in it
#	machine_end		it does not run any more
#
# Whoever sources this has `fail`, and calls machine_end whatever happens.

# shellcheck disable=SC2154 # see above
machine=$work/machine
machine_pid=
machine_runner=

wait_for() {
	local deadline=$((SECONDS + $1)) what=$2

	shift 2
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $deadline ] || fail "no $what in time"
		sleep 0.2
	done
}

# quietly WHAT COMMAND...: its output, in $work/log, is shown when it fails
quietly() {
	local what=$1

	shift
	"$@" >"$work/log" 2>&1 </dev/null || fail "$what"
}

machine_new() {
	fresh_root "$machine" || return
	echo machine >"$machine/etc/hostname"
	printf '127.0.0.1 localhost machine\n::1 localhost\n' >"$machine/etc/hosts"
}

# in_tree COMMAND...: in the tree while it does not run, with the network of this host
in_tree() {
	cp /etc/resolv.conf "$machine/etc/resolv.conf"
	chroot "$machine" "$@"
}

# What the first process sees is made here.  Of the kernel's own files only those of the
# network may be written: the others are this host's as well.
# shellcheck disable=SC2016 # expanded in there
machine_init='
	cd "$0" && mount --make-rprivate / && mount --bind . . && cd "$0" &&
	mount -t proc proc proc &&
	mount --bind proc/sys proc/sys && mount -o remount,bind,ro proc/sys &&
	mount --bind /proc/sys/net proc/sys/net &&
	mount -t sysfs -o ro sysfs sys && mount -t cgroup2 cgroup2 sys/fs/cgroup &&
	mount -t tmpfs -o mode=755 tmpfs run && mount -t tmpfs -o mode=755 tmpfs dev &&
	for name in null zero full random urandom tty; do
		: >dev/$name && mount --bind /dev/$name dev/$name || exit
	done
	mkdir dev/pts dev/shm && ln -s /proc/self/fd dev/fd && ln -s pts/ptmx dev/ptmx &&
	mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts &&
	ip link set lo up && mkdir -p run/host && pivot_root . run/host &&
	umount -l run/host &&
	exec env -i container=svcport-test PATH=/usr/sbin:/usr/bin:/sbin:/bin \
		/lib/systemd/systemd --system --log-target=journal --show-status=no'

machine_boot() {
	local i

	unshare --mount --pid --net --ipc --uts --cgroup --fork --kill-child \
		sh -c "$machine_init" "$machine" >"$work/boot.log" 2>&1 </dev/null &
	machine_runner=$!
	wait_for 30 "first process" machine_started
	for ((i = 0; i < 300; i++)); do
		machine_booted >"$work/log" 2>&1 && return
		sleep 0.2
	done
	{
		cat "$work/boot.log"
		inside systemctl is-system-running
		inside systemctl --no-pager list-jobs
		inside journalctl --no-pager -b -n 30
	} >>"$work/log" 2>&1
	fail "no booted system in time"
}

machine_started() {
	machine_pid=$(pgrep -P "$machine_runner")
}

machine_booted() {
	case $(inside systemctl is-system-running) in
	running | degraded) ;;
	*) return 1 ;;
	esac
}

# inside COMMAND...; with its root, since that of its namespace is another one when the
# test itself runs in a chroot
inside() {
	nsenter --target "$machine_pid" --all --root --wd \
		env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C DEBIAN_FRONTEND=noninteractive "$@"
}

# The first process of a pid namespace takes all others with it, and their mounts.
machine_end() {
	[ -n "$machine_runner" ] || return 0
	[ -z "$machine_pid" ] || kill -KILL "$machine_pid" 2>/dev/null
	kill -KILL "$machine_runner" 2>/dev/null
	wait "$machine_runner" 2>/dev/null
	machine_pid=
	machine_runner=
}
