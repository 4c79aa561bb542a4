//! The middleware for clients.

mod asked;
mod builder;
mod layer;
mod service;

pub use self::builder::RedClientLayerBuilder;
pub use self::layer::RedClientLayer;
pub use self::service::RedClientService;
