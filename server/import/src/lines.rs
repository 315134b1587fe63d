//! Files that are read line by line.

use std::io::{BufRead as _, Read as _};
use std::ops::ControlFlow;

use anyhow::Result;

use super::Input;
use super::input::text;

/// The most bytes of a line.
const LONGEST: u64 = 64 * 1024;

/// Passes each line with its number, from 1, to `each`, until it breaks. Spaces at the end are removed.
pub(super) fn lines(input: Input, mut each: impl FnMut(u64, &str) -> ControlFlow<()>) -> Result<()> {
    whole_lines(input, |number, line| each(number, line.trim_end()))
}

/// Passes each line with its spaces.
pub(super) fn whole_lines(mut input: Input, mut each: impl FnMut(u64, &str) -> ControlFlow<()>) -> Result<()> {
    let (mut bytes, mut line, mut number) = (Vec::new(), String::new(), 0);
    loop {
        bytes.clear();
        if (&mut input).take(LONGEST).read_until(b'\n', &mut bytes)? == 0 {
            return Ok(());
        }
        number += 1;
        text(&bytes, &mut line);
        if each(number, line.trim_end_matches(['\r', '\n'])).is_break() {
            return Ok(());
        }
    }
}
