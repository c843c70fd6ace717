#!/bin/sh
# A program `chromium` is the one thing the browser tests need that pip cannot bring.
command -v chromium >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && [ "${INSTALL_CHROMIUM-yes}" != no ]; then
    echo "The browser tests need chromium, and it is not installed. You are root, so it is" \
        "installed for the whole system now, with: apt-get update && apt-get install -y chromium" \
        "(to decline, press Ctrl-C, and use: make test INSTALL_CHROMIUM=no)"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y chromium >/dev/null
    command -v chromium >/dev/null && exit 0
fi
case "$(uname)" in
Darwin) how="Install it with: brew install --cask chromium" ;;
*) how="Install it as root with: apt-get install -y chromium" ;;
esac
echo "The browser tests need chromium, and it is not installed. $how" >&2
exit 1
