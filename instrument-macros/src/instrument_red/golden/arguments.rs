#[instrument_red(
    name = "lookup",
    ok_if = |found| found.is_some(),
    registry = REGISTRY,
    buckets = Buckets::latency(),
    crate = metrics,
)]
fn look_up(id: u32) -> Option<Quote> {
    QUOTES.get(id)
}
