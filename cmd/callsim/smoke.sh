#!/usr/bin/env bash
# Starts callsim and a bot, each a program of its own, and holds a call by curl:
# what a test in any language does.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
go build -o "$folder/" ./cmd/callsim ./examples/p2pcall

"$folder/callsim" -address 127.0.0.1:0 -control-address 127.0.0.1:0 -bot-webhook "http://127.0.0.1:${PORT:-18473}/api/calls" \
	-shell bash -prompt 5s -quiet -ca-file "$folder/ca.pem" -env-file "$folder/env" >"$folder/callsim.log" &
until_true() { for _ in $(seq 100); do if "$@"; then return; fi; sleep 0.1; done; echo "waited in vain: $*" >&2; exit 1; }
until_true test -f "$folder/env"
. "$folder/env"
"$folder/p2pcall" -callsim -answer >"$folder/bot.log" 2>&1 &

ask() { curl --silent --show-error --fail-with-body --max-time 10 -H "Authorization: Bearer $CALLSIM_CONTROL_TOKEN" "$@"; echo; }
post() { ask -X POST -H 'Content-Type: application/json' -d "$2" "$CALLSIM_CONTROL_URL/v1/$1"; }
listens() { curl --silent --output /dev/null "http://$CALLSIM_BOT_LISTEN/"; }
until_true listens

call=$(post "people/$CALLSIM_PERSON_ID/call" '{}' | sed 's/^{"id":"\([^"]*\)".*/\1/')
is() { [[ $(ask "$CALLSIM_CONTROL_URL/v1/calls/$call") == *"\"state\":\"$1\""* ]]; }
until_true is established
post "calls/$call/keys" '{"tone":"tone1"}'
post "calls/$call/hangup" '{}'
until_true is terminated
[[ $(ask "$CALLSIM_CONTROL_URL/v1/exchanges?call=$call") == */answer* ]]
[[ $(ask "$CALLSIM_CONTROL_URL/openapi.json") == *'"openapi": "3.1.0"'* ]]
if curl --silent --fail "$CALLSIM_CONTROL_URL/v1/world"; then echo "the API takes requests without a token" >&2; exit 1; fi
echo "callsim: a call was answered, heard a key and was hung up, by curl"
