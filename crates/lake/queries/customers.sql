-- Persons with at least one order up to the as-of.
select
  person,
  customer,
  identified,
  cohort_month,
  min(local_date) as first_order_date,
  count(*) as orders,
  sum(case when is_purchase then 1 else 0 end) as purchases,
  min(case when is_purchase then local_date end) as first_purchase_date,
  max(case when is_purchase then local_date end) as last_purchase_date,
  sum(gross) as gross,
  sum(placed) as placed,
  sum(net) as net,
  sum(total) as total,
  sum(margin) as margin,
  sum(contribution) as contribution,
  sum(case when discount > 0 and is_purchase then 1 else 0 end) as discounted_purchases
from order_values
where is_order
group by person, customer, identified, cohort_month
