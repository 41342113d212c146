#!/usr/bin/env python3
"""A bad network between one agent and four hosts, and what the agent says of it.

Two network namespaces of our own are joined by a relay that loses, delays and reorders
packets.  Ports are closed and come and go, a firewall drops, rejects and lets pass by
turns, a server is slow, hosts go down and boot, links go down on either side, each at a
known time.  Every alarm that svcportd raises must belong to a fault that lasted, every such
fault must be raised with the right words, and at the end none may be active.

usage: netrig.py SVCPORTD [--short] [--loss PERCENT] [--seed N] [--only NAME]
Wants root, /dev/net/tun, iproute2 and nftables.  Prints what it finds; status 0, 1 or 77.
"""
import argparse, ctypes, fcntl, heapq, os, random, re, select, shutil, signal, socket
import struct, subprocess, sys, tempfile, threading, time

CLONE_NEWNET = 0x40000000
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 1, 0x1000
libc = ctypes.CDLL(None, use_errno=True)
HOSTS = {"a": "192.0.2.11", "b": "192.0.2.12", "c": "192.0.2.13", "d": "192.0.2.14"}
PORTS = (1001, 1002, 1003)
MAIL, NAMES = 25, 53  # a server that is slow to greet, and one that answers datagrams
AGENT = "192.0.2.1"
HOLD, TIMEOUT = 2, 4  # seconds; the hold a tenth of the default, like the interval


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
        self.slow = {}  # address: seconds more, each way

    def more(self, packet):
        if len(packet) < 20 or packet[0] >> 4 != 4:
            return 0
        return max(self.slow.get(packet[k:k + 4], 0) for k in (12, 16))

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
                due = time.monotonic() + 0.1 + self.rng.random() * 0.06 + self.more(packet)
                heapq.heappush(queue, (due, order, other, packet))
                order += 1
            while queue and queue[0][0] <= time.monotonic():
                _, _, fd, packet = heapq.heappop(queue)
                try:
                    os.write(fd, packet)
                except OSError:
                    pass  # the link is down


def serve(name, pipe):
    """The hosts' servers, in a process of their own: "open A P", "close A P"."""
    enter(name)
    held = {}
    for line in pipe:
        verb, address, port = line.split()
        port = int(port)
        if verb == "open":
            s = socket.socket(type=socket.SOCK_DGRAM if port == NAMES else socket.SOCK_STREAM)
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            s.bind((address, port))
            talk = answer_all
            if port != NAMES:
                s.listen(16)
                talk = accept_all
            threading.Thread(target=talk, args=(s, port == MAIL), daemon=True).start()
            held[address, port] = s
        else:
            s = held.pop((address, port))
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # a datagram socket wakes up and says so
            s.close()


def accept_all(s, greets):
    while True:
        try:
            c = s.accept()[0]
        except OSError:
            return
        if greets:
            threading.Thread(target=greet, args=(c,), daemon=True).start()
        else:
            c.close()


def greet(c):
    try:
        time.sleep(1)
        c.send(b"220 slow.example ESMTP\r\n")
        c.settimeout(10)
        c.recv(100)
        c.send(b"221 bye\r\n")
    except OSError:
        pass
    c.close()


def answer_all(s, _):
    """Says "not implemented" to any question, which is an answer."""
    while True:
        try:
            question, peer = s.recvfrom(512)
        except OSError:
            return
        if not question:
            return  # shut down
        s.sendto(question[:2] + b"\x80\x04" + bytes(8), peer)


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
        run("ip", "netns", "exec", self.mine, "sysctl", "-qw",
            "net.ipv4.ping_group_range=0 65534")
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
            for port in PORTS + (MAIL, NAMES):
                self.pipe.write("open %s %d\n" % (address, port))
        assert pid == os.getpid()

    def start(self):
        os.mkdir(self.dir + "/cat")
        cat = os.path.join(self.dir, "cat", "rig.cfg")
        kinds = [("p%d" % p, "tcp", p, "") for p in PORTS] + [
            ("mail", "tcp", MAIL, "SMTP"), ("names", "udp", NAMES, "DNS"),
            ("ping", "icmp", None, "")]
        services = ",\n".join(
            '{ number = %d; line = %d; section = "s"; name = "%s"; descr = "d"; protocol = '
            '"%s"; %s from = ["agent"]; to = ["host"]; expect = "required"; application = '
            '"%s"; }' % (i + 1, i + 1, name, proto, 'ports = "%d";' % p if p else "", app)
            for i, (name, proto, p, app) in enumerate(kinds))
        with open(cat, "w") as f:
            f.write('format = 1; catalogue = { number = 900; name = "rig"; vendor = "v"; '
                    'product = "p"; version = "1"; document = { title = "Rig"; revision = '
                    '"1"; lines = 6; }; roles = ( { name = "host"; own = true; descr = "d"; '
                    '}, { name = "agent"; own = true; descr = "d"; } ); services = (\n'
                    + services + "); };\n")
        hosts = ", ".join('{ name = "%s"; address = "%s"; roles = ["rig:host"]; }' % h
                          for h in HOSTS.items())
        site = os.path.join(self.dir, "site.cfg")
        with open(site, "w") as f:  # intervals and holds a tenth of the defaults
            f.write('format = 1; state-dir = "%s/state"; catalogue-path = ["%s/cat"]; interval '
                    '= 6; hold = %d; timeout-ms = %d; boot-grace = 0; hosts = ( { name = '
                    '"agent"; local = true; roles = ["rig:agent"]; }, %s );\n'
                    % (self.dir, self.dir, HOLD, TIMEOUT * 1000, hosts))
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


