#!/usr/bin/env python3
"""A bad network between one agent and four hosts, and what the agent says of it.

Two network namespaces of our own are joined by a relay that loses, delays and reorders
packets.  Ports are closed, dropped and rejected, a host goes down, the agent's own link
goes down, each for a known time.  Every alarm that svcportd raises must belong to a fault
that lasted, every such fault must be raised with the right words, and at the end none may
be active.

usage: netrig.py SVCPORTD [--loss PERCENT] [--seed N] [--end S] [--only FAULT]
Wants root, /dev/net/tun, iproute2 and nftables.  Prints what it finds; status 0, 1 or 77.
"""
import argparse, ctypes, fcntl, heapq, os, random, re, select, shutil, signal, socket
import struct, subprocess, sys, tempfile, threading, time

CLONE_NEWNET = 0x40000000
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 1, 0x1000
libc = ctypes.CDLL(None, use_errno=True)
HOSTS = {"a": "192.0.2.11", "b": "192.0.2.12", "c": "192.0.2.13", "d": "192.0.2.14"}
PORTS = (1001, 1002, 1003)
AGENT = "192.0.2.1"


def run(*words):
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)


def enter(name):
    with open("/var/run/netns/" + name) as f:
        if libc.setns(f.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns")


def open_tun(name):
    enter(name)
    fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH", b"wire", IFF_TUN | IFF_NO_PI))
    return fd


class Relay(threading.Thread):
    """Carries packets from one tun to the other, badly."""

    def __init__(self, fds, loss, rng):
        super().__init__(daemon=True)
        self.fds, self.loss, self.rng, self.going = fds, loss, rng, True
        self.seen = self.lost = 0

    def run(self):
        queue, order = [], 0
        while self.going:
            wait = max(0.0, queue[0][0] - time.monotonic()) if queue else 0.2
            for fd in select.select(self.fds, [], [], min(wait, 0.2))[0]:
                try:
                    packet = os.read(fd, 65536)
                except OSError:
                    continue
                self.seen += 1
                if self.rng.random() < self.loss:
                    self.lost += 1
                    continue
                other = self.fds[1 - self.fds.index(fd)]
                # 100 ms a direction, and up to 60 ms more: later ones overtake.
                due = time.monotonic() + 0.1 + self.rng.random() * 0.06
                heapq.heappush(queue, (due, order, other, packet))
                order += 1
            while queue and queue[0][0] <= time.monotonic():
                _, _, fd, packet = heapq.heappop(queue)
                try:
                    os.write(fd, packet)
                except OSError:
                    pass  # the link is down


def serve(name, pipe):
    """The hosts' listeners, in a process of their own: "open A P", "close A P"."""
    enter(name)
    held = {}
    for line in pipe:
        verb, address, port = line.split()
        if verb == "open":
            s = socket.socket()
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            s.bind((address, int(port)))
            s.listen(16)
            threading.Thread(target=accept_all, args=(s,), daemon=True).start()
            held[address, port] = s
        else:
            s = held.pop((address, port))
            s.shutdown(socket.SHUT_RDWR)
            s.close()


def accept_all(s):
    while True:
        try:
            s.accept()[0].close()
        except OSError:
            return


class Rig:
    def __init__(self, args):
        self.args, self.tag = args, "svcp%d" % os.getpid()
        self.mine, self.theirs = self.tag + "m", self.tag + "h"
        self.dir = tempfile.mkdtemp(prefix="svcport-netrig.")
        self.log = os.path.join(self.dir, "log")
        self.daemon = self.hosts = None

    def nft(self, *rules):
        for rule in rules:
            run("ip", "netns", "exec", self.theirs, "nft", *rule.split())

    def build(self):
        for ns in (self.mine, self.theirs):
            run("ip", "netns", "add", ns)
            run("ip", "-n", ns, "link", "set", "lo", "up")
        pid = os.getpid()
        fds = [open_tun(self.mine), open_tun(self.theirs)]
        with open("/proc/%d/ns/net" % os.getppid()) as f:
            libc.setns(f.fileno(), CLONE_NEWNET)
        run("ip", "-n", self.mine, "addr", "add", AGENT + "/24", "dev", "wire")
        for address in HOSTS.values():
            run("ip", "-n", self.theirs, "addr", "add", address + "/24", "dev", "wire")
        for ns in (self.mine, self.theirs):
            run("ip", "-n", ns, "link", "set", "wire", "up")
        self.nft("add table inet t", "add chain inet t in { type filter hook input priority 0 ; }")
        self.relay = Relay(fds, self.args.loss / 100, random.Random(self.args.seed))
        self.relay.start()
        r, w = os.pipe()
        self.hosts = os.fork()
        if self.hosts == 0:
            os.close(w)
            serve(self.theirs, os.fdopen(r))
            os._exit(0)
        os.close(r)
        self.pipe = os.fdopen(w, "w", buffering=1)
        for address in HOSTS.values():
            for port in PORTS:
                self.pipe.write("open %s %d\n" % (address, port))
        assert pid == os.getpid()

    def start(self):
        os.mkdir(self.dir + "/cat")
        cat = os.path.join(self.dir, "cat", "rig.cfg")
        services = ",\n".join(
            '{ number = %d; line = %d; section = "s"; name = "p%d"; descr = "d"; protocol = '
            '"tcp"; ports = "%d"; from = ["agent"]; to = ["host"]; expect = "required"; }'
            % (i + 1, i + 1, p, p) for i, p in enumerate(PORTS))
        with open(cat, "w") as f:
            f.write('format = 1; catalogue = { number = 900; name = "rig"; vendor = "v"; '
                    'product = "p"; version = "1"; document = { title = "Rig"; revision = '
                    '"1"; lines = 3; }; roles = ( { name = "host"; own = true; descr = "d"; '
                    '}, { name = "agent"; own = true; descr = "d"; } ); services = (\n'
                    + services + "); };\n")
        hosts = ", ".join('{ name = "%s"; address = "%s"; roles = ["rig:host"]; }' % h
                          for h in HOSTS.items())
        site = os.path.join(self.dir, "site.cfg")
        with open(site, "w") as f:  # intervals and holds a tenth of the defaults
            f.write('format = 1; state-dir = "%s/state"; catalogue-path = ["%s/cat"]; interval '
                    '= 6; hold = 2; boot-grace = 0; hosts = ( { name = "agent"; local = '
                    'true; roles = ["rig:agent"]; }, %s );\n' % (self.dir, self.dir, hosts))
        os.mkdir(self.dir + "/state")
        for path in (self.dir, self.dir + "/state"):
            os.chmod(path, 0o777)
        self.out = open(self.log, "w")
        self.begin = time.monotonic()
        self.daemon = subprocess.Popen(
            ["ip", "netns", "exec", self.mine, self.args.svcportd, "-f", "-u", "nobody",
             "-c", site, "-x", self.dir + "/no-agentx"], stderr=self.out)
        self.events, self.at = [], 0

    def now(self):
        return time.monotonic() - self.begin

    def follow(self):
        """Takes new lines of the log, with the time they were seen."""
        with open(self.log) as f:
            f.seek(self.at)
            for line in f:
                if not line.endswith("\n"):
                    break
                self.at += len(line)
                m = re.search(r"alarm: (\(not sent\) )?(RAISE|CLEAR) (\S+) (\S+) ?(.*)", line)
                if m and not m[1]:  # masked ones are recorded, not sent
                    self.events.append((self.now(), m[2], m[3], m[4], m[5]))
                    print("%6.1f s  %s %s %s %s" % self.events[-1], flush=True)

    def clean(self):
        for p in (self.daemon,):
            if p is not None:
                p.terminate()
                p.wait()
        if self.hosts:
            os.kill(self.hosts, signal.SIGTERM)
            os.waitpid(self.hosts, 0)
        if hasattr(self, "relay"):
            self.relay.going = False
        for ns in (self.mine, self.theirs):
            subprocess.run(["ip", "netns", "del", ns], stderr=subprocess.DEVNULL)
        shutil.rmtree(self.dir)


def faults(rig):
    """(begin, end, do, undo, object, words): object None for one too short to be told."""
    def close(h, p):
        return (lambda: rig.pipe.write("close %s %d\n" % (HOSTS[h], p)),
                lambda: rig.pipe.write("open %s %d\n" % (HOSTS[h], p)))

    def rule(text):
        def do():
            rig.nft("add rule inet t in " + text)

        return do, lambda: rig.nft("flush chain inet t in")

    def link():
        return (lambda: run("ip", "-n", rig.mine, "link", "set", "wire", "down"),
                lambda: run("ip", "-n", rig.mine, "link", "set", "wire", "up"))

    def cut():
        return (lambda: setattr(rig.relay, "loss", 1.0),
                lambda: setattr(rig.relay, "loss", rig.args.loss / 100))

    drop = "ip daddr %s tcp dport %d drop"
    reject = "ip daddr %s tcp dport %d reject with icmpx type %s"
    return [
        (20, 21.5, *close("a", 1001), None, ""),
        (35, 70, *close("a", 1002), "rig/p1002@a", "connection refused"),
        (80, 135, *rule(drop % (HOSTS["b"], 1001)), "rig/p1001@b", "no answer in time"),
        (145, 180, *rule(reject % (HOSTS["b"], 1002, "admin-prohibited")), "rig/p1002@b",
         "rejected by a firewall"),
        (190, 245, *rule("ip daddr %s drop" % HOSTS["c"]), "c", "no probe"),
        (200, 202, *close("d", 1003), None, ""),
        (255, 290, *rule(reject % (HOSTS["d"], 1003, "host-unreachable")), "rig/p1003@d",
         "unreachable"),
        # Its own link down: the agent cannot look, and that pages nobody.
        (300, 312, *link(), None, ""),
        (325, 400, *cut(), "agent", "cut off"),
    ]


def judge(rig, wanted, end):
    """Every alarm against every fault; prints and returns what is wrong."""
    wrong = []
    active = {}
    for at, verb, what, name, words in rig.events:
        if verb == "RAISE":
            active[what, name] = at
            hit = [w for w in wanted if w[4] == name and w[0] <= at <= w[1] + 5
                   and w[5] in words]
            if not hit:
                wrong.append("false alarm at %.1f s: %s %s %s" % (at, what, name, words))
        elif active.pop((what, name), None) is None:
            wrong.append("clear without raise at %.1f s: %s" % (at, name))
    for w in wanted:
        if w[4] and not [e for e in rig.events if e[1] == "RAISE" and e[3] == w[4]
                         and w[0] <= e[0] <= w[1] + 5 and w[5] in e[4]]:
            wrong.append("not told: %s from %.0f to %.0f s (%s)" % (w[4], w[0], w[1], w[5]))
    for what, name in active:
        wrong.append("still active at the end: %s %s" % (what, name))
    return wrong


def main():
    p = argparse.ArgumentParser()
    p.add_argument("svcportd")
    p.add_argument("--loss", type=float, default=30)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--end", type=float, default=430)
    p.add_argument("--only", type=int, help="this fault alone, 20 s after the start")
    args = p.parse_args()
    if os.geteuid() != 0 or not os.path.exists("/dev/net/tun"):
        print("wants root and /dev/net/tun")
        return 77
    rig = Rig(args)
    try:
        rig.build()
        rig.start()
        wanted = faults(rig)
        if args.only is not None:
            w = wanted[args.only]
            wanted = [(20, 20 + w[1] - w[0]) + w[2:]]
            args.end = min(args.end, wanted[0][1] + 30)
        todo = sorted([(w[0], w[2], w) for w in wanted] + [(w[1], w[3], w) for w in wanted],
                      key=lambda t: t[0])
        while rig.now() < args.end:
            while todo and todo[0][0] <= rig.now():
                at, act, w = todo.pop(0)
                act()
                print("%6.1f s  -- %s %s" % (rig.now(), "fault" if act is w[2] else "end of",
                                             w[4] or "a short one"), flush=True)
            rig.follow()
            time.sleep(0.05)
            if rig.daemon.poll() is not None:
                print(open(rig.log).read())
                print("svcportd ended with status %d" % rig.daemon.returncode)
                return 1
        wrong = judge(rig, wanted, args.end)
        told = [w for w in wanted if w[4]]
        for line in wrong:
            print("WRONG: " + line)
        print("%d packets, %d lost (%.0f %%); %d faults that lasted, %d alarms raised, %d wrong"
              % (rig.relay.seen, rig.relay.lost, 100 * rig.relay.lost / max(1, rig.relay.seen),
                 len(told), len([e for e in rig.events if e[1] == "RAISE"]), len(wrong)))
        return 1 if wrong else 0
    finally:
        rig.clean()


if __name__ == "__main__":
    sys.exit(main())
