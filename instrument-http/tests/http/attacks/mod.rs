//! What is sent to harm: the endpoint neither falls for it, nor grows by it, nor stops to serve others.

mod floods;
mod slow;
mod smuggling;
