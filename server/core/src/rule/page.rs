//! Globs on pages, in the form in which pages are stored, so that the two compare byte by byte.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use url::Host;

use super::RuleError;

/// Characters that the URL standard encodes in a path and no glob needs.
const ENCODED: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`');
/// The form of `^` in a path since the URL standard of 2024; older browsers and libraries leave it as it is.
pub(crate) const CARET: &str = "%5E";
const SPECIAL: [char; 6] = ['*', '?', '[', ']', '{', '}'];

/// Normalises a glob: scheme and host in lower case, the host in IDNA form and without the scheme's usual port, the
/// path percent-encoded beyond ASCII.
///
/// # Errors
///
/// If the glob has no scheme, has a fragment, or has a host or a set that no URL can have.
pub(super) fn normal(glob: &str) -> Result<String, RuleError> {
    let (scheme, rest) = glob.split_once("://").ok_or(RuleError::NoScheme)?;
    if rest.contains('#') {
        return Err(RuleError::Fragment);
    }
    let scheme = scheme.to_ascii_lowercase();
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let usual = match &*scheme {
        "http" => ":80",
        "https" => ":443",
        _ => "",
    };
    let authority = authority.strip_suffix(usual).unwrap_or(authority);
    Ok(format!("{scheme}://{}{}", host(authority)?, encoded(path)?))
}

/// Writes the host, which may have a port.
fn host(authority: &str) -> Result<String, RuleError> {
    let address = authority.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let address = address.map(|(text, port)| (Host::parse(&format!("[{text}]")), port));
    if let Some((Ok(Host::Ipv6(address)), port)) = address {
        return Ok(format!("{}{port}", globset::escape(&format!("[{address}]"))));
    }
    let labels: Result<Vec<String>, RuleError> = authority.split('.').map(label).collect();
    Ok(labels?.join("."))
}

fn label(label: &str) -> Result<String, RuleError> {
    if label.is_ascii() {
        return Ok(label.to_ascii_lowercase());
    }
    let (name, port) = label.split_at(label.find(':').unwrap_or(label.len()));
    match Host::parse(name) {
        Ok(Host::Domain(domain)) if !name.contains(SPECIAL) => Ok(format!("{domain}{port}")),
        _ => Err(RuleError::Host(label.to_owned())),
    }
}

fn encoded(path: &str) -> Result<String, RuleError> {
    let sets = path
        .split('[')
        .skip(1)
        .map(|rest| rest.split(']').next().unwrap_or(rest));
    if !sets.into_iter().all(str::is_ascii) {
        return Err(RuleError::Set);
    }
    let mut written = String::new();
    let mut in_set = false;
    for letter in utf8_percent_encode(path, ENCODED).flat_map(str::chars) {
        in_set = letter == '[' || in_set && letter != ']';
        match letter {
            '^' if !in_set => written.push_str(CARET),
            letter => written.push(letter),
        }
    }
    Ok(written)
}
