//! Rate, errors and duration of the methods of a gRPC service, and of its requests, with tonic.
//!
//!     $ cargo run -p instrument-examples --example red_tonic
//!     Ok("Know thyself.")
//!     Err(NotFound)
//!     function_duration_seconds_count{function="find",module="red_tonic",outcome="error"} 1
//!     function_duration_seconds_count{function="find",module="red_tonic",outcome="ok"} 1
//!     http_server_request_duration_seconds_count{http_request_method="POST",http_route="/quotes.Quotes/{*rest}",http_response_status_code="200",url_scheme="http"} 2
//!     rpc_server_call_duration_seconds_count{rpc_system_name="grpc",rpc_method="quotes.Quotes/Find",rpc_response_status_code="OK"} 1
//!     rpc_server_call_duration_seconds_count{rpc_system_name="grpc",rpc_method="quotes.Quotes/Find",rpc_response_status_code="NOT_FOUND"} 1
//!
//! gRPC answers 200 whatever became of the call, and says that at the end of the response. The layer waits for it, and tells calls apart by the methods that it was given, as a
//! client can ask for any. The attribute tells what the method's own code took, and takes any `Err` for an error.
//!
//! The code between the two lines is what `tonic-prost-build` writes from a `.proto` file; it stands here so that this builds without `protoc`.

use std::convert::Infallible;
use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use instrument_core::{Registry, instrument_red};
use instrument_http::TextEncoder;
use instrument_http::tower::RedLayer;
use tokio::sync::oneshot;
use tonic::body::Body;
use tonic::server::{NamedService, UnaryService};
use tonic::service::Routes;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Channel, Server};
use tonic::{Code, Request, Response, Status};
use tonic_prost::ProstCodec;

#[instrument_red]
async fn find(request: Request<QuoteRequest>) -> Result<Response<Quote>, Status> {
    match request.into_inner().id {
        1 => Ok(Response::new(Quote { text: "Know thyself.".to_owned() })),
        id => Err(Status::not_found(format!("no quotation {id}"))),
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let incoming = TcpIncoming::bind("127.0.0.1:0".parse()?)?;
    let address = incoming.local_addr()?;
    let layer = RedLayer::builder().rpc_methods(["quotes.Quotes/Find"]).register(Registry::global())?;
    // Inside of tonic's router, where the route is known.
    let routes = Routes::new(Quotes).into_axum_router().layer(layer);
    let (stop, stopped) = oneshot::channel::<()>();
    let server =
        Server::builder().add_routes(Routes::from(routes)).serve_with_incoming_shutdown(incoming, async {
            let _ = stopped.await;
        });
    let server = tokio::spawn(server);

    let channel = Channel::from_shared(format!("http://{address}"))?.connect().await?;
    for id in [1, 7] {
        println!("{:?}", call(channel.clone(), id).await);
    }

    drop((stop, channel));
    server.await??;
    print!("{}", TextEncoder::new().encode(Registry::global()));
    Ok(())
}

async fn call(channel: Channel, id: u32) -> Result<String, Code> {
    let mut client = tonic::client::Grpc::new(channel);
    client.ready().await.map_err(|_| Code::Unavailable)?;
    let path = http::uri::PathAndQuery::from_static("/quotes.Quotes/Find");
    let answer = client.unary(Request::new(QuoteRequest { id }), path, ProstCodec::default()).await;
    answer.map(|quote: Response<Quote>| quote.into_inner().text).map_err(|status| status.code())
}

// ---------------------------------------------------------------------------------------------------------------------

#[derive(Clone, PartialEq, prost::Message)]
struct QuoteRequest {
    #[prost(uint32, tag = "1")]
    id: u32,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Quote {
    #[prost(string, tag = "1")]
    text: String,
}

type BoxFuture<T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send>>;

#[derive(Debug, Clone)]
struct Quotes;

impl NamedService for Quotes {
    const NAME: &'static str = "quotes.Quotes";
}

impl tower::Service<http::Request<Body>> for Quotes {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<Self::Response, Infallible>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        Box::pin(async move {
            Ok(match request.uri().path() {
                "/quotes.Quotes/Find" => {
                    tonic::server::Grpc::new(ProstCodec::default()).unary(Find, request).await
                }
                _ => Status::unimplemented("no such method").into_http(),
            })
        })
    }
}

struct Find;

impl UnaryService<QuoteRequest> for Find {
    type Response = Quote;
    type Future = BoxFuture<Response<Quote>, Status>;

    fn call(&mut self, request: Request<QuoteRequest>) -> Self::Future {
        Box::pin(find(request))
    }
}
