# Counting of a run with steps and node's tests, to be sourced. Its last line: "N passed, N failed".

passed=0
failed=0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Counts a command as one test: `step TITLE COMMAND…`.
step() {
    echo "== $1"
    shift
    if "$@"; then passed=$((passed + 1)); else
        failed=$((failed + 1))
        echo "FAILED: $*"
    fi
}

# Runs node's tests and adds up what node says of them: `suite TITLE arguments…`.
suite() {
    echo "== $1"
    shift
    local log status ok bad
    log=$(mktemp "$scratch/log-XXXXXX")
    node --disable-warning=ExperimentalWarning --test "$@" 2>&1 | tee "$log"
    status=${PIPESTATUS[0]}
    ok=$(sed -nE 's/^ℹ pass ([0-9]+)$/\1/p' "$log")
    bad=$(sed -nE 's/^ℹ fail ([0-9]+)$/\1/p' "$log")
    passed=$((passed + ${ok:-0}))
    failed=$((failed + ${bad:-1}))
    if [ "$status" -ne 0 ] && [ "${bad:-0}" -eq 0 ]; then failed=$((failed + 1)); fi
}

total() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}

# Prints a port that is free, out of a thousand that begin at FIRST: none that the system gives to connections.
free_port() {
    node -e '
        const { createServer } = require("node:net");
        const first = Number(process.argv[1]) + Math.floor(Math.random() * 900);
        const attempt = (port) => {
            const server = createServer();
            server.on("error", () => attempt(port + 1));
            server.listen(port, "127.0.0.1", () => server.close(() => console.log(port)));
        };
        attempt(first);
    ' "$1"
}
