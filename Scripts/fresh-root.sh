# Functions for scripts that need a fresh Debian root: source it from the project's root. Needs root rights and debootstrap.
#
# What the machine needs for the network is taken along: its apt sources and their keys, apt's Acquire settings, git's url
# and http settings, pip's settings, proxy variables, certificates, resolv.conf.

suite=${suite:-bookworm}
mirror=${mirror:-}
root=
binds=()

# fresh_root_begin NAME SCRIPT ARGUMENT...: checks what is needed; starts the script again in a mount namespace of its own, so
# that no mount outlives it.
fresh_root_begin() {
    local name=$1
    shift
    if [ "$(id -u)" -ne 0 ] || ! command -v debootstrap >/dev/null; then
        echo "$name: needs root rights and debootstrap" >&2
        echo "  fix: as root, run: Scripts/install-packages.sh package && $*" >&2
        return 1
    fi
    if [ -z "${FRESH_ROOT_INSIDE:-}" ]; then
        FRESH_ROOT_INSIDE=1 exec unshare --mount --propagation private -- "$@"
    fi
}

# The first Debian mirror that this machine's apt uses.
fresh_root_mirror() {
    cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null |
        sed -n -e 's/^URIs:[[:space:]]*\([^ ]*debian\/\{0,1\}\)\([ ].*\)\{0,1\}$/\1/p' \
            -e 's/^deb[[:space:]]\(\[[^]]*\][[:space:]]*\)\{0,1\}\([^ ]*debian\/\{0,1\}\) .*/\2/p' | head -n 1
}

# fresh_root_make: a minimal Debian in a temporary folder, $root, with the machine's way to the network.
fresh_root_make() {
    root=$(mktemp -d "${TMPDIR:-/var/tmp}/evtwin-root-XXXXXX") || return 1
    chmod 755 "$root" && trap fresh_root_end EXIT
    : "${mirror:=$(fresh_root_mirror)}"
    : "${mirror:=http://deb.debian.org/debian}"
    echo "making a fresh Debian $suite from $mirror"
    if ! debootstrap --variant=minbase "$suite" "$root" "$mirror" >"$root.log" 2>&1; then
        tail -n 20 "$root.log" >&2
        return 1
    fi
    mount --bind /proc "$root/proc" && mount --rbind /dev "$root/dev" || return 1
    local file bind
    cp -L /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null
    cp /etc/hosts "$root/etc/hosts"
    rm -f "$root/etc/apt/sources.list"
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources \
        /etc/apt/trusted.gpg /etc/apt/trusted.gpg.d/* /etc/apt/keyrings/* /usr/share/keyrings/* /etc/pip.conf; do
        if [ -f "$file" ]; then cp --parents -L "$file" "$root/"; fi
    done
    apt-config dump | grep '^Acquire::' >"$root/etc/apt/apt.conf.d/99host"
    echo 'APT::Install-Recommends "false";' >"$root/etc/apt/apt.conf.d/98minimal"
    if command -v git >/dev/null; then
        git config --list --includes 2>/dev/null | grep -E '^(url\..*\.(pushi|i)nsteadof|http\.(proxy|sslcainfo))=' |
            while IFS= read -r line; do
                key=${line%%=*}
                # A url.BASE.insteadof may hold "=" in BASE; none of the kind is taken along.
                git config --file "$root/etc/gitconfig" --add "$key" "${line#*=}"
            done
    fi
    for bind in "${binds[@]}"; do
        mkdir -p "$root$bind"
        mount --bind "$bind" "$root$bind" && mount -o remount,ro,bind "$root$bind" || return 1
    done
    if [ -f /etc/ssl/certs/ca-certificates.crt ]; then
        mkdir -p "$root/etc/ssl/certs"
        cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
    fi
}

# in_root COMMAND...: runs a command in the root with a plain environment.
in_root() {
    local settings=() variable
    for variable in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY GIT_SSL_CAINFO \
        ${!PIP_@} MAY_HAVE_SWIFT; do
        if [ -n "${!variable:-}" ]; then settings+=("$variable=${!variable}"); fi
    done
    env -i "${settings[@]}" HOME=/root LANG=C.UTF-8 TERM=dumb DEBIAN_FRONTEND=noninteractive \
        PATH="${root_path:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}" chroot "$root" "$@"
}

# fresh_root_end: takes the root away.
fresh_root_end() {
    trap - EXIT
    if [ -n "$root" ] && [ -d "$root" ]; then
        local bind
        for bind in "${binds[@]}"; do umount "$root$bind" 2>/dev/null; done
        umount -R "$root/dev" "$root/proc" 2>/dev/null
        if grep -q " $root/" /proc/self/mounts; then
            echo "something is still mounted below $root; it is left" >&2
        else
            rm -rf --one-file-system "$root" "$root.log"
        fi
    fi
    root=
}
