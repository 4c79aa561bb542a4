//! Calls of gRPC through tonic's server and client.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::uri::PathAndQuery;
use instrument_core::Registry;
use instrument_http::tower::RedLayer;
use tokio::net::TcpListener;
use tonic::body::Body;
use tonic::client;
use tonic::server::{self, NamedService, UnaryService};
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Channel, Server};
use tonic::{Request, Response, Status};
use tonic_prost::ProstCodec;
use tower::Service;

use crate::recorded::{DURATION, count, series};

const CALLS: &str = "rpc_server_call_duration_seconds";

#[derive(Clone, PartialEq, prost::Message)]
struct Number {
    #[prost(uint32, tag = "1")]
    number: u32,
}

/// What code made from a `.proto` file is like: a service of one method.
#[derive(Clone)]
struct Quotes;

impl NamedService for Quotes {
    const NAME: &'static str = "quotes.Quotes";
}

impl Service<http::Request<Body>> for Quotes {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        Box::pin(async move {
            if request.uri().path() != "/quotes.Quotes/Get" {
                return Ok(Status::unimplemented("there is but one method").into_http());
            }
            Ok(server::Grpc::new(ProstCodec::default()).unary(Get, request).await)
        })
    }
}

struct Get;

impl UnaryService<Number> for Get {
    type Response = Number;
    type Future = std::future::Ready<Result<Response<Number>, Status>>;

    fn call(&mut self, request: Request<Number>) -> Self::Future {
        std::future::ready(match request.get_ref().number {
            0 => Err(Status::not_found("no such quote")),
            13 => Err(Status::internal("the database has gone")),
            _ => Ok(Response::new(request.into_inner())),
        })
    }
}

async fn serve(layer: RedLayer) -> client::Grpc<Channel> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = Server::builder().layer(layer).add_service(Quotes);
    tokio::spawn(server.serve_with_incoming(TcpIncoming::from(listener)));
    client::Grpc::new(Channel::from_shared(format!("http://{address}")).unwrap().connect().await.unwrap())
}

async fn call(client: &mut client::Grpc<Channel>, path: &'static str, number: u32) -> Result<u32, Status> {
    client.ready().await.unwrap();
    let path = PathAndQuery::from_static(path);
    let codec = ProstCodec::<Number, Number>::default();
    client.unary(Request::new(Number { number }), path, codec).await.map(|answer| answer.get_ref().number)
}

#[tokio::test]
async fn calls_are_recorded_by_method_and_status() {
    let registry = Registry::new();
    let layer = RedLayer::builder().rpc_methods(["quotes.Quotes/Get"]).register(&registry).unwrap();
    let mut client = serve(layer).await;
    assert_eq!(call(&mut client, "/quotes.Quotes/Get", 7).await.unwrap(), 7);
    for (path, number) in [
        ("/quotes.Quotes/Get", 0),
        ("/quotes.Quotes/Get", 13),
        ("/quotes.Quotes/Drop", 1),
        ("/made.Up/Call", 1),
    ] {
        call(&mut client, path, number).await.unwrap_err();
    }

    let calls = |method, status| {
        count(&registry, CALLS, &[("rpc_method", method), ("rpc_response_status_code", status)])
    };
    for status in ["OK", "NOT_FOUND", "INTERNAL"] {
        assert_eq!(calls("quotes.Quotes/Get", status), 1, "{status}");
    }
    assert_eq!(calls("_OTHER", "UNIMPLEMENTED"), 2, "{:?}", series(&registry, CALLS));
    assert_eq!(count(&registry, CALLS, &[("error_type", "INTERNAL")]), 1);
    assert_eq!(count(&registry, CALLS, &[("error_type", "NOT_FOUND")]), 0);
    assert_eq!(count(&registry, DURATION, &[("http_response_status_code", "200")]), 5);
}
