use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::rt::{Read, ReadBufCursor, Write};
use tokio::time::{Instant, Sleep, sleep_until};

use super::under_way::UnderWay;

/// A stream whose other side must take each answer within a time. hyper has no such limit, and a client that reads a byte now
/// and then would keep its place for ever. The time ends sooner where the request said so.
///
/// An answer begins with the first write after the one before, and ends with the next flush when no body is under way any more: hyper flushes when it has
/// written all it has.
#[derive(Debug)]
pub(super) struct ResponseDeadline<S> {
    stream: S,
    limit: Duration,
    under_way: UnderWay,
    /// Set while an answer is on its way.
    deadline: Option<Pin<Box<Sleep>>>,
}

impl<S: Unpin> ResponseDeadline<S> {
    pub(super) fn new(stream: S, limit: Duration, under_way: UnderWay) -> Self {
        Self { stream, limit, under_way, deadline: None }
    }

    /// What waits for a client to take what TLS keeps for it waits no longer than a write would.
    fn unless_late(&mut self, cx: &mut Context<'_>, poll: Poll<io::Result<()>>) -> Poll<io::Result<()>> {
        if poll.is_pending() {
            self.writing(cx)?;
        }
        poll
    }

    /// The stream to write to, unless the time is up.
    fn writing(&mut self, cx: &mut Context<'_>) -> io::Result<Pin<&mut S>> {
        let deadline = self.deadline.get_or_insert_with(|| {
            self.under_way.set_writes(true);
            let deadline = Instant::now() + self.limit;
            Box::pin(sleep_until(self.under_way.due().map_or(deadline, |due| deadline.min(due))))
        });
        match deadline.as_mut().poll(cx) {
            Poll::Ready(()) => Err(io::ErrorKind::TimedOut.into()),
            Poll::Pending => Ok(Pin::new(&mut self.stream)),
        }
    }
}

impl<S: Write + Unpin> Write for ResponseDeadline<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.writing(cx)?.poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.writing(cx)?.poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        ready!(self.unless_late(cx, flushed))?;
        if !self.under_way.is_any() && self.deadline.take().is_some() {
            self.under_way.set_writes(false);
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let shut = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.unless_late(cx, shut)
    }
}

impl<S: Read + Unpin> Read for ResponseDeadline<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}
