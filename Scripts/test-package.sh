#!/usr/bin/env bash
# Uses the packages that `make package` made as somebody does who has nothing but them.
# Usage: test-package.sh [--unpacked] [--suite NAME] [--mirror URL] [DIST]      (default: dist)
#   Without options (as root): a fresh Debian root is made with debootstrap, the .deb is installed in it with apt, the
#   program is used, and the package is removed again; then the archive is used in a second root without any package
#   installed. Neither root has Swift or this repository.
#   --unpacked  no root, no network: both packages are unpacked into a folder and used there (for CI)
# The apt sources of this machine are used in the root too; --mirror names another mirror to make it from.
set -uo pipefail
cd "$(dirname "$0")/.."
. Scripts/fresh-root.sh
unpacked=0
dist=dist
while [ $# -gt 0 ]; do
    case $1 in
        --unpacked) unpacked=1 ;;
        --suite) suite=$2; shift ;;
        --mirror) mirror=$2; shift ;;
        -*) echo "test-package: unknown option $1" >&2; exit 2 ;;
        *) dist=$1 ;;
    esac
    shift
done
deb=$(ls "$dist"/evtwin_*.deb) && archive=$(ls "$dist"/evtwin-*.tar.gz) || {
    echo "test-package: no packages in $dist" >&2
    echo "  fix: make package" >&2
    exit 1
}
version=$(dpkg-deb --field "$deb" Version)
passed=0
failed=0

check() { # check CLAIM STATUS
    if [ "$2" -eq 0 ]; then passed=$((passed + 1)); echo "ok: $1"; else failed=$((failed + 1)); echo "FAILED: $1"; fi
}

# What a user does, in a shell of the root; prints a line for each claim. Arguments: PROGRAM, PREFIX, VERSION.
session='
evtwin=$1; prefix=$2; version=$3
work=$(mktemp -d) && cd "$work" || exit 1
log=$work/log
claim() { if [ "$2" -eq 0 ]; then echo "ok: $1"; else echo "FAILED: $1"; sed "s/^/    /" "$log"; fi; }
: >"$log"
[ -n "${MAY_HAVE_SWIFT:-}" ] || ! command -v swift >/dev/null 2>&1; claim "there is no Swift" $?
[ "$("$evtwin" --version 2>"$log")" = "$version" ]; claim "evtwin --version says $version" $?
! ldd "$(readlink -f "$evtwin")" | grep -i -e libswift -e libFoundation -e "not found" >"$log"
claim "no library of Swift is needed and none is missing" $?
"$evtwin" worlds >"$log" 2>&1 && grep -q seattle "$log"; claim "evtwin worlds lists the shipped worlds" $?
"$evtwin" run tiny --days 2 >"$log" 2>&1; claim "evtwin run tiny: a shipped world by its name" $?
[ -s out/tiny/telemetry.h5 ]; claim "it writes its telemetry" $?
grep -q "Chart.js v[34]" out/tiny/report.html && ! grep -q "No charts" out/tiny/report.html
claim "the report has its charts" $?
rm -f out/tiny/report.html
"$evtwin" report out/tiny >"$log" 2>&1 && [ -s out/tiny/report.html ]; claim "evtwin report writes it again" $?
"$evtwin" run "$prefix/share/evtwin/worlds/seattle.yaml" --days 0.1 --no-report >"$log" 2>&1
claim "a world with tables by its path" $?
printf "extends: %s\nname: mine\nseed: 5\n" "$prefix/share/evtwin/worlds/office.yaml" >mine.yaml
"$evtwin" run mine.yaml --days 1 --no-report >"$log" 2>&1; claim "a world that extends a shipped one" $?
"$evtwin" check-world "$prefix"/share/evtwin/worlds/*.yaml >"$log" 2>&1; claim "every shipped world is in order" $?
"$evtwin" vectors "$prefix/share/evtwin/reference/vectors" >"$log" 2>&1; claim "the reference vectors pass" $?
"$evtwin" serve --help >"$log" 2>&1; claim "evtwin serve --help" $?
"$evtwin" serve --db csms.sqlite --unknown-tokens accept --listen 127.0.0.1:0 --http 127.0.0.1:0 >"$log" 2>&1 &
server=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do grep -q "ws://127.0.0.1:" "$log" && break; sleep 1; done
url=$(sed -n "s,.*\(ws://127.0.0.1:[0-9]*\).*,\1,p" "$log" | head -n 1)
"$evtwin" connect "$url" --world tiny --speed 60 --duration 5 >connect.log 2>&1 && grep -q BootNotification connect.log
claim "stations of a shipped world boot at evtwin serve" $?
kill -INT $server; wait $server; claim "evtwin serve ends on Ctrl-C" $?
for name in $("$evtwin" --help | sed -n "s/^  \([a-z][a-z-]*\) .*/\1/p" | grep -v "^help$"); do
    [ -s "$prefix/share/man/man1/evtwin-$name.1.gz" ] || { echo "no page of $name" >"$log"; false; }
    claim "man page evtwin-$name" $?
