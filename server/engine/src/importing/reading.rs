//! A file read on two threads: one takes it apart, the other decides what becomes of each row.

use std::ops::ControlFlow;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::{mem, panic, thread};

use anyhow::Result;
use keeptab_import::{Conventions, Importer, Input, Row};

/// The rows handed over at once: waking the other thread takes as long as some rows do.
const PIECE: usize = 1_000;
/// The bytes of the file handed over at once: a field may be long, and memory must not grow with the file.
const PIECE_BYTES: u64 = 512 * 1024;
/// The pieces that may wait.
const WAITING: usize = 2;

/// Passes the result of `apart` for every row of a file to `each`, in order, and returns the conventions that the rows
/// showed. `apart` runs on another thread than `each`. Rows are dropped on the thread that made them: freeing memory
/// of another thread makes both wait for each other.
///
/// # Errors
///
/// If the file cannot be read, or `each` fails; then the rest is not read.
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
            // If the receiver is gone, it has its own error to report.
            let _ = sender.send(piece);
            read.map(|()| conventions)
        });
        let taken = receiver.iter().try_for_each(|mut piece| {
            piece.iter_mut().try_for_each(&mut each)?;
            // If reading has ended, the piece is not needed.
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
