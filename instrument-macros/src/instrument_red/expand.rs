use proc_macro2::{Group, Span, TokenStream};
use quote::quote_spanned;
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;

use super::attr::{Attr, Condition};
use super::function::{Function, Kind};
use super::future::{AsyncTail, Deferred};
use super::in_place::runs_in_place;
use super::objective::Objective;
use super::stream;
use super::tokens::{mentions, regrouped};
use crate::crate_path::crate_path;
use crate::value::Text;

/// The function with a span around its body.
///
/// The names of the expansion are its own (mixed-site spans), whatever the function calls things.
pub(crate) fn expand(attr: &Attr, function: &Function) -> TokenStream {
    let body = &function.body;
    let krate = crate_path(attr.krate.as_ref());
    if let Some(deferred) = attr.stream.and_then(|_| function.stream()) {
        return with_body(function, &stream::statements(attr, function, deferred, &krate));
    }
    let start = start(attr, function, &krate);
    let finish = finish(attr, &krate);
    let timed = |returned: TokenStream| {
        hygienic! {
            let __span = #start;
            let __returned = #returned;
            #finish
            __returned
        }
    };
    let awaited = |future: TokenStream| {
        if attr.poll_time.is_some() {
            hygienic!(#krate::__private::PollTime::of(&__span).run(#future).await)
        } else {
            hygienic!(#future.await)
        }
    };
    let statements = match (&function.kind, function.returns.as_ref()) {
        // There is no value to look at: the span ends when it is dropped, by a panic or with the future.
        (Kind::Plain | Kind::Async, Some(_)) if function.never_returns() => {
            let body = body.stream();
            hygienic!(let __span = #start; #body)
        }
        (Kind::Plain, returns) if runs_in_place(function) => {
            let ty = named(returns).map(|returns| hygienic!(: #returns));
            hygienic! {
                let __span = #start;
                #[allow(unused_braces)]
                let __returned #ty = #body;
                #finish
                __returned
            }
        }
        (Kind::Plain, returns) => timed(run(returns, body, &krate)),
        (Kind::Async, returns) => timed(run_async(returns, body, awaited)),
        (Kind::ReturnsBlock(tail), _) => {
            let AsyncTail { qualifiers, block, .. } = tail;
            tail.with_block(timed(awaited(hygienic!(#qualifiers #block))))
        }
        (Kind::ReturnsFuture(future), returns) => {
            let made = run(returns, body, &krate);
            let timed = timed(awaited(hygienic!(__future)));
            match future {
                Deferred::Plain => hygienic!(let __future = #made; async move { #timed }),
                Deferred::Boxed => {
                    hygienic!(let __future = #made; ::std::boxed::Box::pin(async move { #timed }))
                }
            }
        }
    };
    with_body(function, &statements)
}

/// The function with other statements in its body.
fn with_body(function: &Function, statements: &TokenStream) -> TokenStream {
    let Function { head, inner_attributes, body, .. } = function;
    let body = regrouped(body, hygienic!(#inner_attributes #statements));
    hygienic!(#head #body)
}

/// The span, started. Its site stands in a block of its own, where the body does not see it.
fn start(attr: &Attr, function: &Function, krate: &TokenStream) -> TokenStream {
    let site = site(attr, function, krate);
    let started = if attr.labels.is_empty() {
        hygienic!(__SITE.start())
    } else {
        let values = label_values(attr, krate);
        hygienic!(__SITE.start_with(#values))
    };
    hygienic!({ #site #started })
}

/// The values of the labels, for a site.
pub(super) fn label_values(attr: &Attr, krate: &TokenStream) -> TokenStream {
    let values = attr.labels.iter().map(|label| {
        let value = &label.value;
        // Located at the value, so that the compiler points there when its type cannot be a label.
        quote_spanned!(value.span().resolved_at(Span::mixed_site())=> &(#value) as &dyn #krate::__private::TextValue)
    });
    hygienic!(&[#(#values),*])
}

/// The function's static.
pub(super) fn site(attr: &Attr, function: &Function, krate: &TokenStream) -> TokenStream {
    let family = attr.name.as_ref().map_or("function", |name| &name.value);
    let renamed = |text: &Text| text.value.clone();
    let name = attr.rename.function.as_ref().map_or_else(|| function.name.unraw().to_string(), renamed);
    let module = attr.rename.module.as_ref().map(renamed);
    let module = module.map_or_else(|| hygienic!(::core::module_path!()), |module| hygienic!(#module));
    let help = attr.help.as_ref().map(|help| hygienic!(.with_help(#help)));
    let keys = attr.labels.iter().map(|label| label.key.unraw().to_string());
    let registry = attr.registry.as_ref().map(|registry| {
        hygienic! {
            .with_registry(|| <#krate::Registry as ::core::clone::Clone>::clone(&(#registry)))
        }
    });
    let error_kinds = attr.error.is_some().then(|| hygienic!(.with_error_kinds()));
    let poll_time = (attr.poll_time.is_some() && function.has_polls()).then(|| hygienic!(.with_poll_time()));
    let items = (attr.stream.is_some() && function.stream().is_some()).then(|| hygienic!(.with_items()));
    let objectives = objectives(&attr.objectives, krate);
    let buckets = attr.buckets.as_ref().map(|buckets| hygienic!(.with_buckets(|| #buckets)));
    // Located at the function's name, whose line it is to give.
    let defined_at = quote_spanned!(function.name.span()=> ::core::panic::Location::caller());
    hygienic! {
        static __SITE: #krate::__private::RedSite = #krate::__private::RedSite::new(
            #family, #name, #module, &[#(#keys),*], #defined_at
        ) #help #error_kinds #poll_time #items #objectives #registry #buckets;
    }
}

fn objectives(objectives: &[Objective], krate: &TokenStream) -> Option<TokenStream> {
    let written = objectives.iter().map(|objective| {
        let Objective { threshold, target } = objective;
        let text = objective.threshold_text();
        match threshold {
            Some(threshold) => hygienic!(#krate::__private::Objective::latency(#threshold, #text, #target)),
            None => hygienic!(#krate::__private::Objective::success(#target)),
        }
    });
    (!objectives.is_empty()).then(|| hygienic!(.with_objectives(&[#(#written),*])))
}

/// What the body returns, by whatever `return` or `?` it does.
pub(super) fn run(returns: Option<&TokenStream>, body: &Group, krate: &TokenStream) -> TokenStream {
    let returns = named(returns).map(|returns| hygienic!(-> #returns));
    hygienic!(#krate::__private::call(move || #returns #body))
}

/// The returned type, if it has a name that can be repeated: one with `impl` in it has none.
fn named(returns: Option<&TokenStream>) -> Option<TokenStream> {
    match returns {
        None => Some(hygienic!(())),
        Some(returns) => (!mentions(returns, "impl")).then(|| returns.clone()),
    }
}

/// What the body of an `async fn` returns.
///
/// An async block cannot be told its type, so it starts with a `return` of that type, which is never run. The type is
/// named outside of the block, where no item of the body can stand for it.
pub(super) fn run_async(
    returns: Option<&TokenStream>,
    body: &Group,
    awaited: impl FnOnce(TokenStream) -> TokenStream,
) -> TokenStream {
    let statements = body.stream();
    let unit = hygienic!(());
    let returns = returns.unwrap_or(&unit);
    if mentions(returns, "impl") {
        return awaited(hygienic!(async move #body));
    }
    let block = hygienic! {
        if let ::core::option::Option::Some(__returned) = __none() {
            return __returned;
        }
        #statements
    };
    let block = regrouped(body, block);
    let returned = awaited(hygienic!(async move #block));
    hygienic! {{
        let __none = || ::core::option::Option::None::<#returns>;
        #returned
    }}
}

/// Ends the span by what was returned.
fn finish(attr: &Attr, krate: &TokenStream) -> TokenStream {
    let is_error = is_error(attr.outcome.as_ref(), &hygienic!(&__returned), krate);
    let kind = attr.error.as_ref().map(|error| {
        // Located at the argument, so that the compiler points there when there is no error to read.
        let returned = quote_spanned!(error.span().resolved_at(Span::mixed_site())=> &__returned);
        hygienic! {
            #[allow(clippy::redundant_closure_for_method_calls)]
            let __span = #krate::__private::FailingSpan::new(__span, #returned, #error);
        }
    });
    hygienic! {
        #kind
        #is_error
        if __is_error { __span.error(); } else { __span.ok(); }
    }
}

/// Says of a value whether it is an error: by the condition that is given, or by the value's type.
pub(super) fn is_error(outcome: Option<&Condition>, value: &TokenStream, krate: &TokenStream) -> TokenStream {
    // `is_some_and` tells a closure the type of its argument before the closure is looked into. One that calls a method is easier to
    // read than the method's path, which clippy would have.
    let condition = |not, condition| {
        hygienic! {
            #[allow(clippy::redundant_closure_for_method_calls)]
            let __is_error = #not ::core::option::Option::Some(#value).is_some_and(#condition);
        }
    };
    match outcome {
        Some(Condition::OkIf(ok)) => condition(Some(hygienic!(!)), ok),
        Some(Condition::ErrIf(error)) => condition(None, error),
        // Method resolution takes the type's own outcome where it has one: see `instrument_core::__private::Returned`.
        None => hygienic! {
            let __is_error = {
                #[allow(unused_imports)]
                use #krate::__private::{NestedOutcome as _, NoOutcome as _, OwnOutcome as _};
                (&&#krate::__private::Returned(#value)).failed()
            };
        },
    }
}
