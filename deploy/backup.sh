#!/bin/sh
# Dump the database into a new folder of /backups, and remove all but the newest BACKUPS_KEPT.
# Files of logs and photos never change, and their documents are written after them. The documents
# are dumped first, so every file that they name is in the dump.
set -eu
folder=/backups/$(date -u +%Y-%m-%dT%H%M%SZ)
dump() { mongodump --quiet --uri="$BACKUP_URI" --gzip --out="$folder.partial" "$@"; }

rm -rf /backups/*.partial
dump --collection=images_imagelog
dump --collection=photos_corephoto
dump --excludeCollection=images_imagelog --excludeCollection=photos_corephoto
mv "$folder.partial" "$folder"
ls -d /backups/*Z | head -n -"${BACKUPS_KEPT:-14}" | xargs -r rm -r
echo "dumped to $folder"
