#!/usr/bin/env bash
# What `make test-interop` needs beyond Python: Chromium; SOAP stacks of others for PHP, Perl, C++, Java, .NET and Go,
# and PostgreSQL, from apt; from npm those for Node, the original browser libraries and axe-core.
set -euo pipefail
cd "$(dirname "$0")"

packages=()
unless() {  # unless PROBE PACKAGES...: what to install where the probe fails
    bash -c "$1" >/dev/null 2>&1 || packages+=("${@:2}")
}
unless 'command -v chromium || command -v chromium-browser' chromium fonts-dejavu-core
unless 'command -v npm' npm
unless 'command -v mcs && command -v mono' mono-mcs mono-runtime
unless '[ -e /usr/lib/mono/4.5/System.ServiceModel.dll ]' libmono-system-servicemodel4.0a-cil
unless '[ -e /usr/lib/mono/4.5/System.ServiceModel.Web.dll ]' libmono-system-servicemodel-web4.0-cil
unless '[ -e /usr/lib/mono/4.5/System.Runtime.Serialization.dll ]' libmono-system-runtime-serialization4.0-cil
unless 'php -m | grep -qx soap' php-cli php-soap
unless 'perl -MSOAP::Lite -e 1' libsoap-lite-perl
unless 'command -v wsdl2h && command -v soapcpp2' gsoap
unless '[ -e /usr/include/stdsoap2.h ]' libgsoap-dev
unless 'command -v g++' g++
unless 'command -v javac' default-jdk-headless
unless 'command -v wsimport' jaxws
unless 'command -v go' golang-go
unless 'command -v curl' curl
unless '[ -e /usr/share/zoneinfo/Europe/London ]' tzdata
unless 'ls /usr/lib/postgresql/*/bin/initdb' postgresql
if ((${#packages[@]})); then
    as_root=()
    if ((EUID != 0)); then
        as_root=(sudo -n)
        if ! sudo -n true 2>/dev/null; then
            echo "Missing: ${packages[*]}. Run this as root, or install them yourself." >&2
            exit 1
        fi
    fi
    # The tests start servers of their own, so that of the package is not made.
    no_cluster=/etc/postgresql-common/createcluster.d/no-main-cluster.conf
    if [[ " ${packages[*]} " == *" postgresql "* ]]; then
        "${as_root[@]}" install -D -m 644 /dev/stdin "$no_cluster" <<<'create_main_cluster = false'
    fi
    "${as_root[@]}" apt-get update -q
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${packages[@]}"
    "${as_root[@]}" rm -f "$no_cluster"
fi

# The lock file names no registry: npm asks the one that it is set up with, and compares hashes.
npm ci --legacy-peer-deps --ignore-scripts --no-audit --no-fund
