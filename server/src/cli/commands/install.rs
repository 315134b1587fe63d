//! `keeptab install`: puts the plugin into its editor's folder.

pub(super) mod browser;
mod nvim;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::{Args, ValueEnum};
use keeptab_system::home::Home;
use schemars::{JsonSchema, json_schema};
use serde::Serialize;

use super::output::Output;
use super::schema::of;
use super::{About, Command};

/// The names on the path of the programs that install VS Code's extensions.
const CODES: [&str; 4] = ["code", "codium", "code-server", "code-insiders"];

/// An editor with a plugin of its own, or a browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Editor {
    /// Neovim: a package in its data folder
    Nvim,
    /// VS Code, `VSCodium` or code-server, whichever is on the path
    Vscode,
    /// Chromium, Chrome, Edge, Brave and Firefox: what lets the extension find this program
    Browser,
}

/// Put the plugin where an editor finds it
#[derive(Debug, Args)]
pub(in crate::cli) struct Install {
    /// The editor, or browser for all browsers
    editor: Editor,
    /// The extension to install; keeptab.vsix beside this program unless given
    #[arg(long, value_name = "FILE")]
    vsix: Option<PathBuf>,
}

/// An extension that was installed.
#[derive(Serialize, JsonSchema)]
struct Extension {
    /// The outcome in words.
    text: String,
    /// Its file.
    path: PathBuf,
}

impl Command for Install {
    const ABOUT: About = About {
        name: "install",
        palette: None,
        examples: &[(
            "install",
            &["keeptab install nvim", "keeptab install vscode --vsix keeptab.vsix"],
        )],
        answers: &[("install", |generator| {
            let shapes = [of::<nvim::Plugin>, of::<Extension>, of::<browser::Found>];
            json_schema!({ "anyOf": shapes.map(|shape| shape(generator)) })
        })],
    };

    fn run(self, home: Home, output: &Output) -> Result<ExitCode> {
        let (text, path) = match self.editor {
            Editor::Nvim => {
                let installed = nvim::install()?;
                return output.written(&installed, &installed);
            }
            Editor::Vscode => {
                let vsix = match &self.vsix {
                    Some(file) => file.clone(),
                    None => beside()?,
                };
                (format!("installed into {}", into_code(&vsix)?.join(", ")), vsix)
            }
            Editor::Browser => {
                let installed = browser::install(&home)?;
                return output.written(&installed, &installed);
            }
        };
        output.written(format!("{text}\n{}", path.display()), &Extension { text, path })
    }
}

fn beside() -> Result<PathBuf> {
    let program = std::env::current_exe().context("this program's own place is not known")?;
    let vsix = program.with_file_name("keeptab.vsix");
    if !vsix.is_file() {
        bail!(
            "there is no extension at {}\nhint: no release has it yet; in editors/vscode of the sources, `npm ci && KEEPTAB_HOST=\"$(command -v keeptab)\" KEEPTAB_OUT=keeptab.vsix npm run package` makes it, and `--vsix keeptab.vsix` names it",
            vsix.display()
        );
    }
    Ok(vsix)
}

/// Installs an extension into every VS Code on the path, and returns their names.
fn into_code(vsix: &Path) -> Result<Vec<&'static str>> {
    let mut installed = Vec::new();
    for code in CODES {
        let run = std::process::Command::new(code)
            .arg("--install-extension")
            .arg(vsix)
            .arg("--force")
            .output();
        match run {
            Ok(output) if output.status.success() => installed.push(code),
            Ok(output) => bail!("{code} says: {}", String::from_utf8_lossy(&output.stderr).trim()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(|| format!("cannot run {code}")),
        }
    }
    if installed.is_empty() {
        bail!(
            "there is no VS Code on the path\nhint: looked for {}; in VS Code itself, *Install from VSIX…* takes {}",
            CODES.join(", "),
            vsix.display()
        );
    }
    Ok(installed)
}
