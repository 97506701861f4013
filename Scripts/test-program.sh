#!/usr/bin/env bash
# Tests of the program as a user meets it: exit codes, digests, signals, checkpoints. Usage: test-program.sh EVTWIN
set -uo pipefail
cd "$(dirname "$0")/.."
evtwin=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

check() { # check CLAIM STATUS
    if [ "$2" -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $1"; fi
}
digest() { "$evtwin" digest "$1" | cut -d' ' -f1; }
skip() { # skip REASON: a failure in CI, where everything has to run
    if [ -n "${CI:-}" ]; then failed=$((failed + 1)); echo "FAILED: skipped in CI: $1"; else echo "skipped: $1"; fi
}
exits() { # exits CODE COMMAND...: runs and compares the exit code
    local want=$1; shift
    "$@" >"$work/out" 2>"$work/err"
    [ $? -eq "$want" ]
}

# Same world, same seed, same bytes, whatever carries the run.
for threads in 1 2; do
    "$evtwin" run worlds/tiny.yaml --days 3 --threads $threads --no-report --out "$work/t$threads" >/dev/null
done
cmp -s "$work/t1/telemetry.h5" "$work/t2/telemetry.h5"
check "one and two threads write the same bytes" $?
exits 0 "$evtwin" digest "$work/t1" "$work/t2"
check "digest agrees about equal runs" $?
"$evtwin" run worlds/tiny.yaml --days 3 --seed 2 --no-report --out "$work/s2" >/dev/null
exits 1 "$evtwin" digest "$work/t1" "$work/s2"
check "digest tells different seeds apart" $?

# Killed and resumed.
"$evtwin" run worlds/corridor.yaml --days 3 --no-report --out "$work/whole" >/dev/null
"$evtwin" run worlds/corridor.yaml --days 400 --checkpoint-every 1 --no-report --out "$work/killed" >/dev/null 2>&1 &
pid=$!
for _ in $(seq 100); do [ -f "$work/killed/checkpoint.jsonl" ] && break; sleep 0.1; done
kill -9 $pid 2>/dev/null; wait $pid 2>/dev/null
[ -f "$work/killed/checkpoint.jsonl" ]
check "a run with --checkpoint-every leaves a checkpoint behind" $?
exits 1 "$evtwin" digest "$work/killed"
check "a killed run's file opens and is not taken for a whole one" $?
if [ -x .venv/bin/python ]; then
    exits 0 .venv/bin/python Tests/python/check_telemetry.py "$work/killed/telemetry.h5"
    check "h5py and xarray open a killed run's file" $?
    exits 0 .venv/bin/python Tests/python/check_telemetry.py "$work/t1/telemetry.h5"
    check "h5py and xarray open a whole run's file" $?
    # The recipes of docs/telemetry.md, run on a file that has everything.
    "$evtwin" run worlds/tiny.yaml --days 30 --set telemetry.evse_series=true --set telemetry.messages=true \
        --set 'csms.orders=[{action: ClearCache, on: booted}]' \
        --set operations.preset=poor_operator --no-report \
        --out "$work/recipes" >/dev/null
    "$evtwin" run worlds/session-list.yaml --days 1 --no-report --out "$work/replayed" >/dev/null
    exits 0 .venv/bin/python Tests/python/check_telemetry.py "$work/recipes/telemetry.h5" "$work/replayed/telemetry.h5"
    check "every code of every column has its word" $?
    exits 0 .venv/bin/python Tests/python/check_manual.py docs/telemetry.md "$work/recipes/telemetry.h5"
    status=$?
    [ $status -eq 0 ] || cat "$work/out" "$work/err"
    check "docs/telemetry.md has every column of a real file, and its recipes run" $status
else
    skip "h5py and xarray need Scripts/python-test-env.sh"
fi
"$evtwin" run worlds/corridor.yaml --days 3 --checkpoint-every 1 --no-report --out "$work/steps" >/dev/null
cmp -s "$work/whole/telemetry.h5" "$work/steps/telemetry.h5"
check "checkpoints on the way change no byte" $?

# Ctrl-C ends cleanly with a valid file.
"$evtwin" run worlds/corridor.yaml --days 4000 --no-report --out "$work/int" >/dev/null 2>"$work/int.err" &
pid=$!
sleep 1; kill -INT $pid; wait $pid
[ $? -eq 1 ]
check "Ctrl-C ends the run with exit code 1" $?
exits 0 "$evtwin" report "$work/int"
check "an interrupted run can be reported" $?

# One JSON object as the last line.
"$evtwin" run worlds/tiny.yaml --json --out "$work/json" | tail -n 1 | python3 -c '
import json, sys
found = json.loads(sys.stdin.read())
wanted = "sites stations connectors sessions events energy_kwh peak_kw digest wall_s sim_days telemetry".split()
sys.exit(any(key not in found for key in wanted))'
check "--json prints one object with every promised key" $?
if [ -x .venv/bin/python ]; then
    "$evtwin" run worlds/office.yaml --no-report --out "$work/office" >/dev/null
    exits 0 .venv/bin/python Tests/python/check_report.py "$evtwin" "$work/t1" "$work/whole" "$work/office"
    status=$?
    [ $status -eq 0 ] || cat "$work/out" "$work/err"
    check "the report's figures are those that h5py computes from the file" $status
fi
exits 0 python3 Tests/python/check_progress.py "$evtwin" run worlds/corridor.yaml --days 20 --no-report --force --out "$work/bar"
status=$?
[ $status -eq 0 ] || cat "$work/out"
check "the progress line fits terminals of 120 to 20 columns and says the time left" $status
[ -s "$work/json/report.html" ]
check "a run writes its report" $?

# Keys of every JSON object that a command prints are sorted, at every depth.
sorted_json() { # of every object on a line of its own; there has to be one
    python3 -c '
import json, sys
def check(pairs):
    keys = [key for key, _ in pairs]
    assert keys == sorted(keys), keys
    return dict(pairs)
objects = [json.loads(line, object_pairs_hook=check) for line in sys.stdin if line.startswith("{")]
sys.exit(not objects)' 2>>"$work/err"
}
"$evtwin" run worlds/tiny.yaml --json --no-report --out "$work/sorted" | sorted_json; check "run --json sorts its keys" $?
"$evtwin" run worlds/corridor.yaml --days 40 --checkpoint-every 1 --no-report --out "$work/sorted2" >/dev/null 2>&1 &
pid=$!
for _ in $(seq 100); do [ -f "$work/sorted2/checkpoint.jsonl" ] && break; sleep 0.02; done
kill -9 $pid 2>/dev/null; wait $pid 2>/dev/null
if [ -f "$work/sorted2/checkpoint.jsonl" ]; then
    "$evtwin" resume "$work/sorted2" --json --no-report | sorted_json; check "resume --json sorts its keys" $?
fi
"$evtwin" serve --db "$work/sorted.sqlite" --listen 127.0.0.1:0 --http 127.0.0.1:0 --log-format json >"$work/serve" 2>&1 &
pid=$!
for _ in $(seq 100); do grep -q '^charging' "$work/serve" && break; sleep 0.1; done
port=$(sed -n 's/^charging stations: *ws:\/\/[^:]*:\([0-9]*\).*/\1/p' "$work/serve")
"$evtwin" connect "ws://127.0.0.1:$port" --world worlds/tiny.yaml --stations 2 --duration 3 --json 2>"$work/err" | sorted_json
check "connect --json sorts its keys" $?
kill $pid; wait $pid
sorted_json <"$work/serve"
check "serve --log-format json sorts its keys" $?

# Everything that can be recorded, and as little as can be.
exits 0 "$evtwin" run worlds/corridor.yaml --days 1 --set telemetry.evse_series=true --set telemetry.messages=true --out "$work/all"
check "a run that records everything is reported" $?
exits 0 "$evtwin" run worlds/tiny.yaml --set telemetry.site_series=false --out "$work/little"
check "a run without site series ends well" $?
exits 2 "$evtwin" report "$work/little"; check "and is told to have nothing to report" $?

# Nothing is overwritten unasked.
before=$(sha256sum <"$work/json/telemetry.h5")
exits 2 "$evtwin" run worlds/tiny.yaml --seed 9 --out "$work/json"; check "a run does not replace another one" $?
grep -q -- "--force" "$work/err"; check "and says how it would" $?
[ "$before" = "$(sha256sum <"$work/json/telemetry.h5")" ]; check "and touches nothing" $?
exits 0 "$evtwin" run worlds/tiny.yaml --seed 9 --no-report --out "$work/json" --force; check "--force replaces a run" $?
[ "$before" != "$(sha256sum <"$work/json/telemetry.h5")" ] && [ ! -e "$work/json/report.html" ]
check "and leaves no page of the old one" $?
printf 'my notes' >"$work/notes.html"
exits 2 "$evtwin" report "$work/t1" -o "$work/notes.html"; check "a report does not replace a file that is none" $?
exits 0 "$evtwin" report "$work/t1" && exits 0 "$evtwin" report "$work/t1"; check "it does replace an older report" $?

# Bad input: exit code 2, nothing written.
exits 2 "$evtwin" run worlds/none.yaml --out "$work/none"; check "a missing world is bad input" $?
[ ! -e "$work/none" ]; check "bad input writes nothing" $?
exits 2 "$evtwin" run worlds/tiny.yaml --set csms.enbled=false --out "$work/none"; check "a wrong --set is bad input" $?
exits 2 "$evtwin" run worlds/tiny.yaml --days -1; check "a negative length is bad input" $?
exits 2 "$evtwin" frobnicate; check "an unknown subcommand is bad input" $?
exits 2 "$evtwin" report "$work/nothing"; check "a missing run is bad input" $?
exits 2 "$evtwin" resume "$work/t1"; check "a run without checkpoint cannot be resumed" $?
exits 2 "$evtwin" vectors "$work/nothing"; check "a missing vector directory is bad input" $?
exits 0 "$evtwin" vectors reference/vectors; check "the reference vectors pass" $?
exits 0 "$evtwin" check-world worlds/*.yaml; check "every shipped world is in order" $?
for shell in bash zsh fish; do
    exits 0 "$evtwin" --generate-completion-script $shell; check "$shell completions are generated" $?
done
exits 0 python3 packaging/manual.py "$evtwin" "$work/man"; check "man pages are generated" $?
"$evtwin" --help | sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p' | grep -v '^help$' >"$work/commands"
[ -s "$work/commands" ] && ! while read -r name; do [ -s "$work/man/evtwin-$name.1" ] || echo "$name"; done <"$work/commands" | grep .
check "every command has its man page" $?

# Shipped worlds by name, from any folder.
(cd "$work" && exits 0 "$evtwin" run tiny --days 1 --no-report --out "$work/by-name")
check "a shipped world is found by its name" $?
"$evtwin" run worlds/tiny.yaml --days 1 --no-report --out "$work/by-path" >/dev/null
[ "$(digest "$work/by-name")" = "$(digest "$work/by-path")" ]; check "and is the same world as by its path" $?
(cd "$work" && exits 2 "$evtwin" run tyni) && grep -q "did you mean tiny" "$work/err"
check "a misspelt name is told the nearest one" $?
exits 0 "$evtwin" worlds && grep -q "seattle" "$work/out"; check "evtwin worlds lists them" $?
exits 2 "$evtwin" run worlds/tiny.yaml --set format=2 --out "$work/none"; check "an unknown format is bad input" $?
exits 0 "$evtwin" --help; check "help is no error" $?

# Every action of OCPP with the PyPI package as the other end, in both roles.
if [ -x .venv/bin/python ] && .venv/bin/python -c 'import ocpp, websockets' 2>/dev/null; then
    export EVTWIN=$evtwin
    for peer in station_peer csms_peer; do
        exits 0 .venv/bin/python Tests/peers/$peer.py --json "$work/$peer.json"
        status=$?
        [ $status -eq 0 ] || grep -h -v '^[12]\.[0-9.]* \(station\|CSMS\) ' "$work/out" "$work/err"
        check "$peer.py: every round trip is valid" $status
    done
    exits 0 python3 Scripts/generate_coverage.py --check --proved "$work/station_peer.json" "$work/csms_peer.json"
    status=$?
    [ $status -eq 0 ] || cat "$work/err"
    check "docs/ocpp-coverage.md says what these runs prove" $status
else
    skip "the peer tests of OCPP need Scripts/python-test-env.sh and Python 3.11"
fi

# What the scripts promise.
printf '%s' '<s><testcase classname="A" name="a()"/><testcase classname="A" name="b()"><skipped/></testcase>' \
    '<testcase classname="A" name="onDemandC()"><skipped/></testcase></s>' >"$work/counts.xml"
[ "$(CI= python3 Scripts/test_counts.py "$work/counts.xml" 0 2>"$work/err")" = "1 0" ] && grep -q "skipped: A: b()" "$work/err"
check "a skipped test is named" $?
[ "$(CI=true python3 Scripts/test_counts.py "$work/counts.xml" 0 2>/dev/null)" = "1 1" ]; check "and fails in CI" $?
[ "$(python3 Scripts/test_counts.py "$work/none.xml" 1 2>/dev/null)" = "0 1" ]; check "a crash of the tests is a failure" $?
! Scripts/install-packages.sh --list build | grep -q python && Scripts/install-packages.sh --list test | grep -qx python3-venv
check "what a user needs has nothing of what tests need" $?
rm -rf "$work/scratch" && Scripts/build-time.sh "$work/scratch" "$work/none" | grep -q "about [0-9]* minutes"
check "make demo says how long the first build takes" $?
[ -z "$(Scripts/build-time.sh .build "$evtwin")" ]; check "and nothing where the program is built" $?

# Output that cannot be written.
printf x >"$work/file"
exits 1 "$evtwin" run worlds/tiny.yaml --out "$work/file/run"; check "an unwritable output fails with exit code 1" $?
grep -q "fix:" "$work/err"; check "and says what to do" $?

[ -z "${EVTWIN_TEST_COUNTS:-}" ] || echo "$passed $failed" >"$EVTWIN_TEST_COUNTS"
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
