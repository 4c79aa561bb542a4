/// Registers an [`Info`](crate::Info) that says what runs: `build_info{version="…",revision="…",rust_version="…"}`.
///
/// The version is that of the crate that it is written in, from its `Cargo.toml`. The revision is the first that is set, while that
/// crate is compiled, of the environment's `BUILD_REVISION`, `VERGEN_GIT_SHA`, `GITHUB_SHA` and `CI_COMMIT_SHA`; or it is given as
/// `revision = ..`, a `&str` or an `Option<&str>`. The version of Rust is that of the compiler. What is not known is left out.
///
/// It returns `Result<Info, Error>`, as the builders of [`Registry`](crate::Registry) do, whose prefix comes before the name.
///
/// ```
/// use instrument_core::{Registry, build_info};
///
/// let registry = Registry::builder().prefix("quotes").build()?;
/// build_info!(registry, revision = "6b00bc3")?;
///
/// let snapshot = registry.snapshot();
/// let labels: Vec<_> = snapshot.family("quotes_build_info").unwrap().series()[0].labels().collect();
/// assert!(labels.contains(&("revision", "6b00bc3")));
/// assert!(labels.contains(&("version", env!("CARGO_PKG_VERSION"))));
/// # Ok::<(), instrument_core::Error>(())
/// ```
///
/// With the revision from the environment:
///
/// ```sh
/// BUILD_REVISION=$(git rev-parse HEAD) cargo build --release
/// ```
#[macro_export]
macro_rules! build_info {
    ($registry:expr $(,)?) => {
        $crate::build_info!(
            $registry,
            revision = $crate::__private::first_of(&[
                ::core::option_env!("BUILD_REVISION"),
                ::core::option_env!("VERGEN_GIT_SHA"),
                ::core::option_env!("GITHUB_SHA"),
                ::core::option_env!("CI_COMMIT_SHA"),
            ])
        )
    };
    ($registry:expr, revision = $revision:expr $(,)?) => {
        $crate::__private::build_info(&$registry, ::core::env!("CARGO_PKG_VERSION"), $revision)
    };
}
