use instrument_core::instrument_red;

trait Serve {
    #[instrument_red]
    fn serve(&self);
}

impl Serve for u8 {
    fn serve(&self) {}
}

fn main() {
    1.serve();
}
