#!/bin/sh
# Dumps the database into a new folder of /backups, and removes all but the newest BACKUPS_KEPT.
# Logs and photos never change, and their documents are written after their files: so the documents
# are dumped first, and whatever they name is there when the rest is dumped.
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
