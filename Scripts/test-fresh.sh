#!/usr/bin/env bash
# Runs README's two commands as a newcomer does: a fresh Debian root, a fresh clone, nothing else but a Swift toolchain.
# Usage: test-fresh.sh [--toolchain DIR] [--bind DIR]... [--suite NAME] [--mirror URL] [--keep]     (as root)
#   --toolchain DIR  what is mounted read-only as the toolchain (default: where the swift of the PATH is)
#   --bind DIR       lends the root another folder of this machine, read-only, under the same name (a mirror of packages)
#   --suite, --mirror  which Debian (default: bookworm, from this machine's mirror)
#   --keep           leaves the root when a step fails
# The clone is of the last commit. Takes a whole build.
set -uo pipefail
cd "$(dirname "$0")/.."
. Scripts/fresh-root.sh
arguments=("$@")
toolchain=""
keep=0
while [ $# -gt 0 ]; do
    case $1 in
        --toolchain) toolchain=$(realpath "$2"); shift ;;
        --bind) binds+=("$(realpath "$2")"); shift ;;
        --suite) suite=$2; shift ;;
        --mirror) mirror=$2; shift ;;
        --keep) keep=1 ;;
        *) echo "test-fresh: unknown argument $1" >&2; exit 2 ;;
    esac
    shift
done
if [ -z "$toolchain" ]; then
    swift=$(command -v swift) || { echo "test-fresh: no swift on the PATH; name one with --toolchain DIR" >&2; exit 1; }
    toolchain=$(dirname "$(dirname "$(dirname "$(realpath "$swift")")")")
fi
[ -x "$toolchain/usr/bin/swift" ] || { echo "test-fresh: there is no usr/bin/swift in $toolchain" >&2; exit 1; }
binds+=("$toolchain" "$PWD")
repository=$PWD
commit=$(git rev-parse HEAD)
fresh_root_begin test-fresh "$repository/Scripts/test-fresh.sh" "${arguments[@]}" || exit 1
passed=0
failed=0
check() { # check CLAIM STATUS: ends with the first failure, since each step needs the one before
    if [ "$2" -eq 0 ]; then passed=$((passed + 1)); echo "ok: $1"; return; fi
    failed=$((failed + 1))
    echo "FAILED: $1"
    finish
}
finish() {
    if [ $keep -eq 1 ] && [ $failed -gt 0 ]; then trap - EXIT; echo "left: $root"; else fresh_root_end; fi
    echo "$passed passed, $failed failed"
    exit $((failed > 0))
}

# The commands are README's own words.
serve='.build/release/evtwin serve --db csms.sqlite --unknown-tokens accept'
connect='.build/release/evtwin connect ws://127.0.0.1:9000 --world worlds/tiny.yaml --speed 60'
grep -qx 'make demo' README.md && grep -qF "$serve" README.md && grep -qF "$connect" README.md
check "README has the commands that are run here" $?

fresh_root_make || exit 1
root_path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:$toolchain/usr/bin
# What swift.org names for Debian, as far as a toolchain without debugger needs it, and what fetches the clone.
in_root apt-get update -qq &&
    in_root apt-get install -y -qq make git ca-certificates binutils gcc libc6-dev libcurl4 libedit2 libncurses6 libsqlite3-0 \
        libxml2 tzdata libpython3.11 >"$root/apt.log" 2>&1 || tail "$root/apt.log"
in_root swift --version >/dev/null 2>&1
check "the toolchain starts in the fresh root" $?

in_root sh -c "git config --global --add safe.directory '*' && git clone -q '$repository' /root/evtwin && cd /root/evtwin && git checkout -q $commit"
check "git clone" $?
started=$SECONDS
in_root sh -c 'cd /root/evtwin && make demo' 2>&1 | tee "$root/demo.log" | grep --line-buffered -v -E '^\[[0-9]+/[0-9]+\]'
[ "${PIPESTATUS[0]}" -eq 0 ]
check "make demo ($(((SECONDS - started) / 60)) min $(((SECONDS - started) % 60)) s)" $?
grep -q 'The first build .* about [0-9]* minutes' "$root/demo.log"
check "it says beforehand how long the build takes" $?
grep -q 'Chart.js v[34]' "$root/root/evtwin/out/seattle/report.html"
check "the report has its charts" $?
page=$(sed -n 's/^Open the report in a browser: //p' "$root/demo.log")
[ -n "$page" ] && [ -s "$root$page" ]
check "the page that it names is there" $?

in_root sh -c 'cd /root/evtwin && make build' >"$root/build.log" 2>&1
check "make build" $?
# In a network of its own, so that ports are free; a minute and a half is an hour and a half of the stations' day.
cat >"$root/root/two-terminals.sh" <<END
cd /root/evtwin
$serve >/root/serve.log 2>&1 &
server=\$!
for _ in \$(seq 30); do grep -q "HTTP API" /root/serve.log && break; sleep 1; done
timeout -s INT 90 $connect >/root/connect.log 2>&1
kill -INT \$server
wait \$server
END
unshare --net -- bash -c '. Scripts/fresh-root.sh
    root=$1
    root_path=$2
    python3 -c "import fcntl, socket, struct
fcntl.ioctl(socket.socket(), 0x8914, struct.pack(\"16sh14x\", b\"lo\", 1))" # ip link set lo up
    in_root sh /root/two-terminals.sh' _ "$root" "$root_path"
check "evtwin serve ends well on Ctrl-C" $?
for action in BootNotification NotifyReport TransactionEvent; do
    grep -q "$action" "$root/root/connect.log"
    check "stations make their $action round trips" $?
done
grep -A 12 BootNotification "$root/root/connect.log" | head -n 12
finish
