#!/bin/sh
# What operators set as one file. DATA_DIR is the server's data folder, JUBAL the launcher.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
jubal=${JUBAL:-$here/../../jubal}
data=${DATA_DIR:-$HOME/.jubal}

status=0
"$jubal" apply -f "$here/jubal.yaml" --dry-run --data-dir "$data" || status=$?
case $status in
  0) echo "nothing would change" ;;
  3) echo "something would change" ;;
  *) exit "$status" ;;
esac

# The secret of the new key is printed this once; here nobody needs it.
"$jubal" apply -f "$here/jubal.yaml" --data-dir "$data" | sed 's/xai-[0-9A-Za-z]*/xai-.../'
"$jubal" apply -f "$here/jubal.yaml" --data-dir "$data" --dry-run
"$jubal" export --data-dir "$data" | sed -n '/name: example-shop/,/name: till-1/p'

# A list that is there and empty says that there are none: with --prune the key is revoked.
printf 'version: 1\nteams: [{name: example-shop, users: [{name: owner, keys: []}]}]\n' |
  "$jubal" apply -f - --prune --data-dir "$data"
