//! `keeptab install`: puts the plugin into its editor's folder.

pub(super) mod browser;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;
use etcetera::BaseStrategy as _;
use keeptab_system::home::{Home, write_whole};
use serde_json::json;

use super::output::Output;

/// Takes files of the Neovim plugin in, each under its name there.
macro_rules! nvim {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../../editors/nvim/", $name)))),*]
    };
}

/// The Neovim plugin, file by file, as of the build of this program.
const NVIM: &[(&str, &str)] = nvim! {
    "doc/keeptab.txt"
    "ftdetect/timesheet.lua"
    "ftplugin/timesheet.lua"
    "lua/keeptab/agent.lua"
    "lua/keeptab/capture.lua"
    "lua/keeptab/command.lua"
    "lua/keeptab/component.lua"
    "lua/keeptab/config.lua"
    "lua/keeptab/dashboard.lua"
    "lua/keeptab/document.lua"
    "lua/keeptab/entity.lua"
    "lua/keeptab/health.lua"
    "lua/keeptab/host.lua"
    "lua/keeptab/init.lua"
    "lua/keeptab/menu.lua"
    "lua/keeptab/message.lua"
    "lua/keeptab/pick.lua"
    "lua/keeptab/plain.lua"
    "lua/keeptab/presence.lua"
    "lua/keeptab/queue.lua"
    "lua/keeptab/reply.lua"
    "lua/keeptab/rewritten.lua"
    "lua/keeptab/roots.lua"
    "lua/keeptab/status.lua"
    "lua/keeptab/terminal.lua"
    "lua/keeptab/window.lua"
    "lua/lualine/components/keeptab.lua"
    "plugin/keeptab.lua"
};

/// The names on the path of the programs that install VS Code's extensions.
const CODES: [&str; 4] = ["code", "codium", "code-server", "code-insiders"];

/// An editor with a plugin of its own, or a browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Editor {
    /// Neovim: a package in its data folder
    Nvim,
    /// VS Code, `VSCodium` or code-server, whichever is on the path
    Vscode,
    /// Chromium, Chrome, Edge, Brave and Firefox: what lets the extension find this program
    Browser,
}

/// The options of `install`.
#[derive(Debug, clap::Args)]
pub(super) struct InstallArgs {
    /// The editor, or browser for all browsers
    editor: Editor,
    /// The extension to install; keeptab.vsix beside this program unless given
    #[arg(long, value_name = "FILE")]
    vsix: Option<PathBuf>,
}

pub(super) fn run(arguments: &InstallArgs, home: &Home, output: &Output) -> Result<ExitCode> {
    let (text, path) = match arguments.editor {
        Editor::Nvim => {
            let folder = packages()?.join("pack/keeptab/start/keeptab");
            write(&folder, NVIM)?;
            let text = "installed for Neovim; :help keeptab tells the rest, and :checkhealth keeptab whether it works";
            (text.to_owned(), folder)
        }
        Editor::Vscode => {
            let vsix = match &arguments.vsix {
                Some(file) => file.clone(),
                None => beside()?,
            };
            (format!("installed into {}", into_code(&vsix)?.join(", ")), vsix)
        }
        Editor::Browser => {
            let installed = browser::install(home)?;
            return output.either(&installed, || serde_json::to_value(&installed).unwrap_or_default());
        }
    };
    output.either(
        format!("{text}\n{}", path.display()),
        || json!({ "text": text, "path": path }),
    )
}

/// Returns the folder in which Neovim looks for the user's packages.
fn packages() -> Result<PathBuf> {
    let strategy = etcetera::choose_base_strategy().context("no home folder is known")?;
    // On Windows Neovim keeps its data beside its caches.
    Ok(if cfg!(windows) {
        strategy.cache_dir().join("nvim-data/site")
    } else {
        strategy.data_dir().join("nvim/site")
    })
}

/// Writes a plugin's files, and removes other files of an older version.
fn write(folder: &Path, files: &[(&str, &str)]) -> Result<()> {
    if folder.is_symlink() {
        bail!(
            "{} is a link to a plugin of your own; it was left as it is\nhint: remove the link to install this one",
            folder.display()
        );
    }
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot replace {}", folder.display()))?;
    }
    for (name, text) in files {
        write_whole(&folder.join(name), text.as_bytes())?;
    }
    Ok(())
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
        let run = Command::new(code)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_plugin_is_in_it() {
        // Tests run in their package's folder.
        let root = Path::new("../editors/nvim");
        let mut found = Vec::new();
        let mut folders = vec![root.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                let is_lua = path.extension().is_some_and(|extension| extension == "lua");
                if path.is_dir() {
                    folders.push(path);
                } else if is_lua || name == "doc/keeptab.txt" {
                    found.push(name);
                }
            }
        }
        found.sort();
        let mut known: Vec<&str> = NVIM.iter().map(|(name, _)| *name).collect();
        known.sort_unstable();
        assert_eq!(found, known);
    }

    #[test]
    fn an_older_plugin_is_replaced_whole_and_a_link_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let plugin = folder.path().join("site/keeptab");
        write(&plugin, &[("lua/old.lua", "old"), ("plugin/a.lua", "a")]).unwrap();
        write(&plugin, &[("plugin/a.lua", "b")]).unwrap();
        assert!(!plugin.join("lua/old.lua").exists());
        assert_eq!(fs::read_to_string(plugin.join("plugin/a.lua")).unwrap(), "b");
        #[cfg(unix)]
        {
            let link = folder.path().join("link");
            std::os::unix::fs::symlink(&plugin, &link).unwrap();
            assert!(write(&link, NVIM).unwrap_err().to_string().contains("left as it is"));
            assert!(plugin.join("plugin/a.lua").exists());
        }
    }
}
