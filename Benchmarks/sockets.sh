#!/usr/bin/env bash
# Measures evtwin's WebSocket ends: Benchmarks/sockets.sh echo|memory|storm|all
#
#   echo    round trips of a bare echo server for each second of its processor time, beside libwebsockets in C
#           (lws_echo.c), both driven by wsload.c with 100 connections
#   storm   handshakes that are answered with 503, plain and over TLS: processor time of the server for each
#   memory  10,000 idle connections, plain and over TLS: resident memory of the server for each
#
# The C programs are read from $EVTWIN_REFERENCE_BENCH (default ../../shared/bench); libwebsockets-dev is needed. Servers
# take turns in every round, so that a busy machine slows down both.
#   EVTWIN_BENCH_ROUNDS       turns, default 5
#   EVTWIN_BENCH_SECONDS      length of a turn, default 5
#   EVTWIN_BENCH_CONNECTIONS  connections held open by "memory", default 10000
#   EVTWIN_SOCKETS_BENCH      sockets-bench as built already; it is built where this is not set
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
reference=${EVTWIN_REFERENCE_BENCH:-$here/../../shared/bench}
rounds=${EVTWIN_BENCH_ROUNDS:-5}
seconds=${EVTWIN_BENCH_SECONDS:-5}
connections=${EVTWIN_BENCH_CONNECTIONS:-10000}
work=$(mktemp -d)
servers=()

fail() {
    echo "sockets.sh: $1" >&2
    exit 2
}
stop() {
    local server
    for server in "${servers[@]}"; do kill "$server" 2>/dev/null || true; done
    servers=()
}
trap 'stop; rm -rf "$work"' EXIT

build() {
    bench=${EVTWIN_SOCKETS_BENCH:-}
    [[ -z $bench ]] || return 0
    command -v swift >/dev/null || fail "no swift in the PATH; Swift 6.2 or later is needed"
    swift build -c release --package-path "$here/sockets-bench" >&2
    bench=$(swift build -c release --package-path "$here/sockets-bench" --show-bin-path)/sockets-bench
}

median() { sort -g "$1" | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

# cpu PID: seconds of processor time so far
cpu() { awk -v hz="$(getconf CLK_TCK)" '{ print ($14 + $15) / hz }' "/proc/$1/stat"; }

resident() { awk '/^VmRSS/ { print $2 }' "/proc/$1/status"; }

# serve echo|refuse ARGUMENTS...: starts our server on a free port; sets pid and port
serve() {
    local kind=$1
    shift
    stdbuf -oL "$bench" "$kind" 0 "$@" >"$work/port" &
    pid=$!
    servers+=("$pid")
    local tries
    for ((tries = 0; tries < 100; tries++)); do
        port=$(awk '/^listening on/ { print $3 }' "$work/port")
        [[ -z $port ]] || return 0
        sleep 0.1
    done
    fail "the echo server does not start"
}

# turn LABEL PID PORT: one load run; notes round trips for each second of the server's processor time
turn() {
    local label=$1 pid=$2 port=$3 before after trips
    before=$(cpu "$pid")
    trips=$("$work/wsload" 127.0.0.1 "$port" /ocpp 100 "$seconds" echo ocpp1.6 | sed -E 's/.*: ([0-9]+) round trips.*/\1/')
    after=$(cpu "$pid")
    awk -v t="$trips" -v b="$before" -v a="$after" 'BEGIN { print t / (a - b) }' >>"$work/$label"
}

echo_bench() {
    [[ -r $reference/lws_echo.c && -r $reference/wsload.c ]] ||
        fail "lws_echo.c and wsload.c are not in $reference; set EVTWIN_REFERENCE_BENCH to their folder"
    "${CC:-gcc}" -O2 -o "$work/lws_echo" "$reference/lws_echo.c" -lwebsockets ||
        fail "lws_echo.c does not build; apt-get install gcc libwebsockets-dev"
    "${CC:-gcc}" -O2 -o "$work/wsload" "$reference/wsload.c"
    local c_port=$((20000 + RANDOM % 10000)) c_pid round
    "$work/lws_echo" "$c_port" &
    c_pid=$!
    servers+=("$c_pid")
    serve echo 1
    for ((round = 1; round <= rounds; round++)); do
        turn lws "$c_pid" "$c_port"
        turn own "$pid" "$port"
    done
    stop
    local own lws
    own=$(median "$work/own") lws=$(median "$work/lws")
    awk -v o="$own" -v l="$lws" 'BEGIN {
        print "Bare echo, 100 connections, round trips for each second of the server'"'"'s processor time"
        printf "%-28s %10.0f\n%-28s %10.0f\nratio %.2f\n", "evtwin Sockets", o, "libwebsockets in C", l, o / l
    }'
    echo "(processors: $(nproc), load while measuring: $(cut -d' ' -f1 /proc/loadavg))"
}

certificates() {
    (
        cd "$work"
        openssl ecparam -name prime256v1 -genkey -noout -out root-key.pem
        openssl req -x509 -new -key root-key.pem -subj "/CN=benchmark root" -days 2 -out root.pem
        openssl ecparam -name prime256v1 -genkey -noout -out server-key.pem
        openssl req -new -key server-key.pem -subj "/CN=localhost" -out server.csr
        printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\n' >extensions
        openssl x509 -req -in server.csr -CA root.pem -CAkey root-key.pem -CAcreateserial -extfile extensions \
            -days 2 -out server.pem
    ) 2>/dev/null
}

# clients [ROOTS]: opens the connections and waits until all are there or refused
clients() {
    : >"$work/held"
    stdbuf -oL "$bench" hold "$port" "$connections" ${1:+"$1"} >"$work/held" &
    servers+=($!)
    until grep -q connections "$work/held"; do
        kill -0 "${servers[-1]}" 2>/dev/null || fail "the clients ended early; is the file limit too low?"
        sleep 0.5
    done
}

# hold LABEL [CHAIN KEY ROOTS]: connections that wait, and what each of them costs the server
hold() {
    local label=$1 before after
    serve echo 2 ${2:+"$2" "$3"}
    before=$(resident "$pid")
    clients ${4:+"$4"}
    after=$(resident "$pid")
    awk -v l="$label" -v b="$before" -v a="$after" -v n="$connections" -v h="$(cat "$work/held")" \
        'BEGIN { printf "%-6s %6.1f kB each (%d MB in all); %s\n", l, (a - b) / n, a / 1024, h }'
    stop
}

# refuse LABEL [CHAIN KEY ROOTS]: handshakes that are turned away, and what each of them costs the server
refuse() {
    local label=$1 before
    serve refuse 2 ${2:+"$2" "$3"}
    before=$(cpu "$pid")
    clients ${4:+"$4"}
    awk -v l="$label" -v b="$before" -v a="$(cpu "$pid")" -v n="$connections" \
        'BEGIN { printf "%-6s %6.0f microseconds of processor time each\n", l, (a - b) / n * 1e6 }'
    stop
}

storm_bench() {
    certificates
    echo "Handshakes answered with 503, TCP connection included"
    refuse plain
    refuse TLS "$work/server.pem" "$work/server-key.pem" "$work/root.pem"
}

memory_bench() {
    certificates
    echo "Idle connections: resident memory of the server, buffers of the operating system left out"
    hold plain
    hold TLS "$work/server.pem" "$work/server-key.pem" "$work/root.pem"
}

case ${1:-} in
echo) build && echo_bench ;;
memory) build && memory_bench ;;
storm) build && storm_bench ;;
all) build && echo_bench && echo && storm_bench && echo && memory_bench ;;
*) fail "usage: sockets.sh echo|storm|memory|all" ;;
esac
