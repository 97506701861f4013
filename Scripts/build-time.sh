#!/bin/sh
# Says how long the build is going to take, before it starts. Usage: build-time.sh SCRATCH PROGRAM
set -eu
# Minutes of one processor that a build from nothing takes (two cores of an EPYC virtual machine, Swift 6.3), and the part
# of them that no other processor can share.
minutes=20
alone=3
[ ! -x "$2" ] || exit 0
cores=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
estimate=$(((minutes - alone + cores - 1) / cores + alone))
if [ -d "$1" ]; then
    echo "Building what is missing: up to $estimate minutes on $cores processors."
else
    echo "The first build compiles evtwin and its dependencies: about $estimate minutes on $cores processors, and 3 GB of memory."
    echo "It has to be done once; later builds compile what has changed."
fi
