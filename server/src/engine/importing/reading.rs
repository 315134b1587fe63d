//! A file read on two threads: one takes it apart, the other decides what becomes of each row.

use std::ops::ControlFlow;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::{mem, panic, thread};

use anyhow::Result;

use crate::import::{Conventions, Importer, Input, Row};

/// Rows that are handed over at once: to wake the other thread takes as long as some rows do.
const PIECE: usize = 1_000;
/// Bytes of the file that are handed over at once: a field may be long, and memory is not to grow with the file.
const PIECE_BYTES: u64 = 512 * 1024;
/// Pieces that wait.
const WAITING: usize = 2;

/// Hands over what `apart` makes of every row of a file, in its order, and returns what the rows told of their conventions.
/// What `apart` does takes no time from `each`, and what `each` leaves of a row is dropped where it was made: memory that
/// one thread takes and the other gives back has them wait for each other.
///
/// # Errors
///
/// Where the file cannot be read, or `each` fails; then the rest is not read.
pub(super) fn rows<T: Send>(
    importer: &mut dyn Importer,
    (input, conventions): (Input, Conventions),
    apart: impl Fn(Row) -> T + Send,
    mut each: impl FnMut(&mut T) -> Result<()>,
) -> Result<Conventions> {
    let (sender, receiver) = mpsc::sync_channel::<Vec<T>>(WAITING);
    let (give_back, spent) = mpsc::channel::<Vec<T>>();
    let bytes = input.progress();
    thread::scope(|scope| {
        let reading = scope.spawn(move || {
            let mut piece = Vec::with_capacity(PIECE);
            let mut begun = bytes.load(Ordering::Relaxed);
            let read = importer.read(input, &conventions, &mut |row| {
                piece.push(apart(row));
                let now = bytes.load(Ordering::Relaxed);
                if piece.len() < PIECE && now - begun < PIECE_BYTES {
                    return ControlFlow::Continue(());
                }
                begun = now;
                let mut next = spent.try_recv().unwrap_or_else(|_| Vec::with_capacity(PIECE));
                next.clear();
                let full = mem::replace(&mut piece, next);
                match sender.send(full) {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(_) => ControlFlow::Break(()),
                }
            });
            // Where nobody takes it any more, that is told by whoever stopped.
            let _ = sender.send(piece);
            read.map(|()| conventions)
        });
        let taken = receiver.iter().try_for_each(|mut piece| {
            piece.iter_mut().try_for_each(&mut each)?;
            // Where nothing more is read, nobody wants it.
            let _ = give_back.send(piece);
            Ok(())
        });
        drop(receiver);
        let read = reading.join().unwrap_or_else(|panicked| panic::resume_unwind(panicked));
        taken.and(read)
    })
}

#[cfg(test)]
mod tests;
