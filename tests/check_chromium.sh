#!/bin/sh
# Debian's chromium is the one thing the browser tests need that pip cannot bring.
command -v chromium >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Debian's chromium for the browser tests ..."
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y chromium >/dev/null
    command -v chromium >/dev/null && exit 0
fi
echo "The browser tests need chromium, and it is not installed." \
    "Install it as root with: apt-get install -y chromium" >&2
exit 1
