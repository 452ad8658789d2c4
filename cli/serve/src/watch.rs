//! Looks for changed modules every so often, and whenever it is told to (SIGHUP).

use std::sync::Arc;

use serde_json::json;

use crate::app::App;
use crate::signals::Again;

/// Looks until the process ends.
pub async fn watch(app: Arc<App>) {
    let mut told = Again::new();
    loop {
        let even_unchanged = tokio::select! {
            () = tokio::time::sleep(app.options.look_every) => false,
            () = told.next() => true,
        };
        let keeper = Arc::clone(&app);
        let looked = tokio::task::spawn_blocking(move || keeper.keeper.look(even_unchanged)).await;
        match looked {
            Ok(None) => {}
            Ok(Some(Ok(shelf))) => {
                app.metrics.reload("in use");
                let modules: Vec<_> = shelf
                    .all()
                    .map(|of| json!({ "package": of.package, "version": of.version, "module": of.hash }))
                    .collect();
                app.log.event("modules changed", json!({ "modules": modules }));
            }
            Ok(Some(Err(why))) => {
                app.metrics.reload("refused");
                app.log.fault("modules not changed", &why);
            }
            Err(_) => app.log.fault("modules not changed", "the thread that read them ended in a fault"),
        }
    }
}
