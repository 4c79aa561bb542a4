use instrument_core::instrument_red;

struct Quotes;

#[instrument_red]
impl Quotes {
    #[instrument_red(name = "serve")]
    const fn serve() {}
}

fn main() {
    Quotes::serve();
}
