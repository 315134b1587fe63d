//! `SQLite`'s file system over the system's own one: it asks the thread's disk before it changes a file of it.
//!
//! It becomes the default of the process, so that the engine opens files as it always does. Files outside the disk, temporary
//! ones and files of threads without a disk pass through unchanged.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::mem::size_of;
use std::path::{Path, PathBuf};
use std::ptr::{null, null_mut};
use std::slice;
use std::sync::Once;
use std::sync::atomic::{AtomicPtr, Ordering};

use rusqlite::ffi::{
    SQLITE_CANTOPEN, SQLITE_FULL, SQLITE_IOERR, SQLITE_IOERR_DELETE, SQLITE_IOERR_FSYNC, SQLITE_IOERR_TRUNCATE,
    SQLITE_IOERR_WRITE, SQLITE_OK, SQLITE_OPEN_CREATE, SQLITE_OPEN_MAIN_JOURNAL, SQLITE_OPEN_WAL, sqlite3_file,
    sqlite3_int64, sqlite3_io_methods, sqlite3_randomness, sqlite3_vfs, sqlite3_vfs_find, sqlite3_vfs_register,
};

use crate::model::{May, Model};
use crate::with;

/// An open file: the system's own one follows it in memory.
#[repr(C)]
struct Open {
    base: sqlite3_file,
    /// The file of the thread's disk; null if it is none. It was made by [`Box::into_raw`].
    tracked: *mut Tracked,
}

struct Tracked {
    path: PathBuf,
    number: u64,
    /// True until a sync of the file has brought its name to the disk, too.
    syncs_folder: bool,
}

/// The system's own file system; set once, before any file is opened with ours, and never freed.
static REAL: AtomicPtr<sqlite3_vfs> = AtomicPtr::new(null_mut());
static REGISTERED: Once = Once::new();

static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

/// Makes this file system the default of the process, once.
pub(crate) fn register() {
    REGISTERED.call_once(|| {
        // SAFETY: SQLite returns its own default, which lives as long as the process. The copy is leaked, so it lives as long,
        // too.
        unsafe {
            let real = sqlite3_vfs_find(null());
            assert!(!real.is_null(), "SQLite has a file system");
            let mut ours = Box::new(*real);
            ours.szOsFile = c_int::try_from(size_of::<Open>()).unwrap_or_default() + (*real).szOsFile;
            ours.pNext = null_mut();
            ours.zName = c"keeptab-sim".as_ptr();
            ours.xOpen = Some(open);
            ours.xDelete = Some(delete);
            ours.xRandomness = Some(randomness);
            ours.xSleep = Some(sleep);
            let ours = Box::into_raw(ours);
            REAL.store(real, Ordering::Release);
            assert_eq!(sqlite3_vfs_register(ours, 1), SQLITE_OK);
        }
    });
}

/// Makes `SQLite` ask for new random numbers.
pub(crate) fn begin_again() {
    // SAFETY: with a length of 0, SQLite only drops the state of its generator.
    unsafe { sqlite3_randomness(0, null_mut()) }
}

/// Returns the system's own file system.
fn real() -> *mut sqlite3_vfs {
    REAL.load(Ordering::Acquire)
}

/// Returns the system's own file behind one of ours.
///
/// # Safety
///
/// `file` must be one that `SQLite` allocated for this file system.
unsafe fn inner(file: *mut sqlite3_file) -> *mut sqlite3_file {
    // SAFETY: SQLite allocates `szOsFile` bytes, which are ours and then those of the real file system.
    unsafe { file.cast::<u8>().add(size_of::<Open>()).cast() }
}

/// Returns the methods of the system's own file behind one of ours.
///
/// # Safety
///
/// As [`inner`]; the file must be open.
unsafe fn methods(file: *mut sqlite3_file) -> &'static sqlite3_io_methods {
    // SAFETY: an open file has methods, which are static data of SQLite.
    unsafe { &*(*inner(file)).pMethods }
}

/// Returns the disk's part of a file.
///
/// # Safety
///
/// As [`inner`]; the file must be open.
unsafe fn tracked<'f>(file: *mut sqlite3_file) -> Option<&'f mut Tracked> {
    // SAFETY: the pointer is null or was made by `Box::into_raw`, and is freed when the file is closed. SQLite uses a file
    // in one thread at a time.
    unsafe { (*file.cast::<Open>()).tracked.as_mut() }
}

/// Passes a call to the system's own file.
macro_rules! pass {
    ($file:expr, $method:ident $(, $argument:expr)*) => {
        // SAFETY: SQLite calls methods of open files only, and the real methods are those of the file behind ours.
        unsafe { methods($file).$method.map_or(SQLITE_IOERR, |method| method(inner($file) $(, $argument)*)) }
    };
}

/// Asks the disk about a change of a file; `May::Go` for a file that is none of it.
fn admit(file: *mut sqlite3_file, word: &str) -> May {
    // SAFETY: SQLite calls methods of open files only.
    let Some(tracked) = (unsafe { tracked(file) }) else {
        return May::Go;
    };
    with(|model| model.admit(word, &tracked.path)).unwrap_or(May::Go)
}

