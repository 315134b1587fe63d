use std::io::{self, Read as _};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use anyhow::{bail, ensure};
use keeptab_import::{Each, Found};

use super::*;

/// A tool with a number of rows, after which its file cannot be read.
struct Counting(u64);

impl Importer for Counting {
    fn read(&mut self, _: Input, _: &Conventions, each: Each<'_>) -> Result<()> {
        for line in 1..=self.0 {
            let found = Found::Aside;
            if each(Row { line, found }).is_break() {
                return Ok(());
            }
        }
        bail!("the disk is gone");
    }
}

fn read(rows_of_file: u64, each: impl FnMut(&mut Row) -> Result<()>) -> String {
    let input = Input::new(io::empty()).unwrap();
    let read = rows(
        &mut Counting(rows_of_file),
        (input, Conventions::default()),
        |row| row,
        each,
    );
    read.map_or_else(|error| error.to_string(), |_| "all".to_owned())
}

#[test]
fn rows_come_in_their_order_up_to_what_cannot_be_read() {
    let mut lines = Vec::new();
    let ended = read(1_000, |row| {
        lines.push(row.line);
        Ok(())
    });
    assert_eq!(ended, "the disk is gone");
    assert!(lines.into_iter().eq(1..=1_000));
}

#[test]
fn a_file_without_end_is_left_where_a_row_cannot_be_kept() {
    let ended = read(u64::MAX, |row| {
        ensure!(row.line < 500, "the disk is full");
        Ok(())
    });
    assert_eq!(ended, "the disk is full");
}

#[test]
fn long_rows_do_not_wait_by_the_thousand() {
    /// A tool with a row each 64 KiB.
    struct Long(Arc<AtomicU64>);
    impl Importer for Long {
        fn read(&mut self, mut input: Input, _: &Conventions, each: Each<'_>) -> Result<()> {
            let mut row = vec![0; 64 * 1024];
            while input.read_exact(&mut row).is_ok() {
                let line = self.0.fetch_add(1, Ordering::Relaxed) + 1;
                let found = Found::Aside;
                if each(Row { line, found }).is_break() {
                    break;
                }
            }
            Ok(())
        }
    }
    let come = Arc::new(AtomicU64::new(0));
    let input = Input::new(io::repeat(b'x').take(1_000 * 64 * 1024)).unwrap();
    let how = (input, Conventions::default());
    let (mut taken, mut most) = (0, 0);
    let each = |row: &mut Row| {
        taken = row.line;
        most = most.max(come.load(Ordering::Relaxed) - taken);
        Ok(())
    };
    rows(&mut Long(Arc::clone(&come)), how, |row| row, each).unwrap();
    assert_eq!(taken, 1_000);
    // A piece in either hand and those that wait between them, each with a buffer more than its bytes.
    assert!(most <= (2 + WAITING as u64) * (PIECE_BYTES / (64 * 1024) + 2), "{most}");
}

#[test]
#[should_panic(expected = "an importer's mistake")]
fn a_mistake_in_an_importer_is_not_taken_for_the_end() {
    struct Broken;
    impl Importer for Broken {
        fn read(&mut self, _: Input, _: &Conventions, _: Each<'_>) -> Result<()> {
            panic!("an importer's mistake")
        }
    }
    let input = Input::new(io::empty()).unwrap();
    let _ = rows(&mut Broken, (input, Conventions::default()), |row| row, |_| Ok(()));
}
