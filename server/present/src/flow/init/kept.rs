//! Answers of a setup that was not finished: kept in a file, and proposed the next time.

use std::fs;

use keeptab_system::home::{Home, write_whole};
use keeptab_system::plain::{LONGEST_TEXT, read_text};
use tracing::warn;

use super::Answers;

/// Returns the kept answers; none if there are none, or if they cannot be read.
pub(super) fn read(home: &Home) -> Answers {
    let text = read_text(&home.setup(), LONGEST_TEXT);
    text.ok()
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}

/// Keeps answers. A disk that refuses does not end the setup.
pub(super) fn keep(home: &Home, answers: &Answers) {
    let written = serde_json::to_vec(answers).map_err(Into::into);
    if let Err(error) = written.and_then(|bytes| write_whole(&home.setup(), &bytes)) {
        warn!("the answers of the setup are not kept: {error:#}");
    }
}

/// Removes the kept answers.
pub(super) fn forget(home: &Home) {
    let _ = fs::remove_file(home.setup());
}
