use instrument_core::instrument_red;

#[instrument_red(ok_if = Option::is_some, err_if = Option::is_none)]
fn look_up() -> Option<u8> {
    None
}

fn main() {
    look_up();
}
