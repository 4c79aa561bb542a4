#[instrument_red(labels(kind = self.kind, tenant = tenant))]
async fn fetch(&self, tenant: &str) -> Option<Quote> {
    self.store.get(tenant).await
}
