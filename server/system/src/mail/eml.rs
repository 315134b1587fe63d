//! A mail as a file (RFC 5322, MIME), which a mail program opens as one that is not sent yet.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Mail;

/// Separates the parts. No base64 has an underscore.
const BOUNDARY: &str = "=_keeptab";

impl Mail {
    /// Writes it with all attachments in it.
    ///
    /// # Errors
    ///
    /// If an attachment cannot be read.
    pub fn eml(&self) -> Result<String> {
        let mut text = String::from("MIME-Version: 1.0\r\nX-Unsent: 1\r\n");
        let (name, address) = &self.from;
        if let Some(address) = address {
            header(&mut text, "From", &format!("{} <{}>", encoded(name), plain(address)));
        }
        if let Some(address) = &self.to {
            header(&mut text, "To", &plain(address));
        }
        header(&mut text, "Subject", &encoded(&self.subject));
        header(
            &mut text,
            "Content-Type",
            &format!("multipart/mixed; boundary=\"{BOUNDARY}\""),
        );
        part(
            &mut text,
            "text/plain; charset=utf-8",
            None,
            self.body.replace('\n', "\r\n").as_bytes(),
        );
        for file in &self.attachments {
            let bytes = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
            part(
                &mut text,
                kind(file),
                file.file_name().and_then(|name| name.to_str()),
                &bytes,
            );
        }
        let _ = write!(text, "\r\n--{BOUNDARY}--\r\n");
        Ok(text)
    }
}

fn header(text: &mut String, name: &str, value: &str) {
    let _ = write!(text, "{name}: {value}\r\n");
}

fn part(text: &mut String, kind: &str, name: Option<&str>, bytes: &[u8]) {
    let _ = write!(text, "\r\n--{BOUNDARY}\r\n");
    header(text, "Content-Type", kind);
    header(text, "Content-Transfer-Encoding", "base64");
    if let Some(name) = name {
        let name: String = plain(name).chars().filter(|letter| !"\"\\".contains(*letter)).collect();
        header(text, "Content-Disposition", &format!("attachment; filename=\"{name}\""));
    }
    // A line has 76 characters at most (RFC 2045, 6.8).
    for bytes in bytes.chunks(57) {
        let _ = write!(text, "\r\n{}", STANDARD.encode(bytes));
    }
}

/// Writes a text of a header as encoded words, each of 75 characters at most (RFC 2047, 2).
fn encoded(text: &str) -> String {
    let mut words = vec![String::new()];
    for letter in plain(text).chars() {
        let full = words.last().is_some_and(|word| word.len() + letter.len_utf8() > 42);
        if full {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(letter);
        }
    }
    let words = words
        .iter()
        .map(|word| format!("=?utf-8?B?{}?=", STANDARD.encode(word)));
    words.collect::<Vec<_>>().join("\r\n ")
}

/// Returns a text without line breaks, which would begin another header.
fn plain(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).collect()
}

fn kind(file: &Path) -> &'static str {
    match file.extension().and_then(|ending| ending.to_str()) {
        Some("pdf") => "application/pdf",
        Some("xml") => "application/xml",
        Some("json") => "application/json",
        Some("html") => "text/html; charset=utf-8",
        Some("csv") => "text/csv; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_has_the_text_and_every_attachment() {
        let folder = tempfile::tempdir().unwrap();
        let files = ["JDS-202611-0001.pdf", "JDS-202611-0001-ubl.xml"].map(|name| folder.path().join(name));
        for file in &files {
            std::fs::write(file, [0_u8; 60]).unwrap();
        }
        let mail = Mail {
            from: ("Müller & Söhne".to_owned(), Some("jane@example.com".to_owned())),
            to: Some("pay@acme.example\r\nBcc: other@example.com".to_owned()),
            subject: "Rechnung JDS-202611-0001".to_owned(),
            body: "Guten Tag,\n".to_owned(),
            attachments: files.into(),
        };
        expect_test::expect![[r#"
            MIME-Version: 1.0
            X-Unsent: 1
            From: =?utf-8?B?TcO8bGxlciAmIFPDtmhuZQ==?= <jane@example.com>
            To: pay@acme.exampleBcc: other@example.com
            Subject: =?utf-8?B?UmVjaG51bmcgSkRTLTIwMjYxMS0wMDAx?=
            Content-Type: multipart/mixed; boundary="=_keeptab"

            --=_keeptab
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: base64

            R3V0ZW4gVGFnLA0K
            --=_keeptab
            Content-Type: application/pdf
            Content-Transfer-Encoding: base64
            Content-Disposition: attachment; filename="JDS-202611-0001.pdf"

            AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
            AAAA
            --=_keeptab
            Content-Type: application/xml
            Content-Transfer-Encoding: base64
            Content-Disposition: attachment; filename="JDS-202611-0001-ubl.xml"

            AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
            AAAA
            --=_keeptab--
        "#]]
        .assert_eq(&mail.eml().unwrap().replace('\r', ""));
    }

    #[test]
    fn long_names_are_several_words() {
        let name = "ü".repeat(50);
        let encoded = encoded(&name);
        assert!(encoded.lines().all(|line| line.trim().len() <= 75), "{encoded}");
        let bytes = encoded.lines().flat_map(|line| {
            let word = line
                .trim()
                .strip_prefix("=?utf-8?B?")
                .unwrap()
                .strip_suffix("?=")
                .unwrap();
            STANDARD.decode(word).unwrap()
        });
        assert_eq!(String::from_utf8(bytes.collect()).unwrap(), name);
    }
}
