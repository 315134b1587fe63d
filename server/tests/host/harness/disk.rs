//! Files on the disk.

use std::fs;
use std::path::{Path, PathBuf};

/// Returns all files below a folder.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files
}

/// Returns the files below a folder that contain a text, in UTF-8 or UTF-16.
pub fn holds(folder: &Path, text: &str) -> Vec<PathBuf> {
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let contains = |bytes: &[u8], wanted: &[u8]| bytes.windows(wanted.len()).any(|window| window == wanted);
    let mut files = files_below(folder);
    files.retain(|file| {
        // A file that was removed meanwhile, such as a temporary one, contains nothing.
        let bytes = fs::read(file).unwrap_or_default();
        contains(&bytes, text.as_bytes()) || contains(&bytes, &wide)
    });
    files
}
