//! A user of keeptab: a home folder with the folder of `KEEPTAB_HOME` in it.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Browser, Cli, Host, OURS};

/// A business with two clients in one currency.
const JANE: &str = r#"[business]
name = "Jane Doe Software"
org = "JDS"
address = ["Hauptstr. 1"]
postcode = "10115"
city = "Berlin"
country = "DE"
vat_id = "DE123456789"
currency = "EUR"
iban = "DE75512108001245126199"
time_zone = "Europe/Berlin"
tax = { category = "S", rate = "19" }

[tracking]
ignore = ["/secret/**", "https://bank.example/**"]

[client.acme]
name = "Acme Co"
address = ["Ring 1"]
postcode = "80331"
city = "München"
country = "DE"

[client.globex]
name = "Globex"
address = ["Allee 2"]
postcode = "20095"
city = "Hamburg"
country = "DE"

[project."acme/api"]
client = "acme"
name = "API development"
rate = "95.00"
paths = ["/work/acme/api/**"]
urls = ["https://git.example/acme/**"]

[project."globex/web"]
client = "globex"
rate = "120.00"
paths = ["/work/globex/**"]
"#;

/// A home, removed at the end of the test.
pub struct Home {
    user: TempDir,
}

impl Home {
    /// Makes a user who has never run keeptab: not even the folder exists.
    pub fn empty() -> Self {
        Self {
            user: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    /// Makes a user with a business, the clients `acme` (EUR 95 an hour) and `globex` (EUR 120), a project each, and
    /// `/secret` ignored.
    pub fn jane() -> Self {
        let home = Self::empty();
        home.write_config(JANE);
        home
    }

    /// Returns the user's own home folder.
    pub fn user(&self) -> &Path {
        self.user.path()
    }

    /// Returns the folder of keeptab.
    pub fn folder(&self) -> PathBuf {
        self.user.path().join("keeptab")
    }

    /// Returns the path of the config.
    pub fn config_file(&self) -> PathBuf {
        self.folder().join("keeptab.toml")
    }

    /// Returns the path of the database.
    pub fn database(&self) -> PathBuf {
        self.folder().join("keeptab.db")
    }

    /// Returns the text of the config.
    pub fn config(&self) -> String {
        fs::read_to_string(self.config_file()).expect("a config")
    }

    /// Writes the config as an editor saves it.
    pub fn write_config(&self, text: &str) {
        fs::create_dir_all(self.folder()).expect("a folder");
        fs::write(self.config_file(), text).expect("a config");
    }

    /// Returns the program in this home, without the test's own environment.
    pub fn program(&self) -> Command {
        let mut program = Command::new(env!("CARGO_BIN_EXE_keeptab"));
        program.env_clear();
        program.env("HOME", self.user());
        program.env("KEEPTAB_HOME", self.folder());
        program
    }

    /// Returns a command to run.
    pub fn cli<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Cli {
        Cli::new(self.program()).args(arguments)
    }

    /// Starts a browser host as a browser does for our extension.
    pub fn browser(&self) -> Browser {
        let mut browser = Browser::start(self.program(), &[OURS]);
        browser.hello();
        browser
    }

    /// Starts a host without sending it anything.
    pub fn host(&self) -> Host {
        Host::start(self.program())
    }

    /// Starts a host as our plugin does, naming the editor.
    pub fn plugin(&self, source: &str) -> Host {
        let mut host = self.host();
        host.initialize(&json!({ "activity": "plugin", "source": source }));
        host
    }

    /// Starts a host as any other LSP client does.
    pub fn generic(&self) -> Host {
        let mut host = self.host();
        host.ask(
            "initialize",
            &json!({ "processId": null, "rootUri": null, "capabilities": {} }),
        );
        host.notify("initialized", &json!({}));
        host
    }

    /// Returns how many events are in the database.
    pub fn events(&self) -> u64 {
        // Other checks may fail.
        let ran = self.cli(["doctor", "--json"]).run();
        let checks: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}"));
        let database = checks
            .as_array()
            .expect("checks")
            .iter()
            .find(|check| check["what"] == "database");
        let events = &database.expect("a check of the database")["events"];
        events.as_u64().unwrap_or_else(|| panic!("no count: {ran:?}"))
    }
}
