#!/usr/bin/env bash
# Measures whole runs of evtwin: Benchmarks/twin.sh sessions|sites|threads|seattle|all
#
#   sessions  a list of sessions x 1,000 sites x 30 days with 5-minute series, beside evref.cpp on the same and
#             ACN-Sim (PyPI acnportal) on one site
#   sites     500, 1,000, 2,000 and 4,000 sites: time for each event
#   threads   one thread against two on 1,000 sites
#   seattle   the shipped world for a year, with peak memory
#
# Reference programs and the list are read from $EVTWIN_REFERENCE_BENCH (default ../../shared/bench). Runs take turns;
# figures are medians for each second of processor time.
#   EVTWIN_BENCH_ROUNDS  turns, default 3
#   EVTWIN_BENCH_SITES   sites of the session list, default 1000
#   EVTWIN_BENCH_PYTHON  Python with acnportal, default python3 where it has it
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
reference=${EVTWIN_REFERENCE_BENCH:-$here/../../shared/bench}
rounds=${EVTWIN_BENCH_ROUNDS:-3}
sites=${EVTWIN_BENCH_SITES:-1000}
evtwin=$root/.build/release/evtwin
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "twin.sh: $1" >&2
    exit 2
}
[[ -x $evtwin ]] || fail "$evtwin is missing; run make build first"

