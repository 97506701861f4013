#!/usr/bin/env bash
# Measures the CSMS server: Benchmarks/server.sh load|tls|all
#
#   load  Heartbeat and MeterValues round trips for each second of the server's processor time, beside a bare echo in C
#         (lws_echo.c) and a CSMS in Python (py_csms.py), all driven by wsload.c with 100 connections
#   tls   stations of a world over TLS on one server: memory of an idle connection, and what a power cut of half of them does
#
# The C and Python programs are read from $EVTWIN_REFERENCE_BENCH (default ../../shared/bench); libwebsockets-dev is
# needed, and .venv of Scripts/python-test-env.sh. Servers take turns in every round, so that a busy machine slows down all.
#   EVTWIN_BENCH_ROUNDS       turns, default 3
#   EVTWIN_BENCH_SECONDS      length of a turn, default 5
#   EVTWIN_BENCH_CONNECTIONS  stations held by "tls", default 10000
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
evtwin=${EVTWIN:-$root/.build-release/release/evtwin}
[[ -x $evtwin ]] || evtwin=$root/.build/release/evtwin
reference=${EVTWIN_REFERENCE_BENCH:-$root/../shared/bench}
rounds=${EVTWIN_BENCH_ROUNDS:-3}
seconds=${EVTWIN_BENCH_SECONDS:-5}
connections=${EVTWIN_BENCH_CONNECTIONS:-10000}
work=$(mktemp -d)
servers=()

fail() {
    echo "server.sh: $1" >&2
    exit 2
}
stop() {
    local server
    for server in "${servers[@]}"; do kill "$server" 2>/dev/null || true; done
    wait 2>/dev/null || true
    servers=()
}
trap 'stop; rm -rf "$work"' EXIT