/// Tells the disk of a change of a file.
fn note(file: *mut sqlite3_file, tell: impl FnOnce(&mut Model, &mut Tracked)) {
    // SAFETY: SQLite calls methods of open files only.
    if let Some(tracked) = unsafe { tracked(file) } {
        with(|model| tell(model, tracked));
    }
}

unsafe extern "C" fn open(
    _: *mut sqlite3_vfs,
    name: *const c_char,
    file: *mut sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: the file is memory for this file system, and unused. A failed open leaves it without methods.
    unsafe {
        (*file).pMethods = null();
        (*file.cast::<Open>()).tracked = null_mut();
        (*inner(file)).pMethods = null();
    }
    // SAFETY: the name is null or ends in a zero.
    let path = (!name.is_null()).then(|| unsafe { path_of(name) });
    let path = path.filter(|path| with(|model| model.has(path)) == Some(true));
    if let Some(path) = &path
        && with(|model| model.admit("opening", path)) != Some(May::Go)
    {
        return SQLITE_CANTOPEN;
    }
    let real = real();
    // SAFETY: these are SQLite's own arguments, for its own file system and the part of the memory that is for it.
    let opened = unsafe {
        (*real)
            .xOpen
            .map_or(SQLITE_CANTOPEN, |open| open(real, name, inner(file), flags, out))
    };
    // SAFETY: as above; a file that has methods must be closed.
    let has_methods = unsafe { !(*inner(file)).pMethods.is_null() };
    if has_methods {
        // SAFETY: the methods are static, and expect files of this layout.
        unsafe { (*file).pMethods = &raw const METHODS }
    }
    if opened == SQLITE_OK
        && let Some(path) = path
        && let Some(Ok(number)) = with(|model| model.opened(&path))
    {
        // As SQLite's own file system does: each handle that may have made a log syncs the folder once.
        let is_log = flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL) != 0;
        let syncs_folder = is_log && flags & SQLITE_OPEN_CREATE != 0;
        let tracked = Box::new(Tracked {
            path,
            number,
            syncs_folder,
        });
        // SAFETY: it is freed when the file is closed.
        unsafe { (*file.cast::<Open>()).tracked = Box::into_raw(tracked) }
    }
    opened
}

/// Returns a path of `SQLite`'s.
///
/// # Safety
///
/// The name must end in a zero.
unsafe fn path_of(name: *const c_char) -> PathBuf {
    // SAFETY: the caller says so.
    let name = unsafe { CStr::from_ptr(name) };
    PathBuf::from(name.to_string_lossy().into_owned())
}

unsafe extern "C" fn delete(_: *mut sqlite3_vfs, name: *const c_char, syncs_folder: c_int) -> c_int {
    // SAFETY: SQLite's names end in a zero.
    let path = unsafe { path_of(name) };
    let is_ours = with(|model| model.has(&path)) == Some(true) && path.exists();
    if is_ours {
        let may = with(|model| {
            let may = model.admit("removing", &path);
            let _ = model.look_at_folder_of(&path);
            may
        });
        if may != Some(May::Go) {
            return SQLITE_IOERR_DELETE;
        }
    }
    let real = real();
    // SAFETY: these are SQLite's own arguments, for its own file system.
    let deleted = unsafe {
        (*real)
            .xDelete
            .map_or(SQLITE_IOERR_DELETE, |delete| delete(real, name, 0))
    };
    if is_ours && syncs_folder != 0 {
        sync_folder_of(&path);
    }
    deleted
}

fn sync_folder_of(path: &Path) {
    if let Some(folder) = path.parent() {
        with(|model| model.sync_folder(folder).is_ok());
    }
}

unsafe extern "C" fn randomness(vfs: *mut sqlite3_vfs, length: c_int, out: *mut c_char) -> c_int {
    let random = with(|model| model.random("SQLite"));
    let Some((mut random, bytes)) = random.zip(usize::try_from(length).ok()) else {
        let real = real();
        // SAFETY: these are SQLite's own arguments, for its own file system.
        return unsafe { (*real).xRandomness.map_or(0, |fill| fill(vfs, length, out)) };
    };
    // SAFETY: SQLite has so many bytes there.
    random.fill(unsafe { slice::from_raw_parts_mut(out.cast(), bytes) });
    length
}

/// Waits for nobody in a thread with a disk: nobody else is there who could free a lock meanwhile.
unsafe extern "C" fn sleep(vfs: *mut sqlite3_vfs, microseconds: c_int) -> c_int {
    if with(|_| ()).is_some() {
        return microseconds;
    }
    let real = real();
    // SAFETY: these are SQLite's own arguments, for its own file system.
    unsafe { (*real).xSleep.map_or(0, |sleep| sleep(vfs, microseconds)) }
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    let closed = pass!(file, xClose);
    let open = file.cast::<Open>();
    // SAFETY: SQLite closes a file once; the pointer is null or was made by `Box::into_raw`.
    unsafe {
        if !(*open).tracked.is_null() {
            drop(Box::from_raw((*open).tracked));
            (*open).tracked = null_mut();
        }
    }
    closed
}

