#!/bin/sh
# Run a command of a clean clone in a bare Debian 12, twice, and time it. Needs root and debootstrap.
#
#   benchmarks/bare_debian.sh FOLDER root|planner './run demo --once' ['another command' ...]
#
# FOLDER keeps the bare system (base), made once, and the one that was used (used). As "planner" the
# commands run as a user with sudo and no password; "nobody-special" has no sudo.
set -eu
checkout=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
folder=$1 who=$2
shift 2
used=$folder/used
certificates=/etc/ssl/certs/ca-certificates.crt
mounts='proc sys dev dev/pts dev/shm'

leave() {
    for place in dev/shm dev/pts dev sys proc; do
        if mountpoint -q "$used/$place"; then umount "$used/$place"; fi
    done
}

enter() {
    env -i "$(command -v chroot)" --userspec="$1" "$used" /usr/bin/env -i \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME="$home" LANG=C.UTF-8 \
        PIP_CERT=$certificates SSL_CERT_FILE=$certificates NODE_EXTRA_CA_CERTS=$certificates \
        sh -c "cd $home/wangge 2>/dev/null; $2"
}

mkdir -p "$folder"
chmod 711 "$folder"
if ! [ -d "$folder/base" ]; then
    debootstrap --variant=minbase --include=ca-certificates,python3,python3-venv bookworm "$folder/base.new"
    mv "$folder/base.new" "$folder/base"
fi
leave
# Never through a mount: with --bind /dev below it, a plain rm -rf would empty this machine's /dev.
rm -rf --one-file-system "$used"
trap leave EXIT
cp -a "$folder/base" "$used"
cp /etc/resolv.conf /etc/hosts "$used/etc/"
cp "$certificates" "$used$certificates"
for place in $mounts; do mount --bind "/$place" "$used/$place"; done

home=/root
if [ "$who" != root ]; then
    home=/home/$who
    chroot "$used" useradd -m -s /bin/sh "$who"
fi
if [ "$who" = planner ]; then
    enter root 'apt-get -q update && apt-get -q -y --no-install-recommends install sudo' >"$folder/sudo.log" 2>&1
    echo 'planner ALL=(ALL) NOPASSWD: ALL' >"$used/etc/sudoers.d/planner"
fi
git clone -q "$checkout" "$used$home/wangge"
chroot "$used" chown -R "$who:" "$home"

for round in cold warm; do
    for words in "$@"; do
        before=$(date +%s.%N)
        status=0
        enter "$who" "$words" || status=$?
        after=$(date +%s.%N)
        echo "$round  $(echo "$before $after" | awk '{printf "%.1f s", $2 - $1}')  exit $status  $words"
    done
done
