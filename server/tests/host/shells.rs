//! Completion in a real shell, the manual, and the help.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::harness::Home;

/// Returns what bash offers after these words; the last one is begun.
fn offered(home: &Home, words: &[&str]) -> Vec<String> {
    let program = Path::new(env!("CARGO_BIN_EXE_keeptab"));
    let folder = program.parent().expect("a folder").display();
    let script = "eval \"$(keeptab completions bash)\"\nCOMP_WORDS=(\"$@\")\nCOMP_CWORD=$(($# - 1))\n_keeptab\n\
                  printf '%s\\n' \"${COMPREPLY[@]}\"";
    let mut bash = Command::new("bash");
    bash.args(["--norc", "-c", script, "bash", "keeptab"]).args(words);
    bash.env_clear().current_dir(home.user());
    bash.env("PATH", format!("{folder}:/usr/bin:/bin"));
    bash.env("HOME", home.user()).env("KEEPTAB_HOME", home.folder());
    let output = bash.output().expect("bash");
    assert!(output.stderr.is_empty(), "{output:?}");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.lines()
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

#[test]
fn bash_completes_commands_and_names_of_today() {
    let home = Home::jane();
    assert_eq!(offered(&home, &["inv"]), ["invoice"]);
    assert_eq!(offered(&home, &["invoice", "is"]), ["issue"]);
    assert_eq!(offered(&home, &["review", "--cl"]), ["--client"]);
    // There is no database yet, and looking makes none.
    assert_eq!(offered(&home, &["start", "acme"]), Vec::<String>::new());
    assert!(!home.database().exists());
    home.cli(["add", "acme/api", "1:00", "--day", "2026-01-05"]).json();
    assert_eq!(offered(&home, &["start", ""]), ["acme/api", "globex/web"]);
    assert_eq!(offered(&home, &["start", "--"]), ["--at", "--note"]);
    assert_eq!(offered(&home, &["start", "acme/api", ""]), ["--at", "--note"]);
    // Files come next, which bash lists by itself.
    assert_eq!(offered(&home, &["import", ""]), Vec::<String>::new());
    assert_eq!(offered(&home, &["review", "2026-W0"]), ["2026-W02"]);
    let issued = home.cli(["invoice", "issue", "acme"]).json();
    let number = issued["number"].as_str().expect("a number");
    assert_eq!(offered(&home, &["invoice", "show", "JDS"]), [number]);
}

#[test]
fn a_name_that_a_shell_would_run_is_quoted() {
    let home = Home::jane();
    home.write_config(&home.config().replace("\"acme/api\"", "\"odd $(touch ran)\""));
    home.cli(["status"]).json();
    let offered = offered(&home, &["start", "odd"]);
    assert_eq!(offered, ["odd\\ \\$\\(touch\\ ran\\)"]);
    assert!(!home.user().join("ran").exists());
}

#[test]
fn each_shell_has_a_script_that_asks_the_program() {
    let home = Home::empty();
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let script = home.cli(["completions", shell]).ok();
        assert!(
            script.contains("keeptab complete ") && script.contains(" -- "),
            "{shell}"
        );
    }
    home.cli(["completions", "cmd"]).fails(2);
    assert_eq!(home.cli(["complete", "--", "invoice", "list", "--client"]).ok(), "");
}

#[test]
fn each_command_has_a_page_in_the_manual() {
    let home = Home::empty();
    let page = home.cli(["man"]).ok();
    for section in ["COMMANDS", "EXAMPLES", "EXIT STATUS", "ENVIRONMENT", "FILES"] {
        let heading = [format!("\n.SH {section}\n"), format!("\n.SH \"{section}\"\n")];
        let is_there = heading.iter().any(|heading| page.contains(heading));
        assert_eq!(is_there, section != "EXAMPLES", "{section} in {page}");
    }
    for code in ["0", "1", "2"] {
        assert!(page.contains(&format!("\n.TP\n{code}\n")), "{code} in {page}");
    }
    let folder = home.user().join("man1");
    home.cli(["man", "--to", folder.to_str().expect("UTF-8")]).json();
    for name in ["keeptab.1", "keeptab-report.1", "keeptab-invoice-issue.1"] {
        let page = fs::read_to_string(folder.join(name)).expect(name);
        assert!(page.contains(".SH \"EXIT STATUS\"\n"), "{name}");
        assert_eq!(
            page.contains(".SH EXAMPLES\n.nf\nkeeptab "),
            name != "keeptab.1",
            "{name}"
        );
    }
}

#[test]
fn help_keeps_to_the_width_and_has_colours_where_they_are_wanted() {
    let home = Home::empty();
    for words in [
        ["--help"].as_slice(),
        &["report", "--help"],
        &["invoice", "list", "--help"],
    ] {
        for width in [60, 90] {
            let help = home.cli(words).env("COLUMNS", width.to_string()).ok();
            let longest = help.lines().map(|line| line.chars().count()).max();
            assert!(longest.is_some_and(|longest| longest <= width), "{width}\n{help}");
        }
        let plain = home.cli(words).ok();
        assert!(!plain.contains('\x1b'), "{plain}");
        let coloured = || home.cli(words).env("CLICOLOR_FORCE", "1");
        assert!(coloured().ok().contains('\x1b'), "{words:?}");
        assert_eq!(coloured().env("NO_COLOR", "1").ok(), plain);
    }
}
