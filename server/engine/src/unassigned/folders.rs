//! Folders to propose for work outside of any workspace.

use std::collections::BTreeMap;

use keeptab_core::entity::split_host;
use keeptab_core::instant::Length;

/// Returns true for a folder that holds everything: the home folder, a disk's root, a host's root. No rule is proposed
/// for it.
pub(super) fn is_everything(folder: &str) -> bool {
    let (host, path) = split_host(folder);
    let path = path.trim_end_matches('/');
    let drive = host.is_empty() && path.len() == 2 && path.ends_with(':');
    path.is_empty() || path == "~" || drive
}

/// Returns the deepest common folder of the work in each folder directly below `everything`, with its time. Work
/// directly in `everything` keeps that name.
pub(super) fn deepest(everything: &str, work: Vec<(String, Length)>) -> Vec<(String, Length)> {
    let base = everything.trim_end_matches('/');
    let mut groups = BTreeMap::<String, (Vec<String>, Length)>::new();
    for (folder, length) in work {
        let below = folder.strip_prefix(base).unwrap_or_default();
        let parts: Vec<String> = below
            .split('/')
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect();
        let group = parts.first().cloned().unwrap_or_default();
        let (common, sum) = groups.entry(group).or_insert_with(|| (parts.clone(), Length::ZERO));
        let same = common
            .iter()
            .zip(&parts)
            .take_while(|(one, other)| one == other)
            .count();
        common.truncate(same);
        *sum += length;
    }
    let folder = |(parts, length): (Vec<String>, Length)| match &*parts {
        [] => (everything.to_owned(), length),
        parts => (format!("{base}/{}", parts.join("/")), length),
    };
    groups.into_values().map(folder).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn homes_and_roots_hold_everything() {
        for folder in ["~", "~/", "/", "C:", "C:/", "ssh://beta", "ssh://beta/", "//server/"] {
            assert!(is_everything(folder), "{folder}");
        }
        for folder in [
            "~/notes",
            "/etc",
            "C:/src",
            "ssh://beta/srv",
            "//server/share",
            "acme.example",
        ] {
            assert!(!is_everything(folder), "{folder}");
        }
    }

    #[test]
    fn the_deepest_common_folder_is_proposed() {
        let check = |everything: &str, work: &[&str], expected: &[&str]| {
            let minute = Length::from_minutes(1);
            let work = work.iter().map(|folder| ((*folder).to_owned(), minute)).collect();
            let found = deepest(everything, work);
            let folders: Vec<&str> = found.iter().map(|(folder, _)| &**folder).collect();
            assert_eq!(folders, expected);
        };
        check(
            "~",
            &["~/notes/2026/a", "~/notes/2026/b/c", "~/notes/2026"],
            &["~/notes/2026"],
        );
        check(
            "~",
            &["~/notes/a", "~/scripts/x/y", "~"],
            &["~", "~/notes/a", "~/scripts/x/y"],
        );
        check(
            "/",
            &["/etc/nginx/a", "/etc/nginx/b", "/srv/x"],
            &["/etc/nginx", "/srv/x"],
        );
        check("C:/", &["C:/src/a", "C:/src/b"], &["C:/src"]);
    }
}
