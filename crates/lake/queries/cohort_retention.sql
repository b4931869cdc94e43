-- Cohort members with a purchase in calendar month k after the cohort month; the first order itself is left out.
with sizes as (
  select cohort_month, count(distinct person) as customers
  from order_values
  where is_order
  group by cohort_month
),
later as (
  select cohort_month, local_month_number - cohort_month_number as k, person
  from order_values
  where is_purchase and order_rank > 1
)
select later.cohort_month, later.k, sizes.customers, count(distinct later.person) as retained
from later
join sizes on sizes.cohort_month = later.cohort_month
group by later.cohort_month, later.k, sizes.customers
order by later.cohort_month, later.k
