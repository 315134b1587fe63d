//! Native messaging's manifests: they tell browsers which program the extension may talk to.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use etcetera::BaseStrategy as _;
use keeptab_system::home::{Home, write_whole};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

use crate::browser::caller::{CHROMIUM_ID, FIREFOX_ID, HOST_NAME};

/// A browser, with its folder for manifests: on Linux below the config folder (Firefox: below home), on macOS below
/// `~/Library/Application Support`.
struct Browser {
    name: &'static str,
    linux: &'static str,
    macos: &'static str,
}

const FIREFOX: &str = "Firefox";
const BROWSERS: [Browser; 5] = [
    Browser {
        name: "Chromium",
        linux: "chromium/NativeMessagingHosts",
        macos: "Chromium/NativeMessagingHosts",
    },
    Browser {
        name: "Chrome",
        linux: "google-chrome/NativeMessagingHosts",
        macos: "Google/Chrome/NativeMessagingHosts",
    },
    Browser {
        name: "Edge",
        linux: "microsoft-edge/NativeMessagingHosts",
        macos: "Microsoft Edge/NativeMessagingHosts",
    },
    Browser {
        name: "Brave",
        linux: "BraveSoftware/Brave-Browser/NativeMessagingHosts",
        macos: "BraveSoftware/Brave-Browser/NativeMessagingHosts",
    },
    Browser {
        name: FIREFOX,
        linux: ".mozilla/native-messaging-hosts",
        macos: "Mozilla/NativeMessagingHosts",
    },
];

/// The installed files.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Found {
    /// The program that browsers start.
    host: PathBuf,
    /// The manifests by which browsers find it.
    manifests: Vec<Manifest>,
}

/// A manifest, by which a browser finds the program.
#[derive(Debug, Serialize, JsonSchema)]
struct Manifest {
    /// The browser.
    browser: &'static str,
    /// The path of its manifest.
    path: PathBuf,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "browsers find keeptab now; these files were written:")?;
        writeln!(f, "  {:8}  {}", "host", self.host.display())?;
        for written in &self.manifests {
            writeln!(f, "  {:8}  {}", written.browser, written.path.display())?;
        }
        write!(
            f,
            "the extension itself is loaded in the browser: in Chromium, Chrome, Edge and Brave on chrome://extensions, \
             with \"Load unpacked\" and the folder editors/browser/dist/chromium; in Firefox on about:debugging, with \
             editors/browser/dist/firefox"
        )
    }
}

/// Writes the program that browsers start, and a manifest for each browser: one that is installed later finds it too.
pub(super) fn install(home: &Home) -> Result<Found> {
    if cfg!(windows) {
        bail!("on Windows browsers look in the registry, and keeptab does not write there yet");
    }
    let host = home.browser_host();
    let program = std::env::current_exe().context("this program's own place is not known")?;
    write_program(&host, &script(&program, home))?;
    let mut manifests = Vec::new();
    for browser in &BROWSERS {
        let path = browser.manifest()?;
        let text = format!("{:#}\n", browser.text(&host));
        write_whole(&path, text.as_bytes())?;
        manifests.push(Manifest {
            browser: browser.name,
            path,
        });
    }
    Ok(Found { host, manifests })
}

impl Browser {
    /// Returns the path at which this browser looks for the manifest.
    fn manifest(&self) -> Result<PathBuf> {
        let strategy = etcetera::choose_base_strategy().context("no home folder is known")?;
        let folder = if cfg!(target_os = "macos") {
            strategy.home_dir().join("Library/Application Support").join(self.macos)
        } else if self.name == FIREFOX {
            strategy.home_dir().join(self.linux)
        } else {
            strategy.config_dir().join(self.linux)
        };
        Ok(folder.join(format!("{HOST_NAME}.json")))
    }

