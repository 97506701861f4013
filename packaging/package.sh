#!/usr/bin/env bash
# Makes dist/evtwin_VERSION_ARCH.deb and dist/evtwin-VERSION-linux-ARCH.tar.gz of a release build.
# Usage: packaging/package.sh [PROGRAM]   (default: .build-release/release/evtwin, as `make package` builds it)
# Name and version are what the program itself says.
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(realpath "${1:-.build-release/release/evtwin}")
version=$("$program" --version)
arch=$(dpkg --print-architecture)
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}
dist=$PWD/dist
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rm -rf "$dist"
mkdir -p "$dist"

# The files, below a prefix.
tree=$work/tree
share=$tree/share/evtwin
doc=$tree/share/doc/evtwin
mkdir -p "$tree/bin" "$share" "$doc/docs" "$tree/share/man/man1"
strip --strip-all -o "$tree/bin/evtwin" "$program"
python3 packaging/manual.py "$program" "$tree/share/man/man1"
gzip -9n "$tree"/share/man/man1/*.1
install -d "$tree/share/bash-completion/completions" "$tree/share/zsh/vendor-completions" \
    "$tree/share/fish/vendor_completions.d"
"$program" --generate-completion-script bash >"$tree/share/bash-completion/completions/evtwin"
"$program" --generate-completion-script zsh >"$tree/share/zsh/vendor-completions/_evtwin"
"$program" --generate-completion-script fish >"$tree/share/fish/vendor_completions.d/evtwin.fish"
git ls-files -z -- worlds reference ':!worlds/bad' 2>/dev/null | xargs -0 -r cp --parents -t "$share"
git ls-files -z -- docs README.md CHANGELOG.md CITATION.cff LICENSE | xargs -0 -r cp --parents -t "$doc"
# README and manuals name files from the clone's root; the data is there under the same names.
ln -s ../../evtwin/worlds "$doc/worlds"
ln -s ../../evtwin/reference "$doc/reference"

# Licences: of the program, of what is linked into it, of the data.
packaging/licences.sh "$version" .build-release/checkouts >"$doc/copyright"

# The Debian package: libraries and Chart.js are the system's.
deb=$work/deb
mkdir -p "$deb/DEBIAN" "$deb/usr"
cp -a "$tree/." "$deb/usr/"
gzip -9n <CHANGELOG.md >"$deb/usr/share/doc/evtwin/changelog.gz"
rm "$deb/usr/share/doc/evtwin/CHANGELOG.md"
sed -i 1d "$deb/usr/share/bash-completion/completions/evtwin" # the line #!/bin/bash: the file is sourced
mkdir -p "$work/shlibdeps/debian"
printf 'Source: evtwin\n\nPackage: evtwin\nArchitecture: any\n' >"$work/shlibdeps/debian/control"
depends=$(cd "$work/shlibdeps" && dpkg-shlibdeps -O --ignore-missing-info "$deb/usr/bin/evtwin" 2>"$work/shlibdeps.log" |
    sed -n 's/^shlibs:Depends=//p') || { cat "$work/shlibdeps.log" >&2; exit 1; }
cat >"$deb/DEBIAN/control" <<END
Package: evtwin
Version: $version
Architecture: $arch
Maintainer: $(git log -1 --format='%an <%ae>')
Installed-Size: $(du -sk --exclude=DEBIAN "$deb" | cut -f1)
Depends: $depends, libjs-chart.js (>= 3)
Section: science
Priority: optional
Description: deterministic digital twin of EV-charging networks
 Simulates stations, vehicles, drivers, transformers, failures and their
 charging station management system (CSMS) for thousands of sites, and writes
 HDF5 telemetry and a report. "evtwin serve" is a CSMS for OCPP 1.6-J, 2.0.1
 and 2.1, "evtwin connect" puts the simulated stations on any CSMS.
END
(cd "$deb" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum >DEBIAN/md5sums)
find "$deb" -newermt "@$SOURCE_DATE_EPOCH" -print0 | xargs -0 -r touch -h -d "@$SOURCE_DATE_EPOCH"
chmod -R u=rwX,go=rX "$deb"
dpkg-deb --root-owner-group --build "$deb" "$dist/evtwin_${version}_$arch.deb" >/dev/null

# The archive for other systems: the libraries that not every system has, and Chart.js, are inside.
name=evtwin-$version-linux-$(uname -m)
mkdir -p "$tree/lib/evtwin" "$share/chart.js" "$doc/licences"
chart=/usr/share/javascript/chart.js/chart.min.js
cp -L "$chart" "$share/chart.js/chart.min.js"
cp "/usr/share/doc/libjs-chart.js/copyright" "$doc/licences/libjs-chart.js"
ldd "$program" | sed -n 's/.* => \(\/[^ ]*\) .*/\1/p' | while read -r library; do
    case $(basename "$library") in
        libc.so.* | libm.so.* | libpthread.so.* | libdl.so.* | librt.so.* | libutil.so.* | libresolv.so.* | ld-linux*) continue ;;
    esac
    cp -L "$library" "$tree/lib/evtwin/"
    # Packages of a merged /usr may list the file under its old name.
    package=$(dpkg-query -S "$(realpath "$library")" 2>/dev/null || dpkg-query -S "$(realpath "$library" | sed 's,^/usr,,')")
    package=${package%%:*}
    cp -L "/usr/share/doc/$package/copyright" "$doc/licences/$package"
done
cp packaging/archive-README.txt "$tree/README.txt"
mv "$tree" "$work/$name"
tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner -C "$work" -cf - "$name" |
    gzip -9n >"$dist/$name.tar.gz"
cp packaging/Containerfile "$dist/"
(cd "$dist" && sha256sum -- *.deb *.tar.gz >SHA256SUMS)
echo "made:"
(cd "$dist" && ls -l --block-size=K -- * | awk 'NR > 0 {print "  dist/" $NF " (" $5 "B)"}')
