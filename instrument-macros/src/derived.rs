use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{DeriveInput, Type};

/// The impl of a trait for a type with any generics, where each field type that depends on a type parameter has its bound.
///
/// A bound is on the fields' types and not on the parameters: `PhantomData<T>` does not need `T: LabelValue`.
pub(crate) fn implement<'t>(
    implemented: &TokenStream,
    input: &DeriveInput,
    bounds: impl IntoIterator<Item = (&'t Type, &'t TokenStream)>,
    members: &TokenStream,
) -> TokenStream {
    let name = &input.ident;
    let (impl_generics, type_generics, _) = input.generics.split_for_impl();
    let own = input.generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    let dependent = bounds.into_iter().filter(|(ty, _)| {
        input.generics.type_params().any(|parameter| mentions(ty.to_token_stream(), &parameter.ident))
    });
    let dependent = dependent.map(|(ty, bound)| hygienic!(#ty: #bound));
    hygienic! {
        #[automatically_derived]
        #[allow(deprecated)]
        impl #impl_generics #implemented for #name #type_generics where #(#own,)* #(#dependent,)* {
            #members
        }
    }
}

fn mentions(tokens: TokenStream, name: &Ident) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(found) => found == *name,
        TokenTree::Group(group) => mentions(group.stream(), name),
        _ => false,
    })
}