median() { sort -g "$1" | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
field() { python3 -c 'import json, sys; print(json.loads(sys.stdin.read().splitlines()[-1])["'"$1"'"])'; }

# timed LABEL COMMAND...: runs it, keeps its last line, notes CPU seconds, wall seconds and peak memory
timed() {
    local label=$1
    shift
    /usr/bin/time -f "%U %S %e %M" -o "$work/time" "$@" | tail -n 1 >"$work/$label.json"
    awk '{ print $1 + $2 }' "$work/time" >>"$work/$label.cpu"
    awk '{ print $3 }' "$work/time" >>"$work/$label.wall"
    awk '{ print $4 }' "$work/time" >>"$work/$label.memory"
}


# The shipped session list world, with the 30-day list on many sites.
write_list_world() {
    cp "$reference/sessions-30d.csv" "$work/sessions.csv"
    sed -e 's|data/sessions-7d.csv|sessions.csv|' -e 's|^name:.*|name: list|' -e 's|^days:.*|days: 30|' \
        -e "s|^\( *\)name: Garage.*|&\n\1copies: $1|" \
        "$root/worlds/session-list.yaml" >"$work/list.yaml"
}

sessions() {
    [[ -r $reference/evref.cpp && -r $reference/sessions-30d.csv ]] ||
        fail "evref.cpp and sessions-30d.csv are not in $reference; set EVTWIN_REFERENCE_BENCH to their folder"
    local per_site total round python=""
    for candidate in "${EVTWIN_BENCH_PYTHON:-}" python3; do
        if [[ -n $candidate ]] && "$candidate" -c 'import acnportal' 2>/dev/null; then python=$candidate && break; fi
    done
    per_site=$(($(wc -l <"$reference/sessions-30d.csv") - 1))
    total=$((per_site * sites))
    write_list_world "$sites"
    "${CXX:-g++}" -O3 -march=native -std=c++17 -o "$work/evref" "$reference/evref.cpp"
    for ((round = 1; round <= rounds; round++)); do
        timed plain "$evtwin" run "$work/list.yaml" --threads 1 --json --no-report --out "$work/out" --force
        timed evref "$work/evref" "$work/sessions.csv" 30 "$sites" 5
        timed csms "$evtwin" run "$work/list.yaml" --threads 1 --json --no-report --out "$work/out" --force \
            --set csms.enabled=true --set csms.link=ideal --set csms.meter_values_interval_s=900 \
            --set csms.heartbeat_interval_s=86400
        if [[ -n $python ]]; then
            timed acn "$python" "$reference/acn_bench.py" "$work/sessions.csv" 30 unctrl 2stage
        fi
    done
    echo "$per_site sessions x $sites sites x 30 days, series every 5 minutes, written to HDF5"
    printf '%-52s %12s %10s %14s\n' "" "sessions" "CPU s" "sessions/CPU s"
    local plain evref csms acn
    plain=$(median "$work/plain.cpu") evref=$(median "$work/evref.cpu") csms=$(median "$work/csms.cpu")
    line "evtwin, plant and telemetry" "$total" "$plain"
    line "evtwin, with firmware, OCPP and CSMS" "$total" "$csms"
    line "evref.cpp: bare C++, nothing written" "$total" "$evref"
    if [[ -e $work/acn.cpu ]]; then
        acn=$(field cpu_s <"$work/acn.json")
        line "ACN-Sim, one site, uncontrolled, nothing written" "$per_site" "$acn"
    else
        echo "ACN-Sim is left out: name a Python that has acnportal with EVTWIN_BENCH_PYTHON"
    fi
    awk -v p="$plain" -v r="$evref" 'BEGIN { printf "evtwin / evref.cpp: %.2fx\n", r / p }'
    [[ -z ${acn:-} ]] || awk -v p="$plain" -v c="$csms" -v a="$acn" -v s="$sites" \
        'BEGIN { printf "evtwin / ACN-Sim: %.0fx, with firmware, OCPP and CSMS %.0fx\n", a * s / p, a * s / c }'
    echo "energy of one site, kWh: evtwin $(field energy_kwh <"$work/plain.json" | awk -v s="$sites" '{ printf "%.6f", $1 / s }')," \
        "evref.cpp $(field energy_kwh_per_site <"$work/evref.json")"
}
line() { awk -v t="$1" -v n="$2" -v c="$3" 'BEGIN { printf "%-52s %12d %10.2f %14.0f\n", t, n, c, n / c }'; }

# A world of equal urban hubs and destination sites, everything on.
write_sites_world() {
    cat >"$work/sites.yaml" <<YAML
name: sites
description: Equal sites for measurements.
days: 7
region: europe
network: {drive_on: false}
sites:
  - {id: hub, template: urban_hub, copies: $(($1 / 2))}
  - {id: shop, template: retail, copies: $(($1 / 2))}
YAML
}

sites_curve() {
    echo "Cost of an event as the world grows (7 days, everything on, one thread)"
    printf '%8s %12s %10s %14s %10s\n' sites events "CPU s" "ns/event" "peak MB"
    local n round
    for n in 500 1000 2000 4000; do
        write_sites_world $n
        for ((round = 1; round <= rounds; round++)); do
            timed "s$n" "$evtwin" run "$work/sites.yaml" --threads 1 --json --no-report --out "$work/out" --force
        done
        awk -v n=$n -v e="$(field events <"$work/s$n.json")" -v c="$(median "$work/s$n.cpu")" \
            -v m="$(median "$work/s$n.memory")" \
            'BEGIN { printf "%8d %12d %10.2f %14.0f %10.0f\n", n, e, c, c / e * 1e9, m / 1024 }'
    done
}

threads() {
    write_sites_world 1000
    local round t
    for ((round = 1; round <= rounds; round++)); do
        for t in 1 2; do
            timed "t$t" "$evtwin" run "$work/sites.yaml" --days 14 --threads $t --json --no-report --out "$work/out" --force
            field wall_s <"$work/t$t.json" >>"$work/t$t.run"
        done
    done
    awk -v a="$(median "$work/t1.run")" -v b="$(median "$work/t2.run")" \
        'BEGIN { printf "1,000 sites, 14 days: one thread %.2f s, two threads %.2f s: %.2fx\n", a, b, a / b }'
}

seattle() {
    timed year "$evtwin" run "$root/worlds/seattle.yaml" --days 365 --json --out "$work/year" --force
    awk -v s="$(field sessions <"$work/year.json")" -v e="$(field events <"$work/year.json")" \
        -v w="$(field wall_s <"$work/year.json")" -v m="$(median "$work/year.memory")" -v f="$(du -m "$work/year/telemetry.h5" | cut -f1)" \
        'BEGIN { printf "seattle, 365 days: %d sessions, %d events in %.0f s: %.0f sessions/s, %.2f M events/s, peak %.0f MB, file %d MB\n",
            s, e, w, s / w, e / w / 1e6, m / 1024, f }'
}

case ${1:-} in
sessions) sessions ;;
sites) sites_curve ;;
threads) threads ;;
seattle) seattle ;;
all)
    sessions
    echo
    sites_curve
    echo
    threads
    echo
    seattle
    ;;
*) fail "write sessions, sites, threads, seattle or all" ;;
esac
