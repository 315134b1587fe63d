# Completion of keeptab in bash: eval "$(keeptab completions bash)"
_keeptab() {
    local word
    COMPREPLY=()
    while IFS= read -r word; do
        [[ $word == "${COMP_WORDS[COMP_CWORD]}"* ]] && COMPREPLY+=("$(printf %q "$word")")
    done < <(keeptab complete -- "${COMP_WORDS[@]:1:COMP_CWORD-1}" 2>/dev/null)
}
complete -o default -F _keeptab keeptab
