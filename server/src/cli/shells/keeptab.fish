# Completion of keeptab in fish: keeptab completions fish > ~/.config/fish/completions/keeptab.fish
function __keeptab
    set -l words (commandline -opc)
    set -l found (keeptab complete -- $words[2..] 2>/dev/null)
    printf '%s\n' $found
    # Where only options are known, there may be a file.
    string match -qv -- '-*' $found; or __fish_complete_path (commandline -ct)
end
complete -c keeptab -f -a '(__keeptab)'
