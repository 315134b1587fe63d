# Completion of keeptab in bash: eval "$(keeptab completions bash)"
_keeptab() {
    local word begun=${COMP_WORDS[COMP_CWORD]}
    COMPREPLY=()
    while IFS= read -r word; do
        [[ $word == "$begun"* ]] && COMPREPLY+=("$(printf %q "$word")")
    done < <(keeptab complete --begun="$begun" -- "${COMP_WORDS[@]:1:COMP_CWORD-1}" 2>/dev/null)
}
complete -o default -F _keeptab keeptab