    /// Returns the manifest.
    fn text(&self, host: &Path) -> Value {
        let mut manifest = json!({
            "name": HOST_NAME,
            "description": "Keeptab: working time from the browser",
            "path": host,
            "type": "stdio",
        });
        let (key, caller) = self.callers();
        manifest[key] = json!([caller]);
        manifest
    }

    fn callers(&self) -> (&'static str, String) {
        if self.name == FIREFOX {
            ("allowed_extensions", FIREFOX_ID.to_owned())
        } else {
            ("allowed_origins", format!("chrome-extension://{CHROMIUM_ID}/"))
        }
    }
}

/// Returns a script that starts this program as the host: a manifest can name a program and no words for it, and browsers
/// are not started from a shell that knows `KEEPTAB_HOME`.
fn script(program: &Path, home: &Home) -> String {
    let folder = home
        .asked_for()
        .map(|folder| format!("export KEEPTAB_HOME={}\n", quoted(folder)));
    format!(
        "#!/bin/sh\n# Written by `keeptab install browser`.\n{}exec {} browser-host \"$@\"\n",
        folder.unwrap_or_default(),
        quoted(program)
    )
}

/// Quotes a path for a shell.
fn quoted(path: &Path) -> String {
    keeptab_core::plain::shell(&path.to_string_lossy())
}

fn write_program(path: &Path, text: &str) -> Result<()> {
    write_whole(path, text.as_bytes())?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(0o700))
            .with_context(|| format!("cannot make {} a program", path.display()))?;
    }
    Ok(())
}

/// Checks the files that `install` wrote, and returns whether each one is right.
pub(in crate::cli) fn look(home: &Home) -> Vec<(bool, String)> {
    let found = BROWSERS.iter().filter_map(|browser| {
        let path = browser.manifest().ok()?;
        path.exists().then_some((browser, path))
    });
    let mut says: Vec<(bool, String)> = found.map(|(browser, path)| browser.look(&path, home)).collect();
    if says.is_empty() {
        let text = "not installed; `keeptab install browser` lets pages be counted";
        says.push((true, text.to_owned()));
    }
    says
}

impl Browser {
    fn look(&self, path: &Path, home: &Home) -> (bool, String) {
        match self.problem(path, home) {
            None => (true, format!("{}: {}", self.name, path.display())),
            Some(problem) => {
                let hint = "run `keeptab install browser` again";
                (
                    false,
                    format!("{}: {}: {problem}\nhint: {hint}", self.name, path.display()),
                )
            }
        }
    }

    fn problem(&self, path: &Path, home: &Home) -> Option<String> {
        let text = fs::read_to_string(path).unwrap_or_default();
        let Ok(manifest) = serde_json::from_str::<Value>(&text) else {
            return Some("cannot be read".into());
        };
        let (key, caller) = self.callers();
        if manifest[key] != json!([caller]) {
            return Some("lets another extension in, or not ours".into());
        }
        let host = home.browser_host();
        if manifest["path"].as_str().map(Path::new) != Some(&host) {
            return Some(format!("does not name {}", host.display()));
        }
        let script = fs::read_to_string(&host).unwrap_or_default();
        let program = script
            .lines()
            .find_map(|line| line.strip_prefix("exec ")?.strip_suffix(" browser-host \"$@\""));
        let program = program.map(|quoted| quoted.trim_matches('\'').replace("'\\''", "'"));
        match program {
            None => Some(format!("{} is missing or not ours", host.display())),
            Some(program) if !Path::new(&program).is_file() => Some(format!("{program} has gone")),
            Some(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_starts_this_program_wherever_it_is() {
        let home = Home::at("/home/o'neil/keep tab".into(), None);
        expect_test::expect![[r##"
            #!/bin/sh
            # Written by `keeptab install browser`.
            export KEEPTAB_HOME='/home/o'\''neil/keep tab'
            exec /opt/keeptab browser-host "$@"
        "##]]
        .assert_eq(&script(Path::new("/opt/keeptab"), &home));
    }
}
