//! Functions that return a stream: what is timed is the stream, from its first poll to its end.

use proc_macro2::TokenStream;

use super::attr::Attr;
use super::expand::{is_error, label_values, run, run_async, site};
use super::function::{Function, Kind};
use super::future::Deferred;

/// The body that returns the stream under a call.
pub(crate) fn statements(
    attr: &Attr,
    function: &Function,
    deferred: Deferred,
    krate: &TokenStream,
) -> TokenStream {
    let Function { body, returns, .. } = function;
    let site = site(attr, function, krate);
    let values = label_values(attr, krate);
    let made = match function.kind {
        Kind::Async => run_async(returns.as_ref(), body, |future| hygienic!(#future.await)),
        _ => run(returns.as_ref(), body, krate),
    };
    let is_error = is_error(attr.outcome.as_ref(), &hygienic!(__item), krate);
    let timed = hygienic!(__call.run(__stream, |__item| { #is_error __is_error }));
    let returned = match deferred {
        Deferred::Plain => timed,
        Deferred::Boxed => hygienic!(::std::boxed::Box::pin(#timed)),
    };
    hygienic! {
        let __call = { #site #krate::__private::StreamCall::new(&__SITE, #values) };
        let __stream = #made;
        #returned
    }
}
