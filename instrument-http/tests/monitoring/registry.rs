use http::{Request, Response};
use instrument_core::{LabelValue, Labels, Red, Registry, Use, instrument_red};
use instrument_http::tower::{RedLayer, Route};
use tower::{ServiceBuilder, ServiceExt, service_fn};

#[derive(LabelValue)]
enum Access {
    Read,
    Write,
}

#[derive(Labels)]
struct Pool {
    access: Access,
}

#[instrument_red(slo(latency = "250ms", target = 0.99), slo(success = 0.999))]
fn find(word: &str) -> Result<usize, ()> {
    ["to", "be"].iter().position(|known| *known == word).ok_or(())
}

/// A second label, in a family of functions that have two: it does not make another function.
#[instrument_red(labels(length = word.len()))]
fn count(word: &str) -> usize {
    word.len()
}

/// A registry with a bit of everything that rules and dashboards are about, and something that they are not.
pub(crate) fn of_a_service() -> Registry {
    let registry = Registry::new();
    Red::register(&registry, "quote_lookup").unwrap();
    let pools = Use::builder("db_pool").labels::<Pool>().register(&registry).unwrap();
    let _ = (pools.with(&Pool { access: Access::Read }, 4), pools.with(&Pool { access: Access::Write }, 1));
    registry.counter("quotes_served", "Quotations served.").register().unwrap();
    registry.scope(|| {
        find("be").unwrap();
        count("be");
    });
    let answer = service_fn(|_: Request<String>| async {
        let mut response = Response::new(String::new());
        response.extensions_mut().insert(Route::from("/quotes/{id}"));
        Ok::<_, std::convert::Infallible>(response)
    });
    let service = ServiceBuilder::new().layer(RedLayer::register(&registry).unwrap()).service(answer);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(service.oneshot(Request::new(String::new()))).unwrap();
    registry
}
