#!/usr/bin/env bash
# Shows that a fresh clone works on a Debian 12 machine with nothing of ours: a root made by debootstrap, entered by
# chroot in mount and process namespaces of its own. Needs root, network and the package debootstrap.
#
#   tools/fresh_root.sh setup    make the root, clone the committed state into it, ./dev setup
#   tools/fresh_root.sh run      the same, then the README's two commands: ./dev run, ./dev test
#   tools/fresh_root.sh shell    a shell inside
#   tools/fresh_root.sh make     only the root;  inside COMMAND...  one command in it
#   tools/fresh_root.sh remove   delete it
#
# THALWEG_FRESH is the folder to use (default /tmp/fresh). Only how to reach the network is taken from this machine:
# apt's sources and proxies, pip's configuration, certificates.
set -euo pipefail
PROJECT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
FRESH=${THALWEG_FRESH:-/tmp/fresh}
MIRROR=${THALWEG_MIRROR:-http://deb.debian.org/debian}
ROOT=${THALWEG_FRESH_ROOT:-$FRESH/root}
INCLUDE=${THALWEG_FRESH_INCLUDE:-ca-certificates,git}

make_root() {
  if [[ ! -f $ROOT/made ]]; then
    command -v debootstrap >/dev/null || apt-get install -y debootstrap
    rm -rf "$ROOT"
    mkdir -p "$ROOT"
    echo "fresh root: debootstrap bookworm into $ROOT"
    debootstrap --variant=minbase --include=$INCLUDE bookworm "$ROOT" "$MIRROR" >"$FRESH/debootstrap.log" 2>&1 ||
      { tail -5 "$FRESH/debootstrap.log"; exit 1; }
    touch "$ROOT/made"
  fi
  cat >"$ROOT/etc/apt/sources.list" <<TEXT
deb $MIRROR bookworm main
deb $MIRROR bookworm-updates main
deb ${MIRROR}-security bookworm-security main
TEXT
  cp /etc/resolv.conf /etc/hosts "$ROOT/etc/"
  local file
  for file in /etc/apt/apt.conf.d/*; do  # proxies and dates, nothing about this machine's own software
    grep -qE '^Acquire::' "$file" && cp "$file" "$ROOT/etc/apt/apt.conf.d/" || true
  done
  for file in /etc/pip.conf /root/.config/pip/pip.conf /root/.pip/pip.conf; do
    [[ -f $file ]] && { mkdir -p "$ROOT$(dirname "$file")"; cp "$file" "$ROOT$file"; } || true
  done
  cp /etc/ssl/certs/ca-certificates.crt "$ROOT/etc/ssl/certs/ca-certificates.crt"
}

clone() {
  rm -rf "$ROOT/root/thalweg"
  git clone -q --no-hardlinks "$PROJECT" "$ROOT/root/thalweg"
  echo "fresh root: clone of $(git -C "$ROOT/root/thalweg" log -1 --format='%h %s')"
}

# Runs a command inside; the namespaces take the mounts and every process with them when it ends.
inside() {
  local passed=() name
  for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY PIP_INDEX_URL PIP_CERT SSL_CERT_FILE \
      PIP_DEFAULT_TIMEOUT; do
    [[ -n ${!name:-} ]] && passed+=("$name=${!name}") || true
  done
  unshare --mount --pid --fork bash -c '
    set -e
    root=$1; shift
    mount --make-rprivate /
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs tmpfs "$root/tmp"
    exec chroot "$root" /usr/bin/env -i "$@"' inside "$ROOT" \
    HOME=/root USER=root LANG=C.UTF-8 TERM="${TERM:-dumb}" PATH=/usr/sbin:/usr/bin:/sbin:/bin "${passed[@]}" "$@"
}

timed() {
  local start=$SECONDS
  echo "fresh root: $*"
  inside bash -c "cd /root/thalweg && $*"
  echo "fresh root: $* took $((SECONDS - start)) s"
}

case "${1:-}" in
  setup) make_root; clone; timed ./dev setup ;;
  run) make_root; clone; timed ./dev run; timed ./dev test; echo "fresh root: both commands succeeded" ;;
  make) make_root ;;
  inside) shift; inside "$@" ;;
  shell) make_root; inside bash -c 'cd /root/thalweg 2>/dev/null; exec bash -i' ;;
  remove) rm -rf "$ROOT" ;;
  *) sed -n '2,13s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 2 ;;
esac
