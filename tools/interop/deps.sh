#!/usr/bin/env bash
# What `make test-interop` needs beyond Python: Chromium; SOAP stacks of others for PHP, Perl, C++, Java and .NET, from
# apt; from npm those for Node, the original browser libraries and axe-core.
set -euo pipefail
cd "$(dirname "$0")"

packages=()
command -v chromium >/dev/null || packages+=(chromium fonts-dejavu-core)
command -v npm >/dev/null || packages+=(npm)
command -v mcs >/dev/null && command -v mono >/dev/null ||
    packages+=(mono-mcs mono-runtime libmono-system-servicemodel4.0a-cil libmono-system-runtime-serialization4.0-cil)
php -m 2>/dev/null | grep -qx soap || packages+=(php-cli php-soap)
perl -MSOAP::Lite -e 1 2>/dev/null || packages+=(libsoap-lite-perl)
command -v soapcpp2 >/dev/null && command -v g++ >/dev/null || packages+=(gsoap libgsoap-dev g++)
command -v javac >/dev/null || packages+=(default-jdk-headless)
command -v wsimport >/dev/null || packages+=(jaxws)
command -v curl >/dev/null || packages+=(curl)
if ((${#packages[@]})); then
    if ((EUID != 0)); then
        echo "Missing: ${packages[*]}. Run this as root, or install them yourself." >&2
        exit 1
    fi
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q
    apt-get install -q -y --no-install-recommends "${packages[@]}"
fi

# The lock file names no registry: npm asks the one that it is set up with, and compares hashes.
npm ci --legacy-peer-deps --ignore-scripts --no-audit --no-fund
