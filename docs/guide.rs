//! The guide, a page a module: what `cargo test` runs of it are its examples. Read it in `src/`.

#[doc = include_str!("src/choosing-a-metric.md")]
pub mod choosing_a_metric {}

#[doc = include_str!("src/choosing-buckets.md")]
pub mod choosing_buckets {}

#[doc = include_str!("src/labels.md")]
pub mod labels {}

#[doc = include_str!("src/red-and-use.md")]
pub mod red_and_use {}

#[doc = include_str!("src/pull-or-push.md")]
pub mod pull_or_push {}

#[doc = include_str!("src/cost.md")]
pub mod cost {}

#[doc = include_str!("src/migrating.md")]
pub mod migrating {}

#[doc = include_str!("src/django-prometheus.md")]
pub mod django_prometheus {}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};
    use std::{fs, io};

    /// The targets of the links `[..](target)` in a page, without those to other sites.
    fn links(page: &str) -> impl Iterator<Item = &str> {
        let targets = page.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
        targets.map(|(target, _)| target).filter(|target| !target.contains("://"))
    }

    #[test]
    fn every_page_is_in_the_summary_and_is_compiled() -> io::Result<()> {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let summary = fs::read_to_string(source.join("SUMMARY.md"))?;
        for page in fs::read_dir(&source)? {
            let name = page?.file_name().to_string_lossy().into_owned();
            if name != "SUMMARY.md" {
                assert!(links(&summary).any(|target| target == name), "{name} is not in SUMMARY.md");
                let compiled = include_str!("guide.rs").contains(&format!("include_str!(\"src/{name}\")"));
                assert!(compiled || name == "README.md", "{name} is not in guide.rs");
            }
        }
        Ok(())
    }

    /// On docs.rs `instrument-core` is another project.
    #[test]
    fn no_page_leads_to_crates_of_others() -> io::Result<()> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut pages = vec![root.join("README.md")];
        for directory in [
            "docs/src",
            "examples",
            "instrument-core",
            "instrument-http",
            "instrument-macros",
            "instrument-statsd",
        ] {
            pages_below(&root.join(directory), &mut pages)?;
        }
        assert!(pages.len() > 100, "{} pages", pages.len());
        for page in pages {
            assert!(!fs::read_to_string(&page)?.contains("docs.rs/instrument-"), "{}", page.display());
        }
        Ok(())
    }

    fn pages_below(directory: &Path, pages: &mut Vec<PathBuf>) -> io::Result<()> {
        for entry in fs::read_dir(directory)? {
            let path = entry?.path();
            if path.is_dir() {
                pages_below(&path, pages)?;
            } else if path.extension().is_some_and(|extension| extension == "md" || extension == "rs") {
                pages.push(path);
            }
        }
        Ok(())
    }

    #[test]
    fn every_link_leads_to_a_file_of_the_book() -> io::Result<()> {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut seen = 0;
        for page in fs::read_dir(&source)? {
            let page = page?.path();
            for target in links(&fs::read_to_string(&page)?) {
                let file = target.split_once('#').map_or(target, |(file, _)| file);
                assert!(source.join(file).exists() && !file.contains(".."), "{}: {target}", page.display());
                seen += 1;
            }
        }
        assert!(seen > 10, "{seen} links");
        Ok(())
    }
}
