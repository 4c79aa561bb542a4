//! `#[instrument_red]`: arguments and a function in, the same function with a span around its body out.

mod attr;
mod block;
mod expand;
mod function;
mod future;
#[cfg(test)]
mod golden;
mod in_place;
mod objective;
mod rename;
mod stream;
mod tokens;
mod valid;

use proc_macro2::TokenStream;
use syn::Result;
use syn::parse::Parser as _;

use self::attr::Attr;
use self::block::Block;
use self::function::Function;
use self::tokens::opened;

pub(crate) fn attribute(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand_item(arguments, item.clone()).unwrap_or_else(|error| beside(&item, &error))
}

fn expand_item(arguments: TokenStream, item: TokenStream) -> Result<TokenStream> {
    let mut attr = Attr::parse.parse2(arguments)?;
    valid::check(&attr)?;
    let tokens = opened(item.clone());
    attr.take_help(&tokens);
    block::refuse_own(&tokens)?;
    if attr.skip {
        return Ok(item);
    }
    match Block::read(&tokens) {
        Some(block) => valid::check_for_block(&attr).map(|()| block.expand(&attr)),
        None => instrument(&attr, &Function::read(item)?),
    }
}

fn instrument(attr: &Attr, function: &Function) -> Result<TokenStream> {
    valid::check_for(attr, function)?;
    Ok(expand::expand(attr, function))
}

/// The item unchanged beside the error: its absence would make errors of its own.
fn beside(item: &TokenStream, error: &syn::Error) -> TokenStream {
    let error = error.to_compile_error();
    quote::quote!(#item #error)
}
