# Completion of keeptab in fish: keeptab completions fish > ~/.config/fish/completions/keeptab.fish
function __keeptab
    set -l words (commandline -opc)
    set -l begun (commandline -ct)
    set -l found (keeptab complete --begun="$begun" -- $words[2..] 2>/dev/null)
    if test -n "$found"
        printf '%s\n' $found
    else
        __fish_complete_path $begun
    end
end
complete -c keeptab -f -a '(__keeptab)'
