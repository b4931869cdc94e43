-- Scores 1 to 5: one plus the fifth of the population that is strictly worse. Equal values have equal scores.
with population as (
  select
    person,
    customer,
    cast($as_of as int) - cast(last_purchase_date as int) as recency_days,
    purchases as frequency,
    net as monetary,
    count(*) over () as n
  from customers
  where identified and purchases > 0
)
select
  person,
  customer,
  recency_days,
  frequency,
  monetary,
  1 + 5 * (rank() over (order by recency_days desc) - 1) / n as recency_score,
  1 + 5 * (rank() over (order by frequency) - 1) / n as frequency_score,
  1 + 5 * (rank() over (order by monetary) - 1) / n as monetary_score
from population
order by person
