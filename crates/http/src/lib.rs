//! What every endpoint needs: callers, problem codes, cursors, idempotency, OpenAPI helpers.
