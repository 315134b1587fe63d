//! The Neovim plugin: copied, its help indexed, and looked for by Neovim itself.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use etcetera::BaseStrategy as _;
use keeptab_system::home::write_whole;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Takes files of the Neovim plugin in, each under its name there.
macro_rules! nvim {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../../../../editors/nvim/", $name)))),*]
    };
}

/// The Neovim plugin, file by file, as of the build of this program.
const NVIM: &[(&str, &str)] = nvim! {
    "doc/keeptab.txt"
    "ftdetect/timesheet.lua"
    "ftplugin/timesheet.lua"
    "lua/keeptab/agent.lua"
    "lua/keeptab/calm.lua"
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
    "lua/keeptab/protocol.lua"
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

/// The time limit of a start of Neovim: a plugin manager may install something first.
const PATIENCE: Duration = Duration::from_secs(20);

/// The mark before the answer of Neovim about itself.
const ANSWER: &str = "keeptab-probe ";

/// Asks Neovim for its data folder, its plugin manager and the plugins that it finds.
const PROBE: &str = r#"lua io.stdout:write("\nkeeptab-probe " .. vim.json.encode({
  data = vim.fn.stdpath("data"),
  config = vim.fn.stdpath("config"),
  manager = package.loaded.lazy and "lazy.nvim" or (package.loaded.packer or _G.packer_plugins) and "packer"
    or _G.MiniDeps and "mini.deps" or "",
  loaded = vim.fn.exists(":Keeptab") == 2,
}) .. "\n")"#;

/// An answer of Neovim.
#[derive(Clone, Debug, Deserialize)]
struct Probe {
    data: PathBuf,
    config: PathBuf,
    manager: String,
    loaded: bool,
}

/// The plugin of Neovim, as it was installed.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Plugin {
    /// The folder of the plugin.
    path: PathBuf,
    /// The plugin manager, if Neovim has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    manager: Option<String>,
    /// True if Neovim was started and found the plugin.
    found: bool,
    /// The lines for the config of Neovim, if it does not find the plugin.
    #[serde(skip_serializing_if = "Option::is_none")]
    spec: Option<String>,
    #[serde(skip)]
    config: Option<PathBuf>,
}

/// Copies the plugin to where Neovim looks for packages, and starts Neovim once to see whether it finds it.
pub(super) fn install() -> Result<Plugin> {
    // Neovim knows its own folders, also under another name (NVIM_APPNAME).
    let plain = probe(&["--clean"]);
    let data = match &plain {
        Some(plain) => plain.data.clone(),
        None => data_folder()?,
    };
    let path = data.join("site/pack/keeptab/start/keeptab");
    write(&path, NVIM)?;
    let help = NVIM.iter().filter(|(name, _)| name.starts_with("doc/"));
    let tags: Vec<String> = help
        .flat_map(|(name, text)| tags(name.trim_start_matches("doc/"), text))
        .collect();
    write_whole(
        &path.join("doc/tags"),
        format!("{}\n", sorted(tags).join("\n")).as_bytes(),
    )?;
    let probed = plain.and_then(|_| probe(&[]));
    let found = probed.as_ref().is_some_and(|probe| probe.loaded);
    let manager = probed
        .as_ref()
        .map(|probe| probe.manager.clone())
        .filter(|name| !name.is_empty());
    Ok(Plugin {
        spec: probed
            .as_ref()
            .filter(|_| !found)
            .map(|probe| spec(&probe.manager, &path)),
        config: probed.map(|probe| probe.config),
        manager,
        found,
        path,
    })
}

