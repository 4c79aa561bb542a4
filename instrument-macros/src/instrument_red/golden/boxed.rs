#[instrument_red]
fn fetch<'life0, 'async_trait>(
    &'life0 self,
) -> ::core::pin::Pin<Box<dyn ::core::future::Future<Output = u32> + ::core::marker::Send + 'async_trait>>
where
    'life0: 'async_trait,
{
    Box::pin(async move { self.store.get().await })
}
