use crate::Error;
pub use crate::cells::Shared;

/// Shares something among threads that make and drop handles all the time, for a metric of some name. No two threads write to the same place for it.
///
/// What is shared is dropped some time after its last handle: when others that were shared are done with too, and perhaps never.
///
/// # Errors
///
/// [`Error::Full`], as counts of handles take cells.
pub fn shared<T: Send + Sync>(value: T, metric: &str) -> Result<Shared<T>, Error> {
    let (handle, _owner) = Shared::new(value).ok_or_else(|| Error::Full { name: metric.to_owned() })?;
    Ok(handle)
}
