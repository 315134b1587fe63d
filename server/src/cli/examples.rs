//! The examples in the help of each command. They are for Jane, whose client is acme and whose project is acme/api.

/// Each command by the words behind `keeptab`, with its examples.
pub(super) const EXAMPLES: &[(&str, &[&str])] = &[
    (
        "init",
        &[
            "keeptab init",
            "keeptab init --name \"Jane Doe Software\" --country DE --city Berlin --currency EUR --tax-rate 19",
        ],
    ),
    ("lsp", &["keeptab lsp --stdio"]),
    (
        "browser-host",
        &["keeptab browser-host chrome-extension://pabbcbojmnokebkanfedgnkjhhebmpfn/"],
    ),
    ("status", &["keeptab status", "keeptab status --json"]),
    (
        "report",
        &[
            "keeptab report --today",
            "keeptab report --month 2026-11 --by client",
            "keeptab report --week 2026-W47 --csv > week.csv",
        ],
    ),
    ("project", &["keeptab project"]),
    ("project list", &["keeptab project list --json"]),
    (
        "project add",
        &["keeptab project add acme/api --client acme --rate 95 --path ~/work/acme/api"],
    ),
    ("client", &["keeptab client"]),
    ("client list", &["keeptab client list --json"]),
    (
        "client add",
        &["keeptab client add acme --name \"Acme Co\" --city Wien --country AT --vat-id ATU12345678"],
    ),
    (
        "invoice",
        &[
            "keeptab invoice draft acme --month 2026-11",
            "keeptab invoice issue acme",
            "keeptab invoice list --unpaid",
        ],
    ),
    (
        "invoice draft",
        &[
            "keeptab invoice draft acme",
            "keeptab invoice draft acme --month 2026-11 --project acme/api --by day",
        ],
    ),
    ("invoice discard", &["keeptab invoice discard acme"]),
    ("invoice item", &["keeptab invoice item add acme --fee \"Set-up\" 250"]),
    (
        "invoice item add",
        &[
            "keeptab invoice item add acme --fee \"Set-up\" 250",
            "keeptab invoice item add acme --expense \"Train to Wien\" 84.50 --day 2026-11-20",
            "keeptab invoice item add acme --discount 10% --reason \"as agreed\"",
        ],
    ),
    ("invoice item remove", &["keeptab invoice item remove acme 1"]),
    (
        "invoice issue",
        &[
            "keeptab invoice issue acme",
            "keeptab invoice issue acme --month 2026-11 --date 2026-11-30",
        ],
    ),
    (
        "invoice list",
        &["keeptab invoice list", "keeptab invoice list --client acme --overdue"],
    ),
    (
        "invoice show",
        &["keeptab invoice show acme", "keeptab invoice show JDS-202611-0001"],
    ),
    (
        "invoice render",
        &["keeptab invoice render JDS-202611-0001 --format pdf,xrechnung"],
    ),
    (
        "invoice send",
        &[
            "keeptab invoice send JDS-202611-0001",
            "keeptab invoice send JDS-202611-0001 --mark --date 2026-11-30",
        ],
    ),
    (
        "invoice pay",
        &[
            "keeptab invoice pay JDS-202611-0001",
            "keeptab invoice pay JDS-202611-0001 --amount 200,50 --date 2026-12-05",
            "keeptab invoice pay JDS-202611-0001 --take-discount",
        ],
    ),
    (
        "invoice write-off",
        &[
            "keeptab invoice write-off JDS-202611-0001 --reason \"bank fees\"",
            "keeptab invoice write-off JDS-202611-0001 --undo",
        ],
    ),
    (
        "invoice cancel",
        &[
            "keeptab invoice cancel JDS-202611-0001",
            "keeptab invoice cancel JDS-202611-0001 --lines 1,3",
        ],
    ),
    (
        "invoice note",
        &["keeptab invoice note JDS-202611-0001 \"Sam asked for two weeks\""],
    ),
    (
        "invoice verify",
        &["keeptab invoice verify", "keeptab invoice verify JDS-202611-0001"],
    ),
    ("invoice start", &["keeptab invoice start JDS-202611-0040"]),
    (
        "invoice export",
        &["keeptab invoice export ~/taxes/november --month 2026-11"],
    ),
    (
        "explain",
        &[
            "keeptab explain ~/work/acme/api/src/main.rs",
            "keeptab explain --at 9:00-10:30 --day 2026-11-27",
        ],
    ),
    (
        "start",
        &[
            "keeptab start acme/api",
            "keeptab start acme/api --at 9:10 --note \"call with Sam\"",
        ],
    ),
    ("stop", &["keeptab stop"]),
    (
        "add",
        &[
            "keeptab add acme/api 0:45 --note \"call with Sam\"",
            "keeptab add acme/api 1:30 --day 2026-11-26 --at 14:00",
        ],
    ),
    (
        "away",
        &[
            "keeptab away",
            "keeptab away 12:10-13:00 acme/api",
            "keeptab away 12:10-13:00 --break",
        ],
    ),
    ("assign", &["keeptab assign", "keeptab assign ~/src/scratch acme/api"]),
    (
        "review",
        &[
            "keeptab review",
            "keeptab review 2026-W47 --pdf --client acme",
            "keeptab review --apply 2026-W47.timesheet",
        ],
    ),
    (
        "change",
        &[
            "keeptab change 09:02-10:47 --to acme/api",
            "keeptab change 09:02-10:47 --split 10:00 --note \"release notes\"",
        ],
    ),
    ("dashboard", &["keeptab dashboard", "keeptab dashboard 2026-W47 --text"]),
    ("undo", &["keeptab undo"]),
    ("pause", &["keeptab pause"]),
    ("resume", &["keeptab resume"]),
    (
        "import",
        &[
            "keeptab import Toggl_time_entries.csv --dry-run",
            "keeptab import hours.csv --map date=Day,hours=Hrs,project=Job --yes",
            "keeptab import --undo",
        ],
    ),
    (
        "backup",
        &["keeptab backup", "keeptab backup /media/disk/keeptab.db.gz"],
    ),
    (
        "restore",
        &[
            "keeptab restore /media/disk/keeptab.db.gz",
            "keeptab restore /media/disk/keeptab.db.gz --yes",
        ],
    ),
    (
        "forget",
        &[
            "keeptab forget ~/private",
            "keeptab forget --from 2026-11-16 --to 2026-11-20 --yes",
        ],
    ),
    ("salvage", &["keeptab salvage --to saved.db"]),
    (
        "export",
        &["keeptab export > everything.json", "keeptab export --csv ~/tables"],
    ),
    ("watch", &["keeptab watch"]),
    (
        "install",
        &["keeptab install nvim", "keeptab install vscode --vsix keeptab.vsix"],
    ),
    ("doctor", &["keeptab doctor"]),
    ("config", &["keeptab config schema > keeptab.schema.json"]),
    ("config schema", &["keeptab config schema > keeptab.schema.json"]),
    ("schema", &["keeptab schema invoice list"]),
    (
        "completions",
        &[
            "keeptab completions bash > ~/.local/share/bash-completion/completions/keeptab",
            "keeptab completions fish > ~/.config/fish/completions/keeptab.fish",
        ],
    ),
    ("man", &["keeptab man --to ~/.cargo/share/man/man1"]),
    ("demo", &["keeptab demo", "keeptab demo --home /tmp/keeptab-demo"]),
];

/// Returns the examples of a command, by its words behind `keeptab`.
pub(super) fn examples(path: &str) -> &'static [&'static str] {
    let found = EXAMPLES.iter().find(|(of, _)| *of == path);
    found.map_or(&[], |(_, lines)| lines)
}
