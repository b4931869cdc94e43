//! Both engines understand every SQL text.

use crate::support::{World, on_both};

#[tokio::test]
async fn every_sql_text_can_be_prepared() {
    on_both(|world: World| async move {
        let texts = clove_http::sql_texts();
        assert!(texts.len() >= 25);
        for text in texts {
            if let Err(error) = world.db().prepare(text).await {
                panic!("{}: {}", text.name, error.chain());
            }
        }
    })
    .await;
}
