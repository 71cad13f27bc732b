//! One edition of the priorities for each request.

use std::{rc::Rc, sync::Arc};

use actix_web::{
    Error,
    body::MessageBody,
    dev::{Extensions, ServiceRequest, ServiceResponse},
    middleware::Next,
    web,
};

use super::App;

/// Gives a request the newest edition of the service, which all that handles it then works with. Priorities that are
/// changed meanwhile show from the next request on, so that no answer is made from two states of them.
///
/// # Errors
/// Those of the handlers.
pub async fn hold_one_edition(
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    if let Some(app) = request.app_data::<web::Data<App>>() {
        let service = app.service.newest();
        if !Arc::ptr_eq(&service, &app.service) {
            let mut own = Extensions::new();
            own.insert(web::Data::new(App { service, ..App::clone(app) }));
            // Asked before what the server was started with.
            request.add_data_container(Rc::new(own));
        }
    }
    next.call(request).await
}
