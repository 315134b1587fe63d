//! The extensions that may call the host.

/// The name by which browsers know the host.
pub const HOST_NAME: &str = "io.github.keeptab";
/// The extension's id in Chromium browsers, derived from the public key in its manifest.
pub const CHROMIUM_ID: &str = "pabbcbojmnokebkanfedgnkjhhebmpfn";
/// The extension's id in Firefox.
pub const FIREFOX_ID: &str = "browser@keeptab.github.io";

/// Returns true if the caller is our extension. Chromium browsers pass its origin first, Firefox its id second.
pub(super) fn is_ours(caller: &[String]) -> bool {
    match caller {
        [origin, ..] if origin.contains("://") => {
            origin
                .strip_prefix("chrome-extension://")
                .and_then(|id| id.strip_suffix('/'))
                == Some(CHROMIUM_ID)
        }
        [_manifest, id, ..] => id == FIREFOX_ID,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest as _, Sha256};

    #[track_caller]
    fn check(caller: &[&str], expected: bool) {
        let caller: Vec<String> = caller.iter().map(ToString::to_string).collect();
        assert_eq!(is_ours(&caller), expected, "{caller:?}");
    }

    #[test]
    fn only_our_extension_may_call() {
        let ours = format!("chrome-extension://{CHROMIUM_ID}/");
        check(&[&ours], true);
        check(&[&ours, "--parent-window=0"], true);
        check(&["/home/jane/.mozilla/native-messaging-hosts/x.json", FIREFOX_ID], true);
        check(&[], false);
        check(&["x"], false);
        check(&["chrome-extension://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/"], false);
        check(&[&format!("chrome-extension://{CHROMIUM_ID}")], false);
        check(&[&format!("https://{CHROMIUM_ID}/")], false);
        // A suffix does not make an origin ours.
        check(
            &["chrome-extension://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/", FIREFOX_ID],
            false,
        );
        check(&["/x.json", "other@example.com", FIREFOX_ID], false);
    }

    #[test]
    fn the_ids_are_those_of_the_manifest() {
        let manifest: serde_json::Value =
            serde_json::from_str(include_str!("../../../editors/browser/manifest.json")).unwrap();
        let key = manifest["chromium"]["key"].as_str().unwrap();
        let hash = Sha256::digest(decoded(key));
        let nibbles = hash.iter().take(16).flat_map(|byte| [byte >> 4, byte & 15]);
        let id: String = nibbles.map(|nibble| char::from(b'a' + nibble)).collect();
        assert_eq!(id, CHROMIUM_ID);
        let firefox = &manifest["firefox"]["browser_specific_settings"]["gecko"]["id"];
        assert_eq!(firefox, FIREFOX_ID);
    }

    /// Decodes base64, RFC 4648.
    fn decoded(text: &str) -> Vec<u8> {
        const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut bytes = Vec::new();
        let (mut bits, mut count) = (0_u32, 0);
        for letter in text.bytes().filter(|letter| *letter != b'=') {
            let value = LETTERS.iter().position(|known| *known == letter).expect("base64");
            bits = bits << 6 | u32::try_from(value).unwrap();
            count += 6;
            if count >= 8 {
                count -= 8;
                bytes.push(u8::try_from(bits >> count & 255).unwrap());
            }
        }
        bytes
    }
}