class Fault:
    """What happens when: steps are (seconds after the beginning, what to do)."""

    def __init__(self, name, begin, end, told, words, *steps):
        # told: the object that must be raised; "" for nothing; None: it may be.
        self.name, self.begin, self.end, self.told, self.words = name, begin, end, told, words
        self.steps = steps


class Means:
    """The ways to harm the network and to mend it."""

    def __init__(self, rig):
        self.rig, self.chains = rig, 0

    def port(self, verb, host, *ports):
        return lambda: [self.rig.pipe.write("%s %s %d\n" % (verb, HOSTS[host], p))
                        for p in ports]

    def chain(self):
        """Rules of a fault's own: functions that set, and take away, what it holds."""
        self.chains += 1
        name = "f%d" % self.chains
        self.rig.nft("add chain inet t " + name, "add rule inet t in jump " + name)

        def put(rule):
            return lambda: self.rig.nft("flush chain inet t " + name,
                                        "add rule inet t %s %s" % (name, rule))

        return put, lambda: self.rig.nft("flush chain inet t " + name)

    def link(self, ns, state):
        return lambda: run("ip", "-n", ns, "link", "set", "wire", state)

    def loss(self, share):
        return lambda: setattr(self.rig.relay, "loss", share)

    def slow(self, host, seconds):
        return lambda: self.rig.relay.slow.update({socket.inet_aton(HOSTS[host]): seconds})


def to(host, port):
    return "ip daddr %s tcp dport %d " % (HOSTS[host], port)


REFUSED, SILENT, REJECTED = "connection refused", "no answer in time", "rejected by a firewall"
PROHIBIT, UNREACHABLE = ["reject with icmpx type " + w
                         for w in ("admin-prohibited", "host-unreachable")]


def faults(rig):
    """Those of six minutes and more: of each kind one, and what is over too soon to tell."""
    m, out = Means(rig), []

    def add(*args):
        out.append(Fault(*args))

    def rules(*steps):  # (offset, rule or None)
        put, clear = m.chain()
        return [(t, put(r) if r else clear) for t, r in steps]

    def flap(host, port, seconds):
        return [(t, m.port(("close", "open")[t % 2], host, port)) for t in range(seconds)]

    every = PORTS + (MAIL, NAMES)
    add("restart", 20, 21.5, "", "", (0, m.port("close", "a", 1001)),
        (1.5, m.port("open", "a", 1001)))
    add("slow", 22, 70, "", "", (0, m.slow("b", 0.6)), (48, m.slow("b", 0)))
    add("closed", 35, 70, "rig/p1002@a", REFUSED, (0, m.port("close", "a", 1002)),
        (35, m.port("open", "a", 1002)))
    add("closed-udp", 38, 73, "rig/names@d", REFUSED, (0, m.port("close", "d", NAMES)),
        (35, m.port("open", "d", NAMES)))
    add("dropped", 80, 135, "rig/p1001@b", SILENT,
        *rules((0, to("b", 1001) + "drop"), (55, None)))
    add("flapping", 85, 125, None, REFUSED, *flap("a", 1003, 40))
    add("rejected", 145, 180, "rig/p1002@b", REJECTED,
        *rules((0, to("b", 1002) + PROHIBIT), (35, None)))
    add("restarts", 150, 152, "", "", (0, m.port("close", "d", 1003)),
        (2, m.port("open", "d", 1003)))
    # The machine is gone, is back before its servers are, then all is well.
    put, clear = m.chain()
    add("reboot", 190, 246, "c", "no probe",
        (0, put("ip daddr %s drop" % HOSTS["c"])), (55, m.port("close", "c", *every)),
        (55.1, clear), (56, m.port("open", "c", *every)))
    add("unreachable", 255, 290, "rig/p1003@d", "unreachable",
        *rules((0, to("d", 1003) + UNREACHABLE), (35, None)))
    # One alarm, with the words of how it began.
    add("switching", 258, 330, "rig/p1001@a", SILENT,
        *rules((0, to("a", 1001) + "drop"), (45, to("a", 1001) + PROHIBIT),
               (60, to("a", 1001) + "reject with tcp reset"), (72, None)))
    # Its own link down: the agent cannot look, and that pages nobody.
    add("own-link", 340, 352, "", "", (0, m.link(rig.mine, "down")),
        (12, m.link(rig.mine, "up")))
    add("cut", 365, 430, "agent", "cut off", (0, m.loss(1.0)),
        (65, m.loss(rig.args.loss / 100)))
    add("their-link", 455, 515, "agent", "cut off", (0, m.link(rig.theirs, "down")),
        (60, m.link(rig.theirs, "up")))
    return out, 550


