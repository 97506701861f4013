#!/usr/bin/env bash
# Prints the licences of the program, of what is linked into it and of the data. Usage: licences.sh VERSION CHECKOUTS
# The Apache License 2.0 is named instead of repeated; exceptions, notices and other licences are printed whole.
set -euo pipefail
cd "$(dirname "$0")/.."
version=$1
checkouts=$2

licence() { # licence FILE
    if head -n 12 "$1" | grep -q "Apache License"; then
        echo "Apache License 2.0: /usr/share/common-licenses/Apache-2.0 on Debian, and the file LICENSE beside this one."
        sed -n '/Runtime Library Exception/,$p' "$1"
    else
        cat "$1"
    fi
    echo
}

echo "evtwin $version"
echo "Copyright: the evtwin authors."
echo
echo "The program and its documentation: Apache License 2.0, in /usr/share/common-licenses/Apache-2.0 on Debian and in the"
echo "file LICENSE beside this one. Data: worlds/data/README.md and reference/README.md name source, licence and"
echo "attribution of each table."
echo
echo "Linked into the program, with their licences and notices:"
echo
for checkout in "$checkouts"/*/; do
    echo "==== $(basename "$checkout") ===="
    find "$checkout" -path '*/Tests/*' -prune -o -path '*/.git' -prune -o -type f \
        \( -iname 'LICENSE*' -o -iname 'NOTICE*' -o -iname 'COPYING*' \) -print | LC_ALL=C sort |
        while IFS= read -r file; do licence "$file"; done
done
echo "==== LibYAML (in Yams) ===="
echo "MIT License, as Yams. Copyright (c) 2017-2020 Ingy döt Net, Copyright (c) 2006-2016 Kirill Simonov"
echo
echo "==== Swift runtime and Foundation (statically linked) ===="
licence "$(dirname "$(dirname "$(realpath "$(command -v swiftc)")")")/share/swift/LICENSE.txt"
