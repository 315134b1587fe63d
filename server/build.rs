//! Writes the version that `keeptab --version` prints, with the commit where it is known, and packs the program's
//! relocations where the system can read them.
//!
//! Cargo runs this again when another commit is checked out, and at no other time.

use std::path::{Path, PathBuf};
use std::process::Command;

#[cfg_attr(test, expect(dead_code, reason = "the tests of `version` read this file"))]
#[expect(clippy::disallowed_macros, reason = "cargo reads the output of a build script")]
fn main() {
    let source = Source::of(Path::new("."));
    println!("cargo:rustc-env=KEEPTAB_VERSION={}", source.version());
    // Without any line of this kind, cargo would run this after a change of any file.
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=KEEPTAB_PORTABLE");
    if reads_packed_relocations() {
        println!("cargo:rustc-link-arg-bin=keeptab=-Wl,-z,pack-relative-relocs");
    }
    for file in &source.watched {
        println!("cargo:rerun-if-changed={}", file.display());
    }
}

/// Returns true if the program is built for this very system, whose C library is glibc 2.36 or later: an older one refuses a
/// program with packed relocations. `KEEPTAB_PORTABLE` in the environment says that it is built for other systems, too.
#[expect(clippy::disallowed_methods, reason = "cargo describes the target in the environment")]
fn reads_packed_relocations() -> bool {
    let of = |name: &str| std::env::var(name).unwrap_or_default();
    if !of("KEEPTAB_PORTABLE").is_empty()
        || of("CARGO_CFG_TARGET_OS") != "linux"
        || of("CARGO_CFG_TARGET_ENV") != "gnu"
        || of("TARGET") != of("HOST")
    {
        return false;
    }
    let output = Command::new("getconf").arg("GNU_LIBC_VERSION").output();
    let said = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let said = said.unwrap_or_default();
    let version = said
        .trim()
        .strip_prefix("glibc ")
        .and_then(|version| version.split_once('.'));
    let number = |text: &str| text.parse::<u32>().unwrap_or_default();
    version.is_some_and(|(major, minor)| (number(major), number(minor)) >= (2, 36))
}

/// The commit that a package is built from.
#[derive(Debug, Default)]
pub struct Source {
    /// The commit's short hash, with its date if git knows it.
    pub commit: Option<String>,
    /// Files that change when another commit is checked out. All are there: for a missing file, cargo would build again
    /// each time.
    pub watched: Vec<PathBuf>,
}

impl Source {
    /// Returns the source of the package in a folder. The commit is `None` in a copy without its history.
    #[must_use]
    pub fn of(package: &Path) -> Self {
        // A package that `cargo package` made names its commit in this file.
        if let Ok(text) = std::fs::read_to_string(package.join(".cargo_vcs_info.json")) {
            let hash = text.split('"').skip_while(|word| *word != "sha1").nth(2);
            return Self {
                commit: hash.and_then(|hash| hash.get(..9)).map(str::to_owned),
                ..Self::default()
            };
        }
        let root = package.join("..");
        // git would go on to the folders above, and name a commit of somebody else's repository.
        if !root.join(".git").exists() {
            return Self::default();
        }
        let branch = git(&root, &["symbolic-ref", "-q", "HEAD"]);
        let names = ["HEAD", "logs/HEAD"].map(str::to_owned).into_iter().chain(branch);
        let paths = names.filter_map(|name| git(&root, &["rev-parse", "--git-path", &name]));
        Self {
            commit: git(
                &root,
                &["log", "-1", "--no-show-signature", "--abbrev=9", "--format=%h %cs"],
            ),
            watched: paths
                .map(|path| root.join(path))
                .filter(|path| path.is_file())
                .collect(),
        }
    }

    /// Returns the version of the package, with the commit if it is known: `0.1.0 (d32f29d9f 2026-11-27)`.
    #[must_use]
    pub fn version(&self) -> String {
        let version = env!("CARGO_PKG_VERSION");
        match &self.commit {
            Some(commit) => format!("{version} ({commit})"),
            None => version.to_owned(),
        }
    }
}

/// Returns the line that git prints; `None` if there is no git, or it fails.
fn git(folder: &Path, words: &[&str]) -> Option<String> {
    let output = Command::new("git").arg("-C").arg(folder).args(words).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let line = text.trim();
    (output.status.success() && !line.is_empty()).then(|| line.to_owned())
}
