#!/usr/bin/env bash
# Tests of the program's complaints: each says where, what was found and what to do, in plain words, and ends with the
# right exit code: 2 for bad input, 1 for what failed. Usage: test-messages.sh EVTWIN
set -uo pipefail
cd "$(dirname "$0")/.."
evtwin=$(realpath "$1")
root=$PWD
work=$(mktemp -d)
servers=()
cleanup() {
    for pid in "${servers[@]}"; do kill "$pid" 2>/dev/null; wait "$pid" 2>/dev/null; done
    rm -rf "$work"
}
trap cleanup EXIT
passed=0
failed=0

# says CODE WORDS FIX COMMAND...: exit code, words in the complaint, words in its fix; never a library's raw text.
says() {
    local code=$1 words=$2 fix=$3 status problem=""
    shift 3
    timeout 60 "$@" >"$work/stdout" 2>"$work/stderr" </dev/null
    status=$?
    [ $status -eq "$code" ] || problem="exit code $status instead of $code"
    grep -qF -- "$words" "$work/stderr" || problem="$problem; does not say: $words"
    grep -F "fix:" "$work/stderr" | grep -qF -- "$fix" || problem="$problem; no fix: $fix"
    if grep -qE 'NSCocoa|NSPOSIX|BoringSSL|OPENSSL|H5F|H5D|errno|Error Domain|NIO[A-Z]|Optional\(' "$work/stderr"; then
        problem="$problem; a library's raw text"
    fi
    if [ -z "$problem" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: ${*/#$work/…}: ${problem#; }"
        sed 's/^/    /' "$work/stderr" | head -6
    fi
}
# check CLAIM STATUS
check() { if [ "$2" -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $1"; fi; }
# waits FILE PATTERN: until a line of a log has it
waits() { for _ in $(seq 100); do grep -q "$2" "$1" 2>/dev/null && return 0; sleep 0.1; done; return 1; }
mkdir "$work/here"
cd "$work/here"
tiny=$root/worlds/tiny.yaml

# The command line.
says 2 "evtwin rnu: there is no such subcommand" "did you mean run?" "$evtwin" rnu "$tiny"
says 2 "evtwin imprt: there is no such subcommand" "did you mean import?" "$evtwin" imprt afdc x.csv
says 2 "evtwin run: there is no option --seeed" "did you mean --seed?" "$evtwin" run "$tiny" --seeed 3
says 2 "--days -1: is not allowed" "write --days <days>: " "$evtwin" run "$tiny" --days -1
says 2 "--days -1: is not allowed" "above 0" "$evtwin" run "$tiny" --days=-1
says 2 "--days abc: is no value for it" "write --days <days>: " "$evtwin" run "$tiny" --days abc
says 2 "--seed abc: is no value for it" "write --seed <seed>: " "$evtwin" run "$tiny" --seed abc
says 2 "--threads 0: is not allowed" "1 to 256" "$evtwin" run "$tiny" --threads 0
says 2 "<world> is missing" "World file" "$evtwin" run
says 2 "there is no place for \"extra\"" "drop it" "$evtwin" run "$tiny" extra
says 2 "foo: is no value for it" "<kind>" "$evtwin" import foo x.csv
says 2 "--profile 7: is not allowed" "write 0, 1, 2 or 3" "$evtwin" serve --db x.sqlite --profile 7
says 2 "--set nonsense: expected key=value" "--set csms.enabled=false" "$evtwin" run "$tiny" --set nonsense

# World files.
world() { printf '%b' "$2" >"$1.yaml"; }
world tab 'name: x\nsites:\n\t- {id: a, template: retail}\n'
says 2 "tab.yaml:3: is not valid YAML: a tab in the indentation" "indent with blanks" "$evtwin" check-world tab.yaml
world comma 'name: x\nsites:\n  - {id: a, template: retail, latitude: 52,1}\n'
says 2 "comma.yaml:3: sites[0].1: a number stands where a key belongs" "write a decimal point, not a comma" \
    "$evtwin" check-world comma.yaml
world plain 'name: x\ndays: 1,5\nsites:\n  - {id: a, template: retail}\n'
says 2 'days: expected a number in d, found "1,5"' "write a decimal point, not a comma" "$evtwin" check-world plain.yaml
world brace 'name: x\nsites:\n  - {id: a, template: retail\n  - {id: b}\n'
says 2 "brace.yaml:3: is not valid YAML: a { that is not closed" "} after the last one" "$evtwin" check-world brace.yaml
world quote 'name: x\nsites:\n  - id: "a\n    template: retail\n'
says 2 "quote.yaml:3: is not valid YAML: a quote that is not closed" "close the quote" "$evtwin" check-world quote.yaml
world colon 'name: x\nsites:\n  - id: a\n    template:retail\n'
says 2 'colon.yaml:4: is not valid YAML: no ": "' "write a blank behind the colon" "$evtwin" check-world colon.yaml
world column 'name: x\nsites:\n  - id: a\n   template: retail\n'
says 2 "column.yaml:4: is not valid YAML" "in the same column" "$evtwin" check-world column.yaml
says 2 "none.yaml: cannot read the file (there is no such file)" "check the name" "$evtwin" run none.yaml
says 2 "cannot read the file (it is a directory)" "check the name" "$evtwin" run "$work/here"
for name in ../x /tmp/x a/b '""' .x 'a:b'; do
    world name "name: $name\nsites:\n  - {id: a, template: retail}\n"
    says 2 "name.yaml:1: name:" "no slashes" "$evtwin" check-world name.yaml
done
[ ! -e ../x ] && [ ! -e out ]; check "a name does not lead out of out/" $?

# Tables.
printf 'id;template;latitude\na;retail;52,1\n' >semicolon.csv
world semicolon 'name: x\nsites: {table: semicolon.csv}\n'
"$evtwin" check-world semicolon.yaml >"$work/stdout" 2>&1; check "a table with semicolons and decimal commas is read" $?
printf 'id,template,latitude\na,retail,52,1\n' >comma.csv
world table 'name: x\nsites: {table: comma.csv}\n'
says 2 "comma.csv:2: row 1 has 4 of 3 columns" "put cells that contain commas in quotes" "$evtwin" check-world table.yaml

# Runs and their files.
mkdir empty
says 2 "empty: there is no telemetry.h5 in this directory" "output directory of a run" "$evtwin" report empty
says 2 "nothing: there is no such file or directory" "output directory of a run" "$evtwin" report nothing
says 2 "nothing: there is no such file or directory" "output directory of a run" "$evtwin" digest nothing
printf 'no telemetry' >text.h5
says 2 "text.h5: is no telemetry file" "name a telemetry file" "$evtwin" report text.h5
: >empty.h5
says 2 "empty.h5: is empty" "name a telemetry file" "$evtwin" digest empty.h5
"$evtwin" run "$tiny" --days 1 --no-report --out whole >/dev/null 2>&1
head -c 20000 whole/telemetry.h5 >cut.h5
says 2 "cut.h5: is cut short: 20000 bytes are left" "copy it again" "$evtwin" report cut.h5
says 2 "whole: holds a run already (telemetry.h5)" "--force" "$evtwin" run "$tiny" --days 1 --out whole
says 2 "there is no checkpoint" "--checkpoint-every" "$evtwin" resume whole
printf x >file
says 1 "file/run: cannot be made (not a directory)" "--out" "$evtwin" run "$tiny" --out file/run
says 2 "empty: holds no .json file" "name a directory" "$evtwin" vectors empty
says 1 "may not grow further" "ulimit -f" bash -c 'ulimit -f 40; trap "" XFSZ; exec "$0" run "$1" --out limited' \
    "$evtwin" "$tiny"
if [ "$(id -u)" -eq 0 ] && unshare -m true 2>/dev/null; then
    mkdir full
    says 1 "the disk is full" "free some space" unshare -m bash -c \
        'mount -t tmpfs -o size=200k none full && "$0" run "$1" --days 30 --out full/run' "$evtwin" "$tiny"
fi

# Imports and certificates.
says 2 "register.csv: cannot be read" "check the name" "$evtwin" import afdc register.csv
printf 'a;b\n1;2\n' >other.csv
says 2 "other.csv:1: lacks the columns" "evtwin import --help" "$evtwin" import ncr other.csv
says 2 "--bbox 1,2,3: expected four numbers" "WEST,SOUTH,EAST,NORTH" "$evtwin" import ncr other.csv --bbox 1,2,3
says 2 "--name ../x" "no slashes" "$evtwin" import ncr other.csv --name ../x
"$evtwin" pki pki --stations CS-1 >/dev/null 2>&1
"$evtwin" pki other --host other.example >/dev/null 2>&1
says 2 "exists" "--force" "$evtwin" pki pki
says 2 "days must be" "--days N" "$evtwin" pki new --days 0
says 2 "not an identity" "--stations N" "$evtwin" pki new --stations "a b"
says 2 "No such file or directory" "that exists" "$evtwin" pki no/such/place

# A server and stations that do not find each other.
says 2 "--db no/such/folder/x.sqlite" "folder that exists" "$evtwin" serve --db no/such/folder/x.sqlite
says 2 "none.pem: cannot be read (no such file or directory)" "name a PEM file" \
    "$evtwin" serve --db x.sqlite --profile 2 --tls-cert none.pem --tls-key none.key
"$evtwin" serve --db plain.sqlite --listen 127.0.0.1:0 --http 127.0.0.1:0 >plain.log 2>&1 &
servers+=($!)
"$evtwin" serve --db tls.sqlite --listen 127.0.0.1:0 --http 127.0.0.1:0 --profile 2 \
    --tls-cert pki/server-ecdsa.pem --tls-key pki/server-ecdsa.key >tls.log 2>&1 &
servers+=($!)
"$evtwin" serve --db mutual.sqlite --listen 127.0.0.1:0 --http 127.0.0.1:0 --profile 3 --client-ca pki/root.pem \
    --tls-cert pki/server-ecdsa.pem --tls-key pki/server-ecdsa.key >mutual.log 2>&1 &
servers+=($!)
"$evtwin" serve --db other.sqlite --listen 127.0.0.1:0 --http 127.0.0.1:0 --profile 2 \
    --tls-cert other/server-ecdsa.pem --tls-key other/server-ecdsa.key >other.log 2>&1 &
servers+=($!)
# A CSMS that speaks no version it is offered: opens without a subprotocol and closes, as OCPP-J asks.
python3 - >odd.log 2>&1 <<'PYTHON' &
import base64, hashlib, re, socket
server = socket.create_server(("127.0.0.1", 0))
print(f"charging stations: ws://127.0.0.1:{server.getsockname()[1]}/", flush=True)
while True:
    peer, _ = server.accept()
    with peer:
        head = b""
        while b"\r\n\r\n" not in head:
            head += peer.recv(4096) or b"\r\n\r\n"
        key = re.search(rb"Sec-WebSocket-Key: (\S+)", head)
        if not key:
            continue
        digest = hashlib.sha1(key.group(1) + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()
        peer.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     b"Sec-WebSocket-Accept: " + base64.b64encode(digest) + b"\r\n\r\n\x88\x02\x03\xea")
PYTHON
servers+=($!)
port() { waits "$1.log" "charging stations:" && sed -n 's/.*charging stations: *[a-z]*:\/\/[^:]*:\([0-9]*\).*/\1/p' "$1.log" | head -1; }
plain=$(port plain) tls=$(port tls) mutual=$(port mutual) other=$(port other) odd=$(port odd)
connect() { # connect CODE WORDS FIX URL OPTION...
    local code=$1 words=$2 fix=$3 url=$4
    shift 4
    says "$code" "$words" "$fix" "$evtwin" connect "$url" --world "$tiny" --stations 1 --duration 4 --threads 1 "$@"
}
says 2 "another program listens there" "another port" \
    "$evtwin" serve --db y.sqlite --listen "127.0.0.1:$plain" --http 127.0.0.1:0
says 2 "another server (process" "stop that server" "$evtwin" serve --db plain.sqlite --listen 127.0.0.1:0 --http 127.0.0.1:0
connect 1 "connection refused" "start the CSMS" ws://127.0.0.1:1
connect 1 "host not found" "check the host's name" ws://no.such.host.invalid:1
connect 1 "does not lead to a trusted root" "--ca FILE.pem" "wss://localhost:$tls" --profile 2 --password secretsecretsecret \
    --ca other/root.pem
connect 1 "not made out to the host" "a name that is in the CSMS's certificate" "wss://localhost:$other" --profile 2 \
    --password secretsecretsecret --ca other/root.pem
connect 2 "--ca none.pem: cannot be read (no such file or directory)" "name a PEM file" "wss://localhost:$tls" --profile 2 \
    --password secretsecretsecret --ca none.pem
connect 2 "--ca text.h5: no PEM certificates in it" "name a PEM file" "wss://localhost:$tls" --profile 2 \
    --password secretsecretsecret --ca text.h5
connect 1 "disconnected during the opening handshake" "write wss:// and --profile 2 or 3 if that port speaks TLS" \
    "ws://localhost:$tls"
connect 1 "speaks no TLS" "ws://" "wss://localhost:$plain" --profile 2 --password secretsecretsecret --ca pki/root.pem
connect 1 "asks for a client certificate" "--profile 3" "wss://localhost:$mutual" --profile 2 --password secretsecretsecret \
    --ca pki/root.pem
connect 1 "no subprotocol agreed on" "--ocpp 1.6, 2.0.1 or 2.1" "ws://127.0.0.1:$odd" --ocpp 2.1
connect 1 "HTTP status 404" "check the path" "ws://127.0.0.1:$plain/nowhere/else"
connect 2 "--profile 1: needs the stations' password" "--password" "ws://127.0.0.1:$plain" --profile 1
connect 2 "--ocpp 3: no version of OCPP" "write 1.6, 2.0.1 or 2.1" "ws://127.0.0.1:$plain" --ocpp 3
connect 2 "http://x: is no URL of a CSMS" "ws://HOST" http://x
connect 2 "--speed 5000.0: out of range" "0.01 to 1000" "ws://127.0.0.1:$plain" --speed 5000

[ -z "${EVTWIN_TEST_COUNTS:-}" ] || echo "$passed $failed" >"$EVTWIN_TEST_COUNTS"
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
