//! The stamp of a written text, at the end of its header.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

use super::{Revision, Sheet, print};

/// A revision, and the beginning of the SHA-256 of the text below the header line as it was written: `r1842-3f9a`.
///
/// A revision is unique in one store only, and easily guessed; with the hash it names a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stamp {
    /// The number of the text.
    pub revision: Revision,
    /// The first two bytes of the hash; `None` in a text that a version before 0.2 wrote.
    pub hash: Option<u16>,
}

impl Stamp {
    /// Returns the stamp of a text whose lines below the header are `body`.
    pub(super) fn of(revision: Revision, body: &str) -> Self {
        let [first, second, ..] = <[u8; 32]>::from(Sha256::digest(body));
        let hash = Some(u16::from_be_bytes([first, second]));
        Self { revision, hash }
    }

    /// Returns the stamp that [`print()`] gives a sheet.
    #[must_use]
    pub fn printed(sheet: &Sheet) -> Self {
        let text = print(sheet);
        let (_, body) = text.split_once('\n').unwrap_or_default();
        Self::of(sheet.revision, body)
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.revision)?;
        self.hash.map_or(Ok(()), |hash| write!(f, "-{hash:04x}"))
    }
}

/// Reads `r1842-3f9a`, or `r1842` of earlier versions.
impl FromStr for Stamp {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let rest = text.strip_prefix('r').ok_or(())?;
        let (number, hash) = match rest.split_once('-') {
            Some((number, hash)) if hash.len() == 4 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
                (number, Some(u16::from_str_radix(hash, 16).map_err(drop)?))
            }
            Some(_) => return Err(()),
            None => (rest, None),
        };
        let revision = Revision(number.parse().map_err(drop)?);
        Ok(Self { revision, hash })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_read_as_it_is_shown() {
        let stamp = Stamp::of(Revision(1842), "");
        assert_eq!(stamp.to_string(), "r1842-e3b0", "SHA-256 of nothing is e3b0c442…");
        assert_eq!(stamp.to_string().parse(), Ok(stamp));
        let old = Stamp {
            revision: Revision(7),
            hash: None,
        };
        assert_eq!(old.to_string().parse(), Ok(old));
        for text in [
            "",
            "r",
            "1842-3f9a",
            "r1842-",
            "r1842-3f9",
            "r1842-3f9a0",
            "r1842-+f9a",
            "r-3f9a",
            "r1-2-3f9a",
        ] {
            assert_eq!(text.parse::<Stamp>(), Err(()), "{text}");
        }
    }
}