median() { sort -g "$1" | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
# cpu PID: seconds of processor time so far
cpu() { awk -v hz="$(getconf CLK_TCK)" '{ print ($14 + $15) / hz }' "/proc/$1/stat"; }
# established PORT: connections open at a server
established() { awk -v p="$(printf ':%04X' "$1")" '$2 ~ p "$" && $4 == "01"' /proc/net/tcp /proc/net/tcp6 | wc -l; }
resident() { awk '/^VmRSS/ { print $2 }' "/proc/$1/status"; }
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
wait_for() {
    local tries
    for ((tries = 0; tries < 200; tries++)); do
        (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return 0
        sleep 0.05
    done
    fail "no server on port $1: $(tail -3 "$work"/*.log 2>/dev/null)"
}

# serve NAME ARGUMENTS...: starts the CSMS; sets pid, port and http
serve() {
    local name=$1
    shift
    port=$(free_port) http=$(free_port)
    "$evtwin" serve --db "$work/$name.db" --listen "127.0.0.1:$port" --http "127.0.0.1:$http" --log-level error "$@" \
        >"$work/$name.log" 2>&1 &
    pid=$!
    servers+=("$pid")
    wait_for "$port"
}

# turn LABEL PID PORT PREFIX MODE: one load run; notes round trips for each second of the server's processor time
turn() {
    local label=$1 pid=$2 port=$3 prefix=$4 mode=$5 before after line trips
    before=$(cpu "$pid")
    line=$("$work/wsload" 127.0.0.1 "$port" "$prefix" 100 "$seconds" "$mode" ocpp1.6)
    after=$(cpu "$pid")
    trips=$(sed -E 's/.*: ([0-9]+) round trips.*errors ([0-9]+);.*/\1 \2/' <<<"$line")
    [[ ${trips#* } == 0 ]] || echo "$label: errors: $line" >&2
    awk -v t="${trips% *}" -v b="$before" -v a="$after" 'BEGIN { print t / (a - b) }' >>"$work/$label"
    sed -E 's/.*latency (.*); errors.*/\1/' <<<"$line" >"$work/$label.latency"
}

load() {
    [[ -r $reference/lws_echo.c && -r $reference/wsload.c && -r $reference/py_csms.py ]] ||
        fail "lws_echo.c, wsload.c and py_csms.py are not in $reference; set EVTWIN_REFERENCE_BENCH to their folder"
    "${CC:-gcc}" -O2 -o "$work/lws_echo" "$reference/lws_echo.c" -lwebsockets ||
        fail "lws_echo.c does not build; apt-get install gcc libwebsockets-dev"
    "${CC:-gcc}" -O2 -o "$work/wsload" "$reference/wsload.c"
    local python=${EVTWIN_PYTHON:-$root/.venv/bin/python} round label
    local c_port py_port
    c_port=$(free_port) py_port=$(free_port)
    "$work/lws_echo" "$c_port" &
    local c_pid=$!
    servers+=("$c_pid")
    "$python" "$reference/py_csms.py" "$py_port" >"$work/py.log" 2>&1 &
    local py_pid=$!
    servers+=("$py_pid")
    serve load --threads 1 --message-rate 1000000 --connection-rate 10000
    wait_for "$c_port"
    wait_for "$py_port"
    for ((round = 1; round <= rounds; round++)); do
        turn echo "$c_pid" "$c_port" /ocpp echo
        turn heartbeat "$pid" "$port" "" heartbeat
        turn py-heartbeat "$py_pid" "$py_port" "" heartbeat
        turn meter "$pid" "$port" "" meter
        turn py-meter "$py_pid" "$py_port" "" meter
    done
    stop
    echo "100 connections, round trips for each second of the server's processor time (medians of $rounds)"
    local base
    base=$(median "$work/echo")
    printf "%-40s %10.0f\n" "bare echo (libwebsockets, C)" "$base"
    for label in heartbeat meter; do
        awk -v l="$label" -v o="$(median "$work/$label")" -v p="$(median "$work/py-$label")" -v b="$base" \
            -v t="$(cat "$work/$label.latency")" 'BEGIN {
            name = l == "meter" ? "MeterValues, validated and stored" : "Heartbeat"
            printf "%-40s %10.0f   %.2f of the echo, %.1f x Python (%.0f); %s\n", "evtwin serve: " name, o, o / b, o / p, p, t }'
    done
    echo "(processors: $(nproc), load while measuring: $(cut -d' ' -f1 /proc/loadavg))"
}

# A world of as many stations as are wanted, fifty to a site.
world() {
    echo "name: benchmark"
    echo "start: 2025-01-06"
    echo "sites:"
    local site
    for ((site = 1; site * 50 <= connections; site++)); do
        printf '  - {id: s%d, kind: workplace, latitude: 47.6, longitude: -122.3, stations: [{kind: ac, count: 50, power_kw: 11, connectors: [Type2]}]}\n' "$site"
    done
}

tls() {
    world >"$work/world.yaml"
    ulimit -n "$(ulimit -Hn)"
    "$evtwin" pki "$work/pki" >/dev/null
    serve tls --profile 2 --tls-cert "$work/pki/server-ecdsa.pem" --tls-key "$work/pki/server-ecdsa.key" \
        --connection-rate 100000 --unknown-tokens accept
    local before after open
    before=$(resident "$pid")
    "$evtwin" connect "wss://localhost:$port" --world "$work/world.yaml" --ca "$work/pki/root.pem" \
        --profile 2 --password "a password of 24 letters" --ramp 90 --duration "${EVTWIN_BENCH_DURATION:-205}" --start-hour 3 \
        --power-cut-after "${EVTWIN_BENCH_CUT:-145}" --power-cut-stations $((connections / 2)) --json >"$work/connect.json" &
    local client=$!
    servers+=("$client")
    sleep $((${EVTWIN_BENCH_CUT:-145} - 5))
    after=$(resident "$pid") open=$(established "$port")
    wait "$client"
    awk -v b="$before" -v a="$after" -v n="$open" -v w="$connections" 'BEGIN {
        printf "%d of %d connected, %.1f kB of the server'"'"'s memory for each (%d MB in all)\n", n, w, (a - b) / n, a / 1024 }'
    cat "$work/connect.json"
}

case ${1:-} in
load) load ;;
tls) tls ;;
all)
    load
    tls
    ;;
*) fail "say load, tls or all" ;;
esac
