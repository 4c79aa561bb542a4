use crate::{Error, Info, Registry};

/// Registers `build_info` for a crate. Labels that are not known are left out.
///
/// # Errors
///
/// When the name is taken.
#[track_caller]
pub fn build_info<'v>(
    registry: &Registry,
    version: &str,
    revision: impl Into<Option<&'v str>>,
) -> Result<Info, Error> {
    registry
        .info("build", "What was built: the version of the program, its revision and the compiler.")
        .label("version", version)
        .label("revision", revision.into().unwrap_or_default())
        .label("rust_version", option_env!("INSTRUMENT_CORE_RUST_VERSION").unwrap_or_default())
        .register()
}

/// The first that says something.
#[must_use]
pub fn first_of<'v>(candidates: &[Option<&'v str>]) -> Option<&'v str> {
    candidates.iter().copied().flatten().find(|candidate| !candidate.is_empty())
}
