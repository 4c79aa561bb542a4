#[instrument_red(stream, labels(from = from), err_if = Row::is_broken)]
fn rows(from: u32) -> BoxStream<'static, Row> {
    STORE.rows(from)
}
