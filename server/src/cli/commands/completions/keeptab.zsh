#compdef keeptab
# Completion of keeptab in zsh: eval "$(keeptab completions zsh)" after compinit, or this file as _keeptab in $fpath.
_keeptab() {
    local -a found
    found=(${(f)"$(keeptab complete --begun="${words[CURRENT]}" -- "${(@)words[2,CURRENT-1]}" 2>/dev/null)"})
    compadd -a found
    (( ${#found} )) || _files
}
if [[ ${funcstack[1]} == _keeptab ]]; then _keeptab "$@"; else compdef _keeptab keeptab; fi
