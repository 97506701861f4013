#!/usr/bin/env bash
# Runs evtwin's kernel beside plain C++ programs and prints ratios: Benchmarks/run.sh kernel
#
# The C++ programs (phold.cpp, mmc.cpp) are read from $EVTWIN_REFERENCE_BENCH. Runs take turns (A B A B ...), so that
# a busy machine slows down both sides; figures are medians of events per second of processor time.
#   EVTWIN_BENCH_ROUNDS  turns, default 5
#   CXX                  C++ compiler, default g++
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
reference=${EVTWIN_REFERENCE_BENCH:-$here/../../shared/bench}
rounds=${EVTWIN_BENCH_ROUNDS:-5}
cxx=${CXX:-g++}
lookahead=0.1

fail() {
    echo "run.sh: $1" >&2
    exit 2
}

prepare() {
    [[ -r $reference/phold.cpp && -r $reference/mmc.cpp ]] ||
        fail "phold.cpp and mmc.cpp are not in $reference; set EVTWIN_REFERENCE_BENCH to their folder"
    command -v "$cxx" >/dev/null || fail "no C++ compiler named $cxx; apt-get install g++, or set CXX"
    command -v swift >/dev/null || fail "no swift in the PATH; Swift 6.2 or later is needed"
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    for program in phold mmc; do
        "$cxx" -O3 -march=native -std=c++17 -o "$work/$program" "$reference/$program.cpp"
    done
    swift build -c release --package-path "$here" >&2
    bench=$(swift build -c release --package-path "$here" --show-bin-path)/evtwin-bench
}

# field NAME: the number of that name in a line of JSON
field() { sed -E "s/.*\"$1\":([0-9.eE+-]+).*/\1/"; }

# measure LABEL FIELD COMMAND...: runs the command and notes the number under the label
measure() {
    local label=$1 name=$2
    shift 2
    "$@" | field "$name" >>"$work/$label"
}

# median LABEL
median() { sort -g "$work/$1" | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

# row TEXT LABEL REFERENCE-LABEL...: the median of a label and its ratio to each reference
row() {
    local text=$1 label=$2 own
    shift 2
    own=$(median "$label")
    printf '%-34s %8.2f' "$text" "$(awk -v x="$own" 'BEGIN { print x / 1e6 }')"
    for other in "$@"; do
        awk -v x="$own" -v y="$(median "$other")" 'BEGIN { printf "  %8.2f %6.2fx", y / 1e6, x / y }'
    done
    printf '\n'
}

phold() {
    echo "PHOLD, million events per CPU second; delay = lookahead $lookahead + Exp(1); random numbers included"
    printf '%-34s %8s' "logical processes" evtwin
    for name in priority_queue 4-ary calendar ladder; do printf '  %15s' "$name"; done
    printf '\n'
    local n events queue round
    for n in 1000 100000 1000000; do
        events=$((n == 1000000 ? 10000000 : 5000000))
        for ((round = 1; round <= rounds; round++)); do
            measure "own$n" ev_per_cpu_s "$bench" phold $n $events $lookahead $round
            for queue in pq h4 cal lad; do
                measure "$queue$n" ev_per_cpu_s "$work/phold" $queue $n $events $lookahead $round
            done
            measure "windows$n" ev_per_cpu_s "$bench" windows $n $events $lookahead $round 1 1 1
        done
        row "$n" "own$n" "pq$n" "h4$n" "cal$n" "lad$n"
        row "$n, a queue each, in windows" "windows$n" "pq$n" "h4$n" "cal$n" "lad$n"
    done
}

queueing() {
    echo "Waiting lines, million customers per CPU second"
    printf '%-34s %8s  %15s\n' model evtwin C++
    local servers lambda round
    for servers in 1 10; do
        lambda=$(awk -v c=$servers 'BEGIN { print 0.8 * c }')
        for ((round = 1; round <= rounds; round++)); do
            measure "mmc$servers" cust_per_cpu_s "$bench" mmc 5000000 "$lambda" 1 $servers $round
            measure "cpp$servers" cust_per_cpu_s "$work/mmc" 5000000 "$lambda" 1 $servers $round
        done
        row "M/M/$servers" "mmc$servers" "cpp$servers"
    done
}

scaling() {
    echo "Two threads against one, million events per second of wall time; 1,000 processes in windows of $lookahead"
    printf '%-34s %8s  %15s\n' shape "2 threads" "1 thread"
    local shape pending remote events round threads
    for shape in "30 0.01" "100 0.01" "1 1"; do
        read -r pending remote <<<"$shape"
        events=$((pending == 1 ? 2000000 : 10000000))
        for ((round = 1; round <= rounds; round++)); do
            for threads in 1 2; do
                measure "wall$pending-$threads" ev_per_s \
                    "$bench" windows 1000 $events $lookahead 1 $threads $pending "$remote"
            done
        done
        row "$pending pending, $(awk -v r="$remote" 'BEGIN { print 100 * r }') % sent" "wall$pending-2" "wall$pending-1"
    done
    echo "(processors: $(nproc), load while measuring: $(cut -d' ' -f1 /proc/loadavg))"
}

case ${1:-} in
kernel)
    prepare
    phold
    echo
    queueing
    echo
    scaling
    ;;
*)
    fail "usage: run.sh kernel"
    ;;
esac
