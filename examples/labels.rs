//! One metric, told apart by labels: a struct says which labels there are, and the compiler that none is misspelled or missing.
//!
//!     $ cargo run -p instrument-examples --example labels
//!     instrument_overflow_total{family="quotes_searched"} 2
//!     quotes_searched_total{author="Montaigne"} 1
//!     quotes_searched_total{author="__overflow__"} 2
//!     quotes_served_total{lang="en",format="html"} 2
//!     quotes_served_total{lang="en",format="json"} 0
//!     quotes_served_total{lang="fr",format="html"} 0
//!     quotes_served_total{lang="fr",format="json"} 1
//!
//! All values of `Served` are known when it is compiled, so its series are there from the start, at zero, and are found by index. Authors are
//! anything that users type: whoever takes such text for a label bounds it, and what has no room is counted together.

use instrument_core::{Error, LabelValue, Labels, Registry};
use instrument_http::TextEncoder;

#[derive(LabelValue)]
enum Lang {
    En,
    Fr,
}

#[derive(LabelValue)]
enum Format {
    Html,
    Json,
}

#[derive(Labels)]
struct Served {
    lang: Lang,
    format: Format,
}

#[derive(Labels)]
struct Searched<'a> {
    author: &'a str,
}

fn main() -> Result<(), Error> {
    let registry = Registry::new();

    let served = registry.counter("quotes_served", "Quotations served.").labels::<Served>().register()?;
    served.inc(&Served { lang: Lang::En, format: Format::Html });
    served.inc(&Served { lang: Lang::Fr, format: Format::Json });
    // Who counts the same series again and again keeps a handle on it.
    let english_pages = served.with(&Served { lang: Lang::En, format: Format::Html });
    english_pages.inc();

    let searched = registry.counter("quotes_searched", "Searches, by author.").labels::<Searched<'static>>();
    let searched = searched.max_series(1).register()?;
    for author in ["Montaigne", "Pascal", "La Bruyère"] {
        searched.inc(&Searched { author });
    }

    print!("{}", TextEncoder::new().encode(&registry));
    Ok(())
}
