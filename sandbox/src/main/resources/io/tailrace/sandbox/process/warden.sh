# Ends the processes of a worker's builds when the worker has gone.
# $1: what their environment contains. $2: the folder in which they work.
trap '' HUP INT TERM
cd /
while read -r _; do :; done

kill_all() {
    found=
    for file in $(grep -lsF "$1" /proc/[0-9]*/environ 2>/dev/null); do
        pid=${file#/proc/}
        kill -KILL "${pid%/environ}" 2>/dev/null && found=yes
    done
    for link in /proc/[0-9]*/cwd; do
        case "$(readlink "$link" 2>/dev/null)" in
            "$2" | "$2"/*)
                pid=${link#/proc/}
                kill -KILL "${pid%/cwd}" 2>/dev/null && found=yes
                ;;
        esac
    done
    [ -n "$found" ]
}

rounds=0
while [ "$rounds" -lt 100 ] && kill_all "$1" "$2"; do
    rounds=$((rounds + 1))
    sleep 0.1
done
