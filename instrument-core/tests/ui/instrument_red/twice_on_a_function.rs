use instrument_core::instrument_red;

#[instrument_red]
#[instrument_red(name = "serve")]
fn serve() {}

fn main() {
    serve();
}
