//! A QR code, drawn as one vector path.

use std::fmt::Write as _;

use qrcode::bits::Bits;
use qrcode::{Color, EcLevel, QrCode, Version};

/// A QR code of error correction level M.
pub(crate) struct Code {
    width: usize,
    dark: Vec<bool>,
}

impl Code {
    /// Encodes a text in the smallest version that holds it, `most` at most.
    ///
    /// All of it is encoded as bytes: text that an encoder takes for Kanji, to save some bits, would be read as Shift
    /// JIS.
    pub(super) fn of(text: &str, most: i16) -> Option<Self> {
        let bits = (1..=most).find_map(|version| {
            let mut bits = Bits::new(Version::Normal(version));
            bits.push_byte_data(text.as_bytes()).ok()?;
            bits.push_terminator(EcLevel::M).ok()?;
            Some(bits)
        });
        let code = QrCode::with_bits(bits?, EcLevel::M).ok()?;
        let dark = code.to_colors().into_iter().map(|color| color == Color::Dark);
        Some(Self {
            width: code.width(),
            dark: dark.collect(),
        })
    }

    /// Draws it as SVG. All dark modules are one path, so that no light shines through between them.
    pub(crate) fn svg(&self, cross: bool) -> String {
        let width = self.width;
        let mut path = String::new();
        for (y, row) in self.dark.chunks(width).enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|a, b| a == b) {
                if run.first() == Some(&true) {
                    let _ = write!(path, "M{x} {y}h{0}v1h-{0}z", run.len());
                }
                x += run.len();
            }
        }
        let cross = if cross { swiss_cross(width) } else { String::new() };
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {width}\"><path d=\"{path}\"/>{cross}</svg>"
        )
    }
}

/// The Swiss cross of 7 × 7 mm in the middle of a code of 46 × 46 mm (Swiss Implementation Guidelines QR-bill, 6.4.2):
/// white on black with a white rim. Its own unit is the millimetre.
fn swiss_cross(width: usize) -> String {
    format!(
        "<g transform=\"translate({0} {0}) scale({1})\"><path fill=\"#fff\" d=\"M-3.5-3.5h7v7h-7z\"/>\
         <path d=\"M-3.25-3.25h6.5v6.5h-6.5z\"/>\
         <path fill=\"#fff\" d=\"M-.58-1.95H.58V-.58H1.95V.58H.58V1.95H-.58V.58H-1.95V-.58H-.58z\"/></g>",
        in_halves(width),
        per_millimetre(width),
    )
}

fn in_halves(width: usize) -> String {
    format!("{}.{}", width / 2, if width.is_multiple_of(2) { 0 } else { 5 })
}

/// Modules in a millimetre of a code of 46 mm, to four decimals.
fn per_millimetre(width: usize) -> String {
    let ten_thousandths = width * 10_000 / 46;
    format!("{}.{:04}", ten_thousandths / 10_000, ten_thousandths % 10_000)
}
