#[instrument_red(rename = "look_up", error = Failure::kind, poll_time, slo(latency = "250ms", target = 0.99))]
async fn find(id: u32) -> Result<Quote, Failure> {
    STORE.find(id).await
}
