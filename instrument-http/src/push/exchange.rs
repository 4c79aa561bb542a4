use std::error::Error;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};

/// As much as is read of what a gateway says.
const MESSAGE_BYTES: usize = 1024;

pub(super) type Failure = Box<dyn Error + Send + Sync>;

/// Sends a request on a connection of its own, and reads the status and what there is beside it.
pub(super) async fn exchange<S>(
    stream: S,
    request: Request<Full<Bytes>>,
) -> Result<(StatusCode, String), Failure>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (mut sender, connection) = handshake(TokioIo::new(stream)).await?;
    let answer = async move {
        let answer = sender.send_request(request).await?;
        let status = answer.status();
        let mut body = answer.into_body();
        let mut message = Vec::new();
        while message.len() < MESSAGE_BYTES
            && let Some(frame) = body.frame().await
        {
            message.extend_from_slice(&frame?.into_data().unwrap_or_default());
        }
        message.truncate(MESSAGE_BYTES);
        Ok((status, String::from_utf8_lossy(&message).trim().to_owned()))
    };
    beside(connection, answer).await
}

/// What `work` comes to, for which another future must go on. Not in a task of its own: when this is dropped, all of it ends.
async fn beside<W: Future>(other: impl Future, work: W) -> W::Output {
    let mut other = pin!(other);
    let mut work = pin!(work);
    let mut is_over = false;
    poll_fn(|cx| {
        if let Poll::Ready(output) = work.as_mut().poll(cx) {
            return Poll::Ready(output);
        }
        // The end of a connection shows in what was asked of it, once that is polled again.
        if !is_over && other.as_mut().poll(cx).is_ready() {
            is_over = true;
            return work.as_mut().poll(cx);
        }
        Poll::Pending
    })
    .await
}
