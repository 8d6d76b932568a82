#!/bin/sh
# follow.sh URL: curl follows a stream to its end. Each event is printed when it is whole, a line each: type, id and data,
# with tabs between them. A cut takes nothing: an id counts when the empty line after it has come.
set -eu
url=$1
frames=$(mktemp -d)
trap 'rm -rf "$frames"' EXIT
mkfifo "$frames/lines"
last=
type=
while [ "$type" != stream.end ]; do
    curl -sN ${last:+-H "Last-Event-ID: $last"} "$url" > "$frames/lines" &
    event=
    id=
    data=
    while IFS= read -r line; do
        case $line in
            "event: "*) event=${line#event: } ;;
            "id: "*) id=${line#id: } ;;
            "data: "*) data=${line#data: } ;;
            "")
                printf '%s\t%s\t%s\n' "${event:-message}" "$id" "$data"
                type=$event
                last=${id:-$last}
                event=
                id=
                data=
                ;;
        esac
    done < "$frames/lines"
    wait $! || true
    [ "$type" = stream.end ] || sleep 1
done
