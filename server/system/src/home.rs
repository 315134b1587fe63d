//! keeptab's folders, and the way files are written there.

mod beside;

mod leftovers;

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use etcetera::BaseStrategy as _;
use keeptab_core::rule::Platform;

pub use beside::{Beside, write_through, write_whole};
pub use leftovers::{sweep, sweep_alone};

/// The folders of one user's keeptab.
#[derive(Clone, Debug)]
pub struct Home {
    config: PathBuf,
    data: PathBuf,
    user: Option<PathBuf>,
    zone: Option<String>,
}

impl Home {
    /// Puts everything into one folder, as `KEEPTAB_HOME` asks.
    #[must_use]
    pub fn at(folder: PathBuf, user: Option<PathBuf>) -> Self {
        Self {
            config: folder.clone(),
            data: folder,
            user,
            zone: None,
        }
    }

    /// Finds the platform's own places.
    ///
    /// # Errors
    ///
    /// If the user has no home folder.
    pub fn of_platform(user: Option<PathBuf>) -> Result<Self> {
        let strategy = etcetera::choose_base_strategy()
            .context("no home folder is known\nhint: set KEEPTAB_HOME to a folder of yours")?;
        Ok(Self {
            config: strategy.config_dir().join("keeptab"),
            data: strategy.data_dir().join("keeptab"),
            user,
            zone: None,
        })
    }

    /// Sets the time zone that the user's environment names (`TZ`), in the place of the system's.
    #[must_use]
    pub fn in_zone(self, zone: Option<String>) -> Self {
        Self { zone, ..self }
    }

    /// Returns the name of the time zone that the user's environment names, such as `Europe/Berlin`.
    #[must_use]
    pub fn zone(&self) -> Option<&str> {
        self.zone.as_deref().map(|zone| zone.trim_start_matches(':'))
    }

    /// Returns the path of the config.
    #[must_use]
    pub fn config_file(&self) -> PathBuf {
        self.config.join("keeptab.toml")
    }

    /// Returns the path of the database.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.data.join("keeptab.db")
    }

    /// Returns the folder of rendered invoices.
    #[must_use]
    pub fn invoices(&self) -> PathBuf {
        self.data.join("invoices")
    }

    /// Returns the folder of timesheets.
    #[must_use]
    pub fn timesheets(&self) -> PathBuf {
        self.data.join("timesheets")
    }

    /// Returns the folder for previews of imports.
    #[must_use]
    pub fn imports(&self) -> PathBuf {
        self.data.join("imports")
    }

    /// Returns the folder of backups.
    #[must_use]
    pub fn backups(&self) -> PathBuf {
        self.data.join("backups")
    }

    /// Returns the path of the week as a picture.
    #[must_use]
    pub fn dashboard(&self) -> PathBuf {
        self.data.join("dashboard.html")
    }

    /// Returns the path of the answers of a setup that was not finished.
    #[must_use]
    pub fn setup(&self) -> PathBuf {
        self.data.join("setup.json")
    }

    /// Returns the folder of logs.
    #[must_use]
    pub fn logs(&self) -> PathBuf {
        self.data.join("log")
    }

    /// Returns the program that browsers start: it starts this one as their host.
    #[must_use]
    pub fn browser_host(&self) -> PathBuf {
        self.data.join("browser-host")
    }

    /// Returns the file whose lock the process that watches projects' folders holds.
    #[must_use]
    pub fn watch_lock(&self) -> PathBuf {
        self.data.join("watch.lock")
    }

    /// Returns the file whose lock the process that listens for the screen's lock holds.
    #[must_use]
    pub fn login_lock(&self) -> PathBuf {
        self.data.join("login.lock")
    }

    /// Returns the one folder that `KEEPTAB_HOME` asked for, if it did.
    #[must_use]
    pub fn asked_for(&self) -> Option<&Path> {
        (self.config == self.data).then_some(&*self.data)
    }

    /// Writes a folder below the user's own with `~`.
    #[must_use]
    pub fn shorten(&self, path: &str) -> String {
        let home = self.platform().home;
        let below = home
            .as_deref()
            .and_then(|home| path.strip_prefix(home.trim_end_matches('/')));
        match below {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => format!("~{rest}"),
            _ => path.to_owned(),
        }
    }

    /// Writes a path with `~` for the user's own folder in full, as a shell does.
    #[must_use]
    pub fn expand(&self, path: &str) -> String {
        let below = path
            .strip_prefix('~')
            .filter(|rest| rest.is_empty() || rest.starts_with('/'));
        match (below, self.platform().home) {
            (Some(rest), Some(home)) => format!("{}{rest}", home.trim_end_matches('/')),
            _ => path.to_owned(),
        }
    }

    /// Returns the rules by which this machine compares paths.
    #[must_use]
    pub fn platform(&self) -> Platform {
        let home = self.user.as_ref().and_then(|path| path.to_str());
        Platform {
            home: home.map(|home| home.replace('\\', "/")),
            case_blind: cfg!(any(windows, target_os = "macos")),
            backslash: cfg!(windows),
        }
    }
}

/// Makes a folder that no other user can enter, and its missing parents.
///
/// # Errors
///
/// If it cannot be made.
pub fn make_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

/// Returns options for files that no other user may read: new files belong to their owner alone, whatever the umask.
#[must_use]
pub fn private_file() -> OpenOptions {
    let mut options = File::options();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Opens a file for locking between processes, creating it if it does not exist.
///
/// # Errors
///
/// If it cannot be made.
pub fn lock_file(path: &Path) -> io::Result<File> {
    private_file().write(true).create(true).truncate(false).open(path)
}
