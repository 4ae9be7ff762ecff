#!/bin/sh
# Gives the generic reliability harness the four command lines it asks for: wrap.sh run|list|verify|daemon|init ROOT
# Files settle at once, so that each of thousands of tries takes a second; the key lies outside ROOT.
CHARTROOM_HOME=$2
CHARTROOM_KEY_FILE=${CHARTROOM_KEY_FILE:-$(dirname "$0")/../../.reliability.key}
CHARTROOM_SETTLE_SECONDS=0
CHARTROOM_MINIMUM_FREE_MEGABYTES=0
export CHARTROOM_HOME CHARTROOM_KEY_FILE CHARTROOM_SETTLE_SECONDS CHARTROOM_MINIMUM_FREE_MEGABYTES
case $1 in
run) exec chartroom run ;;
list) exec chartroom sources --json ;;
verify) exec chartroom verify ;;
daemon) exec chartroom watch ;;
init) exec chartroom init ;;
esac
