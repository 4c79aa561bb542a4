use instrument_core::instrument_red;

struct Kind;

#[instrument_red(labels(kind = kind))]
fn look_up(kind: Kind) {}

fn main() {
    look_up(Kind);
}
