use std::borrow::Cow;

/// A typed set of labels: the key of a [`Family`](crate::Family).
///
/// Derive it. Each field is a label, named as the field; its type is a [`LabelValue`](crate::LabelValue). What else fields can be, the
/// [derive](derive@crate::Labels) tells.
///
/// ```
/// use instrument_core::{LabelValue, Labels, Registry};
///
/// #[derive(LabelValue)]
/// enum Kind {
///     Hit,
///     Miss,
/// }
///
/// #[derive(Labels)]
/// struct Lookup<'a> {
///     kind: Kind,
///     tenant: &'a str,
/// }
///
/// let registry = Registry::new();
/// let lookups = registry.counter("cache_lookups", "Look-ups in the cache.").labels::<Lookup>().register()?;
/// lookups.with(&Lookup { kind: Kind::Hit, tenant: "acme" }).inc();
///
/// let snapshot = registry.snapshot();
/// assert_eq!(snapshot.counter("cache_lookups_total", &[("kind", "hit"), ("tenant", "acme")]), Some(1));
/// # Ok::<(), instrument_core::Error>(())
/// ```
///
/// # Series are told apart by text
///
/// Two sets whose labels have the same texts are the same series, whatever their types: the text is what an exposition
/// carries. A label whose text is empty is left out of the output.
///
/// # Finite sets
///
/// When every field has a known number of values, so has the set ([`CARDINALITY`](Self::CARDINALITY)), and its series
/// are found by [`index`](Self::index) into a table, without hashing.
///
/// ```
/// use instrument_core::Labels;
///
/// #[derive(Labels)]
/// struct Lookup {
///     hit: bool,
///     warm: bool,
/// }
///
/// assert_eq!(Lookup::names(), ["hit", "warm"]);
/// assert_eq!(Lookup::CARDINALITY, Some(4));
/// let index = Lookup { hit: true, warm: false }.index();
/// assert_eq!(Lookup::texts_at(index), ["true", "false"]);
/// assert_eq!(Lookup::known_values()[0], ["false", "true"]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a set of labels",
    label = "not a set of labels",
    note = "write `#[derive(Labels)]` on a struct with a field for each label; in a `Family` the labels come first"
)]
pub trait Labels {
    /// How many different sets there are, or `None` when a label has no known number of values.
    ///
    /// The product of the fields' cardinalities.
    const CARDINALITY: Option<usize>;

    /// The label names, in the order of the fields.
    fn names() -> Vec<&'static str>;

    /// Shows the visitor the text of each value, in the order of [`names`](Self::names). Allocates nothing for text,
    /// integers and finite values. [`LabelVisitor`] has an example.
    fn visit(&self, visitor: &mut impl LabelVisitor);

    /// The position of this set among all of a finite set, below [`CARDINALITY`](Self::CARDINALITY); 0 otherwise.
    fn index(&self) -> usize;

    /// The texts of the set at a position of a finite set, in the order of [`names`](Self::names).
    ///
    /// Empty for a position beyond [`CARDINALITY`](Self::CARDINALITY) and for sets that are not finite.
    fn texts_at(index: usize) -> Vec<Cow<'static, str>>;

    /// The values of each label, in the order of [`names`](Self::names), for a [`Catalogue`](crate::Catalogue).
    ///
    /// There are none for a label whose values are not known, or more than 1,000. A derived set knows those of each finite label. Unless it is given, they are known when the whole set is finite.
    fn known_values() -> Vec<Vec<Cow<'static, str>>> {
        let mut known: Vec<Vec<_>> = Self::names().iter().map(|_| Vec::new()).collect();
        let sets = Self::CARDINALITY.filter(|sets| *sets <= MAX_KNOWN_VALUES).unwrap_or(0);
        for index in 0..sets {
            for (values, text) in known.iter_mut().zip(Self::texts_at(index)) {
                if !values.contains(&text) {
                    values.push(text);
                }
            }
        }
        known
    }
}

/// Gives the values of each label of a set, where they are known.
pub(crate) type KnownValues = fn() -> Vec<Vec<Cow<'static, str>>>;

/// More values than these are not listed.
pub(crate) const MAX_KNOWN_VALUES: usize = 1000;

/// Receives the values of a label set, one after the other.
///
/// ```
/// use instrument_core::{LabelVisitor, Labels};
///
/// #[derive(Labels)]
/// struct Request<'a> {
///     method: &'a str,
///     status: u16,
/// }
///
/// #[derive(Default)]
/// struct Path(String);
///
/// impl LabelVisitor for Path {
///     fn value(&mut self, text: &str) {
///         self.0 += "/";
///         self.0 += text;
///     }
/// }
///
/// let mut path = Path::default();
/// Request { method: "GET", status: 200 }.visit(&mut path);
/// assert_eq!(path.0, "/GET/200");
/// ```
pub trait LabelVisitor {
    /// The text of the next label.
    fn value(&mut self, text: &str);
}

/// No labels at all: a family with one series.
impl Labels for () {
    const CARDINALITY: Option<usize> = Some(1);

    fn names() -> Vec<&'static str> {
        Vec::new()
    }

    fn visit(&self, _: &mut impl LabelVisitor) {}

    fn index(&self) -> usize {
        0
    }

    fn texts_at(_: usize) -> Vec<Cow<'static, str>> {
        Vec::new()
    }
}

/// The set that is borrowed.
impl<L: Labels + ?Sized> Labels for &L {
    const CARDINALITY: Option<usize> = L::CARDINALITY;

    fn names() -> Vec<&'static str> {
        L::names()
    }

    #[inline]
    fn visit(&self, visitor: &mut impl LabelVisitor) {
        (**self).visit(visitor);
    }

    #[inline]
    fn index(&self) -> usize {
        (**self).index()
    }

    fn texts_at(index: usize) -> Vec<Cow<'static, str>> {
        L::texts_at(index)
    }

    fn known_values() -> Vec<Vec<Cow<'static, str>>> {
        L::known_values()
    }
}

/// Texts for a family whose label names are known elsewhere.
pub(crate) struct Texts<'a>(pub(crate) &'a [&'a str]);

impl Labels for Texts<'_> {
    const CARDINALITY: Option<usize> = None;

    fn names() -> Vec<&'static str> {
        Vec::new()
    }

    #[inline]
    fn visit(&self, visitor: &mut impl LabelVisitor) {
        for text in self.0 {
            visitor.value(text);
        }
    }

    fn index(&self) -> usize {
        0
    }

    fn texts_at(_: usize) -> Vec<Cow<'static, str>> {
        Vec::new()
    }
}