done
gzip -t "$prefix"/share/man/man1/evtwin*.gz; claim "man pages are whole" $?
: >"$log"
grep -q "complete.*evtwin" "$prefix/share/bash-completion/completions/evtwin"; claim "completions for bash" $?
grep -q "#compdef evtwin" "$prefix/share/zsh/vendor-completions/_evtwin"; claim "completions for zsh" $?
grep -q "complete -c .*evtwin" "$prefix/share/fish/vendor_completions.d/evtwin.fish"; claim "completions for fish" $?
doc=$prefix/share/doc/evtwin
for file in README.md docs/world-format.md docs/telemetry.md docs/models.md worlds/data/README.md reference/README.md copyright; do
    [ -s "$doc/$file" ]; claim "$file is in the documentation" $?
done
grep -q "Runtime Library Exception" "$doc/copyright" && grep -q "==== swift-nio ====" "$doc/copyright"
claim "licences of what is linked in are told" $?
cd / && rm -rf "$work"
'
count() { # count: copies the lines of a session and counts them
    while IFS= read -r line; do
        echo "$line"
        case $line in ok:*) passed=$((passed + 1)) ;; FAILED:*) failed=$((failed + 1)) ;; esac
    done
}

if [ $unpacked -eq 1 ]; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    dpkg-deb -x "$deb" "$work/deb" && tar -xzf "$archive" -C "$work"
    check "both packages unpack" $?
    folder=$work/$(basename "$archive" .tar.gz)
    echo "== the .deb, unpacked"
    count < <(MAY_HAVE_SWIFT=1 sh -c "$session" session "$work/deb/usr/bin/evtwin" "$work/deb/usr" "$version" 2>&1)
    echo "== the archive, unpacked"
    count < <(MAY_HAVE_SWIFT=1 sh -c "$session" session "$folder/bin/evtwin" "$folder" "$version" 2>&1)
    ! LD_LIBRARY_PATH='' ldd "$folder/bin/evtwin" | grep -e hdf5 -e deflate | grep -v "/../lib/evtwin/"
    check "the archive's program takes the archive's libraries" $?
else
    fresh_root_begin test-package "$0" ${suite:+--suite "$suite"} ${mirror:+--mirror "$mirror"} "$dist" || exit 1
    fresh_root_make || exit 1
    # The archive first: the root has nothing but Debian's minimal base.
    echo "== the archive in a fresh root"
    tar -xzf "$archive" -C "$root/opt"
    folder=/opt/$(basename "$archive" .tar.gz)
    count < <(in_root sh -c "$session" session "$folder/bin/evtwin" "$folder" "$version" 2>&1)
    echo "== the .deb in a fresh root"
    rm -rf "${root:?}$folder"
    cp "$deb" "$root/tmp/"
    in_root apt-get update -qq && in_root sh -c "apt-get install -y -qq --no-install-recommends /tmp/$(basename "$deb")" >/dev/null
    check "apt installs the package and what it depends on" $?
    count < <(in_root sh -c "$session" session /usr/bin/evtwin /usr "$version" 2>&1)
    in_root sh -c 'apt-get purge -y -qq evtwin >/dev/null && ! command -v evtwin && [ ! -e /usr/share/evtwin ]'
    check "apt removes it without a trace" $?
    fresh_root_end
fi
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