impl fmt::Display for Plugin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match (&self.spec, &self.config) {
            (Some(spec), Some(config)) => {
                let manager = self.manager.as_deref();
                let why = match manager {
                    Some(manager) => format!("{manager} loads only the plugins that it is told of"),
                    None => "this Neovim does not look for packages".to_owned(),
                };
                let place = config.display();
                write!(
                    f,
                    "copied to {path}\n{why}: add this to them, in {place}\n\n    {spec}\n\n"
                )?;
                write!(
                    f,
                    "then run `keeptab install nvim` again: it looks whether Neovim finds the plugin"
                )
            }
            _ if self.found => write!(
                f,
                "installed for Neovim, which finds it; :help keeptab tells the rest, and :checkhealth keeptab whether it works\n{path}"
            ),
            _ => write!(
                f,
                "copied for Neovim, which did not answer in time or could not be started; :checkhealth keeptab tells whether it works\n{path}"
            ),
        }
    }
}

/// Returns what a plugin manager is told; without one, the line that adds the plugin.
fn spec(manager: &str, path: &Path) -> String {
    // A string of Lua; its escapes are those of JSON here.
    let path = serde_json::Value::from(path.to_string_lossy().replace('\\', "/")).to_string();
    match manager {
        "lazy.nvim" => format!("{{ dir = {path}, lazy = false }}"),
        "packer" => format!("use({path})"),
        "mini.deps" => format!(
            "MiniDeps.now(function() vim.opt.runtimepath:append({path}) vim.cmd.runtime('plugin/keeptab.lua') end)"
        ),
        _ => format!("vim.opt.runtimepath:append({path})"),
    }
}

/// Starts Neovim without a screen, and returns its answer; `None` if there is none in time.
fn probe(options: &[&str]) -> Option<Probe> {
    let mut child = Command::new("nvim")
        .args(options)
        .args(["--headless", "-c", &PROBE.replace('\n', " "), "-c", "qall!"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut stdout = child.stdout.take()?;
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut text = String::new();
        let read = std::io::Read::read_to_string(&mut stdout, &mut text);
        sender.send(read.map(|_| text))
    });
    let read = receiver.recv_timeout(PATIENCE);
    // It has ended, or is not waited for any longer.
    let _ = child.kill();
    let _ = child.wait();
    let text = read.ok()?.ok()?;
    let answer = text.lines().find_map(|line| line.strip_prefix(ANSWER))?;
    serde_json::from_str(answer).ok()
}

/// Returns Neovim's data folder on a machine without Neovim.
fn data_folder() -> Result<PathBuf> {
    let strategy = etcetera::choose_base_strategy().context("no home folder is known")?;
    // On Windows Neovim keeps its data beside its caches.
    Ok(if cfg!(windows) {
        strategy.cache_dir().join("nvim-data")
    } else {
        strategy.data_dir().join("nvim")
    })
}

/// Returns the lines of a help file's index, as `:helptags` writes them.
fn tags(file: &str, text: &str) -> Vec<String> {
    let words = text.lines().flat_map(|line| line.split([' ', '\t']));
    let named = words.filter_map(|word| word.strip_prefix('*')?.strip_suffix('*'));
    let named = named.filter(|name| !name.is_empty() && !name.contains(['*', '|']));
    named.map(|name| format!("{name}\t{file}\t/*{name}*")).collect()
}

fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
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
    fn the_help_is_indexed_as_neovim_does_it() {
        let help = "*keeptab.txt*  x\n\nTEXT *a* *b-c* and 2*3*4 or `*` or *no tag*\n";
        assert_eq!(
            tags("keeptab.txt", help),
            [
                "keeptab.txt\tkeeptab.txt\t/*keeptab.txt*",
                "a\tkeeptab.txt\t/*a*",
                "b-c\tkeeptab.txt\t/*b-c*"
            ]
        );
    }

    #[test]
    fn each_manager_is_told_of_the_folder() {
        let path = Path::new("/home/jane/\"x\"/keeptab");
        for manager in ["lazy.nvim", "packer", "mini.deps", ""] {
            assert!(
                spec(manager, path).contains(r#""/home/jane/\"x\"/keeptab""#),
                "{manager}"
            );
        }
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
