#!/usr/bin/env bash
# Runs `bibtool verify` as the inputs of action.yml, which are in the environment, ask for. $1 is the program.
set -u
options=(--fail-on "$FAIL_ON")
[ -z "$INDEX" ] || options+=(--index "$INDEX")
[ "$OFFLINE" != true ] || options+=(--offline)
[ -z "$ONLY" ] || options+=(--only "$ONLY")
read -r -a files <<< "${FILES//$'\n'/ }"  # `files: |` has a file on each line
"$1" verify --output-format github "${options[@]}" -- "${files[@]}"
code=$?
# the answers are in the cache now
[ -z "$REPORT" ] || "$1" verify --output-format html "${options[@]}" -- "${files[@]}" > "$REPORT" || true
exit "$code"
