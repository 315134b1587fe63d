//! Real paths of the folders that rules begin with.

use std::collections::BTreeMap;
use std::path::Path;

use keeptab_core::entity::Entity;
use keeptab_core::rule::RuleSet;

/// The paths without symbolic links of folders that rules begin with, by folder; only those that differ from it.
pub type Links = BTreeMap<String, String>;

/// Resolves the folders of rules on the disk.
#[must_use]
pub fn look(rules: &RuleSet) -> Links {
    let mut links = Links::new();
    for folder in rules.rules().iter().filter_map(|rule| rule.folder()) {
        if !links.contains_key(folder)
            && let Some(real) = real(folder).filter(|real| real != folder)
        {
            links.insert(folder.to_owned(), real);
        }
    }
    links
}

/// Returns a folder without symbolic links; parts that do not exist are kept as they are.
fn real(folder: &str) -> Option<String> {
    let folder = Path::new(folder);
    let (there, real) = folder
        .ancestors()
        .find_map(|there| Some((there, there.canonicalize().ok()?)))?;
    let real = real.join(folder.strip_prefix(there).ok()?);
    match Entity::unnamed(real.to_str()) {
        Entity::Unnamed { root } => root,
        _ => None,
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use keeptab_core::rule::{Platform, Rule, Subject, Target};

    use super::*;

    #[test]
    fn a_link_is_followed_as_far_as_there_is_something() {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path().canonicalize().unwrap();
        fs::create_dir_all(base.join("real/acme")).unwrap();
        symlink(base.join("real"), base.join("link")).unwrap();
        symlink(base.join("nowhere"), base.join("broken")).unwrap();
        let base = base.to_str().unwrap();
        let platform = Platform {
            home: Some(format!("{base}/link")),
            case_blind: false,
            backslash: false,
        };
        let rule = |glob: &str| {
            let glob = glob.replace("BASE", base);
            Rule::new(Target::Ignore, Subject::Path, &glob, &platform).unwrap()
        };
        let globs = [
            "BASE/link/acme/**",
            "BASE/link/new/*.rs",
            "~/**",
            "BASE/broken/**",
            "BASE/real/**",
            "**/acme/**",
            "ssh://beta/link/**",
        ];
        let links = look(&RuleSet::new(globs.map(rule).into()));
        let expected = [("link", "real"), ("link/acme", "real/acme"), ("link/new", "real/new")];
        let expected = expected.map(|(link, real)| (format!("{base}/{link}"), format!("{base}/{real}")));
        assert_eq!(links, Links::from(expected));
    }
}