unsafe extern "C" fn read(file: *mut sqlite3_file, bytes: *mut c_void, length: c_int, offset: sqlite3_int64) -> c_int {
    pass!(file, xRead, bytes, length, offset)
}

unsafe extern "C" fn write(
    file: *mut sqlite3_file,
    bytes: *const c_void,
    length: c_int,
    offset: sqlite3_int64,
) -> c_int {
    let (part, written) = match admit(file, "writing") {
        May::Go => (length, SQLITE_OK),
        May::Part(part) => {
            let part = i64::from(length) * i64::from(part) / 1000;
            (c_int::try_from(part).unwrap_or_default(), SQLITE_IOERR_WRITE)
        }
        May::Refused if with(Model::trouble) == Some(28) => return SQLITE_FULL,
        May::Refused => return SQLITE_IOERR_WRITE,
    };
    let passed = pass!(file, xWrite, bytes, part, offset);
    if passed != SQLITE_OK {
        return passed;
    }
    note(file, |model, tracked| {
        let count = usize::try_from(part).unwrap_or_default();
        // SAFETY: SQLite has `length` bytes there, and `part` is no more.
        let bytes = unsafe { slice::from_raw_parts(bytes.cast::<u8>(), count) };
        model.wrote(tracked.number, usize::try_from(offset).unwrap_or_default(), bytes);
    });
    written
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, length: sqlite3_int64) -> c_int {
    let may = admit(file, "cutting");
    if may != May::Go && may != May::Part(1000) {
        return SQLITE_IOERR_TRUNCATE;
    }
    let passed = pass!(file, xTruncate, length);
    if passed == SQLITE_OK {
        note(file, |model, tracked| {
            model.cut(tracked.number, usize::try_from(length).unwrap_or_default());
        });
    }
    if may == May::Go { passed } else { SQLITE_IOERR_TRUNCATE }
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, flags: c_int) -> c_int {
    let may = admit(file, "syncing");
    if may != May::Go && may != May::Part(1000) {
        return SQLITE_IOERR_FSYNC;
    }
    // SAFETY: SQLite calls methods of open files only.
    if unsafe { tracked(file) }.is_none() {
        return pass!(file, xSync, flags);
    }
    note(file, |model, tracked| {
        let _ = model.sync_number(tracked.number);
        if std::mem::take(&mut tracked.syncs_folder)
            && let Some(folder) = tracked.path.parent()
        {
            let _ = model.sync_folder(folder);
        }
    });
    if may == May::Go { SQLITE_OK } else { SQLITE_IOERR_FSYNC }
}

unsafe extern "C" fn file_size(file: *mut sqlite3_file, size: *mut sqlite3_int64) -> c_int {
    pass!(file, xFileSize, size)
}

unsafe extern "C" fn lock(file: *mut sqlite3_file, level: c_int) -> c_int {
    pass!(file, xLock, level)
}

unsafe extern "C" fn unlock(file: *mut sqlite3_file, level: c_int) -> c_int {
    pass!(file, xUnlock, level)
}

unsafe extern "C" fn check_reserved_lock(file: *mut sqlite3_file, out: *mut c_int) -> c_int {
    pass!(file, xCheckReservedLock, out)
}

unsafe extern "C" fn file_control(file: *mut sqlite3_file, operation: c_int, argument: *mut c_void) -> c_int {
    pass!(file, xFileControl, operation, argument)
}

unsafe extern "C" fn sector_size(file: *mut sqlite3_file) -> c_int {
    pass!(file, xSectorSize)
}

unsafe extern "C" fn device_characteristics(file: *mut sqlite3_file) -> c_int {
    pass!(file, xDeviceCharacteristics)
}

unsafe extern "C" fn shm_map(
    file: *mut sqlite3_file,
    region: c_int,
    size: c_int,
    extends: c_int,
    out: *mut *mut c_void,
) -> c_int {
    pass!(file, xShmMap, region, size, extends, out)
}

unsafe extern "C" fn shm_lock(file: *mut sqlite3_file, offset: c_int, count: c_int, flags: c_int) -> c_int {
    pass!(file, xShmLock, offset, count, flags)
}

unsafe extern "C" fn shm_barrier(file: *mut sqlite3_file) {
    // SAFETY: SQLite calls methods of open files only.
    unsafe {
        if let Some(barrier) = methods(file).xShmBarrier {
            barrier(inner(file));
        }
    }
}

unsafe extern "C" fn shm_unmap(file: *mut sqlite3_file, deletes: c_int) -> c_int {
    // A program that was killed removes nothing.
    // SAFETY: SQLite calls methods of open files only.
    let is_tracked = unsafe { tracked(file) }.is_some();
    let is_dead = is_tracked && with(|model| model.is_dead()) == Some(true);
    pass!(file, xShmUnmap, if is_dead { 0 } else { deletes })
}
