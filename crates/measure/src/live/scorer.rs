//! The last fitted model, ready to score: what is expected of customers from a day on.

use std::sync::{Arc, Mutex, PoisonError};

use clove_core::{Basis, Currency, Day, Micros, NONE, RefundDate, round_half_even};
use clove_models::gamma_gamma::SpendFit;
use clove_store::customer_view::Score;
use clove_store::{Result, StoreError, Tx};
use uuid::Uuid;

use super::bands::BandCuts;
use super::model::{self, EngineState, FittedModel};
use crate::history::{Counting, CustomerHistory};
use crate::value::{Conversion, Engine, Forecast, Gate, KeptTable, ModelChoice, Prediction, ValueOptions, predict};

/// A fitted model in memory. Equal for every process that reads the same row.
pub struct Scorer {
    /// Which fit.
    pub version: i64,
    /// Name of the model; `cohort-average` while there is too little data.
    pub model: String,
    /// The last day that the fit knows of.
    pub as_of: Day,
    /// Days after which nearly all that comes back has come back.
    pub return_delay_days: i32,
    currency: Currency,
    basis: Basis,
    horizon_days: u32,
    engine: Option<Models>,
    conversion: Conversion,
    gate: Gate,
    bands: BandCuts,
}

struct Models {
    engine: Arc<Engine>,
    spend: Option<SpendFit>,
    level: f64,
    table: KeptTable,
}

/// What is expected of many customers.
pub(super) struct Forecasts<'a> {
    scorer: &'a Scorer,
    forecast: Option<Forecast>,
}

impl Scorer {
    /// Makes a scorer of a row.
    ///
    /// # Errors
    /// If the row does not hold a model that this version can read.
    pub fn new(row: &FittedModel) -> Result<Scorer> {
        let unreadable = |what: &str, error: &dyn std::fmt::Display| {
            StoreError::subscriber(format!("the {what} of model version {} cannot be read: {error}", row.version))
        };
        let engine = row
            .engine
            .as_deref()
            .map(|text| -> Result<Models> {
                let state: EngineState = serde_json::from_str(text).map_err(|error| unreadable("engine", &error))?;
                let engine = Engine::from_parts(state.engine).map_err(|error| unreadable("engine", &error))?;
                Ok(Models {
                    engine: Arc::new(engine),
                    spend: state.spend,
                    level: state.level,
                    table: KeptTable::default(),
                })
            })
            .transpose()?;
        let conversion: model::ConversionState =
            serde_json::from_str(&row.conversion).map_err(|error| unreadable("conversion", &error))?;
        Ok(Scorer {
            version: row.version,
            model: row.model.clone(),
            as_of: Day(row.as_of_day as i32),
            return_delay_days: conversion.return_delay_days,
            currency: row.currency.parse::<Currency>().map_err(|error| unreadable("currency", &error))?,
            basis: row.basis.parse::<Basis>().map_err(|error| unreadable("basis", &error))?,
            horizon_days: row.horizon_days as u32,
            engine,
            conversion: conversion.conversion,
            gate: serde_json::from_str(&row.gate).map_err(|error| unreadable("gate", &error))?,
            bands: serde_json::from_str(&row.bands).map_err(|error| unreadable("bands", &error))?,
        })
    }

    /// The currency of its values.
    pub fn currency(&self) -> Currency {
        self.currency
    }

    /// What value means.
    pub(super) fn basis(&self) -> Basis {
        self.basis
    }

    /// The engine, unless there was too little data.
    pub(super) fn engine(&self) -> Option<&Arc<Engine>> {
        self.engine.as_ref().map(|models| &models.engine)
    }

    /// Forecasts identified customers as of a day, which is not before their last purchase.
    pub(super) fn forecasts(
        &self,
        histories: &[CustomerHistory],
        identified: impl Fn(usize) -> bool,
        as_of: Day,
    ) -> Forecasts<'_> {
        let forecast = self.engine.as_ref().map(|models| {
            let counting = Counting { as_of, basis: self.basis, refund_date: RefundDate::Order };
            let options = ValueOptions {
                counting,
                horizon_days: self.horizon_days,
                discount_rate: 0.0,
                model: ModelChoice::Auto,
                level: models.level,
                seed: 0,
            };
            predict(&models.engine, models.spend.as_ref(), histories, identified, &options, &models.table)
        });
        Forecasts { scorer: self, forecast }
    }
}

impl Forecasts<'_> {
    /// Expected purchases of each group of customers had they bought today; `None` without a model.
    pub(super) fn purchases_if_active(&self) -> Option<Vec<f64>> {
        self.forecast.as_ref().map(|forecast| forecast.expected_if_active(self.scorer.horizon_days))
    }

    /// The group of the customer of an index; `None` for those who are not forecast.
    pub(super) fn group(&self, index: usize) -> Option<usize> {
        self.forecast
            .as_ref()
            .map(|forecast| forecast.group_of[index])
            .filter(|&group| group != NONE)
            .map(|group| group as usize)
    }

    /// What is predicted of the customer of an index; `None` for guests and for customers who kept nothing.
    pub(super) fn prediction(&self, index: usize, history: &CustomerHistory, identified: bool) -> Option<Prediction> {
        if !identified || history.purchase_days == 0 {
            return None;
        }
        match &self.forecast {
            Some(forecast) => forecast.prediction(index, history, &self.scorer.conversion),
            None => self.scorer.gate.average_prediction(true, self.scorer.horizon_days),
        }
    }

    /// The row of a prediction.
    pub(super) fn score(&self, person: Uuid, prediction: &Prediction, as_of: Day, now: Micros) -> Score {
        let scorer = self.scorer;
        let value = prediction.value.map(round_half_even);
        let (low, high) = prediction.outcome.map(|(low, high)| (round_half_even(low), round_half_even(high))).unzip();
        Score {
            person_uuid: person,
            model: scorer.model.clone(),
            model_version: scorer.version,
            as_of_day: i64::from(as_of.0),
            currency: scorer.currency.code().to_owned(),
            basis: scorer.basis.name().to_owned(),
            horizon_days: i64::from(scorer.horizon_days),
            p_alive: prediction.p_alive,
            expected_purchases: Some(prediction.expected_purchases),
            expected_spend: prediction.expected_spend,
            predicted_value_minor: value,
            predicted_low_minor: low,
            predicted_high_minor: high,
            band: value.and_then(|value| scorer.bands.band(value)).map(str::to_owned),
            updated_at: now,
            probability_of_purchase: prediction.probability_of_purchase,
        }
    }
}

/// The newest model, read again only when there is a newer one.
#[derive(Default)]
pub(super) struct ScorerCache(Mutex<Option<Arc<Scorer>>>);

impl ScorerCache {
    /// The scorer of the newest model; `None` if there is none yet.
    pub(super) async fn newest(&self, tx: &mut Tx) -> Result<Option<Arc<Scorer>>> {
        let Some(version) = model::newest_version(tx).await? else { return Ok(None) };
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(scorer) = known
            && scorer.version == version
        {
            return Ok(Some(scorer));
        }
        let row = model::read_in(tx, version).await?;
        let scorer = Arc::new(Scorer::new(&row)?);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&scorer));
        Ok(Some(scorer))
    }
}
