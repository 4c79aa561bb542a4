//! Streams under `#[instrument_red(stream)]`.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use futures_core::stream::FusedStream;
use pin_project_lite::pin_project;

use super::site::{RedSite, TextValue};
use crate::{Counter, Red, RedSpan};

/// A call of a function that returns a stream. It begins when the stream is polled first, and ends when the stream does or is dropped.
pub struct StreamCall {
    /// Taken when the call begins.
    red: Option<Red>,
    /// Taken when the call ends.
    span: Option<RedSpan>,
    items: Option<Counter>,
    failed: bool,
}

impl StreamCall {
    /// The call, with the values of its labels.
    #[must_use]
    pub fn new(site: &'static RedSite, values: &[&dyn TextValue]) -> Self {
        Self { red: site.red(values), span: None, items: None, failed: false }
    }

    /// The stream under the call. `is_error` says it of an item.
    pub fn run<S: Stream, E: FnMut(&S::Item) -> bool>(self, stream: S, is_error: E) -> TimedStream<S, E> {
        TimedStream { stream, call: self, is_error }
    }

    fn begin(&mut self) {
        if let Some(red) = self.red.take() {
            let span = red.start();
            self.items = span.items();
            self.span = Some(span);
        }
    }

    fn count(&mut self, is_error: bool) {
        self.failed |= is_error;
        if let Some(items) = &self.items {
            items.inc();
        }
    }

    fn end(&mut self) {
        match self.span.take() {
            Some(span) if self.failed => span.error(),
            Some(span) => span.ok(),
            None => {}
        }
    }
}

impl Drop for StreamCall {
    fn drop(&mut self) {
        // Who drops a stream after an error has not given up. Otherwise the span says what the drop is.
        if self.failed && !std::thread::panicking() {
            self.end();
        }
    }
}

impl fmt::Debug for StreamCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamCall").field("failed", &self.failed).finish_non_exhaustive()
    }
}

pin_project! {
    /// A stream whose items are counted, and whose time is taken.
    pub struct TimedStream<S, E> {
        #[pin]
        stream: S,
        call: StreamCall,
        is_error: E,
    }
}

impl<S: Stream, E: FnMut(&S::Item) -> bool> Stream for TimedStream<S, E> {
    type Item = S::Item;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<S::Item>> {
        let this = self.project();
        this.call.begin();
        let next = this.stream.poll_next(context);
        match &next {
            Poll::Ready(Some(item)) => this.call.count((this.is_error)(item)),
            Poll::Ready(None) => this.call.end(),
            Poll::Pending => {}
        }
        next
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.stream.size_hint()
    }
}

impl<S: FusedStream, E: FnMut(&S::Item) -> bool> FusedStream for TimedStream<S, E> {
    fn is_terminated(&self) -> bool {
        self.stream.is_terminated()
    }
}

impl<S, E> fmt::Debug for TimedStream<S, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TimedStream").field("call", &self.call).finish_non_exhaustive()
    }
}
