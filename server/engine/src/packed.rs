//! Small numbers as few bytes, for caches.

/// Writes a number that is not negative, seven bits a byte, the lowest first.
pub(super) fn put(bytes: &mut Vec<u8>, number: i64) {
    let mut rest = number.unsigned_abs();
    loop {
        let low = (rest & 0x7f) as u8;
        rest >>= 7;
        if rest == 0 {
            bytes.push(low);
            return;
        }
        bytes.push(low | 0x80);
    }
}

/// Reads a number, and moves on past it; `None` at the end.
pub(super) fn get(bytes: &mut &[u8]) -> Option<i64> {
    let mut number = 0_i64;
    for shift in (0..63).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= i64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

/// Writes a number that may be negative.
pub(super) fn put_signed(bytes: &mut Vec<u8>, number: i64) {
    put(bytes, (number << 1) ^ (number >> 63));
}

/// Reads a number that may be negative.
pub(super) fn get_signed(bytes: &mut &[u8]) -> Option<i64> {
    let number = get(bytes)?;
    Some((number >> 1) ^ -(number & 1))
}

/// Writes a text with its length before it.
pub(super) fn put_text(bytes: &mut Vec<u8>, text: &str) {
    put(bytes, i64::try_from(text.len()).unwrap_or_default());
    bytes.extend_from_slice(text.as_bytes());
}

/// Reads a text.
pub(super) fn get_text<'a>(bytes: &mut &'a [u8]) -> Option<&'a str> {
    let length = usize::try_from(get(bytes)?).ok()?;
    let (text, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    std::str::from_utf8(text).ok()
}
