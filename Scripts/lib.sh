# shellcheck shell=bash
# Shared by the scripts in this folder; sourced, never run. Everything it says goes to standard error, so that the standard
# output of a script belongs to the program that the script runs.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly root

say() { printf '%s\n' "$*" >&2; }

die() {
    printf '%s: %s\n' "$(basename "$0")" "$1" >&2
    shift
    if (($# > 0)); then printf '    %s\n' "$@" >&2; fi
    exit 1
}

# The comment at the head of the script that runs.
usage() { sed -n '2,/^set /{s/^# \{0,1\}//p;}' "$0"; }

# --- What must be installed -----------------------------------------------------------------------------------------------

missing_apt=()
missing_dnf=()
missing_pacman=()

# need KIND WHAT APT DNF PACMAN: notes the packages if WHAT, a `file` (a pattern) or a `command`, is not there.
need() {
    case $1 in
        file) if compgen -G "$2" >/dev/null; then return 0; fi ;;
        command) if command -v "$2" >/dev/null; then return 0; fi ;;
    esac
    missing_apt+=("$3")
    missing_dnf+=("$4")
    missing_pacman+=("$5")
}

# What every build needs beside the toolchain itself.
need_build_packages() {
    need command git git git git
    need file '/usr/include/stdlib.h' libc6-dev glibc-devel glibc
    need file '/usr/include/c++/*/cstdlib' g++ gcc-c++ gcc
    need file '/usr/include/ncursesw/curses.h' libncurses-dev ncurses-devel ncurses
    need file '/usr/include/sqlite3.h' libsqlite3-dev sqlite-devel sqlite
}

# Installs what `need` found missing. Touches nothing, and asks nothing, if that is nothing.
install_missing() {
    if ((${#missing_apt[@]} == 0)) || [[ ${BANTER_SKIP_INSTALL:-} == 1 ]]; then return 0; fi
    if ! command -v apt-get >/dev/null; then
        die "these packages are missing, and there is no apt-get to install them with" \
            "Debian, Ubuntu: ${missing_apt[*]}" \
            "Fedora: sudo dnf install ${missing_dnf[*]}" \
            "Arch: sudo pacman -S ${missing_pacman[*]}" \
            "If they are there under other names, set BANTER_SKIP_INSTALL=1."
    fi
    local as_root=()
    if (($(id -u) != 0)); then
        command -v sudo >/dev/null ||
            die "these packages are missing, and there is no sudo" "As root: apt-get install ${missing_apt[*]}"
        as_root=(sudo)
        # Without a terminal nobody could answer sudo's question.
        if [[ ! -t 0 ]]; then
            sudo -n true 2>/dev/null ||
                die "these packages are missing, and sudo needs a password" "Run: sudo apt-get install ${missing_apt[*]}"
            as_root=(sudo -n)
        fi
    fi
    say "Installing ${missing_apt[*]}${as_root[0]:+ (with sudo)}"
    # Package lists that cannot be renewed are no reason to stop: the packages may be in those that are there.
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q >&2 ||
        say "apt-get update failed; going on with the package lists at hand"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing_apt[@]}" >&2 ||
        die "apt-get could not install ${missing_apt[*]}"
}

# Stops unless this is Linux with a Swift toolchain that is new enough.
require_swift() {
    [[ $(uname -s) == Linux ]] || die "Banter is built and tested on Linux; $(uname -s) is not supported"
    local swiftly=${SWIFTLY_BIN_DIR:-${HOME:-/nonexistent}/.local/share/swiftly/bin}
    if ! command -v swift >/dev/null && [[ -x $swiftly/swift ]]; then PATH=$swiftly:$PATH; fi
    command -v swift >/dev/null ||
        die "there is no swift on the PATH" "Install Swift 6.2 or newer from https://www.swift.org/install/linux/"
    local version
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9]*\.[0-9][0-9]*\).*/\1/p' | head -n 1)
    [[ $version =~ ^([0-9]+)\.([0-9]+)$ ]] || die "swift --version does not say its version; is the toolchain whole?"
    if ((BASH_REMATCH[1] < 6 || (BASH_REMATCH[1] == 6 && BASH_REMATCH[2] < 2))); then
        die "swift is version $version, and Banter needs 6.2 or newer" "See https://www.swift.org/install/linux/"
    fi
}

# A terminal program draws boxes and other people's names: without UTF-8 neither comes out right.
has_utf8() { [[ $(locale charmap 2>/dev/null) == UTF-8 ]]; }
use_utf8() { export LANG=C.UTF-8 LC_ALL=C.UTF-8; }

# --- Building and starting ------------------------------------------------------------------------------------------------

# Builds both programs, which are then in $bin.
bin=$root/.build/release
build_release() {
    if [[ ! -x $bin/banterd || ! -x $bin/banter ]]; then
        say "Building Banter. The first build fetches and compiles its libraries too: about ten minutes on two cores."
    fi
    local product
    for product in banterd banter; do
        swift build --package-path "$root" -c release --product "$product" </dev/null >&2 || die "the build failed"
    done
}

# wait_until SECONDS COMMAND…: repeats the command until it succeeds; fails when the time is over.
wait_until() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        if ((SECONDS >= deadline)); then return 1; fi
        sleep 0.05
    done
}

# Puts the first line of a file into REPLY, once it is whole.
first_line() { { IFS= read -r REPLY <"$1"; } 2>/dev/null; }

# True unless the process has ended; one that nobody has collected yet has ended.
is_alive() { grep -Eqs '^State:[[:space:]]+[^XZ[:space:]]' "/proc/$1/status"; }
has_ended() { ! is_alive "$1"; }

# has_begun PID FILE: true when the server has printed its ready line, and when it has ended without one.
has_begun() { first_line "$2" || has_ended "$1"; }
