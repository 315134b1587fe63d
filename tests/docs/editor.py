"""Plays an editor: a recording of real work in a real Neovim, sent to the real host."""

import itertools
import json
import pathlib
import subprocess
import threading

TRACES = pathlib.Path(__file__).resolve().parent.parent / "traces"
# Between two plays of a recording, in milliseconds: thinking, reading, a coffee.
PAUSES = (40_000, 190_000, 85_000, 420_000, 25_000, 260_000)


def events(home, recording, first, last):
    """Returns what a person did from one time to another: the recording, as often as it fits."""
    text = (TRACES / f"{recording}.jsonl").read_text().replace("/home/jane", str(home.folder))
    recorded = [json.loads(line) for line in text.splitlines()]
    length = recorded[-1]["at"]
    start, end = (milliseconds(home, time) for time in (first, last))
    numbers = itertools.count(1)
    for pause in itertools.cycle(PAUSES):
        if start + length > end:
            break
        for event in recorded:
            yield {**event, "at": start + event["at"], "seq": next(numbers)}
        start += length + pause
    last_sign = next(event for event in reversed(recorded) if event["kind"] in {"edit", "navigate", "save"})
    yield {**last_sign, "at": end, "seq": next(numbers)}


def milliseconds(home, time):
    """Returns a clock time in Berlin as epoch milliseconds."""
    said = subprocess.check_output(
        ["date", "-d", f"{time:%Y-%m-%d %H:%M:%S}", "+%s"], env={"TZ": "Europe/Berlin", "PATH": "/usr/bin:/bin"}
    )
    return int(said) * 1000


class Host:
    """A running `keeptab lsp`."""

    def __init__(self, home, source):
        self.process = subprocess.Popen(
            home.command("keeptab", "lsp"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        # A host that says nothing more is ended, and with it the wait.
        self.patience = threading.Timer(120, self.process.kill)
        self.patience.start()
        options = {"activity": "plugin", "source": source}
        self.ask("initialize", {"capabilities": {}, "initializationOptions": options})
        self.tell("initialized", {})

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def tell(self, method, params):
        self.send({"method": method, "params": params})

    def ask(self, method, params=None):
        self.send({"id": method, "method": method, **({"params": params} if params is not None else {})})
        return self.wait(lambda message: message.get("id") == method)

    def wait(self, wanted):
        """Reads messages until one is wanted. A host that ends closes its output, which ends the wait."""
        while True:
            length = 0
            while line := self.process.stdout.readline().strip():
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            if not length:
                raise RuntimeError("the host ended")
            message = json.loads(self.process.stdout.read(length))
            if wanted(message):
                return message

    def end(self):
        self.ask("shutdown")
        self.tell("exit", None)
        self.process.stdin.close()
        # Whatever it still says, so that it can end.
        self.process.stdout.read()
        self.process.wait()
        self.patience.cancel()


def play(home, recording, first, last):
    """Plays a recording from one time to another."""
    tell(home, list(events(home, recording, first, last)))


def sign(home, file, times):
    """Plays one key in a file at each time."""
    uri = f"file://{home.folder}/{file}"
    ats = (milliseconds(home, time) for time in times)
    tell(home, [{"seq": seq, "at": at, "kind": "edit", "uri": uri} for seq, at in enumerate(ats, 1)])


def tell(home, told):
    """Sends events and returns once all of them are committed."""
    host = Host(home, f"nvim-{told[0]['at']}")
    for batch in (told[at : at + 500] for at in range(0, len(told), 500)):
        host.tell("keeptab/activity", {"events": batch})
        seq = batch[-1]["seq"]
        host.wait(lambda message: message.get("method") == "keeptab/taken" and message["params"]["seq"] >= seq)
    host.end()