def short_faults(rig):
    """A minute of it, much at once."""
    m, out = Means(rig), []

    def add(*args):
        out.append(Fault(*args))

    def rules(rule, seconds):
        put, clear = m.chain()
        return (0, put(rule)), (seconds, clear)

    add("restart", 9, 10.5, "", "", (0, m.port("close", "a", 1001)),
        (1.5, m.port("open", "a", 1001)))
    add("closed", 9, 31, "rig/p1002@a", REFUSED, (0, m.port("close", "a", 1002)),
        (22, m.port("open", "a", 1002)))
    add("closed-udp", 9, 31, "rig/names@a", REFUSED, (0, m.port("close", "a", NAMES)),
        (22, m.port("open", "a", NAMES)))
    add("rejected", 9, 35, "rig/p1002@b", REJECTED, *rules(to("b", 1002) + PROHIBIT, 26))
    add("unreachable", 9, 35, "rig/p1003@d", "unreachable",
        *rules(to("d", 1003) + UNREACHABLE, 26))
    add("dropped", 8, 42, "rig/p1001@b", SILENT, *rules(to("b", 1001) + "drop", 34))
    add("down", 9, 41, "c", "no probe", *rules("ip daddr %s drop" % HOSTS["c"], 32))
    return out, 59


def judge(rig, wanted):
    """Every alarm against every fault; prints and returns what is wrong."""
    wrong, raised, maybe = [], {}, 0
    for at, verb, what, name, words in rig.events:
        if verb == "RAISE":
            raised[what, name] = at
            # A look that began before the end may end that much later.
            hit = [w for w in wanted if w.begin + HOLD <= at <= w.end + TIMEOUT + 0.5
                   and w.words in words and (w.told == name or w.told is None)]
            maybe += any(w.told is None for w in hit)
            if not hit:
                wrong.append("false alarm at %.1f s: %s %s %s" % (at, what, name, words))
        elif raised.pop((what, name), None) is None:
            wrong.append("clear without raise at %.1f s: %s" % (at, name))
    for w in wanted:
        told = [e for e in rig.events if e[1] == "RAISE" and e[3] == w.told
                and w.begin <= e[0] <= w.end + TIMEOUT + 0.5 and w.words in e[4]]
        if w.told and len(told) != 1:
            wrong.append("told %d times: %s from %.0f to %.0f s (%s)"
                         % (len(told), w.told, w.begin, w.end, w.words))
    for what, name in raised:
        wrong.append("still active at the end: %s %s" % (what, name))
    return wrong, maybe


def main():
    p = argparse.ArgumentParser()
    p.add_argument("svcportd")
    p.add_argument("--short", action="store_true", help="a minute of it")
    p.add_argument("--loss", type=float, default=30)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--only", help="the fault of this name alone")
    args = p.parse_args()
    if os.geteuid() != 0 or not os.path.exists("/dev/net/tun"):
        print("wants root and /dev/net/tun")
        return 77
    rig = Rig(args)
    try:
        rig.build()
        wanted, end = (short_faults if args.short else faults)(rig)
        if args.only:
            wanted = [w for w in wanted if w.name == args.only]
            for w in wanted:
                w.begin, w.end = 20, 20 + w.end - w.begin
            end = wanted[0].end + 30
        rig.start()
        return live(rig, wanted, end)
    finally:
        rig.clean()


def active(rig):
    """Of what is told now, the names."""
    names = set()
    for _, verb, what, name, _ in rig.events:
        (names.add if verb == "RAISE" else names.discard)((what, name))
    return names


def live(rig, wanted, end):
    todo = sorted([(w.begin + t, act, w) for w in wanted for t, act in w.steps],
                  key=lambda t: t[0])
    # The looks that clear an alarm may be lost as well: the last ones get some time.
    while rig.now() < end or (active(rig) and rig.now() < end + 30):
        while todo and todo[0][0] <= rig.now():
            at, act, w = todo.pop(0)
            act()
            if w.name != "flapping" or at in (w.begin, w.begin + len(w.steps) - 1):
                print("%6.1f s  -- %s" % (rig.now(), w.name), flush=True)
        rig.follow()
        time.sleep(0.05)
        if rig.daemon.poll() is not None:
            print(open(rig.log).read())
            print("svcportd ended with status %d" % rig.daemon.returncode)
            return 1
    wrong, maybe = judge(rig, wanted)
    for line in wrong:
        print("WRONG: " + line)
    print("%d packets, %d lost (%.0f %%); %d faults that lasted, %d alarms raised, %d of them "
          "by a port that came and went, %d wrong"
          % (rig.relay.seen, rig.relay.lost, 100 * rig.relay.lost / max(1, rig.relay.seen),
             len([w for w in wanted if w.told]),
             len([e for e in rig.events if e[1] == "RAISE"]), maybe, len(wrong)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
